//! `with` and `expect` of the probe.

use crate::contract::values::Scaled;
use schemars::JsonSchema;
use serde::Deserialize;

/// `with`: who must be in which organisation. Exactly one of `people` and `file`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connection, of kind `github`.
    pub connection: String,
    /// The organisation, as it stands after `https://github.com/`.
    pub organisation: String,
    /// The people, by login.
    #[serde(default)]
    pub people: Option<Vec<String>>,
    /// A file with a login on each line, or with a table (`.csv`) of which one column holds logins.
    #[serde(default)]
    pub file: Option<String>,
    /// The heading of that column; `github` unless said.
    #[serde(default)]
    pub column: Option<String>,
}

/// `expect`: what must hold beyond everybody on the list being a member.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How many people the list must name: one that was cut short leaves people out in silence.
    #[serde(default)]
    pub at_least: Option<Scaled>,
}
