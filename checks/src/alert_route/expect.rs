//! What must hold of an alert's way.

use crate::contract::{Weight, values::Period};
use schemars::JsonSchema;
use serde::Deserialize;

/// What must hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Kinds of integration of which each alert must reach one: `pagerduty`, `slack`, `webhook`; any unless said.
    pub integrations: Vec<String>,
    /// Receivers all of which each alert must reach, each telling somebody by itself; any unless said.
    pub receivers: Vec<String>,
    /// Ids or authors of silences that may stand.
    pub allow: Vec<String>,
    /// What it is that another alert may hold one of these back.
    pub inhibition: Inhibition,
    /// How long each alert may wait for its group, by `group_wait` and `group_interval`: `5m` unless said.
    pub told_within: Period,
}

impl Default for Expect {
    fn default() -> Self {
        Self {
            integrations: Vec::new(),
            receivers: Vec::new(),
            allow: Vec::new(),
            inhibition: Inhibition::default(),
            told_within: Period::seconds(300),
        }
    }
}

/// What it is that another alert may hold one back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Inhibition {
    /// A failure.
    Fail,
    /// A warning.
    #[default]
    Warn,
    /// Nothing in the way: it is named in the working only.
    Ok,
}

impl Inhibition {
    pub(super) const fn weight(self) -> Option<Weight> {
        match self {
            Self::Fail => Some(Weight::Fail),
            Self::Warn => Some(Weight::Warn),
            Self::Ok => None,
        }
    }
}
