//! Adding what decides how much a cluster carries: daemons, node pools, what drivers attach, and what caps a namespace.

use serde_json::{Value, json};

use super::super::{Cluster, Kind};
use super::{NodePool, daemonset};

const NODE_POOL: Kind = Kind::clusterwide("karpenter.sh", "v1", "nodepools", "NodePool");

/// Each method changes a cluster in place; it replaces what has the same name.
impl Cluster {
    /// Adds a `DaemonSet` with a pod on every node that is there by now, each of which asks for so much.
    pub fn put_daemonset(&mut self, namespace: &str, name: &str, cpu: &str, memory: &str) {
        let nodes: Vec<String> = self.all("nodes").map(|(key, _)| key.name.clone()).collect();
        for object in daemonset::objects(namespace, name, (cpu, memory), &nodes, self.since) {
            self.put(object);
        }
    }

    /// Adds or replaces a `NodePool`, and serves the kind: without an end and without nodes, until `edit` says otherwise.
    pub fn put_node_pool(&mut self, name: &str, edit: impl FnOnce(&mut NodePool)) {
        if !self.kinds.contains(&NODE_POOL) {
            self.kinds.push(NODE_POOL);
        }
        let mut pool = NodePool::new(name);
        edit(&mut pool);
        self.put(pool.json(self.since));
    }

    /// Says how many volumes a driver attaches to a node; `None` for no bound, which has no such field.
    pub fn put_csi_node(&mut self, node: &str, driver: &str, count: Option<u32>) {
        let mut entry = json!({ "name": driver, "nodeID": format!("i-{node}"), "topologyKeys": [] });
        if let Some(count) = count {
            entry["allocatable"] = json!({ "count": count });
        }
        self.put(json!({
            "kind": "CSINode",
            "apiVersion": "storage.k8s.io/v1",
            "metadata": { "name": node },
            "spec": { "drivers": [entry] },
        }));
    }

    /// Adds a `ResourceQuota`, of which so much is used; `None` has just been made, and its status is empty.
    pub fn put_quota(&mut self, namespace: &str, name: &str, hard: &Value, used: Option<&Value>) {
        let status = used.map_or_else(|| json!({}), |used| json!({ "hard": hard, "used": used }));
        self.put(json!({
            "kind": "ResourceQuota",
            "apiVersion": "v1",
            "metadata": { "name": name, "namespace": namespace },
            "spec": { "hard": hard },
            "status": status,
        }));
    }

    /// Adds a `LimitRange` with these rules.
    pub fn put_limit_range(&mut self, namespace: &str, name: &str, limits: &Value) {
        self.put(json!({
            "kind": "LimitRange",
            "apiVersion": "v1",
            "metadata": { "name": name, "namespace": namespace },
            "spec": { "limits": limits },
        }));
    }
}
