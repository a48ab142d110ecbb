//! A place that holds the secret, and how to look there.

use crate::{
    clients::{aws::StoredInAws, connections::Cluster, kubernetes},
    contract::{Access, Secret},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place that holds the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// A Kubernetes secret.
    Kubernetes {
        /// The site.
        site: String,
        /// The namespace.
        namespace: String,
        /// The secret's name.
        name: String,
        /// The key in its `data`.
        key: String,
        /// The entry of the JSON object that stands there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        json_key: Option<String>,
        /// The `CronJob` that copies it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cronjob: Option<String>,
    },
    /// A secret of AWS Secrets Manager.
    Aws {
        /// The region.
        region: String,
        /// The account, where the checklist names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// Its name or its ARN.
        id: String,
        /// The entry of the JSON object that stands there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        json_key: Option<String>,
    },
    /// This machine.
    Here {
        /// `environment variable X`, `file X`, `command X`.
        from: String,
    },
}

impl Origin {
    /// The site, where it is at one.
    #[must_use]
    pub fn site(&self) -> Option<&str> {
        match self {
            Self::Kubernetes { site, .. } => Some(site),
            Self::Aws { .. } | Self::Here { .. } => None,
        }
    }

    /// The entry of a JSON object that is the value.
    pub(super) fn json_key(&self) -> Option<&str> {
        match self {
            Self::Kubernetes { json_key, .. } | Self::Aws { json_key, .. } => json_key.as_deref(),
            Self::Here { .. } => None,
        }
    }

    /// True if and only if both are the same value of the same object, whatever copies it.
    pub(super) fn is_same_place(&self, other: &Self) -> bool {
        let bare = |origin: &Self| match origin.clone() {
            Self::Kubernetes { site, namespace, name, key, json_key, .. } => {
                Self::Kubernetes { site, namespace, name, key, json_key, cronjob: None }
            }
            other => other,
        };
        bare(self) == bare(other)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kubernetes { namespace, name, key, .. } => write!(f, "{namespace}/{name} `{key}`")?,
            Self::Aws { region, id, .. } => write!(f, "Secrets Manager {id} in {region}")?,
            Self::Here { from } => f.write_str(from)?,
        }
        match self.json_key() {
            Some(json_key) => write!(f, " `{json_key}`"),
            None => Ok(()),
        }
    }
}

/// How to look at a place.
pub(super) struct Look {
    pub(super) origin: Origin,
    pub(super) way: Way,
}

/// What is asked.
pub(super) enum Way {
    Cluster(Cluster),
    Aws(StoredInAws),
    Here(Secret),
}

impl Look {
    pub(super) const fn in_cluster(origin: Origin, cluster: Cluster) -> Self {
        Self { origin, way: Way::Cluster(cluster) }
    }

    pub(super) const fn in_aws(origin: Origin, secret: StoredInAws) -> Self {
        Self { origin, way: Way::Aws(secret) }
    }

    pub(super) const fn here(origin: Origin, secret: Secret) -> Self {
        Self { origin, way: Way::Here(secret) }
    }

    /// The least rights that it takes.
    pub(super) fn access(&self) -> Vec<Access> {
        match (&self.way, &self.origin) {
            (Way::Aws(secret), _) => {
                vec![Access::new("aws", secret.right()), Access::new("aws", "sts:GetCallerIdentity")]
            }
            (Way::Here(secret), _) => vec![Access::new("this machine", format!("reading {}", secret.source()))],
            (Way::Cluster(_), Origin::Kubernetes { namespace, name, .. }) => {
                let path = kubernetes::path("v1", Some(namespace), &["secrets", name]);
                let right = format!("{}, only {name}", kubernetes::right("get", &path));
                vec![Access::new("kubernetes", right), Access::new("kubernetes", "get namespaces")]
            }
            (Way::Cluster(_), _) => Vec::new(),
        }
    }
}
