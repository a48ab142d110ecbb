//! Refusals to the letter, objects key by key.

use gonogo_world::kubernetes::{Unready, Version};
use reqwest::Method;
use serde_json::Value;

use super::cluster::{ADMIN, NOBODY, READER, Served, example, serve};
use crate::client::Answer;
use crate::recording::recorded;

const HEADERS: [&str; 5] =
    ["content-type", "cache-control", "x-content-type-options", "retry-after", "x-kubernetes-pf-flowschema-uid"];

fn file(name: &str) -> Answer {
    recorded(&format!("kubernetes/{name}.http"))
}

/// The headers of a kind; of UIDs, only whether there is one.
fn heads(answer: &Answer) -> Vec<Option<&str>> {
    let uid = |value| {
        if u8::from(str::len(value) == 36) == 1 { "a uid" } else { value }
    };
    HEADERS.iter().map(|name| answer.header(name).map(uid)).collect()
}

fn assert_head(answer: &Answer, name: &str) {
    let theirs = file(name);
    assert_eq!(answer.status, theirs.status, "{name}: status");
    assert_eq!(heads(answer), heads(&theirs), "{name}: {HEADERS:?}");
    assert_eq!(answer.header("audit-id").map(str::len), Some(36), "{name}: audit-id");
}

fn assert_same(answer: &Answer, name: &str) {
    assert_head(answer, name);
    match serde_json::from_str::<Value>(&file(name).body) {
        Ok(theirs) => assert_eq!(answer.json(), theirs, "{name}"),
        Err(_) => assert_eq!(answer.body.trim_end(), file(name).body, "{name}"),
    }
}

/// Where two bodies differ in keys or types: `-path` is only recorded, `+path` only ours.
fn differences(ours: &Value, theirs: &Value, path: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                match theirs.get(key) {
                    Some(other) => differences(value, other, &format!("{path}/{key}"), found),
                    None => found.push(format!("+{path}/{key}")),
                }
            }
            found.extend(theirs.keys().filter(|key| !ours.contains_key(*key)).map(|key| format!("-{path}/{key}")));
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            if let (Some(ours), Some(theirs)) = (ours.first(), theirs.first()) {
                differences(ours, theirs, &format!("{path}[]"), found);
            }
        }
        _ if std::mem::discriminant(ours) == std::mem::discriminant(theirs) => {}
        _ => found.push(format!("~{path}")),
    }
}

/// Asserts that an answer has the keys and types of a recorded one, but for what is named. What managers wrote is their own affair.
fn assert_like(answer: &Answer, name: &str, known: &[&str]) {
    assert_head(answer, name);
    let mut found = Vec::new();
    let theirs: Value = serde_json::from_str(&file(name).body).expect("recorded JSON");
    differences(&answer.json(), &theirs, "", &mut found);
    found.retain(|difference| !difference.contains("fieldsV1/") && !difference.contains("/labels/"));
    found.sort();
    let mut known = known.to_vec();
    known.sort_unstable();
    assert_eq!(found, known, "{name}");
}

async fn served() -> Served {
    serve(example()).await
}

#[tokio::test]
async fn refusals_are_the_recorded_ones() {
    let cluster = served().await;
    let own = "/apis/apps/v1/namespaces/coder/deployments";
    for (token, path, name) in [
        ("", "/api/v1/nodes", "anonymous-403"),
        ("wrong", "/api/v1/nodes", "badtoken-401"),
        (NOBODY, own, "sa-403-list"),
        (NOBODY, "/api/v1/nodes", "sa-403-nodes"),
        (NOBODY, "/api/v1/nodes/node-a/proxy/stats/summary", "sa-403-proxy"),
        (READER, "/api/v1/namespaces/coder/secrets/coder-llm-key", "user-403-secret"),
        (READER, "/apis/apps/v1/namespaces/coder/deployments/nope", "deployment-404"),
        (READER, "/api/v1/namespaces/knative-serving/configmaps/config-nope", "configmap-404"),
        ("checker", "/apis/serving.knative.dev/v1/services", "unknown-group-403-rbac-first"),
        (READER, "/apis/serving.knative.dev/v1/services", "unknown-group-404"),
        (READER, "/apis/apps/v1/namespaces/coder/nopes", "unknown-resource-404"),
        (READER, "/apis/apps/v1/deployments?labelSelector=%3D%3Dx", "deployments-selector-bad-400"),
        (READER, "/readyz", "readyz"),
    ] {
        assert_same(&cluster.get(token, path).await, name);
    }
    assert_same(&cluster.ask(Method::PUT, ADMIN, own, "{}").await, "put-collection-405");
    let garbage = cluster.get(READER, "/api/v1/nodes?limit=1&continue=garbage").await;
    assert_head(&garbage, "nodes-continue-garbage-400");
}

