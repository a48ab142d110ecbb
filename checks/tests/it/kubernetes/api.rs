//! What is asked of a cluster's API: lists, objects, refusals, faults.

use super::{Object, Stage, UID, cluster, command, nodes};
use gonogo_checks::{
    clients::kubernetes::{Selector, path},
    contract::{Unobserved, Why},
};
use gonogo_world::{
    Fault, Rule, System,
    kubernetes::{self, Grant},
};
use std::time::Duration;

async fn list(stage: &Stage) -> Result<Vec<String>, Unobserved> {
    let api = stage.api().await?;
    let seen = api.list::<Object>(&path("v1", None, &["nodes"]), &Selector::default()).await?;
    Ok(seen.iter().map(|object| object.metadata.name.clone()).collect())
}

#[tokio::test]
async fn a_list_of_several_pages_is_whole() {
    let stage = Stage::one(nodes(501)).await;
    let names = list(&stage).await.expect("nodes");
    assert_eq!((names.len(), names[500].as_str()), (501, "node-0500"));
}

#[tokio::test]
async fn a_list_that_expires_is_begun_again_once_and_never_given_in_part() {
    let stage = Stage::one(nodes(300)).await;
    let expire =
        |times| stage.world.edit(|state| state.clusters.get_mut("ohio").expect("ohio").expire_continues = times);
    expire(1);
    assert_eq!(list(&stage).await.expect("the second reading").len(), 300);
    expire(2);
    assert_eq!(list(&stage).await.expect_err("expired twice").why, Why::NotFound);
}

#[tokio::test]
async fn equal_requests_of_a_run_are_made_once() {
    let stage = Stage::one(nodes(3)).await;
    let cx = stage.context();
    let path = path("v1", None, &["nodes", "node-0001"]);
    for _ in 0..3 {
        let api = cx.cluster(&cluster("ohio")).await.expect("ohio");
        assert_eq!(api.get::<Object>(&path).await.expect("a node").metadata.name, "node-0001");
    }
    assert_eq!(stage.world.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_names_the_right_and_how_to_ask_for_it() {
    let mut cluster = nodes(1);
    cluster.accounts[0].denied.push(Grant::new(&["*"], &["nodes/proxy", "pods"]));
    let stage = Stage::one(cluster).await;
    let api = stage.api().await.expect("ohio");
    let missing = api.raw("/api/v1/nodes/node-0000/proxy/stats/summary").await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("`get nodes/proxy`"), "{missing}");
    let kubeconfig = stage.path().join("kubeconfig");
    let prefix = format!("kubectl --kubeconfig {} --context ohio", kubeconfig.display());
    let remedy = missing.remedy.as_deref();
    assert_eq!(command(remedy), format!("{prefix} auth can-i get nodes --subresource=proxy"));
    let missing = api.pods("coder", "app=x").await.expect_err("forbidden");
    assert!(missing.detail.contains("`list pods in namespace coder`"), "{missing}");
    assert_eq!(command(missing.remedy.as_deref()), format!("{prefix} -n coder auth can-i list pods"));
}

#[tokio::test]
async fn an_absent_object_a_path_that_is_not_served_and_an_empty_namespace_are_told_apart() {
    let stage = Stage::one(nodes(1).namespace("coder")).await;
    let api = stage.api().await.expect("ohio");
    let absent = api.find::<Object>(&path("apps/v1", Some("coder"), &["deployments", "nope"])).await;
    assert!(absent.expect("an answer").is_none());
    let unserved = api.find::<Object>("/apis/absent.example/v1/things/x").await.expect_err("no such group");
    assert_eq!(unserved.why, Why::NotFound);
    assert!(unserved.detail.contains("does not serve"), "{unserved}");
    assert!(api.pods("no-such-namespace", "").await.expect("an empty list").is_empty());
    assert!(!api.has_namespace("no-such-namespace").await.expect("an answer"));
    assert!(api.has_namespace("coder").await.expect("an answer"));
}

#[tokio::test]
async fn a_secret_is_read_and_its_metadata_without_it() {
    let mut cluster = nodes(1).namespace("coder").secret("coder", "key", "Opaque", &[("token", "sk-12345")]);
    cluster.accounts[0] = cluster.accounts[0].clone().with_secrets();
    let stage = Stage::one(cluster).await;
    let api = stage.api().await.expect("ohio");
    let secret = api.secret("coder", "key").await.expect("a secret");
    assert_eq!(secret.keys().collect::<Vec<_>>(), ["token"]);
    assert_eq!(api.secret_metadata("coder", "key").await.expect("metadata").name, "key");
}

#[tokio::test]
async fn no_fault_gives_an_object_and_each_says_what_it_was() {
    let stage = Stage::one(nodes(2)).await;
    for (fault, why) in [
        (Fault::Refuse, Why::Unreachable),
        (Fault::Reset, Why::Unreachable),
        (Fault::Hang, Why::TimedOut),
        (Fault::SlowDrip, Why::TimedOut),
        (Fault::TruncatedBody, Why::Unreachable),
        (Fault::EndlessBody, Why::TooLarge),
        (Fault::WrongType, Why::Malformed),
        (Fault::MalformedJson, Why::Malformed),
        (Fault::Empty, Why::Malformed),
        (Fault::Status(401, None), Why::Unauthorised),
        (Fault::Status(403, None), Why::Forbidden),
        (Fault::Status(404, None), Why::NotFound),
        (Fault::Status(429, None), Why::Throttled),
        (Fault::Status(500, None), Why::ServerError),
        (Fault::Status(503, None), Why::ServerError),
        (Fault::RedirectLoop, Why::Redirected),
        (Fault::ExpiredCertificate, Why::Untrusted),
        (Fault::WrongCertificate, Why::Untrusted),
        (Fault::UntrustedCertificate, Why::Untrusted),
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        let api = stage.api().await.expect("a kubeconfig is enough");
        let limit = Duration::from_millis(if why == Why::TimedOut { 300 } else { 5_000 });
        let path = path("v1", None, &["nodes", "node-0000"]);
        let missing = api.get_within::<Object>(&path, limit).await.err().unwrap_or_else(|| panic!("{fault:?}"));
        assert_eq!(missing.why, why, "{fault:?}: {missing}");
        assert!(command(missing.remedy.as_deref()).contains("kubectl"), "{fault:?}");
    }
}

#[tokio::test]
async fn a_throttled_look_is_made_again() {
    let stage = Stage::one(nodes(2)).await;
    stage.world.inject(Rule::on(System::Kubernetes, Fault::Status(429, Some(0))).times(2)).expect("a rule");
    assert_eq!(list(&stage).await.expect("the third attempt").len(), 2);
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_smaller_ones() {
    let large = "x".repeat(100 << 10);
    let cluster = (0..100).fold(kubernetes::Cluster::new(UID).namespace("coder"), |cluster, i| {
        cluster.configmap("coder", &format!("map-{i:03}"), &[("large", &large)])
    });
    let stage = Stage::one(cluster).await;
    let api = stage.api().await.expect("ohio");
    let path = path("v1", Some("coder"), &["configmaps"]);
    let seen = api.list::<Object>(&path, &Selector::default()).await.expect("a whole list");
    assert_eq!(seen.len(), 100);
}
