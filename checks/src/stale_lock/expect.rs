//! `expect`: how long is too long.

use crate::contract::values::Period;
use schemars::JsonSchema;
use serde::Deserialize;

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The longest that a lock may be held.
    #[serde(default = "half_an_hour")]
    pub held_at_most: Period,
    /// From when a lease's age is counted.
    #[serde(default)]
    pub counted_from: CountedFrom,
    /// `true`: it is in order that nothing of the kind is there, as long as the namespace is.
    #[serde(default)]
    pub none_expected: bool,
}

/// Row F07 of the checklist of record: no lock older than 30 minutes.
const fn half_an_hour() -> Period {
    Period::seconds(30 * 60)
}

/// From when a lease's age is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CountedFrom {
    /// From its last renewal: a leader that renews is no stale lock, however long it leads.
    #[default]
    Renewed,
    /// From when it was taken: for work that must end.
    Acquired,
}
