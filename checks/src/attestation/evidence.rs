//! What the file says of one statement.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Under which name it is confirmed: the check's, with its site.
    pub key: String,
    /// The statement as it is asked.
    pub statement: String,
    /// The file.
    pub file: String,
    /// When the file was read.
    pub asked_at: Timestamp,
    /// What it says; `None` where it says nothing, or where there is no file yet.
    pub confirmed: Option<Confirmation>,
}

/// One person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The statement as it was when it was confirmed.
    pub statement: String,
    /// Who confirmed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The start of the event that it was confirmed for.
    pub event: Timestamp,
    /// Until when it holds; the person's own limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What they said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
