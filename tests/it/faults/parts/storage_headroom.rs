//! Storage: the list of nodes, all kubelets, one kubelet, and Prometheus.

use super::Part;
use gonogo_world::System::{Kubernetes, Web};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new("storage", (Kubernetes, "storage", ""), "probe: storage-headroom, sites: [{site}]"),
    Part::new("nodes", (Kubernetes, "nodes", "/api/v1/nodes?"), "probe: storage-headroom, sites: [{site}]"),
    Part::new("kubelets", (Kubernetes, "kubelets", "/proxy/"), "probe: storage-headroom, sites: [{site}]"),
    Part::new(
        "one-kubelet",
        (Kubernetes, "one-kubelet", "/nodes/node-2/proxy/"),
        "probe: storage-headroom, sites: [{site}]",
    ),
    Part::new(
        "prometheus",
        (Web, "prometheus.test", ""),
        "probe: storage-headroom, with: { prometheus: { connection: prometheus, used: node_used } }, expect: { inodes: false }",
    ),
];
