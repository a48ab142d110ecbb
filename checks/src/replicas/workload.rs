//! A Deployment or a `StatefulSet`: what is wished for, and what its controller says there is.
//!
//! Source of the fields: Kubernetes API reference, `apps/v1`. A count that the API left out is 0.

use crate::clients::kubernetes::{Condition, Meta};
use serde::{Deserialize, Serialize};

/// Which controller keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A Deployment.
    Deployment,
    /// A `StatefulSet`.
    StatefulSet,
}

impl Kind {
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Deployment => "deployments",
            Self::StatefulSet => "statefulsets",
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::StatefulSet => "statefulset",
        }
    }

    /// As an autoscaler's `scaleTargetRef` names it.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
        }
    }
}

/// One workload, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// How many are wished for.
    pub desired: u32,
    /// How many there are, old and new.
    #[serde(default)]
    pub total: u32,
    /// How many pass their probes.
    #[serde(default)]
    pub ready: u32,
    /// How many have done so for long enough; `None` where an old server does not say.
    #[serde(default)]
    pub available: Option<u32>,
    /// How many are of the latest template.
    #[serde(default)]
    pub updated: u32,
    /// How many are on their way out; `None` where an old server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminating: Option<u32>,
    /// How often its wishes were changed.
    pub generation: i64,
    /// Up to which change its controller has looked.
    #[serde(default)]
    pub observed_generation: i64,
    /// True if its rollout is held.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_paused: bool,
    /// True if it was asked to go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deleting: bool,
    /// A `StatefulSet`'s revisions: the one that runs, the one that is wished for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisions: Option<(String, String)>,
    /// What its controller thinks of it.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// What else writes its wishes: `Helm`, `Argo CD`, `Flux`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

impl Workload {
    /// As `kubectl` writes it.
    pub(crate) fn word(&self) -> String {
        format!("{}/{}", self.kind.word(), self.name)
    }

    /// How many can be counted on: ready, and for long enough.
    pub(crate) fn counted(&self) -> u32 {
        if self.is_deleting { 0 } else { self.available.map_or(self.ready, |available| available.min(self.ready)) }
    }

    pub(crate) const fn is_stale(&self) -> bool {
        self.observed_generation < self.generation
    }

    /// True once its controller has given a rollout up.
    pub(super) fn is_stuck(&self) -> bool {
        self.conditions.iter().any(|condition| condition.reason == "ProgressDeadlineExceeded")
    }

    /// True if and only if old copies still run, or new ones are still to come.
    pub(super) fn is_rolling(&self) -> bool {
        let is_between = self.revisions.as_ref().is_some_and(|(runs, wished)| runs != wished);
        self.updated < self.desired || self.total > self.desired || is_between
    }

    /// What its controller complains of, if anything.
    pub(super) fn complaint(&self) -> Option<&Condition> {
        let is_bad = |condition: &&Condition| match condition.kind.as_str() {
            "ReplicaFailure" => condition.status == "True",
            "Progressing" => condition.status == "False",
            _ => false,
        };
        self.conditions.iter().find(is_bad)
    }
}

/// One workload, as the API gives it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Object {
    pub(super) metadata: Meta,
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Deserialize)]
struct Spec {
    /// The server fills it in; where one did not, one copy is meant.
    #[serde(default)]
    replicas: Option<u32>,
    #[serde(default)]
    paused: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    replicas: u32,
    ready_replicas: u32,
    available_replicas: Option<u32>,
    updated_replicas: u32,
    terminating_replicas: Option<u32>,
    observed_generation: i64,
    conditions: Option<Vec<Condition>>,
    current_revision: String,
    update_revision: String,
}

impl Object {
    pub(super) fn seen(&self, kind: Kind) -> Workload {
        let (meta, status) = (&self.metadata, &self.status);
        let available = match kind {
            Kind::Deployment => Some(status.available_replicas.unwrap_or(0)),
            // It always writes this count, unless it is too old to have it.
            Kind::StatefulSet => status.available_replicas,
        };
        let revisions = (status.current_revision.clone(), status.update_revision.clone());
        Workload {
            kind,
            name: meta.name.clone(),
            desired: self.spec.replicas.unwrap_or(1),
            total: status.replicas,
            ready: status.ready_replicas,
            available,
            updated: status.updated_replicas,
            terminating: status.terminating_replicas,
            generation: meta.generation,
            observed_generation: status.observed_generation,
            is_paused: self.spec.paused,
            is_deleting: meta.deletion_timestamp.is_some(),
            revisions: Some(revisions).filter(|_| kind == Kind::StatefulSet),
            conditions: status.conditions.clone().unwrap_or_default(),
            managed_by: meta.kept_by(),
        }
    }
}
