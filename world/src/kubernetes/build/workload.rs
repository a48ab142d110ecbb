//! What Deployments and `StatefulSets` have in common: what was wished, what the controller saw, and the pods that are there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::pod::{Image, Plan, Unready, image_id, template_spec};
use super::{put_count, uid};

/// What a rollout says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// It is done.
    #[default]
    Complete,
    /// It goes on.
    Underway,
    /// It has gone on for too long.
    DeadlineExceeded,
}

/// A Deployment or a `StatefulSet`, with its pods. `scale` sets all counts; the fields set one.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Where it is.
    pub namespace: String,
    /// Its name; pods carry it as `app.kubernetes.io/name`.
    pub name: String,
    /// Replicas wished for (`spec.replicas`).
    pub replicas: u32,
    /// Replicas that are ready: this many of the pods are.
    pub ready: u32,
    /// Replicas that there are (`status.replicas`), so many pods; `None` is as wished.
    pub current: Option<u32>,
    /// Replicas of the newest template; `None` is all there are.
    pub updated: Option<u32>,
    /// Replicas ready for long enough; `None` is all that are ready.
    pub available: Option<u32>,
    /// How often the spec was changed.
    pub generation: u64,
    /// The change that the controller has seen; `None` is the last.
    pub observed: Option<u64>,
    /// What the rollout says of itself.
    pub progress: Progress,
    /// The name of the main container; the workload's own unless given.
    pub container: String,
    /// Its image.
    pub image: String,
    /// What runs, as containerd writes it.
    pub image_id: String,
    /// What the first pods run instead, one each.
    pub stray_ids: Vec<String>,
    /// Containers that ran before.
    pub init: Vec<Image>,
    /// Containers that were added for debugging.
    pub ephemeral: Vec<Image>,
    /// Labels besides `app.kubernetes.io/name` and `app.kubernetes.io/instance`.
    pub labels: BTreeMap<String, String>,
    /// The nodes of the pods, in turn; empty is the cluster's own in turn.
    pub nodes: Vec<String>,
    /// What keeps the pods that are not ready.
    pub unready: Unready,
    /// How often each container was started again.
    pub restarts: u32,
    /// `imagePullSecrets` of the pods.
    pub pull_secrets: Vec<String>,
    /// Volumes of the pods, as their spec has them.
    pub volumes: Vec<Value>,
    /// `volumeMounts` of the main container.
    pub mounts: Vec<Value>,
}

impl Workload {
    pub(super) fn new(namespace: &str, name: &str) -> Self {
        let mut workload = Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            replicas: 1,
            ready: 1,
            current: None,
            updated: None,
            available: None,
            generation: 1,
            observed: None,
            progress: Progress::Complete,
            container: name.to_owned(),
            image: String::new(),
            image_id: String::new(),
            stray_ids: Vec::new(),
            init: Vec::new(),
            ephemeral: Vec::new(),
            labels: BTreeMap::new(),
            nodes: Vec::new(),
            unready: Unready::default(),
            restarts: 0,
            pull_secrets: Vec::new(),
            volumes: Vec::new(),
            mounts: Vec::new(),
        };
        workload.runs(&Image::new(name, &format!("registry.example.com/{name}:latest")));
        workload
    }

    /// So many are wished for, there and ready.
    pub fn scale(&mut self, replicas: u32) {
        self.replicas = replicas;
        self.ready = replicas;
        (self.current, self.updated, self.available) = (None, None, None);
    }

    /// The main container, its image and what it runs.
    pub fn runs(&mut self, image: &Image) {
        self.container.clone_from(&image.container);
        self.image.clone_from(&image.image);
        self.image_id.clone_from(&image.id);
    }

    /// Mounts a volume, as a pod's spec has it without its name, at a path of the main container.
    pub fn mounts(&mut self, name: &str, path: &str, mut volume: Value) {
        volume["name"] = json!(name);
        self.volumes.push(volume);
        self.mounts.push(json!({ "name": name, "mountPath": path }));
    }

    /// The first so many pods run this digest of the image's own repository instead.
    pub fn stray(&mut self, pods: usize, digest: &str) {
        self.stray_ids = vec![image_id(&self.image, digest); pods];
    }

    pub(super) fn there(&self) -> u32 {
        self.current.unwrap_or(self.replicas)
    }

    pub(super) fn available(&self) -> u32 {
        self.available.unwrap_or(self.ready)
    }

    pub(super) fn selector(&self) -> Map<String, Value> {
        let label = |key: &str| (key.to_owned(), json!(self.name));
        [label("app.kubernetes.io/instance"), label("app.kubernetes.io/name")].into_iter().collect()
    }

    pub(super) fn all_labels(&self) -> Map<String, Value> {
        let mut labels = self.selector();
        labels.extend(self.labels.iter().map(|(key, value)| (key.clone(), json!(value))));
        labels
    }

    pub(super) fn template(&self) -> Value {
        json!({ "metadata": { "labels": self.all_labels() }, "spec": template_spec(self) })
    }

    pub(super) fn metadata(&self, name: &str, labels: &Map<String, Value>) -> Value {
        json!({ "name": name, "namespace": self.namespace, "generation": self.generation, "labels": labels })
    }

    pub(super) fn owner(&self, kind: &str, resource: &str, name: &str) -> Value {
        json!({
            "apiVersion": "apps/v1",
            "kind": kind,
            "name": name,
            "uid": uid(&[resource, &self.namespace, name]),
            "controller": true,
            "blockOwnerDeletion": true,
        })
    }

    /// The counts that both kinds share, zeros left out.
    pub(super) fn counts(&self) -> Map<String, Value> {
        let mut status = Map::new();
        let there = self.there();
        put_count(&mut status, "observedGeneration", self.observed.unwrap_or(self.generation));
        for (name, count) in [
            ("replicas", there),
            ("updatedReplicas", self.updated.unwrap_or(there)),
            ("readyReplicas", self.ready.min(there)),
            ("availableReplicas", self.available().min(there)),
        ] {
            put_count(&mut status, name, u64::from(count));
        }
        status
    }

    /// The pods, under an owner, with one label more that says of which revision they are.
    pub(super) fn pods(
        &self,
        owner: &Value,
        revision: (&str, &str),
        since: Timestamp,
        named: impl Fn(usize) -> String,
    ) -> Vec<Value> {
        let count = usize::try_from(self.there()).unwrap_or_default();
        let pod = |ordinal| {
            let mut labels = self.all_labels();
            labels.insert(revision.0.to_owned(), json!(revision.1));
            Plan { workload: self, name: named(ordinal), labels, owner: owner.clone(), ordinal, since }.json()
        };
        (0..count).map(pod).collect()
    }
}
