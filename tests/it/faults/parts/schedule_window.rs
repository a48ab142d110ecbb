//! What fires by itself: each source by its own endpoint, and the reads that prove an empty answer.

use super::super::product::after;
use super::Part;
use gonogo_world::{
    State,
    System::{Alertmanager, Kubernetes, Litellm},
    alertmanager,
    incidents::{Times, workshop_2024_09_30::LITELLM_PROBE_KEY},
    kubernetes::Cluster,
    litellm::{Gateway, Key, Role},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "cronjobs",
        (Kubernetes, "cronjobs", ""),
        "probe: schedule-window, sites: [{site}], with: { cronjobs: { secrets: [gateway] } }",
    ),
    Part::new(
        "cronjobs-of-namespace",
        (Kubernetes, "cronjobs-of-namespace", "/namespaces/app/cronjobs?"),
        "probe: schedule-window, sites: [{site}], with: { cronjobs: { namespaces: [app] } }",
    ),
    Part::new(
        "namespace-without-cronjobs",
        (Kubernetes, "namespace-without-cronjobs", "/api/v1/namespaces/default"),
        "probe: schedule-window, sites: [{site}], with: { cronjobs: { namespaces: [default], none_expected: true } }",
    ),
    Part::new(
        "certificates",
        (Kubernetes, "certificates", "/certificates?"),
        "probe: schedule-window, sites: [{site}], with: { certificates: {} }",
    ),
    Part::new(
        "external-secrets",
        (Kubernetes, "external-secrets", "/externalsecrets?"),
        "probe: schedule-window, sites: [{site}], with: { external_secrets: {} }",
    ),
    Part::new(
        "node-pools",
        (Kubernetes, "node-pools", "/nodepools?"),
        "probe: schedule-window, sites: [{site}], with: { nodes: {} }",
    ),
    Part::new(
        "node-claims",
        (Kubernetes, "node-claims", "/nodeclaims?"),
        "probe: schedule-window, sites: [{site}], with: { nodes: {} }",
    ),
    Part::new(
        "marks-of-nodes",
        (Kubernetes, "marks-of-nodes", "/nodes?"),
        "probe: schedule-window, sites: [{site}], with: { nodes: {} }",
    ),
    Part::new(
        "rotating-keys",
        (Litellm, "rotating.test", ""),
        "probe: schedule-window, with: { litellm: { connection: rotating } }",
    ),
    Part::new(
        "alertmanager-status",
        (Alertmanager, "alertmanager.test", "/api/v2/status"),
        "probe: schedule-window, with: { silences: { connection: alertmanager } }",
    ),
    Part::new(
        "silences",
        (Alertmanager, "silences.test", "/api/v2/silences"),
        "probe: schedule-window, with: { silences: { connection: silences } }",
    ),
];

const ALERTMANAGERS: [&str; 2] = ["alertmanager", "silences"];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    let is_ours = |name: &str| PARTS.iter().any(|part| part.name == name);
    for (_, cluster) in state.clusters.iter_mut().filter(|(name, _)| is_ours(name)) {
        let taken = std::mem::replace(cluster, Cluster::new(""));
        *cluster = objects(times).into_iter().fold(taken, Cluster::object);
    }
    let mut gateway = Gateway::new("sk-world-master");
    let made = times.now - SignedDuration::from_hours(24);
    let probe = Key::new("gonogo", LITELLM_PROBE_KEY, made).of("gonogo", Role::Viewer);
    gateway.keys = vec![probe, Key::new("workshop", "sk-world-workshop", made)];
    state.litellm.insert("rotating.test".to_owned(), gateway);
    for name in ALERTMANAGERS {
        // One that is over, so that the list is not two bytes that come whole however slowly.
        let over = alertmanager::Silence::of("severity", "page", made, times.now);
        let silences = [("over".to_owned(), over)].into();
        let alertmanager = alertmanager::Alertmanager { silences, ..alertmanager::Alertmanager::default() };
        state.alertmanager.insert(format!("{name}.test"), alertmanager);
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    all["rotating"] = json!({ "kind": "litellm", "url": "https://rotating.test", "token": { "file": "gateway-key" } });
    for name in ALERTMANAGERS {
        all[name] = json!({ "kind": "alertmanager", "url": format!("https://{name}.test") });
    }
}

fn objects(times: Times) -> [Value; 5] {
    let ready = json!([{ "type": "Ready", "status": "True", "reason": "Ready" }]);
    let (now, later) = (times.now.to_string(), after(times).to_string());
    let container = json!({ "name": "turn", "image": "turn", "envFrom": [{ "secretRef": { "name": "gateway" } }] });
    [
        json!({
            "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "turn", "namespace": "app" },
            "spec": {
                "schedule": "*/5 * * * *", "timeZone": "Europe/London", "suspend": true,
                "jobTemplate": { "spec": { "template": { "spec": { "containers": [container] } } } },
            },
        }),
        json!({
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": { "name": "web", "namespace": "app" },
            "status": { "conditions": ready, "notAfter": later, "renewalTime": later },
        }),
        json!({
            "apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret",
            "metadata": { "name": "gateway", "namespace": "app" },
            "spec": { "refreshInterval": "0" }, "status": { "conditions": ready, "refreshTime": now },
        }),
        json!({
            "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": { "name": "all" },
            "spec": { "disruption": { "budgets": [{ "nodes": "0" }] }, "template": { "spec": { "expireAfter": "Never" } } },
        }),
        json!({
            "apiVersion": "karpenter.sh/v1", "kind": "NodeClaim",
            "metadata": { "name": "all-1", "labels": { "karpenter.sh/nodepool": "all" } },
            "spec": { "expireAfter": "Never" }, "status": { "nodeName": "node-1" },
        }),
    ]
}
