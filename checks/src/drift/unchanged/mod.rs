//! Nothing changed since the last GO: a change after it makes that GO one of another infrastructure.
//!
//! What is looked at leaves a time behind: Argo CD's deployments, versions of Helm's releases, the writers of workloads and their
//! configuration, pushes. What was deleted leaves none here; that is the business of the probes that expect it. Kubernetes' own
//! controllers write all the time, and are no change.

mod judge;
mod last_go;
mod pushes;
mod since;
mod watched;
mod workloads;

pub(super) use judge::judge;
pub use since::Baseline;
pub use watched::{Change, Watched};

use super::{
    argocd, helm,
    settings::{Since, Unchanged},
};
use crate::{
    clients::{connections::Cluster, kubernetes::Kubectl},
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What changed when, asked of whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How the cluster is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubectl: Option<Kubectl>,
    /// Since when nothing may have changed.
    pub since: Baseline,
    /// When was looked.
    pub asked_at: Timestamp,
    /// What was watched.
    pub watched: Vec<Watched>,
}

/// The source with all that it needs.
pub(super) struct Looking {
    since: Since,
    own: last_go::Own,
    cluster: Option<Cluster>,
    settings: Unchanged,
    pushes: Option<pushes::Looking>,
}

impl Looking {
    pub(super) fn new(settings: Unchanged, place: &Place) -> Result<Self, Invalid> {
        let Unchanged { since, argocd, helm, workloads, pushes } = &settings;
        if argocd.is_none() && helm.is_none() && workloads.is_none() && pushes.is_none() {
            return Err(Invalid::new("unchanged", "nothing is named that could have changed")
                .help("add `argocd`, `helm`, `workloads` or `pushes`"));
        }
        if let Since::QuietFor(period) = since
            && period.0.is_zero()
        {
            return Err(Invalid::new("unchanged.since.quiet_for", "nothing changes within no time"));
        }
        argocd.as_ref().map_or(Ok(()), |which| argocd::checked(which, "unchanged.argocd"))?;
        helm.as_ref().map_or(Ok(()), |which| helm::checked(which, "unchanged.helm"))?;
        workloads.as_ref().map_or(Ok(()), workloads::checked)?;
        let in_cluster = argocd.is_some() || helm.is_some() || workloads.is_some();
        let cluster = if in_cluster { Some(place.cluster()?) } else { None };
        let pushes = pushes.as_ref().map(|which| pushes::Looking::new(which, place)).transpose()?;
        let own = last_go::Own { event: place.event().to_owned(), item: place.item() };
        Ok(Self { since: since.clone(), own, cluster, settings, pushes })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let kubernetes = |path: String| Access::new("kubernetes", crate::clients::kubernetes::right("list", &path));
        let Unchanged { argocd, helm, workloads, .. } = &self.settings;
        let mut all: Vec<Access> = argocd.iter().map(|which| kubernetes(argocd::collection(which))).collect();
        all.extend(helm.iter().map(|which| kubernetes(helm::collection(which))));
        all.extend(workloads.iter().flat_map(workloads::paths).map(kubernetes));
        all.extend(self.pushes.iter().map(pushes::Looking::access));
        if let Since::Report(file) = &self.since {
            all.push(Access::new("this machine", format!("read {}", file.display())));
        }
        all
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let asked_at = cx.now();
        let since = since::find(cx, &self.since, &self.own, asked_at).await;
        let mut watched = Vec::new();
        let mut kubectl = None;
        if let Some(cluster) = &self.cluster {
            let api = cx.cluster(cluster).await?;
            kubectl = Some(api.kubectl().clone());
            let Unchanged { argocd, helm, workloads, .. } = &self.settings;
            if let Some(which) = argocd {
                watched.push(watched::deployments(&api, which).await);
            }
            if let Some(which) = helm {
                watched.push(watched::releases(&api, which).await);
            }
            if let Some(which) = workloads {
                watched.extend(workloads::watched(&api, which).await);
            }
        }
        if let Some(pushes) = &self.pushes {
            watched.push(pushes.watched(cx).await);
        }
        Ok(Evidence { kubectl, since, asked_at, watched })
    }
}
