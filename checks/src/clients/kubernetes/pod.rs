//! A pod: what was wished for, and what runs.

use super::object::{Condition, Meta, or_default};
use crate::contract::values::Quantity;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Pod {
    /// Its name, labels, owners.
    pub metadata: Meta,
    /// What was wished for.
    pub spec: PodSpec,
    /// What is; empty until a kubelet has taken it.
    #[serde(default)]
    pub status: PodStatus,
}

impl Pod {
    /// True if and only if it may serve: `Ready`, and not on its way out.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let is_true = |condition: &Condition| condition.kind == "Ready" && condition.status == "True";
        self.metadata.deletion_timestamp.is_none() && self.status.conditions.iter().any(is_true)
    }

    /// The statuses of its containers of every kind: init, ordinary, ephemeral.
    pub fn container_statuses(&self) -> impl Iterator<Item = &ContainerStatus> {
        let status = &self.status;
        status
            .init_container_statuses
            .iter()
            .chain(&status.container_statuses)
            .chain(&status.ephemeral_container_statuses)
    }
}

/// What a pod was wished to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSpec {
    /// The node that it was given to; empty until then.
    #[serde(default)]
    pub node_name: String,
    /// Its containers.
    pub containers: Vec<Container>,
    /// Those that run before them, or beside them as sidecars.
    #[serde(default, deserialize_with = "or_default")]
    pub init_containers: Vec<Container>,
    /// Those that were added for debugging.
    #[serde(default, deserialize_with = "or_default")]
    pub ephemeral_containers: Vec<Container>,
    /// What the pod asks for as a whole; where it says something, that counts in place of its containers' sum.
    #[serde(default, deserialize_with = "or_default")]
    pub resources: Asked,
    /// What running it takes besides its containers, by its runtime class.
    #[serde(default, deserialize_with = "or_default")]
    pub overhead: BTreeMap<String, Quantity>,
    /// The labels that its node must have.
    #[serde(default, deserialize_with = "or_default")]
    pub node_selector: BTreeMap<String, String>,
    /// What it mounts.
    #[serde(default, deserialize_with = "or_default")]
    pub volumes: Vec<PodVolume>,
}

/// What a container or a pod asks the scheduler for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Asked {
    /// By resource: `cpu`, `memory`, `ephemeral-storage`.
    #[serde(default, deserialize_with = "or_default")]
    pub requests: BTreeMap<String, Quantity>,
}

/// A volume of a pod; only what is attached to its node is told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodVolume {
    /// Its name in the pod.
    #[serde(default)]
    pub name: String,
    /// The claim that it mounts.
    #[serde(default)]
    pub persistent_volume_claim: Option<Claim>,
    /// A claim that lives and dies with the pod.
    #[serde(default)]
    pub ephemeral: Option<serde_json::Value>,
}

/// A claim that a pod mounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The name of the `PersistentVolumeClaim`.
    pub claim_name: String,
}

/// A container as wished for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Its name.
    pub name: String,
    /// The reference that was asked for: an intent.
    #[serde(default)]
    pub image: String,
    /// `Always`, `IfNotPresent` or `Never`: whether a start fetches the image anew.
    #[serde(default)]
    pub image_pull_policy: String,
    /// What it asks the scheduler for.
    #[serde(default, deserialize_with = "or_default")]
    pub resources: Asked,
    /// `Always` makes a sidecar of an init container.
    #[serde(default)]
    pub restart_policy: String,
}

/// What a pod is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    #[serde(default)]
    pub phase: String,
    /// One word about the phase: `Evicted`.
    #[serde(default)]
    pub reason: String,
    /// Its conditions.
    #[serde(default, deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
    /// Its containers.
    #[serde(default, deserialize_with = "or_default")]
    pub container_statuses: Vec<ContainerStatus>,
    /// Those that run before them, or beside them as sidecars.
    #[serde(default, deserialize_with = "or_default")]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Those that were added for debugging.
    #[serde(default, deserialize_with = "or_default")]
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
}

/// What a container is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerStatus {
    /// Its name.
    pub name: String,
    /// The reference as the runtime resolved it; may differ from what was asked for.
    #[serde(default)]
    pub image: String,
    /// What really runs, by the runtime's word: `repository@sha256:…`, `docker-pullable://…`, a bare `sha256:…`, or
    /// empty before it was pulled.
    #[serde(default, rename = "imageID")]
    pub image_id: String,
    /// True if it passes its probes.
    #[serde(default)]
    pub ready: bool,
    /// How often it was started again.
    #[serde(default)]
    pub restart_count: u32,
    /// What it does now.
    #[serde(default)]
    pub state: ContainerState,
    /// What it did before it was started again.
    #[serde(default)]
    pub last_state: ContainerState,
}

/// What a container does: at most one of them is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ContainerState {
    /// It runs.
    #[serde(default)]
    pub running: Option<Running>,
    /// It waits.
    #[serde(default)]
    pub waiting: Option<Waiting>,
    /// It ended.
    #[serde(default)]
    pub terminated: Option<Terminated>,
}

/// A container that runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// Since when.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
}

/// A container that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Waiting {
    /// One word: `ImagePullBackOff`, `CrashLoopBackOff`.
    #[serde(default)]
    pub reason: String,
}

/// A container that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terminated {
    /// One word: `OOMKilled`, `Completed`.
    #[serde(default)]
    pub reason: String,
    /// What it exited with.
    #[serde(default)]
    pub exit_code: i32,
    /// When.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
}
