//! What a program did and said.

use super::{document::Document, nagios::Plugin};
use crate::{clients::program::Ended, contract::Remedy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a program did and said, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was run.
    pub asked: String,
    /// When it was started.
    pub asked_at: Timestamp,
    /// The same by hand.
    pub by_hand: Remedy,
    /// How it ended.
    pub ended: Ended,
    /// The last line of what it wrote to its standard error.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub complaint: String,
    /// What it said.
    pub said: Said,
}

/// What a program said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// As plugins of Nagios do.
    Nagios(Plugin),
    /// A document of findings.
    Json(Document),
    /// Nothing that is read, because it failed.
    Nothing,
}
