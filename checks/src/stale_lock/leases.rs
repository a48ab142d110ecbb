//! Leases: `coordination.k8s.io/v1`, `spec { holderIdentity, leaseDurationSeconds, acquireTime, renewTime }`. client-go writes an
//! empty holder when it lets go; a lease that ran out and still names one was not let go of.

use super::{
    evidence::{Evidence, Kind, Lock, plain},
    holder::Holders,
    scope::{Scope, selects},
    settings::Leases,
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Meta, Selector},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use globset::{Glob, GlobSet, GlobSetBuilder};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

pub(super) const API: &str = "coordination.k8s.io/v1";
/// Heartbeats of kubelets, and of API servers: nobody's work.
const HEARTBEATS: &str = "kube-node-lease";
const OF_API_SERVERS: &str = "apiserver.kubernetes.io/identity";

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    scope: Scope,
    names: Option<GlobSet>,
    selector: Option<String>,
    holders: Holders,
    wanted: String,
}

/// A Lease.
#[derive(Clone, Deserialize)]
pub(super) struct Lease {
    pub(super) metadata: Meta,
    #[serde(default)]
    pub(super) spec: Spec,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(default)]
    holder_identity: Option<String>,
    #[serde(default)]
    lease_duration_seconds: Option<i64>,
    #[serde(default)]
    acquire_time: Option<Timestamp>,
    #[serde(default)]
    renew_time: Option<Timestamp>,
}

impl Looking {
    pub(super) fn new(settings: Leases, place: &Place) -> Result<Self, Invalid> {
        let Leases { namespace, all_namespaces, names, selector, holder_is, pods_in } = settings;
        let scope = Scope::of("leases", namespace, all_namespaces)?;
        selects("leases.selector", selector.as_deref())?;
        let holders = Holders::new("leases", holder_is, &scope, pods_in)?;
        let wanted = wanted("leases", names.as_deref(), selector.as_deref());
        let names = globs("leases.names", names)?;
        Ok(Self { cluster: place.cluster()?, scope, names, selector, holders, wanted })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = [self.scope.right_to_list(API, "leases")];
        own.into_iter().chain(self.holders.access()).chain(self.scope.right_to_namespace()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let selector = Selector { labels: self.selector.clone(), fields: None };
        let seen = api.list::<Lease>(&self.scope.path(API, "leases"), &selector).await?;
        let is_meant = |lease: &&Lease| {
            let Meta { name, namespace, labels, .. } = &lease.metadata;
            let is_heartbeat = namespace == HEARTBEATS || labels.contains_key(OF_API_SERVERS);
            !(self.scope == Scope::All && is_heartbeat) && is_among(self.names.as_ref(), name)
        };
        let meant: Vec<&Lease> = seen.iter().filter(is_meant).collect();
        let mut locks: Vec<Lock> = meant.iter().filter_map(|lease| lease.held()).collect();
        let holders_unseen = self.holders.tell(&api, &mut locks).await;
        let what = ("leases", self.wanted.clone());
        let evidence = self.scope.evidence(&api, &seen, what, meant.len(), locks).await;
        Ok(Evidence { holders_unseen, ..evidence })
    }
}

impl Lease {
    /// Its holder, if it has one.
    pub(super) fn holder(&self) -> Option<&str> {
        self.spec.holder_identity.as_deref().filter(|holder| !holder.is_empty())
    }

    fn held(&self) -> Option<Lock> {
        let holder = self.holder()?;
        let mut lock = Lock::of(Kind::Lease, &self.metadata.namespace, &self.metadata.name);
        lock.holder = Some(plain(holder));
        (lock.taken, lock.renewed) = (self.spec.acquire_time, self.spec.renew_time);
        let duration = self.spec.lease_duration_seconds.filter(|seconds| *seconds > 0).map(SignedDuration::from_secs);
        let from = lock.last_sign();
        lock.runs_out = duration.zip(from).and_then(|(duration, from)| from.saturating_add(duration).ok());
        if from.is_none() {
            lock.unreadable = Some("it has neither a `renewTime` nor an `acquireTime`".to_owned());
        }
        Some(lock)
    }
}

/// What was meant, for a person: `leases coder-*`.
pub(super) fn wanted(what: &str, names: Option<&[String]>, selector: Option<&str>) -> String {
    let names = names.map(|names| format!(" {}", names.join(", ")));
    let selector = selector.map(|selector| format!(" with {selector}"));
    format!("{what}{}{}", names.unwrap_or_default(), selector.unwrap_or_default())
}

/// The patterns of names, if there are any; an empty list of them means nothing.
pub(super) fn globs(at: &str, patterns: Option<Vec<String>>) -> Result<Option<GlobSet>, Invalid> {
    let Some(patterns) = patterns else { return Ok(None) };
    if patterns.is_empty() {
        return Err(Invalid::new(at, "an empty list names nothing").help("leave it out to mean all"));
    }
    let mut set = GlobSetBuilder::new();
    for (i, pattern) in patterns.iter().enumerate() {
        let wrong = |reason: String| {
            Invalid::new(&format!("{at}.{i}"), reason).help("write a name; `*` stands for any letters")
        };
        if pattern.trim().is_empty() {
            return Err(wrong("an empty pattern names nothing".to_owned()));
        }
        set.add(Glob::new(pattern).map_err(|error| wrong(error.to_string()))?);
    }
    set.build().map(Some).map_err(|error| Invalid::new(at, error.to_string()))
}

pub(super) fn is_among(names: Option<&GlobSet>, name: &str) -> bool {
    names.is_none_or(|names| names.is_match(name))
}
