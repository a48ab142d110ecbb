//! What was seen: the list as it was read, and each person's standing.

use crate::{clients::github::membership::Standing, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// When the list was read.
    pub at: Timestamp,
    /// The organisation.
    pub organisation: String,
    /// Where the list is: `participants.txt`, `the checklist`.
    pub list: String,
    /// The login that asked, a member itself; none where nobody was to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<String>,
    /// Everybody on the list, once, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Who is there more than once, whatever the case of its letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twice: Vec<String>,
    /// What stands in the list and is no login.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit: Vec<String>,
}

/// One person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The login, as the list has it.
    pub login: String,
    /// The standing, or why it was not seen.
    pub standing: Result<Standing, Unobserved>,
}
