//! A Kubernetes secret as this probe needs it: one of its values, or in words what is there instead.

use super::settings::SecretKey;
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{self, Kubectl, Seen, StoredSecret},
    },
    contract::{Access, Context, Invalid, Unobserved},
};
use jiff::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;

/// A secret, or that there is none.
pub(super) struct Found {
    /// What was asked.
    pub(super) asked: String,
    /// When.
    pub(super) asked_at: Timestamp,
    /// How `kubectl` reaches the cluster.
    pub(super) kubectl: Kubectl,
    /// The secret; `None` where the cluster says that there is none of that name.
    pub(super) secret: Option<Arc<Seen<StoredSecret>>>,
}

/// The secret `name` of `namespace` in `cluster`.
///
/// # Errors
/// The cluster cannot be reached or is another, the right is missing, or the secret cannot be read.
pub(super) async fn find(cx: &Context, cluster: &Cluster, namespace: &str, name: &str) -> Result<Found, Unobserved> {
    let api = cx.cluster(cluster).await?;
    let path = kubernetes::path("v1", Some(namespace), &["secrets", name]);
    let asked_at = cx.now();
    let seen = api.find::<StoredSecret>(&path).await?;
    Ok(Found {
        asked: seen.as_ref().map_or_else(|| format!("GET {path} of site {}", cluster.site), |seen| seen.asked.clone()),
        asked_at: seen.as_ref().map_or(asked_at, |seen| seen.asked_at),
        kubectl: api.kubectl().clone(),
        secret: seen,
    })
}

/// One value of a secret, or what is there instead, in words.
pub(super) async fn value(
    cx: &Context,
    cluster: &Cluster,
    key: &SecretKey,
) -> Result<(Found, Result<SecretString, String>), Unobserved> {
    let SecretKey { namespace, name, key } = key;
    let found = find(cx, cluster, namespace, name).await?;
    let value = match &found.secret {
        None => Err(format!("there is no secret {name} in namespace {namespace}")),
        Some(stored) => match stored.text(key) {
            None => Err(format!("the secret {name} has no `{key}`")),
            Some(None) => Err(format!("`{key}` of the secret {name} is no text")),
            Some(Some(value)) => Ok(SecretString::from(value)),
        },
    };
    Ok((found, value))
}

/// Refuses the names of a secret where one is empty: the request would be for a list of them. `at` is the path of the map
/// in `with` that holds these keys.
pub(super) fn are_named(at: &str, names: &[(&str, &str)]) -> Result<(), Invalid> {
    match names.iter().find(|(_, name)| name.trim().is_empty()) {
        Some((key, _)) => Err(Invalid::new(&format!("{at}.{key}"), "an empty name names no secret")),
        None => Ok(()),
    }
}

/// The same for one value of a secret.
pub(super) fn is_named(at: &str, key: &SecretKey) -> Result<(), Invalid> {
    are_named(at, &[("namespace", &key.namespace), ("name", &key.name), ("key", &key.key)])
}

/// The right that reading the secret takes.
pub(super) fn access(namespace: &str, name: &str) -> Access {
    let path = kubernetes::path("v1", Some(namespace), &["secrets", name]);
    Access::new("kubernetes", format!("{}, only {name}", kubernetes::right("get", &path)))
}
