//! `kubectl diff`: a program that ends as kubectl does, over folders of objects.

use super::{ACTING, INNER, UID, cluster, context, look, made_at, some, stage, stand_in};
use crate::kubernetes::Stage;
use gonogo_checks::contract::Why;
use serde_json::json;
use std::fs;

/// Manifests, and what the cluster has and would have of them.
fn manifests(stage: &Stage, live: &[(&str, &str)], merged: &[(&str, &str)]) {
    let folder = stage.path().join("deploy");
    let _ = fs::remove_dir_all(&folder);
    for (name, objects) in [("live", live), ("merged", merged)] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
        for (object, text) in objects {
            fs::write(folder.join(name).join(object), text).expect("an object");
        }
    }
    fs::write(folder.join("web.yaml"), "apiVersion: apps/v1\nkind: Deployment\n---\nkind: ConfigMap\n")
        .expect("manifests");
}

fn with(more: &str) -> String {
    format!("{{ kubectl: {{ manifests: [deploy], program: \"{}\"{more} }} }}", stand_in("kubectl"))
}

const WEB: &str = "apps.v1.Deployment.coder.web";

#[tokio::test]
async fn every_exit_code_means_what_kubectl_means_by_it() {
    let stage = stage(cluster(), &[]).await;
    let here = "manifests deploy";
    manifests(&stage, &[(WEB, "replicas: 2\n")], &[(WEB, "replicas: 2\n")]);
    let (evidence, findings) = look(&stage, &with(""), "{}").await.expect("a comparison");
    assert_eq!((findings.len(), evidence["kubectl"]["declared"].as_u64()), (0, Some(2)));
    manifests(
        &stage,
        &[(WEB, "replicas: 3\n")],
        &[(WEB, "replicas: 2\n"), ("v1.Secret.coder.key", "token: hunter2\n")],
    );
    let (evidence, findings) = look(&stage, &with(""), "{}").await.expect("a comparison");
    let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect();
    assert_eq!(found, [("drifted", "Deployment coder/web"), ("drifted", "Secret coder/key")]);
    assert!(!evidence.to_string().contains("hunter2"), "{evidence}");
    let fails = |error: &str, code: u8| with(&format!(", env: {{ STAND_IN_ERROR: {error}, STAND_IN_EXIT: '{code}' }}"));
    assert_eq!(super::found(&stage, &fails("unauthorised", 2), "{}").await, some("comparison-failed", here));
    assert_eq!(super::found(&stage, &fails("broken", 1), "{}").await, some("comparison-contradictory", here));
}

#[tokio::test]
async fn within_its_cluster_no_kubeconfig_leads_elsewhere() {
    let stage = stage(cluster(), &[]).await;
    manifests(&stage, &[(WEB, "a\n")], &[(WEB, "a\n")]);
    let item = made_at(INNER, &with(""), "{}").expect("an item");
    let evidence = item.observe(&context(&stage)).await.expect("a comparison");
    assert_eq!(evidence["kubectl"]["ended"], json!({ "exit": 0 }), "{evidence}");
    for (site, more, words) in [
        (INNER, ", env: { KUBECONFIG: mine }", "another cluster"),
        (INNER, ", inherit: [KUBECONFIG]", "another cluster"),
        (INNER, ", env: { KUBERNETES_SERVICE_HOST: 10.0.0.1 }", "another cluster"),
        (ACTING, "", "does not act as another user"),
    ] {
        let problems = made_at(site, &with(more), "{}").err().unwrap_or_else(|| panic!("{more} is taken"));
        assert!(problems.contains(words), "{problems}");
    }
}

#[tokio::test]
async fn what_is_allowed_to_differ_is_named_with_what_may_differ_of_it() {
    let stage = stage(cluster(), &[]).await;
    let allowed = "{ allowed: [{ address: 'Deployment coder/*', because: Kyverno }] }";
    manifests(&stage, &[(WEB, "image: a\n")], &[(WEB, "image: b\n")]);
    assert_eq!(super::found(&stage, &with(""), allowed).await, []);
    manifests(&stage, &[], &[(WEB, "image: b\n")]);
    assert_eq!(super::found(&stage, &with(""), allowed).await, some("drifted", "Deployment coder/web"));
}

#[tokio::test]
async fn manifests_that_declare_nothing_are_no_pass() {
    let stage = stage(cluster(), &[]).await;
    manifests(&stage, &[], &[]);
    fs::write(stage.path().join("deploy/web.yaml"), "# kind: nothing yet\n").expect("a file");
    assert_eq!(super::found(&stage, &with(""), "{}").await, some("nothing-compared", "manifests deploy"));
    let kustomize = with("").replace("manifests: [deploy]", "kustomize: deploy");
    assert_eq!(super::found(&stage, &kustomize, "{}").await, some("nothing-compared", "manifests deploy"));
    let none = with("").replace("[deploy]", "[nowhere]");
    assert_eq!(look(&stage, &none, "{}").await.expect_err("no manifests").why, Why::Unconfigured);
}

#[tokio::test]
async fn another_cluster_than_the_one_that_is_meant_is_not_compared() {
    let mut other = cluster();
    other.set_uid(&UID.replace("0001", "0099"));
    let stage = stage(other, &[]).await;
    manifests(&stage, &[(WEB, "a\n")], &[(WEB, "a\n")]);
    assert_eq!(look(&stage, &with(""), "{}").await.expect_err("another cluster").why, Why::WrongSystem);
}
