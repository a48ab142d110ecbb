//! What objects have in common. A field that the API left out is its zero: it omits zeros.
//!
//! Small types of our own rather than `k8s-openapi`'s: only what is read is parsed, and an object without a name is refused.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// An object's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Its name.
    pub name: String,
    /// Its namespace; empty for what belongs to the whole cluster.
    #[serde(default)]
    pub namespace: String,
    /// Its UID.
    #[serde(default)]
    pub uid: String,
    /// How often its wishes were changed.
    #[serde(default)]
    pub generation: i64,
    /// When it was made.
    #[serde(default)]
    pub creation_timestamp: Option<Timestamp>,
    /// When it was asked to go.
    #[serde(default)]
    pub deletion_timestamp: Option<Timestamp>,
    /// Its labels.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: BTreeMap<String, String>,
    /// Its annotations.
    #[serde(default, deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
    /// Whose part it is.
    #[serde(default, deserialize_with = "or_default")]
    pub owner_references: Vec<Owner>,
    /// Who wrote which of its fields, and when.
    #[serde(default, deserialize_with = "or_default")]
    pub managed_fields: Vec<Writer>,
}

impl Meta {
    /// What sets its wishes back when they are changed by hand: `Argo CD`, `Flux`, `Helm`.
    #[must_use]
    pub fn kept_by(&self) -> Option<String> {
        let keys = || self.labels.keys().chain(self.annotations.keys());
        let labelled = |group: &str| keys().any(|found| found.starts_with(group));
        if labelled("argocd.argoproj.io/") {
            return Some("Argo CD".to_owned());
        }
        if labelled("kustomize.toolkit.fluxcd.io/") || labelled("helm.toolkit.fluxcd.io/") {
            return Some("Flux".to_owned());
        }
        self.labels.get("app.kubernetes.io/managed-by").cloned()
    }
}

/// Whose part an object is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Owner {
    /// The owner's kind.
    pub kind: String,
    /// The owner's name.
    pub name: String,
    /// True for the one that controls it.
    #[serde(default)]
    pub controller: bool,
}

/// Who wrote some of an object's fields.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Writer {
    /// The program.
    #[serde(default)]
    pub manager: String,
    /// When it last did.
    #[serde(default)]
    pub time: Option<Timestamp>,
    /// The part of the object; empty for the whole.
    #[serde(default)]
    pub subresource: String,
    /// The object's own fields in which it wrote: `f:data`, `f:metadata`.
    #[serde(default, rename = "fieldsV1", deserialize_with = "names")]
    pub fields: Vec<String>,
}

/// One condition of an object's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// What it is about: `Available`, `Ready`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// One word: why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// A sentence: why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<Timestamp>,
}

/// Which objects of a list are meant; empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// By labels: `app=coder,tier!=cache`.
    pub labels: Option<String>,
    /// By fields: `status.phase=Pending`.
    pub fields: Option<String>,
}

impl Selector {
    /// Objects whose labels match `labels`.
    #[must_use]
    pub fn labels(labels: &str) -> Self {
        Self { labels: Some(labels.to_owned()), fields: None }
    }
}

/// The names alone of a map's entries; what is no map has none.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let fields = Option::<BTreeMap<String, IgnoredAny>>::deserialize(deserializer)?;
    Ok(fields.unwrap_or_default().into_keys().collect())
}

/// Takes `null` for what was left out: Go writes a slice or a map that was never made so.
pub(crate) fn or_default<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
