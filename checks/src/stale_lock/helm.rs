//! Helm's releases that hang: the newest version of each says `pending-install`, `pending-upgrade`, `pending-rollback`, or
//! `uninstalling`. Helm refuses an upgrade over a pending one ("another operation is in progress").
//!
//! What a version of a release is: [`helm`](crate::clients::helm).

use super::{
    evidence::{Evidence, Kind, Lock, plain},
    leases::{globs, is_among, wanted},
    scope::Scope,
    settings::Releases,
};
use crate::{
    clients::{
        connections::Cluster,
        helm::{Version, newest},
        kubernetes::Selector,
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use globset::GlobSet;

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
        let versions = seen.iter().map(Version);
        let newest = newest(versions.filter(|version| is_among(self.releases.as_ref(), version.release())));
        let what = ("secrets --selector owner=helm", self.wanted.clone());
        let looked_at = newest.len();
        let locks = newest.into_iter().filter_map(held).collect();
        Ok(self.scope.evidence(&api, &seen, what, looked_at, locks).await)
    }
}

fn held(version: Version<'_>) -> Option<Lock> {
    let mut lock = Lock::of(Kind::Release, version.namespace(), version.release());
    let (Some(status), Some(number)) = (version.status(), version.number()) else {
        lock.unreadable = Some(format!("the secret {} has no labels `status` and `version`", version.secret()));
        return Some(lock);
    };
    if !version.is_under_way() {
        return None;
    }
    lock.taken = version.changed();
    lock.doing = format!("{}, version {number}", plain(status));
    Some(lock)
}
