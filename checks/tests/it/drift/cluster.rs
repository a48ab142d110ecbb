//! Argo CD and Helm in the world's clusters.

use super::{application, cluster, found, look, release, some, stage};
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault,
    kubernetes::{Account, Grant},
};
use serde_json::json;

const ARGOCD: &str = "{ argocd: { namespace: argocd, expected: [ohio.coder] } }";
const HELM: &str = "{ helm: { namespace: coder, expected: [coder] } }";

#[tokio::test]
async fn applications_are_judged_by_argo_cds_own_words() {
    let sound = cluster().object(application("ohio.coder", 600, 1));
    assert_eq!(found(&stage(sound.clone(), &[]).await, ARGOCD, "{}").await, []);
    for (path, value, code) in [
        ("/status/sync/status", json!("OutOfSync"), "application-not-synced"),
        ("/status/health/status", json!("Degraded"), "application-not-healthy"),
        ("/status/operationState/phase", json!("Failed"), "sync-failed"),
        ("/status/operationState/phase", json!("Running"), "sync-under-way"),
        ("/status/reconciledAt", json!(super::ago(11)), "reconcile-stale"),
        ("/status/sync", json!(null), "application-not-compared"),
        ("/status/health", json!({}), "application-not-compared"),
    ] {
        let mut cluster = sound.clone();
        let object = cluster.object_mut("applications.argoproj.io", "argocd", "ohio.coder");
        *object.pointer_mut(path).expect(path) = value;
        assert_eq!(
            found(&stage(cluster, &[]).await, ARGOCD, "{}").await,
            some(code, "application/ohio.coder"),
            "{path}"
        );
    }
    let mut cluster = sound;
    let object = cluster.object_mut("applications.argoproj.io", "argocd", "ohio.coder");
    object["status"]["conditions"] = json!([{ "type": "ComparisonError", "message": "repository\nnot found" }]);
    assert_eq!(
        found(&stage(cluster, &[]).await, ARGOCD, "{}").await,
        some("application-not-compared", "application/ohio.coder")
    );
}

#[tokio::test]
async fn an_application_that_is_missing_is_no_pass() {
    let other = cluster().object(application("ohio.litellm", 600, 1));
    assert_eq!(
        found(&stage(other, &[]).await, ARGOCD, "{}").await,
        some("no-such-application", "application/ohio.coder")
    );
    let none = stage(cluster(), &[]).await;
    let all = "{ argocd: { namespace: argocd } }";
    assert_eq!(found(&none, all, "{}").await, some("nothing-compared", "applications in argocd"));
}

#[tokio::test]
async fn releases_are_judged_by_their_newest_version() {
    let sound = cluster().object(release("coder", 1, "superseded", 900)).object(release("coder", 2, "deployed", 600));
    assert_eq!(found(&stage(sound.clone(), &[]).await, HELM, "{}").await, []);
    for (status, minutes, code) in [
        ("failed", 60, "release-failed"),
        ("pending-upgrade", 60, "release-pending"),
        ("pending-rollback", 2, "release-under-way"),
        ("uninstalled", 60, "release-not-deployed"),
    ] {
        let cluster = sound.clone().object(release("coder", 3, status, minutes));
        assert_eq!(found(&stage(cluster, &[]).await, HELM, "{}").await, some(code, "release/coder"), "{status}");
    }
    let other = cluster().object(release("other", 1, "deployed", 60));
    assert_eq!(found(&stage(other, &[]).await, HELM, "{}").await, some("no-such-release", "release/coder"));
    let none = "{ helm: { all_namespaces: true } }";
    assert_eq!(
        found(&stage(cluster(), &[]).await, none, "{}").await,
        some("nothing-compared", "releases in all namespaces")
    );
}

#[tokio::test]
async fn no_value_of_a_release_leaves_the_cluster() {
    let stage = stage(cluster().object(release("coder", 1, "deployed", 60)), &[]).await;
    let (evidence, _) = look(&stage, HELM, "{}").await.expect("releases");
    assert!(!evidence.to_string().contains("SDRz"), "{evidence}");
    let asked = stage.world.requests();
    let secrets: Vec<_> = asked.iter().filter(|request| request.path.contains("/secrets")).collect();
    assert!(!secrets.is_empty());
}

#[tokio::test]
async fn who_may_not_list_them_does_not_pass() {
    let mut refused = cluster().object(application("ohio.coder", 600, 1)).object(release("coder", 1, "deployed", 60));
    refused.accounts =
        vec![Account::reader("token", "checker").deny(Grant::new(&["list"], &["applications.argoproj.io"]))];
    let stage = stage(refused, &[]).await;
    for (with, right) in
        [(ARGOCD, "list applications.argoproj.io in namespace argocd"), (HELM, "list secrets in namespace coder")]
    {
        let missing = look(&stage, with, "{}").await.expect_err("refused");
        assert_eq!(missing.why, Why::Forbidden);
        assert!(missing.detail.contains(right), "{missing}");
    }
}

#[tokio::test]
async fn no_fault_of_the_api_server_is_a_pass() {
    let sound = cluster().object(application("ohio.coder", 600, 1)).object(release("coder", 1, "deployed", 600));
    let stage = stage(sound, &[600]).await;
    let frozen = "{ unchanged: { since: { quiet_for: 1h }, argocd: { namespace: argocd }, workloads: { namespaces: [coder] } } }";
    for fault in [
        Fault::Refuse,
        Fault::TruncatedBody,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::WrongType,
        Fault::Status(403, None),
        Fault::Status(404, None),
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        for with in [ARGOCD, HELM, frozen] {
            let passes = look(&stage, with, "{}").await.is_ok_and(|(_, findings)| findings.is_empty());
            assert!(!passes, "{fault:?} {with}");
        }
    }
}
