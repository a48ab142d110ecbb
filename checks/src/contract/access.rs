//! The least right that a look needs, in the words of the system that grants it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One right: which system grants it, and its name there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Access {
    /// The system: `kubernetes`, `aws`, `litellm`, …
    pub system: String,
    /// The right: an RBAC verb and resource, an IAM action, a token's scope.
    pub right: String,
}

impl Access {
    /// The right `right` at `system`.
    pub fn new(system: impl Into<String>, right: impl Into<String>) -> Self {
        Self { system: system.into(), right: right.into() }
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.system, self.right)
    }
}
