//! What was seen of every site: what its nodes offer and what is taken of it, what may grow, and what is capped.

use super::{
    amounts::Amounts,
    settings::{Footprint, NewNode},
};
use crate::{
    clients::kubernetes::Kubectl,
    contract::{
        Unobserved,
        values::{Percent, Period, Quantity, Scaled},
    },
    replicas, storage_headroom,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen, asked of whom and when, and for whose sake.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What one attendee asks for.
    pub each_attendee: Footprint,
    /// The sites, in the order of the checklist.
    pub sites: Vec<Site>,
    /// Who makes the workspaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisioning: Option<Provisioned>,
}

/// One site.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its name.
    pub site: String,
    /// How much of the attendees it must carry.
    pub share: Percent,
    /// The namespace of the workspaces.
    pub namespace: String,
    /// What a new node is, where pools may make some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_node: Option<NewNode>,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// What there is.
    pub seen: Result<Picture, Unobserved>,
}

/// What there is at one site.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// How `kubectl` reaches the cluster that was asked.
    pub cluster: Kubectl,
    /// The nodes that have the labels, by name.
    pub nodes: Vec<Node>,
    /// How many nodes do not have them.
    #[serde(default)]
    pub others: usize,
    /// The most that `DaemonSets` and static pods take of one node: what a new one will not have to give.
    #[serde(default)]
    pub daemons: Amounts,
    /// Pods that wait for a node and may take one of these.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// The pools that may make new nodes, in the order of the checklist.
    #[serde(default)]
    pub pools: Vec<Pool>,
    /// The quotas of the namespace, by name.
    pub quotas: Result<Vec<Quota>, Unobserved>,
    /// What its limit ranges refuse and fill in, by name.
    pub ranges: Result<Vec<Range>, Unobserved>,
    /// Whether the namespace exists; read only where it has neither quota nor limit range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_namespace: Option<Result<bool, Unobserved>>,
    /// Why it is not known how many volumes a node takes, where attendees have some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<Unobserved>,
}

/// One node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Why it takes no workspaces, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<String>,
    /// What pods may have of it in all.
    #[serde(default)]
    pub allocatable: Amounts,
    /// What its pods have asked for.
    #[serde(default)]
    pub requested: Amounts,
    /// Its disks, or why they could not be seen; `None` where nothing depends on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disks: Option<Result<Vec<storage_headroom::Filesystem>, Unobserved>>,
    /// When its disks were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disks_asked_at: Option<Timestamp>,
}

/// Pods of one size that wait for a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// What each asks for.
    pub asks: Amounts,
    /// How many there are.
    pub count: u64,
}

/// One pool of nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// What was seen of it; `None` where there is none of that name.
    pub seen: Result<Option<PoolState>, Unobserved>,
}

/// How far a pool may grow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PoolState {
    /// Why it makes no nodes for workspaces, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<String>,
    /// Its limits, by resource; none for a pool without an end.
    pub limits: BTreeMap<String, Quantity>,
    /// What its nodes take of them; `None` where the pool has not counted yet.
    pub holds: Option<BTreeMap<String, Quantity>>,
    /// How many nodes it has, where it says.
    pub nodes: Option<u64>,
    /// The fixed number of nodes that a static pool has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u64>,
}

/// One `ResourceQuota`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// What it allows, by key; the lesser of what is wished and what is in force.
    pub hard: BTreeMap<String, Quantity>,
    /// What is used of it, by key; what is not there has not been counted yet.
    pub used: BTreeMap<String, Quantity>,
    /// The scopes that it counts in; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

/// One rule of a `LimitRange`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Range {
    /// The limit range's name.
    pub name: String,
    /// `Pod`, `Container` or `PersistentVolumeClaim`.
    pub kind: String,
    /// The least that one may ask for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub min: BTreeMap<String, Quantity>,
    /// The most that one may have.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub max: BTreeMap<String, Quantity>,
    /// What is asked for whoever asks for nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fills_in: BTreeMap<String, Quantity>,
}

/// Who makes the workspaces.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provisioned {
    /// How many at once, where the checklist says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<Scaled>,
    /// The provisioners that were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<Provisioners>,
    /// How long one build takes.
    pub build: Period,
    /// How long it takes from the end of the build until the workspace is connected.
    #[serde(default)]
    pub start: Period,
}

/// The provisioners of one site.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provisioners {
    /// The site.
    pub site: String,
    /// Its workloads.
    pub seen: Result<replicas::Evidence, Unobserved>,
}
