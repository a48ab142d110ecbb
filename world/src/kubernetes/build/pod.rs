//! Pods, with the statuses of init, ordinary and ephemeral containers.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{Workload, hash, put_count, second, suffix};

/// A container, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The container's name.
    pub container: String,
    /// The reference in the spec: `ghcr.io/coder/coder:v2.25.1`.
    pub image: String,
    /// The runtime's claim, as containerd writes it: `ghcr.io/coder/coder@sha256:…`.
    pub id: String,
}

impl Image {
    /// A container whose digest comes from the reference's text: equal references run equal content.
    #[must_use]
    pub fn new(container: &str, image: &str) -> Self {
        let digest = format!("sha256:{}", hash(&[image]));
        Self { container: container.to_owned(), image: image.to_owned(), id: image_id(image, &digest) }
    }

    /// The same, running this digest (`sha256:…`) of its own repository.
    #[must_use]
    pub fn at(mut self, digest: &str) -> Self {
        self.id = image_id(&self.image, digest);
        self
    }
}

/// `REPOSITORY@DIGEST` for a reference with a tag, a digest or neither.
pub(super) fn image_id(image: &str, digest: &str) -> String {
    let named = image.split('@').next().unwrap_or(image);
    // A colon after the last slash begins a tag; before it, a port.
    let end = named.rfind(':').filter(|colon| named.rfind('/').is_none_or(|slash| slash < *colon));
    format!("{}@{digest}", &named[..end.unwrap_or(named.len())])
}

/// What keeps a pod that is not ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unready {
    /// It runs and its readiness probe fails.
    #[default]
    Starting,
    /// It is pending: no node takes it.
    Unschedulable,
    /// It is started again and again, killed for its memory.
    CrashLooping,
    /// It is pending on a node: its image cannot be pulled.
    ImagePull,
}

/// One pod of a workload.
pub(super) struct Plan<'a> {
    pub(super) workload: &'a Workload,
    pub(super) name: String,
    pub(super) labels: Map<String, Value>,
    pub(super) owner: Value,
    pub(super) ordinal: usize,
    pub(super) since: Timestamp,
}

