//! Karpenter's `NodePools`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::second;

/// A pool that makes nodes: ready, and of nodes that join.
#[derive(Clone, Debug)]
pub struct NodePool {
    /// Its name.
    pub name: String,
    /// `spec.limits`; empty is a pool without an end, which has no such field.
    pub limits: BTreeMap<String, String>,
    /// `status.resources` besides `nodes`; `None` is a status that was never written.
    pub resources: Option<BTreeMap<String, String>>,
    /// How many nodes it has.
    pub nodes: u32,
    /// The fixed number of nodes of a static pool.
    pub replicas: Option<u32>,
    /// Taints that its nodes get, as the API has them.
    pub taints: Vec<Value>,
    /// Labels that its nodes get.
    pub labels: BTreeMap<String, String>,
    /// `spec.template.spec.expireAfter`: how long a node of it lives.
    pub expire_after: String,
    /// `nodes` of its one disruption budget, which always holds.
    pub budget: String,
    /// Its condition `Ready`.
    pub is_ready: bool,
    /// Its condition `NodeRegistrationHealthy`, which `Ready` does not include.
    pub is_joined: bool,
}

impl NodePool {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            limits: BTreeMap::new(),
            resources: Some(BTreeMap::from([("cpu".to_owned(), "0".to_owned())])),
            nodes: 0,
            replicas: None,
            taints: Vec::new(),
            labels: BTreeMap::new(),
            expire_after: "720h".to_owned(),
            budget: "10%".to_owned(),
            is_ready: true,
            is_joined: true,
        }
    }

    /// Sets a limit.
    pub fn limit(&mut self, key: &str, amount: &str) {
        self.limits.insert(key.to_owned(), amount.to_owned());
    }

    /// So many nodes of so many processors.
    pub fn holds(&mut self, nodes: u32, cpu: u32) {
        self.nodes = nodes;
        self.resources = Some(BTreeMap::from([("cpu".to_owned(), (nodes * cpu).to_string())]));
    }

    pub(super) fn json(&self, since: Timestamp) -> Value {
        let mut template = json!({
            "spec": {
                "expireAfter": self.expire_after,
                "nodeClassRef": { "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default" },
                "requirements": [{ "key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"] }],
            },
        });
        if !self.taints.is_empty() {
            template["spec"]["taints"] = json!(self.taints);
        }
        if !self.labels.is_empty() {
            template["metadata"]["labels"] = json!(self.labels);
        }
        let mut spec = json!({
            "disruption": {
                "budgets": [{ "nodes": self.budget }],
                "consolidateAfter": "1m",
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
            },
            "template": template,
        });
        if !self.limits.is_empty() {
            spec["limits"] = json!(self.limits);
        }
        if let Some(replicas) = self.replicas {
            spec["replicas"] = json!(replicas);
        }
        json!({
            "kind": "NodePool",
            "apiVersion": "karpenter.sh/v1",
            "metadata": { "name": self.name, "generation": 1 },
            "spec": spec,
            "status": self.status(since),
        })
    }

    fn status(&self, since: Timestamp) -> Value {
        let condition = |kind: &str, is_true: bool, reason: &str| {
            json!({
                "lastTransitionTime": second(since),
                "message": "",
                "observedGeneration": 1,
                "reason": if is_true { kind } else { reason },
                "status": if is_true { "True" } else { "False" },
                "type": kind,
            })
        };
        let mut status = json!({
            "conditions": [
                condition("ValidationSucceeded", true, ""),
                condition("NodeClassReady", self.is_ready, "NodeClassNotReady"),
                condition("NodeRegistrationHealthy", self.is_joined, "RegistrationFailed"),
                condition("Ready", self.is_ready, "UnhealthyDependents"),
            ],
            "nodeClassObservedGeneration": 1,
            "nodes": self.nodes,
        });
        if let Some(resources) = &self.resources {
            let own = resources.iter().map(|(key, amount)| (key.clone(), json!(amount)));
            let mut all: Map<String, Value> = own.collect();
            all.insert("nodes".to_owned(), json!(self.nodes.to_string()));
            status["resources"] = Value::Object(all);
        }
        status
    }
}
