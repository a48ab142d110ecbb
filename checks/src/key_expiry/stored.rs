//! A Kubernetes secret as this probe needs it: its values, and when its `data` was last written.
//!
//! The client's own `StoredSecret` was not enough: which fields a writer wrote is what tells a renewed password from a
//! new label. Values never show in a debug print, an error or evidence.

use super::settings::SecretKey;
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{self, Kubectl},
    },
    contract::{Access, Context, Invalid, Unobserved},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use std::collections::BTreeMap;

/// A secret, or that there is none.
pub(super) struct Found {
    /// What was asked.
    pub(super) asked: String,
    /// When.
    pub(super) asked_at: Timestamp,
    /// How `kubectl` reaches the cluster.
    pub(super) kubectl: Kubectl,
    /// The secret; `None` where the cluster says that there is none of that name.
    pub(super) secret: Option<Stored>,
}

/// A secret.
#[derive(Clone, Deserialize)]
pub(super) struct Stored {
    metadata: Meta,
    /// Its values; one that is no text is `None`.
    #[serde(default, deserialize_with = "values")]
    pub(super) data: BTreeMap<String, Option<SecretString>>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    #[serde(default)]
    creation_timestamp: Option<Timestamp>,
    #[serde(default)]
    managed_fields: Option<Vec<Writer>>,
}

#[derive(Clone, Deserialize)]
struct Writer {
    #[serde(default)]
    time: Option<Timestamp>,
    #[serde(default, rename = "fieldsV1")]
    fields: Value,
}

impl Stored {
    /// When its values were last written: the newest of those who wrote `data`, else its creation. A later change of
    /// labels alone does not count.
    pub(super) fn written(&self) -> Option<Timestamp> {
        let has_data =
            |writer: &&Writer| ["f:data", "f:stringData"].iter().any(|field| writer.fields.get(field).is_some());
        let writers = self.metadata.managed_fields.iter().flatten();
        writers.filter(has_data).filter_map(|writer| writer.time).max().or(self.metadata.creation_timestamp)
    }
}

/// The secret `name` of `namespace` in `cluster`.
///
/// # Errors
/// The cluster cannot be reached or is another, the right is missing, or the secret cannot be read.
pub(super) async fn find(cx: &Context, cluster: &Cluster, namespace: &str, name: &str) -> Result<Found, Unobserved> {
    let api = cx.cluster(cluster).await?;
    let path = kubernetes::path("v1", Some(namespace), &["secrets", name]);
    let asked_at = cx.now();
    let seen = api.find::<Stored>(&path).await?;
    Ok(Found {
        asked: seen.as_ref().map_or_else(|| format!("GET {path} of site {}", cluster.site), |seen| seen.asked.clone()),
        asked_at: seen.as_ref().map_or(asked_at, |seen| seen.asked_at),
        kubectl: api.kubectl().clone(),
        secret: seen.map(|seen| seen.value.clone()),
    })
}

/// One value of a secret, or what is there instead, in words.
pub(super) async fn value(
    cx: &Context,
    cluster: &Cluster,
    key: &SecretKey,
) -> Result<(Found, Result<SecretString, String>), Unobserved> {
    let SecretKey { namespace, name, key } = key;
    let mut found = find(cx, cluster, namespace, name).await?;
    let value = match &mut found.secret {
        None => Err(format!("there is no secret {name} in namespace {namespace}")),
        Some(stored) => match stored.data.remove(key) {
            None => Err(format!("the secret {name} has no `{key}`")),
            Some(None) => Err(format!("`{key}` of the secret {name} is no text")),
            Some(Some(value)) => Ok(value),
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

fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Option<SecretString>>, D::Error> {
    // The words of the errors beneath would hold the value.
    let written = Option::<BTreeMap<String, Value>>::deserialize(deserializer)
        .map_err(|_| de::Error::custom("its data cannot be read"))?;
    let decoded = |value: &Value| STANDARD.decode(value.as_str()?).ok();
    written
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| {
            let bytes = decoded(&value).ok_or_else(|| de::Error::custom("a value that is no base64"))?;
            Ok((key, String::from_utf8(bytes).ok().map(SecretString::from)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn stored(text: &str) -> Stored {
        serde_json::from_str(text).expect("a secret")
    }

    #[test]
    fn a_new_label_does_not_make_an_old_password_young() {
        let text = r#"{"metadata":{"creationTimestamp":"2026-11-01T00:00:00Z","managedFields":[
            {"time":"2026-11-20T00:00:00Z","fieldsV1":{"f:data":{"f:x":{}}}},
            {"time":"2026-12-01T00:00:00Z","fieldsV1":{"f:metadata":{"f:labels":{}}}}]}}"#;
        assert_eq!(stored(text).written().expect("a time").to_string(), "2026-11-20T00:00:00Z");
        let bare = stored(r#"{"metadata":{"creationTimestamp":"2026-11-01T00:00:00Z"},"data":null}"#);
        assert_eq!(bare.written().expect("a time").to_string(), "2026-11-01T00:00:00Z");
    }

    #[test]
    fn values_are_decoded_and_errors_do_not_quote_them() {
        let text = r#"{"metadata":{},"data":{"token":"c2stMTIzNDU=","bytes":"//8="}}"#;
        let secret = stored(text);
        assert_eq!(secret.data["token"].as_ref().expect("text").expose_secret(), "sk-12345");
        assert!(secret.data["bytes"].is_none());
        let error =
            serde_json::from_str::<Stored>(r#"{"metadata":{},"data":{"token":"sk-12345!"}}"#).err().expect("none");
        assert!(!error.to_string().contains("12345"), "{error}");
    }
}
