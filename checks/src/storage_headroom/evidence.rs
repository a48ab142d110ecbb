//! What was seen of every node's disks, as its kubelet or Prometheus gave it: a number that was not given is absent, not 0.

use crate::{
    clients::kubernetes::{Kubectl, path},
    contract::{Remedy, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Who was asked.
    pub source: Source,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// Every node, by name.
    pub nodes: Vec<Node>,
    /// What Prometheus warned of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Who was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The kubelets of a cluster, which `kubectl` reaches so.
    Kubelets(Kubectl),
    /// A Prometheus.
    Prometheus {
        /// What was asked of it.
        query: String,
        /// True if inodes were asked for too.
        #[serde(default)]
        asks_inodes: bool,
        /// The same by hand.
        by_hand: Remedy,
    },
}

/// One node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What the cluster says of it; Prometheus says nothing.
    #[serde(default)]
    pub standing: Standing,
    /// Its disks, or why they could not be seen; `None` for a node that went away between the list and the look.
    pub disks: Option<Result<Vec<Filesystem>, Unobserved>>,
    /// When its disks were asked for, where that is not when the first byte of all was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

/// What a cluster says of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Standing {
    /// Its condition `Ready` is true.
    pub is_ready: bool,
    /// It takes new pods.
    pub is_open: bool,
    /// Its condition `DiskPressure` is true.
    pub has_disk_pressure: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self { is_ready: true, is_open: true, has_disk_pressure: false }
    }
}

/// One filesystem of a node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filesystem {
    /// `nodefs`, `imagefs`, `containerfs`, or a mount point.
    pub name: String,
    /// When it was measured.
    pub time: Option<Timestamp>,
    /// Bytes in all.
    pub capacity: Option<u64>,
    /// Bytes that may still be written.
    pub available: Option<u64>,
    /// Inodes in all.
    pub inodes: Option<u64>,
    /// Inodes that are free.
    pub inodes_free: Option<u64>,
    /// The used share, where that alone was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_share: Option<f64>,
    /// The used share of its inodes, where that alone was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inodes_share: Option<f64>,
}

impl Node {
    /// True if and only if workspaces may be put on it.
    pub(super) const fn takes_workspaces(&self) -> bool {
        self.disks.is_some() && self.standing.is_ready && self.standing.is_open
    }
}

impl Filesystem {
    /// The share of its bytes that can no longer be written. The bytes that it calls used are not asked: with those that
    /// are available they need not make the whole.
    pub(super) fn used(&self) -> Option<f64> {
        share(self.used_share, self.capacity, self.available)
    }

    /// The share of its inodes that is used.
    pub(super) fn inodes_used(&self) -> Option<f64> {
        share(self.inodes_share, self.inodes, self.inodes_free)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share of a disk is not told to the byte")]
fn share(given: Option<f64>, whole: Option<u64>, free: Option<u64>) -> Option<f64> {
    let computed = || match (whole?, free?) {
        (0, _) => None,
        (whole, free) => (free <= whole).then(|| 1.0 - free as f64 / whole as f64),
    };
    given.or_else(computed).filter(|share| (0.0..=1.0).contains(share))
}

impl Evidence {
    /// How to look at a node's disks by hand.
    pub(super) fn by_hand(&self, node: &str) -> Remedy {
        match &self.source {
            Source::Kubelets(kubectl) => kubectl.look(&["get", "--raw", &summary(node)]),
            Source::Prometheus { by_hand, .. } => by_hand.clone(),
        }
    }
}

/// The path of a node's summary.
pub(super) fn summary(node: &str) -> String {
    path("v1", None, &["nodes", node, "proxy", "stats", "summary"])
}
