//! A node: what it offers, and what keeps pods away from it.
//!
//! Source of the fields: Kubernetes API reference, `v1` Node.

use super::object::{Condition, Meta, or_default};
use crate::contract::values::Quantity;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Node {
    /// Its name, labels, age.
    pub metadata: Meta,
    /// What it was wished to be.
    #[serde(default)]
    pub spec: NodeSpec,
    /// What it is.
    #[serde(default)]
    pub status: NodeStatus,
}

impl Node {
    /// True if and only if its condition `kind` is true.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        let is_it = |condition: &Condition| condition.kind == kind && condition.status == "True";
        self.status.conditions.iter().any(is_it)
    }
}

/// What a node was wished to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NodeSpec {
    /// No new pods.
    #[serde(default)]
    pub unschedulable: bool,
    /// What keeps pods away that do not tolerate it.
    #[serde(default, deserialize_with = "or_default")]
    pub taints: Vec<Taint>,
}

/// What keeps pods away that do not tolerate it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; empty for none.
    #[serde(default)]
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    #[serde(default)]
    pub effect: String,
}

/// What a node is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NodeStatus {
    /// Its conditions.
    #[serde(default, deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
    /// What pods may have of it in all, by resource: `cpu`, `memory`, `ephemeral-storage`, `pods`.
    #[serde(default, deserialize_with = "or_default")]
    pub allocatable: BTreeMap<String, Quantity>,
}
