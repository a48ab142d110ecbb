//! The settings that the page of `kubernetes` offers to copy: each passes where all is well, and is stopped by what it is for; and
//! what real servers answered is judged by them.

use super::{
    Stage, UID,
    look::{codes, judged, node, window},
};
use gonogo_checks::{
    contract::{Finding, text::Node},
    kind,
};
use gonogo_world::kubernetes::{Cluster, NodeStats};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../src/kubernetes/README.md");

/// Every check of the page: its name, `with` and `expect`.
fn recipes() -> Vec<(String, Node, Node)> {
    let (_, examples) = PAGE.split_once("\n## Example\n").expect("an example");
    let fences = examples.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().expect("a fence"));
    let mut all = Vec::new();
    for tree in fences.map(node) {
        for (name, check) in tree.get("checks").expect("checks").entries() {
            let part = |key: &str| check.get(key).cloned().unwrap_or_else(|| node("{}"));
            all.push((name.text.clone(), part("with"), part("expect")));
        }
    }
    all
}

fn recipe(name: &str) -> (Node, Node) {
    let found = recipes().into_iter().find(|(own, ..)| own == name);
    found.map_or_else(|| panic!("the page has no {name}"), |(_, with, expect)| (with, expect))
}

fn minutes_ago(minutes: i64) -> String {
    let then = Timestamp::now().checked_sub(SignedDuration::from_mins(minutes)).expect("a time");
    then.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn object(api: &str, kind: &str, namespace: &str, name: &str, rest: &Value) -> Value {
    let mut object = json!({ "apiVersion": api, "kind": kind, "metadata": { "name": name } });
    if !namespace.is_empty() {
        object["metadata"]["namespace"] = json!(namespace);
    }
    for (key, value) in rest.as_object().into_iter().flatten() {
        match key.as_str() {
            "made" => object["metadata"]["creationTimestamp"] = value.clone(),
            "labels" | "annotations" => object["metadata"][key] = value.clone(),
            _ => object[key] = value.clone(),
        }
    }
    object
}

fn condition(kind: &str, status: &str) -> Value {
    json!({ "type": kind, "status": status, "lastTransitionTime": minutes_ago(60) })
}

fn pod(namespace: &str, name: &str, rest: &Value) -> Value {
    object("v1", "Pod", namespace, name, rest)
}

fn pool(registered: &str) -> Value {
    let status =
        json!({ "conditions": [condition("Ready", "True"), condition("NodeRegistrationHealthy", registered)] });
    object("karpenter.sh/v1", "NodePool", "", "workspaces", &json!({ "status": status }))
}

fn claim(initialised: &str, minutes: i64) -> Value {
    let status = json!({ "conditions": [condition("Initialized", initialised)] });
    object(
        "karpenter.sh/v1",
        "NodeClaim",
        "",
        "workspaces-a",
        &json!({ "status": status, "made": minutes_ago(minutes) }),
    )
}

fn features(claim: &str, write: &str) -> Value {
    json!({
        "_example": "kubernetes.podspec-persistent-volume-claim: \"enabled\"",
        "kubernetes.podspec-persistent-volume-claim": claim,
        "kubernetes.podspec-persistent-volume-write": write,
    })
}

fn flags(claim: &str, write: &str) -> Value {
    object("v1", "ConfigMap", "knative-serving", "config-features", &json!({ "data": features(claim, write) }))
}

fn serving(config: &Value) -> Value {
    let api = "operator.knative.dev/v1beta1";
    object(api, "KnativeServing", "knative-serving", "knative-serving", &json!({ "spec": { "config": config } }))
}

fn application(sync: &str, health: &str, minutes: i64) -> Value {
    let status =
        json!({ "sync": { "status": sync }, "health": { "status": health }, "reconciledAt": minutes_ago(minutes) });
    object("argoproj.io/v1alpha1", "Application", "argocd", "us-east-2.coder", &json!({ "status": status }))
}

fn quota(used: &str) -> Value {
    let hard = json!({ "requests.cpu": "20", "requests.memory": "80Gi", "count/pods": "40" });
    let used = json!({ "requests.cpu": used, "requests.memory": "20480Mi", "count/pods": "0" });
    object("v1", "ResourceQuota", "coder", "all", &json!({ "status": { "hard": hard, "used": used } }))
}

fn class(name: &str, is_default: bool) -> Value {
    let annotations = json!({ "storageclass.kubernetes.io/is-default-class": is_default.to_string() });
    object("storage.k8s.io/v1", "StorageClass", "", name, &json!({ "annotations": annotations }))
}

fn drivers(drivers: &Value) -> Value {
    object("storage.k8s.io/v1", "CSINode", "", "node-a", &json!({ "spec": { "drivers": drivers } }))
}

fn container(name: &str, killed: Option<i64>) -> Value {
    let last = killed.map_or_else(
        || json!({}),
        |minutes| json!({ "terminated": { "reason": "OOMKilled", "finishedAt": minutes_ago(minutes) } }),
    );
    let status = json!({ "name": name, "restartCount": u8::from(killed.is_some()), "state": { "running": {} }, "lastState": last });
    json!({ "phase": "Running", "containerStatuses": [status], "conditions": [condition("Ready", "True")] })
}

fn workspace(requests: &Value) -> Value {
    let spec = json!({ "containers": [{ "name": "dev", "resources": { "requests": requests } }] });
    let rest = json!({ "labels": { "com.coder.resource": "true" }, "spec": spec, "status": { "phase": "Running" } });
    pod("coder-ws", "ws-1", &rest)
}

fn karpenter(killed: Option<i64>) -> Value {
    let rest =
        json!({ "labels": { "app.kubernetes.io/name": "karpenter" }, "status": container("controller", killed) });
    pod("karpenter", "karpenter-1", &rest)
}

fn event(reason: &str) -> Value {
    object("events.k8s.io/v1", "Event", "coder", "a.1", &json!({ "type": "Warning", "reason": reason, "note": "…" }))
}

/// A cluster in which nothing is in the way.
fn sound() -> Cluster {
    let namespaces = ["knative-serving", "argocd", "coder", "coder-ws", "karpenter"];
    let cluster = namespaces.iter().fold(Cluster::new(UID), |cluster, name| cluster.namespace(name));
    [
        pool("Unknown"),
        claim("True", 600),
        flags("enabled", "ENABLED"),
        serving(&json!({ "features": features("Enabled", "Enabled") })),
        application("Synced", "Healthy", 3),
        quota("14"),
        class("gp2", false),
        class("gp3", true),
        drivers(&json!([{ "name": "ebs.csi.aws.com" }])),
        pod("coder", "coder-0", &json!({ "status": container("coder", None) })),
        workspace(&json!({ "cpu": "2500m", "memory": "6Gi" })),
        karpenter(Some(2_000)),
        event("Unhealthy"),
    ]
    .into_iter()
    .fold(cluster.node("node-a", NodeStats::used(0.3)), Cluster::object)
}

#[tokio::test]
async fn every_recipe_passes_where_all_is_well() {
    let stage = Stage::one(sound()).await;
    for (name, with, expect) in recipes() {
        assert_eq!(judged(&stage, &with, &expect).await.expect(&name), [], "{name}");
    }
}

#[tokio::test]
async fn every_recipe_is_stopped_by_what_it_is_for() {
    let failed = json!({ "status": { "phase": "Failed", "reason": "Evicted" } });
    let waiting = json!({ "status": { "phase": "Pending" }, "made": minutes_ago(3) });
    let mut pressed = sound().object_mut("nodes", "", "node-a").clone();
    pressed["status"]["conditions"][1]["status"] = json!("True");
    let mut met: Vec<&str> = Vec::new();
    for (name, wrong, codes) in [
        ("node-pools", pool("False"), &["condition-not-met"][..]),
        ("node-claims", claim("Unknown", 20), &["expectation-not-met"]),
        ("volume-flags", flags("Allowed", "true"), &["expectation-not-met"; 2]),
        ("volume-flags-kept", serving(&json!({ "features": { "a": "Enabled" } })), &["expectation-not-met"; 2]),
        ("volume-flags-kept", serving(&json!({ "config-features": features("Enabled", "Enabled") })), &[]),
        ("applications", application("OutOfSync", "Degraded", 90), &["expectation-not-met"; 3]),
        ("quotas", quota("14001m"), &["expectation-not-met"]),
        ("storage-class", class("gp2", true), &["expectation-not-met"]),
        ("storage-driver", drivers(&Value::Null), &["expectation-not-met"]),
        ("storage-driver", drivers(&json!([{ "name": "efs.csi.aws.com" }])), &["expectation-not-met"]),
        ("pods-pending", pod("coder", "late", &waiting), &["expectation-not-met"]),
        ("pods-evicted", pod("coder", "gone", &failed), &["expectation-not-met"]),
        (
            "pods-out-of-memory",
            pod("coder", "coder-0", &json!({ "status": container("coder", Some(60)) })),
            &["expectation-not-met"],
        ),
        ("node-pressure", pressed, &["condition-not-met"]),
        ("workspace-size", workspace(&json!({ "cpu": "500m" })), &["expectation-not-met", "field-absent"]),
        ("karpenter-restarts", karpenter(Some(60)), &["expectation-not-met"]),
        ("warnings", event("FailedScheduling"), &["expectation-not-met"]),
    ] {
        let stage = Stage::one(sound().object(wrong)).await;
        let (with, expect) = recipe(name);
        let findings = judged(&stage, &with, &expect).await.expect(name);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), codes, "{name}: {findings:?}");
        met.push(name);
    }
    for (name, ..) in recipes() {
        assert!(met.contains(&name.as_str()), "nothing stops {name}");
    }
}

