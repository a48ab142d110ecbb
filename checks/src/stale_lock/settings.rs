//! `with`: whose locks are looked at. One source a check, so that each kind of lock has its own bound and owner.

use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at: exactly one of these.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// Leases of `coordination.k8s.io`: leaders, and platforms' locks.
    Leases(Leases),
    /// The lock of a Terraform or `OpenTofu` state.
    Terraform(TerraformState),
    /// Helm releases that hang in `pending-*`.
    Helm(Releases),
    /// Jobs that neither complete nor fail.
    Jobs(Jobs),
    /// Argo CD Applications whose operation does not end.
    Argo(Applications),
    /// A platform's own lock in a `ConfigMap`.
    Configmap(ConfigMapLock),
}

/// Leases of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leases {
    /// The namespace.
    #[serde(default)]
    pub namespace: Option<String>,
    /// `true`: all namespaces but `kube-node-lease`, whose leases are heartbeats.
    #[serde(default)]
    pub all_namespaces: bool,
    /// Which of them, by name: `*` stands for any letters.
    #[serde(default)]
    pub names: Option<Vec<String>>,
    /// Which of them, by labels.
    #[serde(default)]
    pub selector: Option<String>,
    /// What holds them; without it, a name of the form that Kubernetes gives to pods is a pod's, and any other nobody's.
    #[serde(default)]
    pub holder_is: Option<HolderIs>,
    /// Further namespaces in which the holders' pods are.
    #[serde(default)]
    pub pods_in: Vec<String>,
}

/// What a holder's name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HolderIs {
    /// A pod.
    Pod,
    /// A node.
    Node,
    /// Nothing that the cluster knows: it is not looked up.
    Other,
}

/// Where a state, and so its lock, is kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TerraformState {
    /// In S3, with `use_lockfile`.
    S3(S3State),
    /// In a Secret of the item's site, locked by a Lease.
    Kubernetes(KubernetesState),
}

/// A state in S3. Locks in `DynamoDB` are not looked at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct S3State {
    /// The bucket.
    pub bucket: String,
    /// The state's key; with workspaces, `env:/WORKSPACE/KEY`.
    pub key: String,
    /// The bucket's region; without it the account's.
    #[serde(default)]
    pub region: Option<String>,
    /// A connection of kind `aws` or `ecr`; without it the site's `aws:`.
    #[serde(default)]
    pub connection: Option<String>,
}

/// A state in a Secret.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KubernetesState {
    /// The namespace.
    pub namespace: String,
    /// The backend's `secret_suffix`.
    pub suffix: String,
    /// The workspace.
    #[serde(default = "default_workspace")]
    pub workspace: String,
}

fn default_workspace() -> String {
    "default".to_owned()
}

/// Helm releases of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Releases {
    /// The namespace.
    #[serde(default)]
    pub namespace: Option<String>,
    /// `true`: all namespaces.
    #[serde(default)]
    pub all_namespaces: bool,
    /// Which of them, by name: `*` stands for any letters.
    #[serde(default)]
    pub releases: Option<Vec<String>>,
}

/// Jobs of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// The namespace.
    #[serde(default)]
    pub namespace: Option<String>,
    /// `true`: all namespaces.
    #[serde(default)]
    pub all_namespaces: bool,
    /// Which of them, by labels.
    #[serde(default)]
    pub selector: Option<String>,
    /// A label that says which piece of work a job does: two unfinished jobs with the same value are a finding.
    #[serde(default)]
    pub duplicate_by: Option<String>,
}

/// Argo CD Applications of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Applications {
    /// The namespace that the Applications are in, mostly `argocd`.
    pub namespace: String,
    /// Which of them, by labels.
    #[serde(default)]
    pub selector: Option<String>,
}

/// A lock in a `ConfigMap` of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigMapLock {
    /// The namespace.
    pub namespace: String,
    /// The `ConfigMap`'s name.
    pub name: String,
    /// The key in its `data` that names the holder; empty there means free.
    #[serde(default = "holder")]
    pub holder_key: String,
    /// The key in its `data` that says since when: RFC 3339, or seconds or milliseconds since 1970.
    #[serde(default = "acquired_at")]
    pub since_key: String,
    /// What holds it.
    #[serde(default = "a_pod")]
    pub holder_is: HolderIs,
    /// Further namespaces in which the holder's pod may be.
    #[serde(default)]
    pub pods_in: Vec<String>,
}

fn holder() -> String {
    "holder".to_owned()
}

fn acquired_at() -> String {
    "acquired_at".to_owned()
}

const fn a_pod() -> HolderIs {
    HolderIs::Pod
}
