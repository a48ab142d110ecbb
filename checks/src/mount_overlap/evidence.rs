//! What was seen: every filesystem with what is mounted in it, as it is written.

use crate::{clients::kubernetes::Kubectl, contract::Unobserved};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was written.
    pub looked: Looked,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// Every filesystem; for workloads, one for each container.
    pub spaces: Vec<Space>,
    /// Objects that were found, those without mounts too; 0 for a list of paths.
    #[serde(default)]
    pub objects: u32,
    /// Objects that have ended, and mount nothing any more.
    #[serde(default)]
    pub finished: u32,
    /// What could not be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unobserved>,
    /// Namespaces that are named and do not exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_namespaces: Vec<String>,
    /// Symlinks that the checklist knows.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub symlinks: IndexMap<String, String>,
    /// True where `/Data` is `/data`.
    #[serde(default)]
    pub ignore_case: bool,
}

/// Where the mounts are written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Looked {
    /// In the checklist.
    List,
    /// In a file.
    File(String),
    /// In a cluster: which, and what of it.
    Cluster {
        /// How `kubectl` reaches it.
        cluster: Kubectl,
        /// `jobs in coder-ws`.
        of: String,
    },
}

/// One filesystem.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Space {
    /// Whose; `None` for a machine's.
    pub owner: Option<Owner>,
    /// Which container's; empty for a machine's.
    pub container: String,
    /// True for one that has ended before the others of its pod begin.
    pub is_first: bool,
    /// What is mounted in it.
    pub mounts: Vec<Mount>,
}

/// A workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Owner {
    /// `Job`, `Deployment`, …
    pub kind: String,
    /// Its namespace; empty where a file does not say.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How many pods of it run at once.
    pub copies: u32,
    /// True for a `CronJob` whose runs may overlap.
    pub overlaps_itself: bool,
}

/// One mount.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mount {
    /// What is mounted: a volume's name, or as the list names it; may be empty.
    pub name: String,
    /// Where, as it is written.
    pub path: String,
    /// Which volume that is.
    pub volume: Volume,
    /// The part of the volume.
    pub sub_path: Option<String>,
    /// What the variables in `sub_path` are, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vars: Option<BTreeMap<String, Var>>,
    /// True where it cannot be written to.
    pub read_only: bool,
}

/// A volume, as far as others can have the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Volume {
    /// Each pod has its own: emptyDir, configMap, secret, projected, a claim made for the pod, and a list's.
    #[default]
    Private,
    /// A claim, by name.
    Claim(String),
    /// A path of the node.
    Host(String),
    /// A directory of a server.
    Nfs(String, String),
}

/// What a variable of a pod is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Var {
    /// This text.
    Is(String),
    /// Another text in every pod.
    Own,
    /// Known only when the pod runs.
    Unknown,
}
