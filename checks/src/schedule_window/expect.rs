//! `expect`: what may fire all the same.

use super::glob::{self, Glob};
use schemars::JsonSchema;
use serde::Deserialize;

/// What must hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Patterns of what may fire within the window: `NAMESPACE/NAME` or `NAME` of an object, a key's alias, a node or its
    /// pool, a silence's id or its author.
    pub allow: Vec<Glob>,
    /// True where a job that runs now is nothing in the way.
    pub running_allowed: bool,
    /// What a refresh of an `ExternalSecret` within the window is.
    pub refresh: Refresh,
}

/// What a refresh within the window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Refresh {
    /// A failure: whatever the source holds then is handed on.
    #[default]
    Fail,
    /// A warning.
    Warn,
    /// Nothing in the way: the source is known to be steady.
    Ok,
}

impl Expect {
    /// True if and only if something of one of these names may fire.
    pub(super) fn allows(&self, names: &[&str]) -> bool {
        glob::any(&self.allow, names)
    }
}
