//! What fires by itself around the workshop: key rotation, nodes' ages, certificates, silences.
//!
//! The jobs are those of the platform's repository (`rotate-key` in four namespaces, `fetch-and-store`), with its schedules and
//! its zone.

use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::capacity::POOL;
use super::{AWS_ACCOUNT, PLACES, Place, SERVER, Times, ago, clusters, ip, later, names};
use crate::alertmanager::{Alertmanager, Silence};
use crate::kubernetes::Cluster;
use crate::state::State;

/// The Alertmanager's host.
pub(super) const ALERTMANAGER: &str = "alertmanager.ai.coder.com";
const ZONE: &str = "America/Vancouver";
/// Where the gateway's key is copied to.
const WORKSPACES: [&str; 3] = ["coder-ws", "coder-ws-experiment", "coder-ws-demo"];

pub(super) fn add(state: &mut State, times: Times) {
    for place in PLACES {
        if let Some(cluster) = state.clusters.get_mut(place.region) {
            put_nodes(cluster, place, times);
            put_certificate(cluster, place, times);
        }
    }
    if let Some(cluster) = state.clusters.get_mut(SERVER.region) {
        change(cluster, |cluster| WORKSPACES[1..].iter().fold(cluster, |cluster, name| cluster.namespace(name)));
        put_rotation(cluster, true);
        let image = format!("{AWS_ACCOUNT}.dkr.ecr.{}.amazonaws.com/fetch-and-store:latest", SERVER.region);
        cluster.put(cronjob("litellm", "fetch-and-store", "0 0 * * 1", &image, false));
    }
    let old = Silence::of("alertname", "NodeDiskFilling", ago(times, 9), ago(times, 2));
    let alertmanager = Alertmanager {
        addresses: vec![ip(names::ALERTMANAGER)],
        silences: [("9b2f6a51-6c1e-4a3f-8d52-0f6a7c0e0001".to_owned(), old)].into(),
        ..Alertmanager::default()
    };
    state.alertmanager.insert(ALERTMANAGER.to_owned(), alertmanager);
}

/// Changes a cluster by what makes one of another.
fn change(cluster: &mut Cluster, make: impl FnOnce(Cluster) -> Cluster) {
    let taken = std::mem::replace(cluster, Cluster::new(""));
    *cluster = make(taken);
}

/// The four jobs named `rotate-key`, suspended or armed.
pub(super) fn put_rotation(cluster: &mut Cluster, is_suspended: bool) {
    let image = |name: &str| format!("{AWS_ACCOUNT}.dkr.ecr.{}.amazonaws.com/{name}:latest", SERVER.region);
    cluster.put(cronjob("litellm", "rotate-key", "*/5 * * * *", &image("litellm-generate-key"), is_suspended));
    for namespace in WORKSPACES {
        cluster.put(cronjob(namespace, "rotate-key", "0 */4 * * *", &image("litellm-rotate-key"), is_suspended));
    }
}

fn cronjob(namespace: &str, name: &str, schedule: &str, image: &str, is_suspended: bool) -> Value {
    let handled =
        if name == "rotate-key" { json!([{ "name": "K8S_SECRET_NAME", "value": "litellm" }]) } else { json!([]) };
    let container = json!({
        "name": name, "image": image, "command": ["/bin/bash", format!("/scripts/{name}.sh")], "env": handled,
        "imagePullPolicy": "Always",
    });
    json!({
        "apiVersion": "batch/v1", "kind": "CronJob",
        "metadata": { "name": name, "namespace": namespace, "generation": 1 },
        "spec": {
            "schedule": schedule, "timeZone": ZONE, "concurrencyPolicy": "Replace", "suspend": is_suspended,
            "successfulJobsHistoryLimit": 0, "failedJobsHistoryLimit": 1,
            "jobTemplate": { "metadata": {}, "spec": { "template": { "metadata": {}, "spec": {
                "containers": [container], "restartPolicy": "Never", "serviceAccountName": name,
            } } } },
        },
        "status": {},
    })
}

/// A claim for each node of a region.
fn put_nodes(cluster: &mut Cluster, place: &Place, times: Times) {
    let class = json!({ "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default" });
    let made = second(ago(times, 5));
    let condition =
        |kind| json!({ "type": kind, "status": "True", "reason": kind, "message": "", "lastTransitionTime": made });
    let of_claim = ["Launched", "Registered", "Initialized", "Ready"].map(condition);
    for (index, node) in clusters::nodes(place).iter().enumerate() {
        cluster.put(json!({
            "apiVersion": "karpenter.sh/v1", "kind": "NodeClaim",
            "metadata": {
                "name": format!("{POOL}-{index}"), "generation": 1, "creationTimestamp": made,
                "labels": { "karpenter.sh/nodepool": POOL, "karpenter.sh/capacity-type": "on-demand" },
            },
            "spec": { "expireAfter": "480h", "nodeClassRef": class, "requirements": [] },
            "status": {
                "nodeName": node, "capacity": { "cpu": "16" },
                "conditions": of_claim,
            },
        }));
    }
}

/// The certificate of a region's wildcard: renewed a month after the event.
fn put_certificate(cluster: &mut Cluster, place: &Place, times: Times) {
    let ready = json!({
        "type": "Ready", "status": "True", "reason": "Ready", "observedGeneration": 1,
        "message": "Certificate is up to date and has not expired", "lastTransitionTime": second(ago(times, 30)),
    });
    cluster.put(json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": { "name": "coder-tls", "namespace": place.namespace, "generation": 1 },
        "spec": {
            "secretName": "coder-tls", "duration": "2160h0m0s", "renewBefore": "360h0m0s",
            "dnsNames": [place.host, format!("*.{}", place.host)],
            "issuerRef": { "name": "letsencrypt", "kind": "ClusterIssuer" },
        },
        "status": {
            "conditions": [ready], "revision": 1,
            "notBefore": second(ago(times, 30)), "notAfter": second(later(times, 45)),
            "renewalTime": second(later(times, 30)),
        },
    }));
}

/// A time as the API writes it: whole seconds.
fn second(time: Timestamp) -> String {
    time.round(Unit::Second).unwrap_or(time).to_string()
}
