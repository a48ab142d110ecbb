//! What was seen of the workloads and their autoscalers.

use super::{Autoscaler, Target, Workload};
use crate::{clients::kubernetes::Kubectl, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How `kubectl` reaches the cluster that was asked.
    pub cluster: Kubectl,
    /// The namespace.
    pub namespace: String,
    /// Which workloads were meant.
    pub target: Target,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// What was there, by kind and name.
    pub workloads: Vec<Workload>,
    /// Whether the namespace exists; read only where nothing was found in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_namespace: Option<Result<bool, Unobserved>>,
    /// The autoscalers of these workloads, by name; `None` where they were not to be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscalers: Option<Result<Vec<Autoscaler>, Unobserved>>,
}
