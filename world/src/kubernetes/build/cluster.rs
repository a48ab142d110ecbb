//! Adding ordinary objects to a cluster, by what matters of them.
//!
//! A workload comes with its pods and is replaced with them: a Deployment of six whose four old pods linger is no state that a
//! test wants by accident.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::super::{Cluster, NodeStats};
use super::{Hpa, Node, Workload, deployment, statefulset};

/// Adding objects. Each method has a twin `put_…` that changes a cluster in place; either replaces what has the same name.
impl Cluster {
    /// Adds a namespace.
    #[must_use]
    pub fn namespace(self, name: &str) -> Self {
        self.object(json!({
            "kind": "Namespace",
            "apiVersion": "v1",
            "metadata": { "name": name, "labels": { "kubernetes.io/metadata.name": name } },
            "spec": { "finalizers": ["kubernetes"] },
            "status": { "phase": "Active" },
        }))
    }

    /// Adds a Deployment with its `ReplicaSet` and pods: one replica, ready, until `edit` says otherwise.
    #[must_use]
    pub fn deployment(mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Workload)) -> Self {
        self.put_deployment(namespace, name, edit);
        self
    }

    /// Adds or replaces a Deployment with its `ReplicaSet` and pods.
    pub fn put_deployment(&mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Workload)) {
        let mut workload = Workload::new(namespace, name);
        edit(&mut workload);
        self.replace(&workload, deployment::objects(&workload, self.since));
    }

    /// Adds a `StatefulSet` with its pods: one replica, ready, until `edit` says otherwise.
    #[must_use]
    pub fn statefulset(mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Workload)) -> Self {
        self.put_statefulset(namespace, name, edit);
        self
    }

    /// Adds or replaces a `StatefulSet` with its pods.
    pub fn put_statefulset(&mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Workload)) {
        let mut workload = Workload::new(namespace, name);
        edit(&mut workload);
        self.replace(&workload, statefulset::objects(&workload, self.since));
    }

    /// Adds a `HorizontalPodAutoscaler` for the Deployment of the same name: 1 to 10, able and active, until `edit` says otherwise.
    #[must_use]
    pub fn hpa(mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Hpa)) -> Self {
        self.put_hpa(namespace, name, edit);
        self
    }

    /// Adds or replaces a `HorizontalPodAutoscaler`.
    pub fn put_hpa(&mut self, namespace: &str, name: &str, edit: impl FnOnce(&mut Hpa)) {
        let mut hpa = Hpa::new(namespace, name);
        edit(&mut hpa);
        self.put(hpa.json(self.since));
    }

    /// Adds a node that is ready, and what its kubelet says.
    #[must_use]
    pub fn node(self, name: &str, stats: NodeStats) -> Self {
        self.node_with(name, stats, |_| {})
    }

    /// Adds a node, and what its kubelet says.
    #[must_use]
    pub fn node_with(mut self, name: &str, stats: NodeStats, edit: impl FnOnce(&mut Node)) -> Self {
        self.put_node(name, stats, edit);
        self
    }

    /// Adds or replaces a node, and what its kubelet says.
    pub fn put_node(&mut self, name: &str, stats: NodeStats, edit: impl FnOnce(&mut Node)) {
        let mut node = Node::new(name);
        edit(&mut node);
        self.put(node.json(&self.version.git, self.since));
        self.stats.insert(name.to_owned(), stats);
    }

    /// Adds a Secret of a type with its values, which are encoded here.
    #[must_use]
    pub fn secret(self, namespace: &str, name: &str, kind: &str, values: &[(&str, &str)]) -> Self {
        let encode = |value: &str| STANDARD.encode(value);
        let data: Map<_, _> = values.iter().map(|(key, value)| ((*key).to_owned(), json!(encode(value)))).collect();
        self.object(json!({
            "kind": "Secret",
            "apiVersion": "v1",
            "metadata": { "name": name, "namespace": namespace },
            "data": data,
            "type": kind,
        }))
    }

    /// Adds a pull secret (`kubernetes.io/dockerconfigjson`) for one registry.
    #[must_use]
    pub fn pull_secret(self, namespace: &str, name: &str, registry: &str, user: &str, password: &str) -> Self {
        let auth = STANDARD.encode(format!("{user}:{password}"));
        let config = json!({ "auths": { registry: { "username": user, "password": password, "auth": auth } } });
        let values = [(".dockerconfigjson", config.to_string())];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        self.secret(namespace, name, "kubernetes.io/dockerconfigjson", &values)
    }

    /// Adds a `ConfigMap`.
    #[must_use]
    pub fn configmap(self, namespace: &str, name: &str, values: &[(&str, &str)]) -> Self {
        let mut object = json!({
            "kind": "ConfigMap",
            "apiVersion": "v1",
            "metadata": { "name": name, "namespace": namespace },
        });
        for (key, value) in values {
            object["data"][*key] = json!(value);
        }
        self.object(object)
    }

    /// Puts a workload in, in the place of the pods and `ReplicaSets` that it had; on the cluster's nodes where it names none.
    fn replace(&mut self, workload: &Workload, objects: Vec<Value>) {
        self.orphan(workload);
        let nodes: Vec<_> = self.all("nodes").map(|(key, _)| key.name.clone()).collect();
        let mut free = nodes.iter().cycle();
        for mut object in objects {
            if object["kind"] == "Pod" && object["spec"]["nodeName"] == "" {
                match free.next() {
                    Some(node) => object["spec"]["nodeName"] = json!(node),
                    None => object["spec"]["nodeName"] = json!("node-unknown"),
                }
            }
            self.put(object);
        }
    }

    /// Takes away the `ReplicaSets` of a workload, and the pods of those or of the workload itself.
    fn orphan(&mut self, workload: &Workload) {
        let sets = self
            .all("replicasets.apps")
            .filter(|(key, set)| key.namespace == workload.namespace && owner(set) == Some(&workload.name));
        let mut owners: Vec<_> = sets.map(|(key, _)| key.name.clone()).collect();
        owners.push(workload.name.clone());
        self.objects.retain(|key, object| {
            let is_owned = owner(object).is_some_and(|owner| owners.iter().any(|name| name == owner));
            key.namespace != workload.namespace || !is_owned
        });
    }
}

fn owner(object: &Value) -> Option<&str> {
    object["metadata"]["ownerReferences"][0]["name"].as_str()
}
