//! A `CronJob` as the API gives it, and as evidence. Its commands stay here: they may hold secrets.
//!
//! Source of the fields: Kubernetes API reference, `batch/v1`.

use crate::{clients::kubernetes::Meta, schedule_window::objects::Named};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One `CronJob`, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CronJob {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// By what it is meant.
    #[serde(default)]
    pub meant_by: String,
    /// Its schedule, as written.
    pub schedule: String,
    /// The zone of its schedule; `None` for the controller's.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// True while it starts nothing.
    #[serde(default)]
    pub is_suspended: bool,
    /// True if it was asked to go, so that it starts nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deleting: bool,
    /// The jobs of it that run, by name.
    #[serde(default)]
    pub active: Vec<String>,
    /// When it last started one.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// When it was made.
    #[serde(default)]
    pub made: Option<Timestamp>,
    /// For how many seconds a start that was missed is still made.
    #[serde(default)]
    pub deadline: Option<u64>,
    /// What becomes of a job that still runs when the next is due.
    #[serde(default)]
    pub concurrency: String,
    /// What it runs: its images.
    #[serde(default)]
    pub images: Vec<String>,
    /// What else writes its wishes: `Helm`, `Argo CD`, `Flux`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

/// One `CronJob`, as the API gives it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Object {
    metadata: Meta,
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    schedule: String,
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    suspend: Option<bool>,
    #[serde(default)]
    starting_deadline_seconds: Option<u64>,
    #[serde(default)]
    concurrency_policy: String,
    job_template: JobTemplate,
}

#[derive(Clone, Debug, Deserialize)]
struct JobTemplate {
    spec: JobSpec,
}

#[derive(Clone, Debug, Deserialize)]
struct JobSpec {
    template: PodTemplate,
}

#[derive(Clone, Debug, Deserialize)]
struct PodTemplate {
    spec: PodSpec,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PodSpec {
    #[serde(default)]
    containers: Vec<Container>,
    #[serde(default)]
    init_containers: Vec<Container>,
    #[serde(default)]
    volumes: Vec<Volume>,
    #[serde(default)]
    service_account_name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    #[serde(default)]
    image: String,
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: Vec<Variable>,
    #[serde(default)]
    env_from: Vec<EnvSource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Variable {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    value_from: Option<ValueSource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ValueSource {
    #[serde(default)]
    secret_key_ref: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvSource {
    #[serde(default)]
    secret_ref: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize)]
struct Reference {
    #[serde(default)]
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Volume {
    #[serde(default)]
    secret: Option<SecretVolume>,
    #[serde(default)]
    projected: Option<Projected>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SecretVolume {
    #[serde(default)]
    secret_name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Projected {
    #[serde(default)]
    sources: Vec<Source>,
}

#[derive(Clone, Debug, Deserialize)]
struct Source {
    #[serde(default)]
    secret: Option<Reference>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    active: Option<Vec<Reference>>,
    last_schedule_time: Option<Timestamp>,
}

impl Named for Object {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl Object {
    pub(super) fn name(&self) -> &str {
        &self.metadata.name
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &str> {
        self.containers().map(|container| container.image.as_str())
    }

    pub(super) fn service_account(&self) -> &str {
        match self.pod().service_account_name.as_str() {
            "" => "default",
            name => name,
        }
    }

    /// True if and only if it reads the secret, or names it in a command or a variable together with the word `secret`.
    pub(super) fn handles(&self, secret: &str) -> bool {
        let is_mounted = self.pod().volumes.iter().any(|volume| {
            let projected = volume.projected.iter().flat_map(|projected| &projected.sources);
            volume.secret.as_ref().is_some_and(|volume| volume.secret_name == secret)
                || projected.filter_map(|source| source.secret.as_ref()).any(|named| named.name == secret)
        });
        is_mounted || self.containers().any(|container| container.handles(secret))
    }

    pub(super) fn seen(&self, meant_by: String) -> CronJob {
        let Self { metadata, spec, status } = self;
        let mut images: Vec<String> = self.images().map(str::to_owned).collect();
        images.dedup();
        CronJob {
            namespace: metadata.namespace.clone(),
            name: metadata.name.clone(),
            meant_by,
            schedule: spec.schedule.clone(),
            time_zone: spec.time_zone.clone().filter(|zone| !zone.is_empty()),
            is_suspended: spec.suspend == Some(true),
            is_deleting: metadata.deletion_timestamp.is_some(),
            active: status.active.iter().flatten().map(|job| job.name.clone()).collect(),
            last: status.last_schedule_time,
            made: metadata.creation_timestamp,
            deadline: spec.starting_deadline_seconds,
            concurrency: spec.concurrency_policy.clone(),
            images,
            managed_by: metadata.kept_by(),
        }
    }

    fn pod(&self) -> &PodSpec {
        &self.spec.job_template.spec.template.spec
    }

    fn containers(&self) -> impl Iterator<Item = &Container> {
        self.pod().init_containers.iter().chain(&self.pod().containers)
    }
}

impl Container {
    fn handles(&self, secret: &str) -> bool {
        let by_key = self.env.iter().filter_map(|variable| variable.value_from.as_ref()?.secret_key_ref.as_ref());
        let whole = self.env_from.iter().filter_map(|source| source.secret_ref.as_ref());
        let is_read = by_key.chain(whole).any(|named| named.name == secret);
        let line = self.command.iter().chain(&self.args).cloned().collect::<Vec<_>>().join(" ");
        let is_set = |variable: &Variable| names(&format!("{} {}", variable.name, variable.value), secret);
        is_read || line.lines().any(|line| names(line, secret)) || self.env.iter().any(is_set)
    }
}

/// True if and only if a line speaks of a secret and has this name as a word of its own.
fn names(line: &str, secret: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    let has_name = line.split(|letter| !is_part(letter)).any(|word| word == secret);
    has_name && line.to_ascii_lowercase().contains("secret")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(pod: &serde_json::Value) -> Object {
        let object = json!({
            "metadata": { "name": "x", "namespace": "n" },
            "spec": { "schedule": "@daily", "jobTemplate": { "spec": { "template": { "spec": pod } } } },
        });
        serde_json::from_value(object).expect("a CronJob")
    }

    #[test]
    fn a_secret_is_handled_however_the_job_comes_by_it() {
        let container = |more: serde_json::Value| json!({ "containers": [more] });
        for pod in [
            container(
                json!({ "env": [{ "name": "K", "valueFrom": { "secretKeyRef": { "name": "litellm", "key": "k" } } }] }),
            ),
            container(json!({ "envFrom": [{ "secretRef": { "name": "litellm" } }] })),
            container(json!({ "command": ["sh", "-c", "kubectl create secret generic litellm --from-literal=k=$K"] })),
            container(json!({ "command": ["kubectl", "patch"], "args": ["secret", "litellm"] })),
            container(json!({ "env": [{ "name": "SECRET_NAME", "value": "litellm" }] })),
            json!({ "volumes": [{ "secret": { "secretName": "litellm" } }] }),
            json!({ "volumes": [{ "projected": { "sources": [{ "secret": { "name": "litellm" } }] } }] }),
        ] {
            assert!(object(&pod).handles("litellm"), "{pod}");
        }
        for pod in [
            container(json!({ "args": ["curl http://litellm:4000/health"] })),
            container(json!({ "args": ["kubectl get secret litellm-other"] })),
            json!({ "volumes": [{ "emptyDir": {} }] }),
        ] {
            assert!(!object(&pod).handles("litellm"), "{pod}");
        }
    }
}
