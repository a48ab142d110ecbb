//! Argo CD's operations that do not end: `status.operationState { phase, startedAt, operation.initiatedBy }` of an Application
//! (`argoproj.io/v1alpha1`); while its phase is Running or Terminating, no other sync of the Application begins.

use super::{
    evidence::{Evidence, Kind, Lock, plain},
    leases::wanted,
    scope::{Scope, selects},
    settings::Applications,
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Meta, Selector},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::Deserialize;

const API: &str = "argoproj.io/v1alpha1";

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    scope: Scope,
    selector: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Application {
    metadata: Meta,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    operation_state: Option<OperationState>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperationState {
    phase: String,
    #[serde(default)]
    started_at: Option<Timestamp>,
    #[serde(default)]
    operation: Operation,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    #[serde(default)]
    initiated_by: Initiator,
}

#[derive(Clone, Default, Deserialize)]
struct Initiator {
    #[serde(default)]
    username: String,
    #[serde(default)]
    automated: bool,
}

impl Looking {
    pub(super) fn new(settings: Applications, place: &Place) -> Result<Self, Invalid> {
        let Applications { namespace, selector } = settings;
        let scope = Scope::of("argo", Some(namespace), false)?;
        selects("argo.selector", selector.as_deref())?;
        Ok(Self { cluster: place.cluster()?, scope, selector })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = self.scope.right_to_list(API, "applications");
        std::iter::once(own).chain(self.scope.right_to_namespace()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let selector = Selector { labels: self.selector.clone(), fields: None };
        let seen = api.list::<Application>(&self.scope.path(API, "applications"), &selector).await?;
        let what = ("applications.argoproj.io", wanted("applications", None, self.selector.as_deref()));
        let locks = seen.iter().filter_map(Application::held).collect();
        Ok(self.scope.evidence(&api, &seen, what, seen.len(), locks).await)
    }
}

impl Application {
    fn held(&self) -> Option<Lock> {
        let state = self.status.operation_state.as_ref()?;
        if !matches!(state.phase.as_str(), "Running" | "Terminating") {
            return None;
        }
        let mut lock = Lock::of(Kind::Application, &self.metadata.namespace, &self.metadata.name);
        let Initiator { username, automated } = &state.operation.initiated_by;
        lock.holder = match (username.is_empty(), automated) {
            (false, _) => Some(plain(username)),
            (true, true) => Some("automated sync".to_owned()),
            (true, false) => None,
        };
        lock.doing = format!("operation {}", plain(&state.phase));
        lock.taken = state.started_at;
        if lock.taken.is_none() {
            lock.unreadable = Some("its operation does not say when it started".to_owned());
        }
        Some(lock)
    }
}