impl Plan<'_> {
    fn trouble(&self) -> Option<Unready> {
        let ready = usize::try_from(self.workload.ready).unwrap_or(usize::MAX);
        (self.ordinal >= ready).then_some(self.workload.unready)
    }

    fn main(&self) -> Image {
        let id = self.workload.stray_ids.get(self.ordinal).cloned();
        Image {
            container: self.workload.container.clone(),
            image: self.workload.image.clone(),
            id: id.unwrap_or_else(|| self.workload.image_id.clone()),
        }
    }

    /// `nodeName` is empty where the cluster is to choose.
    pub(super) fn json(&self) -> Value {
        let mut spec = template_spec(self.workload);
        if self.trouble() != Some(Unready::Unschedulable) {
            let nodes = &self.workload.nodes;
            let node = nodes.get(self.ordinal % nodes.len().max(1)).map_or("", String::as_str);
            spec["nodeName"] = json!(node);
        }
        if !self.workload.ephemeral.is_empty() {
            spec["ephemeralContainers"] = self.workload.ephemeral.iter().map(container).collect();
        }
        spec["priority"] = json!(0);
        spec["enableServiceLinks"] = json!(true);
        spec["preemptionPolicy"] = json!("PreemptLowerPriority");
        spec["tolerations"] = tolerations();
        json!({
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {
                "name": self.name,
                "namespace": self.workload.namespace,
                "generation": 1,
                "labels": self.labels,
                "ownerReferences": [self.owner],
            },
            "spec": spec,
            "status": self.status(),
        })
    }

    fn status(&self) -> Value {
        let trouble = self.trouble();
        if trouble == Some(Unready::Unschedulable) {
            let why = "0/3 nodes are available: 3 Insufficient cpu.";
            let mut condition = self.condition("PodScheduled", false);
            condition["reason"] = json!("Unschedulable");
            condition["message"] = json!(why);
            return json!({ "phase": "Pending", "conditions": [condition], "qosClass": "Burstable" });
        }
        let is_ready = trouble.is_none();
        let phase = if trouble == Some(Unready::ImagePull) { "Pending" } else { "Running" };
        let last = u8::try_from(self.ordinal % 200 + 10).unwrap_or(10);
        let address = format!("10.244.0.{last}");
        let mut status = json!({
            "phase": phase,
            "conditions": [
                self.condition("PodScheduled", true),
                self.condition("Initialized", true),
                self.condition("Ready", is_ready),
                self.condition("ContainersReady", is_ready),
            ],
            "podIP": address,
            "podIPs": [{ "ip": address }],
            "startTime": second(self.since),
            "containerStatuses": [self.container_status(&self.main(), trouble)],
            "qosClass": "Burstable",
        });
        let finished = |image: &Image| self.finished(image);
        if !self.workload.init.is_empty() {
            status["initContainerStatuses"] = self.workload.init.iter().map(finished).collect();
        }
        if !self.workload.ephemeral.is_empty() {
            status["ephemeralContainerStatuses"] =
                self.workload.ephemeral.iter().map(|image| self.container_status(image, None)).collect();
        }
        status
    }

    fn condition(&self, kind: &str, is_true: bool) -> Value {
        json!({
            "type": kind,
            "status": if is_true { "True" } else { "False" },
            "lastProbeTime": null,
            "lastTransitionTime": second(self.since),
        })
    }

    fn container_status(&self, image: &Image, trouble: Option<Unready>) -> Value {
        let started = second(self.since);
        let running = json!({ "running": { "startedAt": started } });
        let (state, last, restarts) = match trouble {
            None | Some(Unready::Starting | Unready::Unschedulable) => (running, json!({}), self.workload.restarts),
            Some(Unready::CrashLooping) => (
                waiting("CrashLoopBackOff", &format!("back-off 5m0s restarting failed container={}", image.container)),
                json!({ "terminated": {
                    "exitCode": 137,
                    "reason": "OOMKilled",
                    "startedAt": started,
                    "finishedAt": second(self.since.checked_add(SignedDuration::from_mins(2)).unwrap_or(self.since)),
                } }),
                self.workload.restarts.max(17),
            ),
            Some(Unready::ImagePull) => {
                let why = format!("Back-off pulling image \"{}\"", image.image);
                (waiting("ImagePullBackOff", &why), json!({}), 0)
            }
        };
        json!({
            "name": image.container,
            "state": state,
            "lastState": last,
            "ready": trouble.is_none(),
            "restartCount": restarts,
            "image": image.image,
            "imageID": if trouble == Some(Unready::ImagePull) { "" } else { image.id.as_str() },
        })
    }

    fn finished(&self, image: &Image) -> Value {
        let mut status = self.container_status(image, None);
        let at = second(self.since);
        let ended = json!({ "exitCode": 0, "reason": "Completed", "startedAt": at, "finishedAt": at });
        status["state"] = json!({ "terminated": ended });
        status
    }
}

fn waiting(reason: &str, message: &str) -> Value {
    json!({ "waiting": { "reason": reason, "message": message } })
}

fn container(image: &Image) -> Value {
    json!({
        "name": image.container,
        "image": image.image,
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    })
}

/// The pod's spec as the workload's template has it.
pub(super) fn template_spec(workload: &Workload) -> Value {
    let mut main =
        container(&Image { container: workload.container.clone(), image: workload.image.clone(), id: String::new() });
    main["resources"] = json!({
        "limits": { "memory": "2Gi" },
        "requests": { "cpu": "500m", "ephemeral-storage": "1Gi", "memory": "512Mi" },
    });
    if !workload.mounts.is_empty() {
        main["volumeMounts"] = json!(workload.mounts);
    }
    let mut spec = json!({
        "containers": [main],
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": workload.container,
        "serviceAccount": workload.container,
        "securityContext": {},
        "schedulerName": "default-scheduler",
    });
    if !workload.volumes.is_empty() {
        spec["volumes"] = json!(workload.volumes);
    }
    if !workload.init.is_empty() {
        spec["initContainers"] = workload.init.iter().map(container).collect();
    }
    if !workload.pull_secrets.is_empty() {
        spec["imagePullSecrets"] = workload.pull_secrets.iter().map(|name| json!({ "name": name })).collect();
    }
    spec
}

fn tolerations() -> Value {
    let toleration = |key: &str| {
        let mut fields = Map::new();
        fields.insert("key".to_owned(), json!(key));
        fields.insert("operator".to_owned(), json!("Exists"));
        fields.insert("effect".to_owned(), json!("NoExecute"));
        put_count(&mut fields, "tolerationSeconds", 300);
        Value::Object(fields)
    };
    json!([toleration("node.kubernetes.io/not-ready"), toleration("node.kubernetes.io/unreachable")])
}

/// The name of a Deployment's pod.
pub(super) fn random_name(set: &str, namespace: &str, ordinal: usize) -> String {
    format!("{set}-{}", suffix(&[namespace, set, &ordinal.to_string()], 5))
}
