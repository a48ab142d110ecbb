//! Helm's releases, jobs and Argo CD's operations.

use super::{ago, application, cluster, found, job, look, release, seen, some, stage};
use gonogo_checks::contract::Why;
use gonogo_world::kubernetes::Account;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const HELM: &str = "{ helm: { namespace: coder } }";

fn before(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn only_the_newest_version_of_a_release_counts_and_by_number() {
    let cluster = cluster()
        .object(release("coder", 9, "pending-upgrade", before(900)))
        .object(release("coder", 10, "deployed", before(600)))
        .object(release("litellm", 1, "deployed", before(900)));
    let stage = stage(cluster).await;
    assert_eq!(found(&stage, HELM, "{}").await, []);
    for (version, status, minutes, wanted) in [
        (11, "pending-upgrade", 45, some("release-pending", "release/coder")),
        (12, "pending-rollback", 1, some("release-under-way", "release/coder")),
        (13, "uninstalling", 45, some("release-pending", "release/coder")),
        (14, "failed", 45, vec![]),
    ] {
        stage.world.edit(|state| {
            state.clusters.get_mut("ohio").expect("ohio").put(release("coder", version, status, before(minutes)));
        });
        assert_eq!(found(&stage, HELM, "{}").await, wanted, "{status}");
    }
    assert_eq!(found(&stage, "{ helm: { all_namespaces: true, releases: ['lite*'] } }", "{}").await, []);
    assert_eq!(
        found(&stage, "{ helm: { namespace: coder, releases: [lite] } }", "{}").await,
        some("no-such-lock", "releases lite")
    );
}

#[tokio::test]
async fn a_release_without_its_labels_is_newer_than_all_and_unreadable() {
    let mut broken = release("coder", 3, "deployed", before(5));
    broken["metadata"]["labels"].as_object_mut().expect("labels").remove("version");
    let stage = stage(cluster().object(release("coder", 2, "deployed", before(90))).object(broken)).await;
    assert_eq!(found(&stage, HELM, "{}").await, some("lock-unreadable", "release/coder"));
}

#[tokio::test]
async fn no_value_of_a_release_leaves_the_cluster_or_stands_in_the_evidence() {
    let stage = stage(cluster().object(release("coder", 1, "pending-install", before(60)))).await;
    let (evidence, _, _) = seen(&stage, HELM).await;
    assert!(
        evidence.to_string().contains("pending-install") && !evidence.to_string().contains("SDRzSUFB"),
        "{evidence}"
    );
    let asked: Vec<String> = stage.world.requests().iter().map(|asked| asked.path.clone()).collect();
    assert!(asked.iter().any(|path| path.contains("labelSelector=owner%3Dhelm")), "{asked:?}");
    stage
        .world
        .edit(|state| state.clusters.get_mut("ohio").expect("ohio").accounts[0] = Account::reader("token", "checker"));
    let missing = look(&stage, HELM, "{}").await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("list secrets in namespace coder"), "{missing}");
}

#[tokio::test]
async fn a_job_ends_by_a_condition_and_by_nothing_else() {
    let true_of = |kind: &str| json!([{ "type": kind, "status": "True" }]);
    let (none, spec) = (json!({}), json!({ "completions": 1 }));
    let status = |conditions: serde_json::Value| json!({ "startTime": ago(90), "conditions": conditions, "failed": 1 });
    let stage = stage(
        cluster()
            .object(job("completed", &none, &spec, &status(true_of("Complete"))))
            .object(job("failed", &none, &spec, &status(true_of("Failed"))))
            .object(job("young", &none, &spec, &json!({ "startTime": ago(3), "active": 1 }))),
    )
    .await;
    let with = "{ jobs: { namespace: coder, duplicate_by: saga } }";
    assert_eq!(found(&stage, with, "{}").await, []);
    for (name, spec, status, wanted) in [
        ("hanging", &spec, json!({ "startTime": ago(90) }), some("job-unfinished", "job/hanging")),
        ("failing", &spec, status(true_of("FailureTarget")), some("job-unfinished", "job/failing")),
        (
            "not-failed",
            &spec,
            status(json!([{ "type": "Failed", "status": "False" }])),
            some("job-unfinished", "job/not-failed"),
        ),
        ("waiting", &json!({ "suspend": true }), json!({}), some("job-suspended", "job/waiting")),
    ] {
        stage.world.edit(|state| state.clusters.get_mut("ohio").expect("ohio").put(job(name, &none, spec, &status)));
        assert_eq!(found(&stage, with, "{}").await, wanted);
        stage.world.edit(|state| state.clusters.get_mut("ohio").expect("ohio").remove("jobs.batch", "coder", name));
    }
    stage.world.edit(|state| {
        let ohio = state.clusters.get_mut("ohio").expect("ohio");
        for name in ["pending", "running"] {
            ohio.put(job(name, &json!({ "saga": "saga-42" }), &spec, &json!({ "startTime": ago(3), "active": 1 })));
        }
        ohio.put(job("done", &json!({ "saga": "saga-42" }), &spec, &status(true_of("Complete"))));
    });
    assert_eq!(found(&stage, with, "{}").await, some("work-listed-twice", "saga-42"));
}

#[tokio::test]
async fn an_operation_that_runs_for_too_long_holds_its_application() {
    let operation = |phase: &str, minutes| json!({ "operationState": { "phase": phase, "startedAt": ago(minutes), "operation": { "initiatedBy": { "automated": true } } } });
    let stage =
        stage(cluster().object(application("a", &operation("Succeeded", 90))).object(application("b", &json!({}))))
            .await;
    let with = "{ argo: { namespace: coder } }";
    assert_eq!(found(&stage, with, "{}").await, []);
    let running = json!({ "operationState": { "phase": "Running" } });
    for (status, wanted) in [
        (operation("Running", 3), vec![]),
        (operation("Running", 45), some("held-too-long", "application/a")),
        (operation("Terminating", 45), some("held-too-long", "application/a")),
        (running, some("lock-unreadable", "application/a")),
    ] {
        stage.world.edit(|state| state.clusters.get_mut("ohio").expect("ohio").put(application("a", &status)));
        assert_eq!(found(&stage, with, "{}").await, wanted, "{status}");
    }
}

#[tokio::test]
async fn a_cluster_without_argo_cd_is_unknown_and_not_free() {
    let mut cluster = cluster();
    cluster.kinds.retain(|kind| kind.group != "argoproj.io");
    let missing = look(&stage(cluster).await, "{ argo: { namespace: coder } }", "{ none_expected: true }")
        .await
        .expect_err("no such kind");
    assert_eq!(missing.why, Why::NotFound);
}
