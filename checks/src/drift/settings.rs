//! `with`: what is compared with what. One source a check, so that each has an owner and an allowance of its own.

use super::pattern::Pattern;
use crate::contract::{SecretRef, text::Placed, values::Period};
use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;

/// What to look at: exactly one of these.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// A root module of Terraform.
    Terraform(Terraform),
    /// A root module of `OpenTofu`.
    Tofu(Terraform),
    /// Manifests, by `kubectl diff`.
    Kubectl(Kubectl),
    /// Argo CD's Applications.
    Argocd(ApplicationsHere),
    /// Helm's releases.
    Helm(ReleasesHere),
    /// Nothing changed since a time.
    Unchanged(Unchanged),
}

/// One root module.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terraform {
    /// Its folder, from the checklist's; `init` has been run in it.
    pub folder: PathBuf,
    /// The program, where it is not the one of that name in `PATH`.
    #[serde(default)]
    pub program: Option<String>,
    /// The workspace; the one that is selected in the folder unless said.
    #[serde(default)]
    pub workspace: Option<String>,
    /// Files of variables, from the root module's folder.
    #[serde(default)]
    pub var_files: Vec<String>,
    /// `true`: only what was changed outside of it is looked for, and not what the configuration has changed.
    #[serde(default)]
    pub refresh_only: bool,
    /// Variables that the program gets.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// Variables whose values are secrets, and where those are.
    #[serde(default)]
    pub secret_env: IndexMap<String, Placed<SecretRef>>,
    /// Variables that it gets as gonogo itself has them: `[HOME, AWS_PROFILE]`.
    #[serde(default)]
    pub inherit: Vec<String>,
    /// How long it may take; the check's own `timeout` must be longer.
    #[serde(default = "two_minutes")]
    pub limit: Period,
}

const fn two_minutes() -> Period {
    Period::seconds(120)
}

/// Manifests against the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kubectl {
    /// Files or folders of manifests, from the checklist's folder.
    #[serde(default)]
    pub manifests: Vec<PathBuf>,
    /// A folder of Kustomize, in their place.
    #[serde(default)]
    pub kustomize: Option<PathBuf>,
    /// The namespace of every object: kubectl refuses one that names another.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The program, where it is not `kubectl` in `PATH`.
    #[serde(default)]
    pub program: Option<String>,
    /// Variables that the program gets.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// Variables whose values are secrets, and where those are.
    #[serde(default)]
    pub secret_env: IndexMap<String, Placed<SecretRef>>,
    /// Variables that it gets as gonogo itself has them. `HOME` and `KUBECONFIG` are always among them, but for a site within its cluster.
    #[serde(default)]
    pub inherit: Vec<String>,
    /// How long it may take; the check's own `timeout` must be longer.
    #[serde(default = "twenty_five_seconds")]
    pub limit: Period,
}

const fn twenty_five_seconds() -> Period {
    Period::seconds(25)
}

/// Argo CD's Applications of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationsHere {
    /// The namespace that they are in, mostly `argocd`.
    pub namespace: String,
    /// Which of them, by labels.
    #[serde(default)]
    pub selector: Option<String>,
    /// The names that must be there; others are looked at too.
    #[serde(default)]
    pub expected: Vec<String>,
}

/// Helm's releases of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasesHere {
    /// The namespace.
    #[serde(default)]
    pub namespace: Option<String>,
    /// `true`: all namespaces.
    #[serde(default)]
    pub all_namespaces: bool,
    /// The names that must be there; others are looked at too.
    #[serde(default)]
    pub expected: Vec<String>,
}

/// Nothing changed since a time. At least one of the sources is named.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unchanged {
    /// Since when.
    pub since: Since,
    /// Deployments of Argo CD's Applications.
    #[serde(default)]
    pub argocd: Option<ApplicationsHere>,
    /// Versions of Helm's releases.
    #[serde(default)]
    pub helm: Option<ReleasesHere>,
    /// Workloads and their configuration.
    #[serde(default)]
    pub workloads: Option<Workloads>,
    /// Pushes to the repository that the infrastructure is made from.
    #[serde(default)]
    pub pushes: Option<Pushes>,
}

/// Since when nothing may have changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// This time, with its zone: `2026-12-01T16:00:00Z`.
    Time(#[schemars(with = "String")] Timestamp),
    /// So long before the look.
    QuietFor(Period),
    /// The look of a report that was GO: the file that `gonogo run -o json=FILE` wrote, from the checklist's folder.
    Report(PathBuf),
}

/// Workloads of the item's site, by their metadata alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workloads {
    /// The namespaces.
    pub namespaces: Vec<String>,
    /// Objects that may change, as `kind/name`: `*` stands for any letters.
    #[serde(default)]
    pub ignore: Vec<Pattern>,
    /// Writers that may change them, by the names that they manage fields under: `*` stands for any letters. Kubernetes' own controllers
    /// are among them.
    #[serde(default)]
    pub ignore_writers: Vec<Pattern>,
}

/// A branch of a repository at GitHub.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pushes {
    /// A connection of kind `github`.
    pub connection: String,
    /// `owner/name`.
    pub repository: String,
    /// The branch that the infrastructure is made from.
    #[serde(default = "main")]
    pub branch: String,
}

fn main() -> String {
    "main".to_owned()
}
