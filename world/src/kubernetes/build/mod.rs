//! Makes ordinary objects as JSON, the way a real server gives them: zeros left out, UIDs and times filled in.
//!
//! UIDs and suffixes come from names by hashing, never from chance: two runs over the same state give the same bytes.

mod hpa;
mod node;
mod pod;
mod workload;

use jiff::{Timestamp, Unit};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Cluster, Key, NodeStats};

pub use hpa::Hpa;
pub use node::Node;
pub use pod::{Image, Unready};
pub use workload::{Progress, Workload};

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
    pub fn deployment(
        mut self,
        namespace: &str,
        name: &str,
        edit: impl FnOnce(&mut Workload),
    ) -> Self {
        self.put_deployment(namespace, name, edit);
        self
    }

    /// Adds or replaces a Deployment with its `ReplicaSet` and pods.
    pub fn put_deployment(
        &mut self,
        namespace: &str,
        name: &str,
        edit: impl FnOnce(&mut Workload),
    ) {
        let mut workload = Workload::new(namespace, name);
        edit(&mut workload);
        self.replace(&workload, workload::deployment(&workload, self.since));
    }

    /// Adds a `StatefulSet` with its pods: one replica, ready, until `edit` says otherwise.
    #[must_use]
    pub fn statefulset(
        mut self,
        namespace: &str,
        name: &str,
        edit: impl FnOnce(&mut Workload),
    ) -> Self {
        self.put_statefulset(namespace, name, edit);
        self
    }

    /// Adds or replaces a `StatefulSet` with its pods.
    pub fn put_statefulset(
        &mut self,
        namespace: &str,
        name: &str,
        edit: impl FnOnce(&mut Workload),
    ) {
        let mut workload = Workload::new(namespace, name);
        edit(&mut workload);
        self.replace(&workload, workload::statefulset(&workload, self.since));
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
        use base64::Engine as _;
        let encode = |value: &str| base64::engine::general_purpose::STANDARD.encode(value);
        let data: Map<_, _> = values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(encode(value))))
            .collect();
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
    pub fn pull_secret(
        self,
        namespace: &str,
        name: &str,
        registry: &str,
        user: &str,
        password: &str,
    ) -> Self {
        use base64::Engine as _;
        let auth = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
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
        let is_owned =
            |object: &Value| object["metadata"]["annotations"][OWNER] == workload.name.as_str();
        self.objects
            .retain(|key, object| key.namespace != workload.namespace || !is_owned(object));
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
}

/// Marks what a workload made, so that it can be replaced as a whole.
const OWNER: &str = "world.gonogo/workload";

/// Fills in what the server itself writes, where it is not there yet.
pub(super) fn complete(object: &mut Value, key: &Key, version: u64, since: Timestamp) {
    let is_api = object["apiVersion"].clone();
    let fields = managed(object, false);
    let made = second(since);
    let metadata = &mut object["metadata"];
    let kept = metadata["managedFields"].take();
    let given = json!({
        "uid": uid(&[&key.resource, &key.namespace, &key.name]),
        "creationTimestamp": made,
        "managedFields": [{
            "manager": "kubectl",
            "operation": "Apply",
            "apiVersion": is_api,
            "time": made,
            "fieldsType": "FieldsV1",
            "fieldsV1": fields,
        }],
    });
    metadata["managedFields"] = kept;
    metadata["resourceVersion"] = json!(version.to_string());
    if let Value::Object(given) = given {
        for (name, value) in given {
            if metadata[&name].is_null() {
                metadata[&name] = value;
            }
        }
    }
}

/// The names of the fields that somebody manages. A review marks each object of fields with a dot.
pub(super) fn managed(object: &Value, is_dotted: bool) -> Value {
    let mut fields = Map::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if matches!(
            name.as_str(),
            "apiVersion" | "kind" | "uid" | "creationTimestamp" | "managedFields"
        ) {
            continue;
        }
        let mut below = managed(value, is_dotted);
        if let Value::Object(inner) = &mut below
            && is_dotted
            && name != "spec"
            && !inner.is_empty()
        {
            inner.insert(".".to_owned(), json!({}));
        }
        fields.insert(format!("f:{name}"), below);
    }
    Value::Object(fields)
}

/// The scale of a workload.
pub(super) fn scale(object: &Value) -> Value {
    let metadata = &object["metadata"];
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let selector: Vec<_> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    let kept = [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
    ];
    let metadata: Map<_, _> = kept
        .into_iter()
        .map(|name| (name.to_owned(), metadata[name].clone()))
        .collect();
    let mut spec = Map::new();
    put_count(
        &mut spec,
        "replicas",
        object["spec"]["replicas"].as_u64().unwrap_or_default(),
    );
    json!({
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": spec,
        "status": { "replicas": object["status"]["replicas"].as_u64().unwrap_or_default(), "selector": selector.join(",") },
    })
}

/// A count as the API writes it: zero is left out.
fn put_count(fields: &mut Map<String, Value>, name: &str, count: u64) {
    if count > 0 {
        fields.insert(name.to_owned(), json!(count));
    }
}

/// A time as the API writes it: whole seconds, UTC.
pub(super) fn second(time: Timestamp) -> String {
    let whole = time.round(Unit::Second).unwrap_or(time);
    whole.to_string()
}

/// A UID made of names.
pub(super) fn uid(names: &[&str]) -> String {
    let hex = hash(names);
    format!(
        "{}-{}-4{}-8{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

/// The suffix that the API gives to names it makes: its own alphabet, without letters that spell words.
fn suffix(names: &[&str], length: usize) -> String {
    let digest = Sha256::digest(names.join("/"));
    let letters = b"bcdfghjklmnpqrstvwxz2456789";
    digest
        .iter()
        .take(length)
        .map(|byte| char::from(letters[usize::from(*byte) % letters.len()]))
        .collect()
}

/// SHA-256 of some names, in hexadecimal.
fn hash(names: &[&str]) -> String {
    Sha256::digest(names.join("/"))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
