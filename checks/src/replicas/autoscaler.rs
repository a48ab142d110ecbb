//! A `HorizontalPodAutoscaler`: the bounds that it holds a workload within, and whether it can act.
//!
//! Source of the fields: Kubernetes API reference, `autoscaling/v2`. Servers before 1.23 have the bounds in `v1`.

use super::workload::Workload;
use crate::clients::kubernetes::{Condition, Meta, path as api_path};
use serde::{Deserialize, Serialize};

/// The path of a namespace's autoscalers.
pub(super) fn path(version: &str, namespace: &str) -> String {
    api_path(&format!("autoscaling/{version}"), Some(namespace), &["horizontalpodautoscalers"])
}

/// One autoscaler, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Autoscaler {
    /// Its name.
    pub name: String,
    /// The kind of the workload that it scales.
    pub kind: String,
    /// The name of the workload that it scales.
    pub workload: String,
    /// The fewest copies that it holds.
    pub min: u32,
    /// The most copies that it allows.
    pub max: u32,
    /// Whether it can act.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

impl Autoscaler {
    pub(super) fn scales(&self, workload: &Workload) -> bool {
        self.kind == workload.kind.kind() && self.workload == workload.name
    }

    /// Why it cannot act, if it says so.
    pub(super) fn complaint(&self) -> Option<&Condition> {
        let is_bad = |condition: &&Condition| {
            condition.status == "False" && matches!(condition.kind.as_str(), "ScalingActive" | "AbleToScale")
        };
        self.conditions.iter().find(is_bad)
    }
}

/// One autoscaler, as the API gives it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Object {
    metadata: Meta,
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    scale_target_ref: Reference,
    #[serde(default)]
    min_replicas: Option<u32>,
    max_replicas: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Reference {
    kind: String,
    name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Status {
    #[serde(default)]
    conditions: Option<Vec<Condition>>,
}

impl Object {
    pub(super) fn seen(&self) -> Autoscaler {
        Autoscaler {
            name: self.metadata.name.clone(),
            kind: self.spec.scale_target_ref.kind.clone(),
            workload: self.spec.scale_target_ref.name.clone(),
            min: self.spec.min_replicas.unwrap_or(1),
            max: self.spec.max_replicas,
            conditions: self.status.conditions.clone().unwrap_or_default(),
        }
    }
}
