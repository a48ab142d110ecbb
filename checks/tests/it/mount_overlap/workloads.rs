//! Workloads of a cluster: what mounts, whose pods those are, and the claims that they share.

use super::{codes, look};
use crate::kubernetes::{Stage, UID};
use gonogo_world::kubernetes::{Account, Cluster, Grant};
use serde_json::{Value, json};

const WITH: &str = "{ workloads: { namespace: ci } }";

fn job(name: &str, sub_path: &Value, status: &Value) -> Value {
    let mut mount = json!({ "name": "work", "mountPath": "/work" });
    for (key, value) in sub_path.as_object().into_iter().flatten() {
        mount[key] = value.clone();
    }
    json!({
        "kind": "Job", "apiVersion": "batch/v1", "metadata": { "name": name, "namespace": "ci" },
        "spec": { "parallelism": 1, "template": { "spec": {
            "containers": [{
                "name": "main",
                "env": [
                    { "name": "POD_NAME", "valueFrom": { "fieldRef": { "fieldPath": "metadata.name" } } },
                    { "name": "PASSWORD", "value": "hunter2-hunter2" },
                ],
                "volumeMounts": [mount],
            }],
            "volumes": [{ "name": "work", "persistentVolumeClaim": { "claimName": "shared" } }],
        } } },
        "status": status,
    })
}

fn cluster() -> Cluster {
    Cluster::new(UID).namespace("ci")
}

#[tokio::test]
async fn two_jobs_that_write_to_one_claim_are_found_and_their_own_parts_are_not() {
    for (a, b, wanted) in [
        (
            json!({ "subPath": "jobs" }),
            json!({ "subPath": "jobs/" }),
            vec![("shared-volume-overlap", "volume ci/shared")],
        ),
        (json!({}), json!({ "subPath": "b" }), vec![("shared-volume-overlap", "volume ci/shared")]),
        (json!({ "subPath": "a" }), json!({ "subPath": "ab" }), vec![]),
        (json!({ "subPathExpr": "$(POD_NAME)" }), json!({ "subPathExpr": "$(POD_NAME)" }), vec![]),
        (
            json!({ "subPathExpr": "$(TEAM)" }),
            json!({ "subPath": "b" }),
            vec![("sub-path-unknown", "volume ci/shared")],
        ),
        (json!({ "readOnly": true }), json!({}), vec![]),
    ] {
        let stage = Stage::one(cluster().object(job("a", &a, &json!({}))).object(job("b", &b, &json!({})))).await;
        let (evidence, findings) = look(&stage.context(), WITH, "{ at_least: 2 }").await.expect("seen");
        assert_eq!(codes(&findings), wanted, "{a} {b}");
        assert!(!evidence.to_string().contains("hunter2"), "a container's environment is none of ours");
    }
}

#[tokio::test]
async fn a_job_that_has_ended_writes_no_more() {
    let done = json!({ "conditions": [{ "type": "Complete", "status": "True" }] });
    let cluster = cluster().object(job("a", &json!({}), &done)).object(job("b", &json!({}), &json!({})));
    let (evidence, findings) = look(&Stage::one(cluster).await.context(), WITH, "{}").await.expect("seen");
    assert_eq!(findings, []);
    assert_eq!((&evidence["finished"], &evidence["objects"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn the_pods_of_a_deployment_are_told_with_it() {
    let mut cluster = cluster();
    cluster.put_deployment("ci", "runner", |runner| {
        runner.scale(3);
        runner.mounts("home", "/home/user", json!({ "emptyDir": {} }));
        runner.mounts("cache", "/home/user/.cache", json!({ "persistentVolumeClaim": { "claimName": "cache" } }));
    });
    let stage = Stage::one(cluster).await;
    let (evidence, findings) = look(&stage.context(), WITH, "{}").await.expect("seen");
    let wanted =
        [("nested-mounts", "deployment/runner runner: /home/user"), ("copies-share-volume", "volume ci/cache")];
    assert_eq!(codes(&findings), wanted);
    assert_eq!(evidence["spaces"].as_array().map(Vec::len), Some(1), "{evidence:#}");
    // By its pods alone, they are one workload with three copies.
    let with = "{ workloads: { namespace: ci, kinds: [pods] } }";
    let (evidence, findings) = look(&stage.context(), with, "{}").await.expect("seen");
    assert_eq!(
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["nested-mounts", "copies-share-volume"]
    );
    assert_eq!(evidence["spaces"][0]["owner"]["copies"], 3);
    assert!(findings[1].seen.starts_with("3 copies"), "{}", findings[1].seen);
}

#[tokio::test]
async fn nothing_there_a_wrong_selector_and_a_missing_namespace_are_never_a_pass() {
    let stage = Stage::one(cluster().object(job("a", &json!({}), &json!({})))).await;
    for (with, words) in [
        ("{ workloads: { namespace: ci, kinds: [deployments] } }", "0 mounts in 0 objects"),
        ("{ workloads: { namespace: ci, selector: app=nope } }", "0 mounts in 0 objects"),
        ("{ workloads: { namespace: nowhere } }", "the namespace nowhere does not exist"),
        ("{ workloads: { namespaces: [ci, nowhere] } }", "the namespace nowhere does not exist"),
    ] {
        let (_, findings) = look(&stage.context(), with, "{}").await.expect("seen");
        let [only] = &findings[..] else { panic!("{with}: {findings:#?}") };
        assert_eq!(only.code, "too-few-mounts");
        assert!(only.seen.contains(words), "{}", only.seen);
    }
    let (_, findings) = look(&stage.context(), "{ workloads: { all_namespaces: true } }", "{}").await.expect("seen");
    assert_eq!(findings, []);
}

#[tokio::test]
async fn a_kind_that_may_not_be_listed_is_unknown_and_named() {
    let mut cluster = cluster().object(job("a", &json!({}), &json!({})));
    let account = cluster.accounts[0].clone();
    cluster.accounts[0] = account.deny(Grant::new(&["*"], &["cronjobs.batch"]));
    let stage = Stage::one(cluster).await;
    let (_, findings) = look(&stage.context(), WITH, "{}").await.expect("seen");
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden"]);
    assert!(findings[0].seen.contains("list cronjobs.batch in namespace ci"), "{}", findings[0].seen);
    stage.world.edit(|state| {
        let ohio = state.clusters.get_mut("ohio").expect("ohio");
        let token = ohio.accounts[0].token.clone();
        ohio.accounts[0] = Account::nobody(&token, "nobody");
    });
    let missing = look(&stage.context(), WITH, "{}").await.expect_err("the cluster's UID may not be read");
    assert_eq!(missing.why, gonogo_checks::contract::Why::Forbidden);
}
