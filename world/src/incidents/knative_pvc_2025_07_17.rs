//! The builds of 17 July 2025: a change for availability switched the runners' persistent volume claims off.
//!
//! A build ends by deploying a runner, a Knative service that mounts a claim for reading and writing. The change was made from
//! code that did not have the flags which the cluster had, and took them away; Knative's webhook then rejected every new runner.
//! What is rejected is never made: all that was there stayed ready, no build was logged as an error, and for four hours nobody was
//! told: a failed build was no metric, so the rule about it could not fire.
//!
//! Source: communications/postmortems/2025-07-17.md of mastra-ai/mastra. Names of clusters and objects are ours.

use jiff::civil;
use serde_json::{Map, Value, json};

use super::{Incident, Injection, Times, ago, no_credentials, second};
use crate::kubernetes::{Cluster, Image, Kind, NodeStats};
use crate::prometheus::{Prometheus, Rule};
use crate::state::State;

/// Its row in the catalogue.
pub const INCIDENT: Incident = Incident {
    name: "knative-pvc-2025-07-17",
    date: civil::date(2025, 7, 17),
    title: "A flag switched off every build's volume",
    repaired,
    causes: || Injection::each(&Cause::ALL, Cause::inject),
    credentials: no_credentials,
    aws_credentials_file: String::new,
};

/// The cluster of the builds, and the kubeconfig's context for it.
pub const SITE: &str = "production";
const UID: &str = "3d0a5c17-2b64-4c0e-8d57-20250717a001";
const SERVING: &str = "knative-serving";
const CLAIM: &str = "kubernetes.podspec-persistent-volume-claim";
const WRITE: &str = "kubernetes.podspec-persistent-volume-write";
const CLASS: &str = "filestore-shared";
/// The Prometheus' host.
const PROMETHEUS: &str = "prometheus.builds.example.com";
/// What counts builds, those that fail too.
const BUILDS: &str = "builds_total";

/// One of the causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The live flag for claims is gone; the `ConfigMap`'s example still shows it, switched on.
    ClaimsOff,
    /// The live flag for writing says `Allowed`, which reads like on and is not.
    WriteOff,
    /// The operator's resource, which the code is applied to, has neither flag: the next change takes them away.
    CodeApart,
    /// Builds are no metric: the rules about them are loaded, evaluated and healthy, and can never fire.
    BuildsUncounted,
}

impl Cause {
    /// All of them, in the post-mortem's order.
    pub const ALL: [Self; 4] = [Self::ClaimsOff, Self::WriteOff, Self::CodeApart, Self::BuildsUncounted];

    /// Makes it so, in a state of this incident.
    ///
    /// # Panics
    /// When what it changes is not there.
    pub fn inject(self, state: &mut State, _: &Times) {
        if let (Self::BuildsUncounted, Some(prometheus)) = (self, state.prometheus.get_mut(PROMETHEUS)) {
            prometheus.forget(BUILDS, None);
        }
        let Some(cluster) = state.clusters.get_mut(SITE) else {
            return;
        };
        match self {
            Self::BuildsUncounted => {}
            Self::ClaimsOff => take(&mut live(cluster)["data"], CLAIM),
            Self::WriteOff => live(cluster)["data"][WRITE] = json!("Allowed"),
            Self::CodeApart => {
                let code = cluster.object_mut("knativeservings.operator.knative.dev", SERVING, SERVING);
                let features = &mut code["spec"]["config"]["features"];
                for flag in [CLAIM, WRITE] {
                    take(features, flag);
                }
            }
        }
    }
}

/// The flags as Knative reads them.
fn live(cluster: &mut Cluster) -> &mut Value {
    cluster.object_mut("configmaps", SERVING, "config-features")
}

fn take(flags: &mut Value, flag: &str) {
    if let Some(flags) = flags.as_object_mut() {
        flags.remove(flag);
    }
}

/// The world as it should have been.
#[must_use]
pub fn repaired(times: Times) -> State {
    let mut state = State::empty(times.now);
    state.clusters = [(SITE.to_owned(), cluster(times))].into();
    state.prometheus.insert(PROMETHEUS.to_owned(), monitoring());
    state
}

/// What would have told somebody after the first build: a count of builds by what became of them, and two rules over it.
fn monitoring() -> Prometheus {
    let rule = |name: &str, query: &str| Rule::new(name, query, 60, &[("severity", "page")]);
    Prometheus::default()
        .measures(BUILDS, &[("result", "success"), ("cluster", SITE)], 4_180.0)
        .measures(BUILDS, &[("result", "failure"), ("cluster", SITE)], 12.0)
        .measures("synthetic_build_running", &[("cluster", SITE)], 1.0)
        .rule(rule(
            "BuildsFail",
            "sum(increase(builds_total{result=\"failure\"}[5m])) / sum(increase(builds_total[5m])) > 0.02",
        ))
        .rule(rule("NoBuilds", "sum(increase(builds_total[3m])) == 0 and on() max(synthetic_build_running) > 0"))
}

