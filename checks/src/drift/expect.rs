//! `expect`: which drift is known and may stay, and how old a comparison may be.

use super::pattern::{Pattern, any};
use crate::contract::values::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What must hold. Without any of it: nothing differs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Differences that are known and may stay.
    #[serde(default)]
    pub allowed: Vec<Allowed>,
    /// `argocd`: the longest since Argo CD last compared an Application.
    #[serde(default = "ten_minutes")]
    pub reconciled_within: Period,
    /// `argocd`: the Applications that may be suspended, by name: `*` stands for any letters.
    #[serde(default)]
    pub suspended: Vec<Pattern>,
}

/// Row F03 of the checklist of record.
const fn ten_minutes() -> Period {
    Period::seconds(10 * 60)
}

/// One difference that is known.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The address or name: `*` stands for any letters.
    pub address: Pattern,
    /// What may differ.
    #[serde(default = "update")]
    pub actions: Vec<Act>,
    /// Why it may stay.
    pub because: String,
}

fn update() -> Vec<Act> {
    vec![Act::Update]
}

/// What would be done to make a thing what was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// It is not there.
    Create,
    /// It is otherwise.
    Update,
    /// It should not be there.
    Delete,
    /// It is so much otherwise that it is made anew.
    Replace,
}

impl Expect {
    /// True if and only if this difference is known.
    pub(super) fn allows(&self, address: &str, act: Act) -> bool {
        self.allowed.iter().any(|allowed| allowed.address.fits(address) && allowed.actions.contains(&act))
    }

    pub(super) fn may_be_suspended(&self, name: &str) -> bool {
        any(&self.suspended, name)
    }
}
