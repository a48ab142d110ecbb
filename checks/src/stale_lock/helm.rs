//! Helm's releases that hang: the newest version of each says `pending-install`, `pending-upgrade`, `pending-rollback`, or
//! `uninstalling`. Helm refuses an upgrade over a pending one ("another operation is in progress").
//!
//! A version of a release is a Secret of type `helm.sh/release.v1` with the labels `owner=helm`, `name`, `version`, `status` and
//! `modifiedAt` or `createdAt` in seconds (helm/helm, `pkg/storage/driver/secrets.go`). Only metadata is asked for: the
//! Secret's value is the release with all that it was given, secrets too.

use super::{
    evidence::{Evidence, Kind, Lock, plain},
    leases::{globs, is_among, wanted},
    scope::Scope,
    settings::Releases,
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Meta, Selector},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use globset::GlobSet;
use jiff::Timestamp;
use std::collections::BTreeMap;

const UNDER_WAY: [&str; 4] = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    scope: Scope,
    releases: Option<GlobSet>,
    wanted: String,
}

impl Looking {
    pub(super) fn new(settings: Releases, place: &Place) -> Result<Self, Invalid> {
        let Releases { namespace, all_namespaces, releases } = settings;
        let scope = Scope::of("helm", namespace, all_namespaces)?;
        let wanted = wanted("releases", releases.as_deref(), None);
        let releases = globs("helm.releases", releases)?;
        Ok(Self { cluster: place.cluster()?, scope, releases, wanted })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = self.scope.right_to_list("v1", "secrets");
        std::iter::once(own).chain(self.scope.right_to_namespace()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let path = self.scope.path("v1", "secrets");
        let seen = api.list_metadata(&path, &Selector::labels("owner=helm")).await?;
        let newest = newest(seen.iter().filter(|version| is_among(self.releases.as_ref(), name(version))));
        let what = ("secrets --selector owner=helm", self.wanted.clone());
        let looked_at = newest.len();
        let locks = newest.into_values().filter_map(held).collect();
        Ok(self.scope.evidence(&api, &seen, what, looked_at, locks).await)
    }
}

/// The release that a version is of; where the label is missing, the Secret's own name.
fn name(version: &Meta) -> &str {
    version.labels.get("name").unwrap_or(&version.name)
}

fn number(version: &Meta) -> Option<u64> {
    version.labels.get("version")?.parse().ok()
}

/// The newest version of each release; one whose version cannot be read is newer than all.
fn newest<'a>(versions: impl Iterator<Item = &'a Meta>) -> BTreeMap<(&'a str, &'a str), &'a Meta> {
    let mut newest = BTreeMap::<_, &Meta>::new();
    for version in versions {
        let of = newest.entry((version.namespace.as_str(), name(version))).or_insert(version);
        let rank = |version| number(version).unwrap_or(u64::MAX);
        if rank(version) > rank(of) {
            *of = version;
        }
    }
    newest
}

fn held(version: &Meta) -> Option<Lock> {
    let mut lock = Lock::of(Kind::Release, &version.namespace, name(version));
    let (Some(status), Some(number)) = (version.labels.get("status"), number(version)) else {
        lock.unreadable = Some(format!("the secret {} has no labels `status` and `version`", version.name));
        return Some(lock);
    };
    if !UNDER_WAY.contains(&status.as_str()) {
        return None;
    }
    let label = |label| {
        let seconds = version.labels.get(label)?.parse().ok()?;
        Timestamp::from_second(seconds).ok()
    };
    lock.taken = label("modifiedAt").or_else(|| label("createdAt")).or(version.creation_timestamp);
    lock.doing = format!("{}, version {number}", plain(status));
    Some(lock)
}
