//! A site's cluster: which context of which kubeconfig, and which cluster it must turn out to be.

use crate::contract::text::{Node, Problem, read};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenCluster {
    /// The context in the kubeconfig.
    #[serde(default)]
    context: Option<String>,
    /// A kubeconfig in place of `$KUBECONFIG` and `~/.kube/config`, relative to the checklist.
    #[serde(default)]
    kubeconfig: Option<PathBuf>,
    /// True inside a pod: the service account's own token.
    #[serde(default)]
    in_cluster: bool,
    /// The UID of the namespace `kube-system`, compared before any answer counts.
    #[serde(default)]
    cluster_uid: Option<String>,
    /// The user to impersonate.
    #[serde(default, rename = "as")]
    as_user: Option<String>,
    /// `env` (the default), `none`, or a proxy's URL.
    #[serde(default)]
    proxy: Option<String>,
}

/// A site's cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// The site.
    pub site: String,
    /// The context in the kubeconfig; `None` means the current one.
    pub context: Option<String>,
    /// The kubeconfig.
    pub kubeconfig: Option<PathBuf>,
    /// True inside a pod.
    pub is_in_cluster: bool,
    /// The UID of the namespace `kube-system`.
    pub uid: Option<String>,
    /// The user to impersonate.
    pub as_user: Option<String>,
    /// `env`, `none`, or a proxy's URL.
    pub proxy: Option<String>,
}

/// The schema of its keys.
pub(super) fn schema() -> Schema {
    schema_for!(WrittenCluster)
}

/// Reads the cluster of `site`.
pub(super) fn cluster(site: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<Cluster> {
    let written = read::<WrittenCluster>(node, problems)?;
    let WrittenCluster { context, kubeconfig, in_cluster, cluster_uid, as_user, proxy } = written;
    let site = site.to_owned();
    Some(Cluster { site, context, kubeconfig, is_in_cluster: in_cluster, uid: cluster_uid, as_user, proxy })
}
