//! What one attendee asks for, where that may be put, who builds it, and how much must be left.

use super::toleration::Toleration;
use crate::contract::values::{Percent, Period, Quantity, Scaled};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to look at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What one attendee's workspace asks for: the largest that can be chosen, not the average.
    pub each_attendee: Footprint,
    /// Where workspaces run. In the checklist: `sites`, and the rest for each of them.
    pub place: IndexMap<String, Ground>,
    /// Who makes the workspaces, and how fast; without it no time is told.
    #[serde(default)]
    pub provisioning: Option<Provisioning>,
}

/// What one attendee's workspace asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Footprint {
    /// Processors that its pod requests.
    pub cpu: Quantity,
    /// Memory that its pod requests.
    pub memory: Quantity,
    /// `ephemeral-storage` that its pod requests: the scheduler packs by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<Quantity>,
    /// The most that it really writes to its node's disk, requested or not; `ephemeral_storage` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<Quantity>,
    /// How many volumes it has attached.
    #[serde(default, skip_serializing_if = "is_none")]
    pub volumes: u32,
    /// The size of each; needed where a quota counts storage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_size: Option<Quantity>,
    /// Their storage class; needed where a quota counts by class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
    /// Its pod's limits; needed where a quota counts limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// The limits of one workspace's pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Processors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Quantity>,
    /// Memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Quantity>,
    /// The node's own disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<Quantity>,
}

/// Where workspaces run at one site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The namespace of the workspaces: its quotas and limit ranges count.
    pub namespace: String,
    /// How much of the attendees this site must carry; all, unless said.
    #[serde(default = "all")]
    pub share: Percent,
    /// The labels that a node must have to take workspaces; without it, every node.
    #[serde(default)]
    pub node_selector: BTreeMap<String, String>,
    /// The taints that workspaces tolerate: `key`, `key=value`, `key:NoSchedule`, `key=value:NoSchedule`.
    #[serde(default)]
    pub tolerates: Vec<Toleration>,
    /// Karpenter's `NodePools` that may make new nodes for workspaces.
    #[serde(default)]
    pub pools: Vec<String>,
    /// What a new node of those pools is; needed with `pools`.
    #[serde(default)]
    pub new_node: Option<NewNode>,
}

/// A node that a pool makes: what pods may have of it, and what it counts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNode {
    /// Processors that are allocatable: 15.9 of 16.
    pub cpu: Quantity,
    /// Memory that is allocatable: 29Gi of 32Gi.
    pub memory: Quantity,
    /// `ephemeral-storage` that is allocatable; needed where attendees ask for some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<Quantity>,
    /// How many pods it takes.
    #[serde(default = "hundred_and_ten")]
    pub pods: Quantity,
    /// How many volumes may be attached; unless said, as at the existing node that takes fewest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<Quantity>,
    /// The machine itself: what it counts for in a pool's limits and in a cloud's quota.
    pub capacity: Machine,
    /// Its disk; needed where attendees write to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<NewDisk>,
    /// How long it takes from the wish to a node that is ready; 90 s unless said.
    #[serde(default = "ninety_seconds")]
    pub launch: Period,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Processors.
    pub cpu: Quantity,
    /// Memory.
    pub memory: Quantity,
}

/// The disk of a new node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisk {
    /// Its size.
    pub size: Quantity,
    /// What the system, images and logs take of it before anyone comes.
    pub used: Quantity,
}

/// Who makes the workspaces: one of `slots` and `counted`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provisioning {
    /// How many workspaces are made at once: a number, or one that grows with the crowd.
    #[serde(default)]
    pub slots: Option<Scaled>,
    /// The provisioners, counted as they are now, one workspace each. In the checklist: `sites`, and the rest for each.
    #[serde(default)]
    pub counted: IndexMap<String, Counted>,
    /// How long one build takes.
    pub build: Period,
    /// How long it takes from the end of the build until the workspace is connected; none unless said.
    #[serde(default)]
    pub start: Period,
}

/// The provisioners of one site: one of `deployment`, `statefulset` and `selector`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The namespace.
    pub namespace: String,
    /// A Deployment's name.
    #[serde(default)]
    pub deployment: Option<String>,
    /// A `StatefulSet`'s name.
    #[serde(default)]
    pub statefulset: Option<String>,
    /// Labels of Deployments and `StatefulSets`, all counted together.
    #[serde(default)]
    pub selector: Option<String>,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How much of what is available must be left: `(available − needed) / available` is more than this.
    #[serde(default = "thirty")]
    pub headroom: Percent,
    /// How long it may take until everyone's workspace is ready, when all are asked for at once.
    #[serde(default)]
    pub all_ready_within: Option<Period>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

fn all() -> Percent {
    Percent::of(1.0)
}

fn thirty() -> Percent {
    Percent::of(0.30)
}

const fn hundred_and_ten() -> Quantity {
    Quantity::of(110)
}

const fn ninety_seconds() -> Period {
    Period::seconds(90)
}