/// What a recipe finds in an answer of a real server: a list, or one object.
fn of_recorded(name: &str, recording: &str, now: &str) -> Vec<Finding> {
    let (_, body) = recording.split_once("\n{").expect("a body");
    let body: Value = serde_json::from_str(&format!("{{{body}")).expect("recorded JSON");
    let objects = if body["items"].is_array() { body["items"].clone() } else { json!([body]) };
    let evidence = json!({
        "cluster": {},
        "resource": { "api": "example.test/v1", "kind": "Recorded" },
        "range": "cluster",
        "which": "all",
        "asked": "GET /",
        "asked_at": now,
        "served": { "as": "recorded" },
        "objects": objects,
    });
    let (mut problems, now) = (Vec::new(), now.parse().expect("a time"));
    let kind = kind("kubernetes").expect("a probe");
    let judged = (kind.judge)(&recipe(name).1, &evidence, &window(now), &mut problems);
    judged.expect("an expectation").expect("evidence that reads")
}

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../recordings/kubernetes/", $name, ".http"))
    };
}

#[test]
fn what_real_servers_answered_is_judged_by_the_recipes() {
    const NOW: &str = "2026-11-22T08:30:00Z";
    let pools = of_recorded("node-pools", recorded!("nodepools"), NOW);
    assert_eq!(codes(&pools), [("condition-not-met", "recorded/gpu")]);
    assert!(pools[0].seen.contains("UnhealthyDependents: NodeClassReady=False"), "{}", pools[0].seen);
    let claims = of_recorded("node-claims", recorded!("nodeclaims"), NOW);
    assert_eq!(codes(&claims), [("expectation-not-met", "recorded/workspaces-zz81f")]);
    assert_eq!(of_recorded("node-claims", recorded!("nodeclaims"), "2026-11-22T08:20:00Z"), []);
    assert_eq!(of_recorded("volume-flags", recorded!("configmap-features"), NOW), []);
    assert_eq!(of_recorded("storage-class", recorded!("storageclasses"), NOW), []);
    let quotas = of_recorded("quotas", recorded!("resourcequotas"), NOW);
    assert_eq!(codes(&quotas), [("expectation-not-met", "recorded/coder-quota")]);
    let pending = of_recorded("pods-pending", recorded!("pods-fieldselector-pending"), NOW);
    assert!(!pending.is_empty() && pending.iter().all(|finding| finding.code == "expectation-not-met"), "{pending:?}");
    let nodes = of_recorded("node-pressure", recorded!("nodes"), NOW);
    assert!(nodes.iter().any(|finding| finding.code == "condition-not-met"), "{nodes:?}");
}