#[tokio::test]
async fn a_list_in_a_namespace_that_does_not_exist_is_empty_and_not_an_error() {
    let cluster = served().await;
    let answer = cluster.get(READER, "/apis/apps/v1/namespaces/nope/deployments").await;
    assert_like(&answer, "namespace-missing-list", &[]);
    assert_eq!(answer.json()["items"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_deployment_has_the_recorded_keys() {
    let cluster = served().await;
    let path = "/apis/apps/v1/namespaces/coder/deployments/coder-provisioner-default";
    let answer = cluster.get(READER, path).await;
    let known = [
        "+/metadata/annotations",
        "-/spec/template/spec/containers[]/env",
        "-/spec/template/spec/containers[]/resources/limits/ephemeral-storage",
    ];
    assert_like(&answer, "deployment-provisioner", &known);
    let status = &answer.json()["status"];
    assert_eq!(status["unavailableReplicas"], 2);
    assert_eq!(status["conditions"][1]["reason"], "ProgressDeadlineExceeded");
    let scale = cluster.get(READER, &format!("{path}/scale")).await;
    assert_like(&scale, "deployment-provisioner-scale", &[]);
    let theirs: Value = serde_json::from_str(&file("deployment-provisioner-scale").body).expect("recorded JSON");
    assert_eq!((&scale.json()["spec"], &scale.json()["status"]), (&theirs["spec"], &theirs["status"]));
}

#[tokio::test]
async fn pods_have_the_recorded_keys_and_an_owner() {
    let cluster = served().await;
    let selector = "labelSelector=app.kubernetes.io/name%3Dcoder-provisioner-default";
    let path = format!("/api/v1/namespaces/coder/pods?{selector}");
    let answer = cluster.get(READER, &path).await;
    let known =
        ["+/items[]/metadata/ownerReferences", "-/items[]/spec/containers[]/volumeMounts", "-/items[]/spec/volumes"];
    assert_like(&answer, "pods-selector", &known);
    assert_eq!(answer.json()["items"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn a_pod_that_no_node_takes_has_the_recorded_keys() {
    let cluster = served().await;
    cluster.edit(|cluster| {
        cluster.put_deployment("coder", "web", |it| {
            it.ready = 0;
            it.unready = Unready::Unschedulable;
        });
    });
    let answer = cluster.get(READER, "/api/v1/pods?fieldSelector=status.phase%3DPending").await;
    let known =
        ["+/items[]/metadata/ownerReferences", "-/items[]/spec/containers[]/volumeMounts", "-/items[]/spec/volumes"];
    assert_like(&answer, "pods-fieldselector-pending", &known);
    let condition = &answer.json()["items"][0]["status"]["conditions"][0];
    assert_eq!((&condition["status"], &condition["reason"]), (&Value::from("False"), &Value::from("Unschedulable")));
}

#[tokio::test]
async fn nodes_and_autoscalers_have_the_recorded_keys() {
    let cluster = served().await;
    let node = cluster.get(READER, "/api/v1/nodes/node-a").await;
    let newer = ["-/spec/taints", "-/status/capacity/hugepages-1Gi", "-/status/allocatable/hugepages-1Gi"];
    let newest = ["-/status/runtimeHandlers", "-/status/features", "-/status/declaredFeatures"];
    let mut known = vec!["-/metadata/annotations", "+/spec/providerID"];
    known.extend(newer.iter().chain(&newest));
    assert_like(&node, "node-real-ready", &known);
    let hpas = cluster.get(READER, "/apis/autoscaling/v2/namespaces/coder/horizontalpodautoscalers").await;
    assert_like(&hpas, "hpa", &[]);
    assert_eq!(hpas.json()["items"][0]["status"]["currentMetrics"], Value::Null);
}

#[tokio::test]
async fn secrets_and_configmaps_have_the_recorded_keys() {
    let cluster = served().await;
    let secret = cluster.get(ADMIN, "/api/v1/namespaces/coder/secrets/coder-llm-key").await;
    assert_like(&secret, "secret", &["-/metadata/annotations"]);
    assert_eq!(secret.json()["data"]["api-key"], "bm90LWEtcmVhbC1rZXktMDAwMg==");
    let config = cluster.get(READER, "/api/v1/namespaces/knative-serving/configmaps/config-features").await;
    assert_head(&config, "configmap-features");
    assert_eq!(config.json()["data"]["kubernetes.podspec-persistent-volume-claim"], "Enabled");
}

#[tokio::test]
async fn reviews_have_the_recorded_keys_and_verdicts() {
    let cluster = served().await;
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (token, name) in [(READER, "ssar-allowed"), (NOBODY, "ssar-denied")] {
        let theirs: Value = serde_json::from_str(&file(name).body).expect("recorded JSON");
        let body = serde_json::json!({ "spec": theirs["spec"] }).to_string();
        let answer = cluster.ask(Method::POST, token, path, &body).await;
        assert_like(&answer, name, &[]);
        assert_eq!(answer.json()["status"]["allowed"], theirs["status"]["allowed"], "{name}");
        assert_eq!(answer.json()["spec"], theirs["spec"], "{name}");
        let fields = |body: &Value| body["metadata"]["managedFields"][0]["fieldsV1"].clone();
        assert_eq!(fields(&answer.json()), fields(&theirs), "{name}");
    }
    let who = cluster.ask(Method::POST, ADMIN, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}").await;
    assert_like(&who, "whoami", &[]);
}

#[tokio::test]
async fn versions_have_the_keys_of_their_time() {
    let cluster = served().await;
    assert_like(&cluster.get("", "/version").await, "version", &[]);
    cluster.edit(|cluster| cluster.version = Version::of(20));
    let old = cluster.get("", "/version").await.json();
    let theirs: Value = serde_json::from_str(&file("v1.20-version").body).expect("recorded JSON");
    let mut found = Vec::new();
    differences(&old, &theirs, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!((&old["minor"], &old["gitVersion"]), (&theirs["minor"], &theirs["gitVersion"]));
}

#[tokio::test]
async fn an_old_review_writes_its_missing_time_as_null() {
    let cluster = served().await;
    cluster.edit(|cluster| cluster.version = Version::of(20));
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let theirs: Value = serde_json::from_str(&file("v1.20-selfsubjectaccessreview").body).expect("recorded JSON");
    let body = serde_json::json!({ "spec": theirs["spec"] }).to_string();
    let ours = cluster.ask(Method::POST, NOBODY, path, &body).await.json();
    let mut found = Vec::new();
    differences(&ours, &theirs, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!((&ours["spec"], &ours["status"]), (&theirs["spec"], &theirs["status"]));
}

#[tokio::test]
async fn a_custom_resource_is_discovered_and_listed_as_recorded() {
    let pool = serde_json::json!({
        "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": { "name": "workspaces" }, "spec": {}, "status": {},
    });
    let cluster = serve(example().object(pool)).await;
    let theirs = file("nodepools").body.clone();
    let theirs: Value = serde_json::from_str(&theirs).expect("recorded JSON");
    let ours = cluster.get(READER, "/apis/karpenter.sh/v1/nodepools").await.json();
    for list in [&ours, &theirs] {
        assert_eq!(
            (list["kind"].as_str(), list["apiVersion"].as_str()),
            (Some("NodePoolList"), Some("karpenter.sh/v1"))
        );
        // Items of a custom kind say what they are; those of Kubernetes' own do not.
        assert_eq!(
            (&list["items"][0]["kind"], &list["items"][0]["apiVersion"]),
            (&"NodePool".into(), &"karpenter.sh/v1".into())
        );
    }
    assert_same(&cluster.get(READER, "/apis/karpenter.sh/v1beta1/nodepools").await, "nodepools-v1beta1-404");
    assert_same(&cluster.get(READER, "/apis/karpenter.sh/v1beta1").await, "nodepools-v1beta1-404");
    let groups = file("apis").body.clone();
    let groups: Value = serde_json::from_str(&groups).expect("recorded JSON");
    let own = |list: &Value| {
        let groups = list["groups"].as_array().cloned().unwrap_or_default();
        groups.into_iter().find(|group| group["name"] == "karpenter.sh").expect("karpenter.sh")
    };
    assert_eq!(own(&cluster.get(READER, "/apis").await.json()), own(&groups));
    let alone = cluster.get(NOBODY, "/apis/karpenter.sh").await.json();
    assert_eq!((alone["kind"].as_str(), &alone["versions"]), (Some("APIGroup"), &own(&groups)["versions"]));
    let resources = cluster.get(NOBODY, "/apis/karpenter.sh/v1").await.json();
    let kinds: Vec<_> =
        resources["resources"].as_array().expect("resources").iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, ["NodePool", "NodeClaim"]);
}
