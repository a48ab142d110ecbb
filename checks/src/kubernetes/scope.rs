//! Which objects of a kind are meant: where they live, and by what they are chosen.

use serde::{Deserialize, Serialize};

/// Where the objects live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// In one namespace.
    Namespace(String),
    /// In every namespace.
    AllNamespaces,
    /// They belong to the whole cluster.
    Cluster,
}

/// By what they are chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// All of them.
    All,
    /// By their names; each must be there.
    Named(Vec<String>),
    /// By labels and by fields.
    Selected {
        /// By labels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        labels: Option<String>,
        /// By fields.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fields: Option<String>,
    },
}

impl Range {
    /// The namespace, where it is one.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Self::Namespace(name) => Some(name),
            Self::AllNamespaces | Self::Cluster => None,
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Namespace(name) => format!("in the namespace {name}"),
            Self::AllNamespaces => "in all namespaces".to_owned(),
            Self::Cluster => "in the cluster".to_owned(),
        }
    }
}

impl Which {
    /// What narrows the choice: `app=coder, status.phase=Pending`; empty where nothing does.
    pub(super) fn words(&self) -> String {
        match self {
            Self::All => String::new(),
            Self::Named(names) => names.join(", "),
            Self::Selected { labels, fields } => {
                labels.iter().chain(fields).map(String::as_str).collect::<Vec<_>>().join(", ")
            }
        }
    }
}
