//! Jobs that neither complete nor fail: `batch/v1`, no condition `Complete` or `Failed` that is True. `SuccessCriteriaMet` and
//! `FailureTarget` come before those two, while pods still end, and are no end.

use super::{
    evidence::{Evidence, Kind, Lock, plain},
    leases::wanted,
    scope::{Scope, selects},
    settings::Jobs,
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Condition, Meta, Selector},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::Deserialize;

const API: &str = "batch/v1";

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    scope: Scope,
    selector: Option<String>,
    duplicate_by: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Job {
    metadata: Meta,
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
struct Spec {
    #[serde(default)]
    suspend: Option<bool>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    conditions: Option<Vec<Condition>>,
    #[serde(default)]
    start_time: Option<Timestamp>,
    #[serde(default)]
    active: u32,
    #[serde(default)]
    succeeded: u32,
    #[serde(default)]
    failed: u32,
}

impl Looking {
    pub(super) fn new(settings: Jobs, place: &Place) -> Result<Self, Invalid> {
        let Jobs { namespace, all_namespaces, selector, duplicate_by } = settings;
        let scope = Scope::of("jobs", namespace, all_namespaces)?;
        selects("jobs.selector", selector.as_deref())?;
        if duplicate_by.as_ref().is_some_and(|label| label.trim().is_empty()) {
            return Err(Invalid::new("jobs.duplicate_by", "an empty label says nothing"));
        }
        Ok(Self { cluster: place.cluster()?, scope, selector, duplicate_by })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = self.scope.right_to_list(API, "jobs");
        std::iter::once(own).chain(self.scope.right_to_namespace()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let selector = Selector { labels: self.selector.clone(), fields: None };
        let seen = api.list::<Job>(&self.scope.path(API, "jobs"), &selector).await?;
        let unfinished = seen.iter().filter(|job| !job.has_ended());
        let what = ("jobs", wanted("jobs", None, self.selector.as_deref()));
        let locks = unfinished.map(|job| job.lock(self.duplicate_by.as_deref())).collect();
        Ok(self.scope.evidence(&api, &seen, what, seen.len(), locks).await)
    }
}

impl Job {
    fn has_ended(&self) -> bool {
        let is_end = |condition: &Condition| {
            matches!(condition.kind.as_str(), "Complete" | "Failed") && condition.status == "True"
        };
        self.status.conditions.iter().flatten().any(is_end)
    }

    fn lock(&self, duplicate_by: Option<&str>) -> Lock {
        let mut lock = Lock::of(Kind::Job, &self.metadata.namespace, &self.metadata.name);
        let owner = self.metadata.owner_references.iter().find(|owner| owner.controller);
        lock.holder = owner.map(|owner| format!("{} {}", owner.kind, owner.name));
        lock.taken = self.status.start_time.or(self.metadata.creation_timestamp);
        lock.work = duplicate_by.and_then(|label| self.metadata.labels.get(label)).map(|value| plain(value));
        lock.is_suspended = self.spec.suspend == Some(true);
        let Status { active, succeeded, failed, .. } = &self.status;
        lock.doing = match active {
            _ if lock.is_suspended => "suspended".to_owned(),
            0 => format!("no pod is active, {succeeded} succeeded, {failed} failed"),
            active => format!("{active} active, {succeeded} succeeded, {failed} failed"),
        };
        lock
    }
}
