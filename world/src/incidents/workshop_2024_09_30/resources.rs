//! What the clusters' operators keep: node pools and the nodes asked of them, storage classes.

use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::{Place, Times, ago, clusters};
use crate::kubernetes::Cluster;

/// The pool that the nodes are of.
const POOL: &str = "workspaces";

/// Adds a ready pool with a claim for each node, and three storage classes of which one is the default.
pub(super) fn put(cluster: &mut Cluster, place: &Place, times: Times) {
    let since = ago(times, 20);
    let nodes = clusters::nodes(place);
    cluster.put(pool(nodes.len(), since));
    for (i, node) in nodes.iter().enumerate() {
        cluster.put(claim(&format!("{POOL}-{}{i}", ["7xk2", "b9q4", "zz81"][i % 3]), node, since));
    }
    for (name, provisioner, is_default) in [
        ("gp2", "ebs.csi.aws.com", false),
        ("gp3", "ebs.csi.aws.com", true),
        ("gp3-automode", "ebs.csi.eks.amazonaws.com", false),
    ] {
        cluster.put(class(name, provisioner, is_default));
    }
}

fn pool(nodes: usize, since: Timestamp) -> Value {
    let types = ["ValidationSucceeded", "NodeClassReady", "NodeRegistrationHealthy", "Ready"];
    json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": { "name": POOL, "generation": 1 },
        "spec": {
            "disruption": {
                "budgets": [{ "nodes": "10%" }], "consolidateAfter": "1m", "consolidationPolicy": "WhenEmptyOrUnderutilized",
            },
            "limits": { "cpu": "400", "memory": "1600Gi" },
            "template": { "spec": {
                "expireAfter": "720h",
                "nodeClassRef": { "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default" },
                "requirements": [{ "key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"] }],
            } },
        },
        "status": {
            "conditions": conditions(&types, since),
            "nodeClassObservedGeneration": 1,
            "nodes": nodes,
            "resources": { "cpu": (16 * nodes).to_string(), "memory": format!("{}Gi", 64 * nodes), "nodes": nodes.to_string() },
        },
    })
}

fn claim(name: &str, node: &str, since: Timestamp) -> Value {
    json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodeClaim",
        "metadata": {
            "name": name,
            "generation": 1,
            "labels": { "karpenter.sh/nodepool": POOL, "node.kubernetes.io/instance-type": "m6i.4xlarge" },
        },
        "spec": {
            "expireAfter": "720h",
            "nodeClassRef": { "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default" },
            "requirements": [],
        },
        "status": {
            "allocatable": { "cpu": "15890m", "memory": "62313Mi", "pods": "110" },
            "capacity": { "cpu": "16", "memory": "64Gi", "pods": "110" },
            "conditions": conditions(&["Launched", "Registered", "Initialized", "Ready"], since),
            "nodeName": node,
            "providerID": format!("aws:///{node}"),
        },
    })
}

fn conditions(types: &[&str], since: Timestamp) -> Value {
    let since = since.round(Unit::Second).unwrap_or(since).to_string();
    let condition = |kind: &&str| {
        json!({
            "type": kind,
            "status": "True",
            "reason": kind,
            "message": "",
            "observedGeneration": 1,
            "lastTransitionTime": since,
        })
    };
    types.iter().map(condition).collect()
}

fn class(name: &str, provisioner: &str, is_default: bool) -> Value {
    let mut class = json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": { "name": name },
        "provisioner": provisioner,
        "parameters": { "type": name.split('-').next() },
        "reclaimPolicy": "Delete",
        "allowVolumeExpansion": true,
        "volumeBindingMode": "WaitForFirstConsumer",
    });
    if is_default {
        class["metadata"]["annotations"] = json!({ "storageclass.kubernetes.io/is-default-class": "true" });
    }
    class
}
