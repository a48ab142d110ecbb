//! Node pools and node claims as the API gives them, and as evidence.
//!
//! Source of the fields and of their defaults: Karpenter, `karpenter.sh/v1`. Whether a node is to be left alone is written on
//! the node, once there is one.

use super::Budget;
use crate::clients::kubernetes::{Condition, Meta};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Karpenter's own default of `expireAfter`: 30 days.
const MONTH: &str = "720h";
const POOL_LABEL: &str = "karpenter.sh/nodepool";
const CAPACITY_LABEL: &str = "karpenter.sh/capacity-type";
const KEEP: &str = "karpenter.sh/do-not-disrupt";

/// One node pool, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// True where it holds a number of nodes, and consolidates none.
    #[serde(default)]
    pub is_static: bool,
    /// Which nodes it consolidates: `WhenEmpty`, `WhenEmptyOrUnderutilized`.
    pub policy: String,
    /// After how long it does: `Never`, `0s`.
    pub after: String,
    /// How many nodes it may disrupt at once, and when.
    pub budgets: Vec<Budget>,
    /// How long its nodes live.
    pub expire_after: String,
    /// True where nodes that it makes are left alone.
    #[serde(default)]
    pub keeps: bool,
    /// What else writes its wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

/// One node that Karpenter keeps, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The claim's name.
    pub name: String,
    /// Its pool; empty for a claim of no pool.
    #[serde(default)]
    pub pool: String,
    /// The node's name; empty until there is one.
    #[serde(default)]
    pub node: String,
    /// When it was made.
    #[serde(default)]
    pub made: Option<Timestamp>,
    /// How long it lives, as written; `Never`.
    pub expire_after: String,
    /// How long it may take to empty it, as written.
    #[serde(default)]
    pub grace: Option<String>,
    /// Whether it stays.
    #[serde(default)]
    pub standing: Standing,
    /// True where it is to be left alone.
    #[serde(default)]
    pub keeps: bool,
    /// True where the cloud may take it at any time.
    #[serde(default)]
    pub is_spot: bool,
}

/// Whether a node stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Until its age or its pool says otherwise.
    #[default]
    Stays,
    /// It no longer fits its pool, and is replaced.
    Drifted,
    /// It was asked to go.
    Leaving,
}

/// A node pool, as the API gives it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PoolObject {
    metadata: Meta,
    spec: PoolSpec,
}

#[derive(Clone, Debug, Deserialize)]
struct PoolSpec {
    #[serde(default)]
    replicas: Option<u64>,
    #[serde(default)]
    disruption: Disruption,
    #[serde(default)]
    template: Template,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Disruption {
    consolidation_policy: Option<String>,
    consolidate_after: Option<String>,
    budgets: Option<Vec<Budget>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Template {
    metadata: TemplateMeta,
    spec: TemplateSpec,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct TemplateMeta {
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TemplateSpec {
    expire_after: Option<String>,
}

/// A node claim, as the API gives it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ClaimObject {
    metadata: Meta,
    #[serde(default)]
    spec: ClaimSpec,
    #[serde(default)]
    status: ClaimStatus,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimSpec {
    expire_after: Option<String>,
    termination_grace_period: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimStatus {
    node_name: String,
    conditions: Option<Vec<Condition>>,
}

/// A node, of which only the metadata is read.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Node {
    metadata: Meta,
}

impl PoolObject {
    pub(super) fn seen(&self) -> Pool {
        let Disruption { consolidation_policy, consolidate_after, budgets } = self.spec.disruption.clone();
        let Template { metadata, spec } = self.spec.template.clone();
        Pool {
            name: self.metadata.name.clone(),
            is_static: self.spec.replicas.is_some(),
            policy: consolidation_policy.unwrap_or_else(|| "WhenEmptyOrUnderutilized".to_owned()),
            after: consolidate_after.unwrap_or_else(|| "0s".to_owned()),
            budgets: budgets.unwrap_or_else(|| vec![Budget::tenth()]),
            expire_after: spec.expire_after.unwrap_or_else(|| MONTH.to_owned()),
            keeps: metadata.annotations.is_some_and(|annotations| is_kept(&annotations)),
            managed_by: self.metadata.kept_by(),
        }
    }
}

impl ClaimObject {
    pub(super) fn seen(&self, nodes: &[Node]) -> Claim {
        let Self { metadata, spec, status } = self;
        let label = |key: &str| metadata.labels.get(key).cloned().unwrap_or_default();
        let is_drift = |condition: &Condition| condition.kind == "Drifted" && condition.status == "True";
        let standing = if metadata.deletion_timestamp.is_some() {
            Standing::Leaving
        } else if status.conditions.iter().flatten().any(is_drift) {
            Standing::Drifted
        } else {
            Standing::Stays
        };
        let node = nodes.iter().find(|node| node.metadata.name == status.node_name);
        Claim {
            name: metadata.name.clone(),
            pool: label(POOL_LABEL),
            node: status.node_name.clone(),
            made: metadata.creation_timestamp,
            expire_after: spec.expire_after.clone().unwrap_or_else(|| MONTH.to_owned()),
            grace: spec.termination_grace_period.clone(),
            standing,
            keeps: is_kept(node.map_or(&metadata.annotations, |node| &node.metadata.annotations)),
            is_spot: label(CAPACITY_LABEL) == "spot",
        }
    }
}

fn is_kept(annotations: &BTreeMap<String, String>) -> bool {
    annotations.get(KEEP).is_some_and(|value| value == "true")
}
