//! A platform's own lock: a `ConfigMap` that names who deploys, and since when.

use super::{
    evidence::{Evidence, Kind, Lock, Source, plain},
    holder::Holders,
    scope::{Scope, named},
    settings::ConfigMapLock,
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{path, right},
    },
    contract::{Access, Context, Invalid, Place, Unobserved},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    scope: Scope,
    namespace: String,
    name: String,
    holder_key: String,
    since_key: String,
    holders: Holders,
}

#[derive(Deserialize)]
struct ConfigMap {
    #[serde(default)]
    data: Option<BTreeMap<String, String>>,
}

impl Looking {
    pub(super) fn new(settings: ConfigMapLock, place: &Place) -> Result<Self, Invalid> {
        let ConfigMapLock { namespace, name, holder_key, since_key, holder_is, pods_in } = settings;
        named("configmap.namespace", &namespace)?;
        named("configmap.name", &name)?;
        let scope = Scope::One(namespace.clone());
        let holders = Holders::new("configmap", Some(holder_is), &scope, pods_in)?;
        Ok(Self { cluster: place.cluster()?, scope, namespace, name, holder_key, since_key, holders })
    }

    fn path(&self) -> String {
        path("v1", Some(&self.namespace), &["configmaps", &self.name])
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let own = Access::new("kubernetes", format!("{}, only {}", right("get", &self.path()), self.name));
        std::iter::once(own).chain(self.holders.access()).chain(self.scope.right_to_namespace()).collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let asked_at = cx.now();
        let seen = api.find::<ConfigMap>(&self.path()).await?;
        let has_namespace = if seen.is_none() { self.scope.exists(&api).await } else { None };
        let mut locks: Vec<Lock> = seen.iter().filter_map(|seen| self.held(seen)).collect();
        let holders_unseen = self.holders.tell(&api, &mut locks).await;
        Ok(Evidence {
            source: Source::Cluster {
                kubectl: api.kubectl().clone(),
                namespace: Some(self.namespace.clone()),
                resource: "configmaps".to_owned(),
                wanted: format!("configmap {}", self.name),
            },
            asked: seen.as_ref().map_or_else(|| format!("GET {}", self.path()), |seen| seen.asked.clone()),
            asked_at: seen.as_ref().map_or(asked_at, |seen| seen.asked_at),
            looked_at: seen.iter().count(),
            has_namespace,
            has_state: None,
            holders_unseen,
            locks,
        })
    }

    fn held(&self, map: &ConfigMap) -> Option<Lock> {
        let value = |key: &str| map.data.iter().flatten().find(|(own, _)| *own == key).map(|(_, value)| value.trim());
        let mut lock = Lock::of(Kind::Configmap, &self.namespace, &self.name);
        match value(&self.holder_key) {
            Some("") => return None,
            Some(holder) => lock.holder = Some(plain(holder)),
            // A key that is not there may be a key that has another name.
            None => lock.unreadable = Some(format!("it has no `{}`", self.holder_key)),
        }
        match value(&self.since_key).map(time) {
            Some(Some(since)) => lock.taken = Some(since),
            Some(None) if lock.unreadable.is_none() => {
                lock.unreadable = Some(format!("its `{}` is no time", self.since_key));
            }
            None if lock.unreadable.is_none() => lock.unreadable = Some(format!("it has no `{}`", self.since_key)),
            _ => {}
        }
        Some(lock)
    }
}

/// RFC 3339, or seconds or milliseconds since 1970.
fn time(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(number) if number > 100_000_000_000 => Timestamp::from_millisecond(number).ok(),
        Ok(number) if number > 0 => Timestamp::from_second(number).ok(),
        Ok(_) => None,
        Err(_) => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_three_forms_and_a_zero_is_none() {
        let wanted = "2026-11-30T16:00:00Z".parse::<Timestamp>().ok();
        for text in ["2026-11-30T16:00:00Z", "2026-11-30T08:00:00-08:00", "1796054400", "1796054400000"] {
            assert_eq!(time(text), wanted, "{text}");
        }
        for text in ["", "0", "-1", "today"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
