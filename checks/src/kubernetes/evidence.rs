//! What was seen of the objects.

use super::{Object, Range, Resource, Which};
use crate::{clients::kubernetes::Kubectl, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How `kubectl` reaches the cluster that was asked.
    pub cluster: Kubectl,
    /// The kind that was asked for.
    pub resource: Resource,
    /// Where.
    pub range: Range,
    /// Which of them.
    pub which: Which,
    /// What was asked, for a person.
    pub asked: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// Whether the cluster serves the kind.
    pub served: Served,
    /// What was there, by namespace and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Object>,
    /// The names of which there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The named objects that could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unobserved>,
    /// Whether the namespace exists; read only where something was missing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_namespace: Option<Result<bool, Unobserved>>,
    /// How many there are that no selector chose, at least; read only where a selector chose none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Result<u64, Unobserved>>,
}

/// Whether the cluster serves a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Served {
    /// It does, under this plural.
    As(String),
    /// It has the group in this version, with these kinds only.
    OtherKinds(Vec<String>),
    /// It has the group in these versions only; in none: it does not have the group.
    OtherVersions(Vec<String>),
}

impl Evidence {
    /// The plural with its group, as `kubectl` takes it.
    pub(super) fn plural(&self) -> String {
        match &self.served {
            Served::As(plural) => self.resource.qualified(plural),
            _ => self.resource.qualified(&super::resource::plural(&self.resource.kind)),
        }
    }

    /// One object in a word: `nodepool/gpu`, in all namespaces `coder/pod/a`.
    pub(super) fn word(&self, name: &str, namespace: Option<&str>) -> String {
        let word = format!("{}/{name}", self.resource.kind.to_lowercase());
        match namespace.filter(|_| self.range == Range::AllNamespaces) {
            Some(namespace) => format!("{namespace}/{word}"),
            None => word,
        }
    }

    pub(super) fn subject(&self, object: &Object) -> String {
        self.word(object.name(), object.namespace())
    }

    /// What was asked for, in a word: `pods, status.phase=Pending`.
    pub(super) fn asked_for(&self) -> String {
        match self.which.words().as_str() {
            "" => self.plural(),
            words => format!("{}, {words}", self.plural()),
        }
    }
}