fn cluster(times: Times) -> Cluster {
    let services = Kind::namespaced("serving.knative.dev", "v1", "services", "Service");
    let mut cluster = Cluster::new(UID).since(ago(times, 40)).serves(services);
    for namespace in [SERVING, "builds", "runners"] {
        cluster = cluster.namespace(namespace);
    }
    for node in 1..=3 {
        cluster = cluster.node(&format!("gke-builds-{node}"), NodeStats::used(0.35));
    }
    for part in ["activator", "autoscaler", "controller", "webhook"] {
        cluster = cluster.deployment(SERVING, part, |part| {
            part.scale(2);
            part.runs(&Image::new("serving", &format!("gcr.io/knative-releases/{}:v1.18.1", part.name)));
        });
    }
    let cluster = cluster.deployment("builds", "builder", |builder| builder.scale(6));
    let cluster = cluster.configmap(SERVING, "config-features", &[("_example", EXAMPLE)]);
    let mut cluster = cluster.object(code(times)).object(class()).object(claim()).object(runner(times));
    for (flag, value) in flags() {
        live(&mut cluster)["data"][flag] = value;
    }
    cluster
}

/// What upstream ships in the `ConfigMap` for people to read; Knative does not read it.
const EXAMPLE: &str = "################################
#    EXAMPLE CONFIGURATION     #
################################
# Whether a service may mount a PersistentVolumeClaim, and whether it may write to it.
kubernetes.podspec-persistent-volume-claim: \"enabled\"
kubernetes.podspec-persistent-volume-write: \"enabled\"
";

fn flags() -> Map<String, Value> {
    [CLAIM, WRITE].map(|flag| (flag.to_owned(), json!("enabled"))).into_iter().collect()
}

/// The operator's resource: what the code says of Knative, and what the operator makes of it.
fn code(times: Times) -> Value {
    json!({
        "kind": "KnativeServing",
        "apiVersion": "operator.knative.dev/v1beta1",
        "metadata": { "name": SERVING, "namespace": SERVING, "generation": 7 },
        "spec": { "version": "1.18", "high-availability": { "replicas": 2 }, "config": { "features": flags() } },
        "status": {
            "observedGeneration": 7,
            "version": "1.18.1",
            "conditions": conditions(times, 39, &["DependenciesInstalled", "DeploymentsAvailable", "InstallSucceeded", "Ready"]),
        },
    })
}

fn class() -> Value {
    json!({
        "kind": "StorageClass",
        "apiVersion": "storage.k8s.io/v1",
        "metadata": { "name": CLASS },
        "provisioner": "filestore.csi.storage.gke.io",
        "parameters": { "tier": "enterprise", "multishare": "true" },
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "Immediate",
        "allowVolumeExpansion": true,
    })
}

/// What every runner mounts.
fn claim() -> Value {
    json!({
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
        "metadata": { "name": "runner-files", "namespace": "runners" },
        "spec": {
            "accessModes": ["ReadWriteMany"],
            "resources": { "requests": { "storage": "1Ti" } },
            "storageClassName": CLASS,
            "volumeMode": "Filesystem",
            "volumeName": "pvc-runner-files",
        },
        "status": { "phase": "Bound", "accessModes": ["ReadWriteMany"], "capacity": { "storage": "1Ti" } },
    })
}

/// A runner that was deployed while claims were on: it stays ready whatever becomes of the flags.
fn runner(times: Times) -> Value {
    json!({
        "kind": "Service",
        "apiVersion": "serving.knative.dev/v1",
        "metadata": { "name": "runner-0142", "namespace": "runners", "generation": 1 },
        "spec": { "template": { "spec": {
            "containers": [{
                "name": "runner",
                "image": "registry.example.com/runner:0142",
                "volumeMounts": [{ "name": "files", "mountPath": "/data" }],
            }],
            "volumes": [{ "name": "files", "persistentVolumeClaim": { "claimName": "runner-files" } }],
        } } },
        "status": {
            "observedGeneration": 1,
            "latestReadyRevisionName": "runner-0142-00001",
            "conditions": conditions(times, 3, &["ConfigurationsReady", "Ready", "RoutesReady"]),
        },
    })
}

/// Conditions that have been true for so many days.
fn conditions(times: Times, days: i64, kinds: &[&str]) -> Value {
    let since = second(ago(times, days));
    kinds.iter().map(|kind| json!({ "type": kind, "status": "True", "lastTransitionTime": since })).collect()
}
