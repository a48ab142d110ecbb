//! What changed since a time, in the world's cluster and at its GitHub.

use super::{UID, application, cluster, found, look, release, some, stage};
use gonogo_world::{
    Fault, Rule, System,
    kubernetes::{Account, Grant},
};
use serde_json::{Value, json};
use std::fs;

fn with(sources: &str) -> String {
    format!("{{ unchanged: {{ since: {{ quiet_for: 1d }}, {sources} }} }}")
}

const WORKLOADS: &str = "workloads: { namespaces: [coder] }";
const PUSHES: &str = "pushes: { connection: github, repository: acme/estate }";

/// A report that was GO so many minutes ago.
fn report(minutes: i64) -> Value {
    json!({
        "schema": "gonogo/report/1", "verdict": "go", "event": { "name": "Launch", "ends": super::ago(-3000) },
        "items": [{ "id": "frozen@ohio", "probe": "drift", "severity": "required", "outcome": "pass", "findings": [] }],
        "run": { "looked_at": super::ago(minutes), "is_as_if": false, "is_interrupted": false, "is_cut_short": false },
    })
}

#[tokio::test]
async fn what_was_left_alone_passes() {
    let sound = cluster().object(application("ohio.coder", 3000, 1)).object(release("coder", 1, "deployed", 3000));
    let stage = stage(sound, &[3000, 9000]).await;
    let all = with(&format!("argocd: {{ namespace: argocd }}, helm: {{ namespace: coder }}, {WORKLOADS}, {PUSHES}"));
    assert_eq!(found(&stage, &all, "{}").await, []);
}

#[tokio::test]
async fn a_deployment_a_release_and_a_push_after_it_are_found() {
    let changed = cluster().object(application("ohio.coder", 30, 1)).object(release("coder", 1, "deployed", 30));
    let stage = stage(changed, &[30, 9000]).await;
    assert_eq!(
        found(&stage, &with("argocd: { namespace: argocd }"), "{}").await,
        some("changed-since", "application/ohio.coder")
    );
    assert_eq!(found(&stage, &with("helm: { namespace: coder }"), "{}").await, some("changed-since", "release/coder"));
    let pushes = found(&stage, &with(PUSHES), "{}").await;
    assert_eq!((pushes.len(), pushes[0].0), (1, "changed-since"));
}

#[tokio::test]
async fn a_hand_at_a_workload_is_found_and_a_controllers_is_not() {
    let writes = |manager: &str, subresource: &str| {
        let mut cluster = cluster();
        let object = cluster.object_mut("deployments.apps", "coder", "web");
        let fields = object["metadata"]["managedFields"].as_array_mut().expect("writers");
        fields.push(
            json!({ "manager": manager, "operation": "Update", "time": super::ago(30), "subresource": subresource }),
        );
        cluster
    };
    for (manager, subresource, is_found) in [
        ("kubectl-edit", "", true),
        ("kubectl", "scale", true),
        ("kube-controller-manager", "", false),
        ("anything", "status", false),
    ] {
        let stage = stage(writes(manager, subresource), &[]).await;
        let wanted = if is_found { some("changed-since", "deployment/web") } else { Vec::new() };
        assert_eq!(found(&stage, &with(WORKLOADS), "{}").await, wanted, "{manager} {subresource}");
    }
    let stage = stage(writes("keda-operator", ""), &[]).await;
    for ignored in ["ignore_writers: [keda-*]", "ignore: [deployment/web]"] {
        let with = with(&format!("workloads: {{ namespaces: [coder], {ignored} }}"));
        let found = found(&stage, &with, "{}").await;
        assert!(!found.iter().any(|(code, _)| *code == "changed-since"), "{ignored}: {found:?}");
    }
}

#[tokio::test]
async fn an_application_is_as_old_as_its_last_deployment_or_operation() {
    let with = with("argocd: { namespace: argocd }");
    let changed = |code| some(code, "application/ohio.coder");
    for (history, operation, wanted) in [
        (json!([]), json!({ "phase": "Succeeded", "finishedAt": super::ago(30) }), changed("changed-since")),
        (
            json!([{ "deployedAt": super::ago(3000) }]),
            json!({ "finishedAt": super::ago(30) }),
            changed("changed-since"),
        ),
        (json!([{ "deployedAt": super::ago(3000) }]), json!({ "finishedAt": super::ago(3000) }), Vec::new()),
        (json!([]), json!({ "phase": "Running", "startedAt": super::ago(2) }), changed("changed-since")),
        (json!([]), Value::Null, changed("change-undated")),
    ] {
        let mut written = application("ohio.coder", 3000, 1);
        written["status"]["history"] = history;
        written["status"]["operationState"] = operation;
        let case = written["status"].to_string();
        assert_eq!(found(&stage(cluster().object(written), &[]).await, &with, "{}").await, wanted, "{case}");
    }
}

#[tokio::test]
async fn what_is_expected_and_not_there_is_no_quiet_source() {
    let sound = cluster().object(application("ohio.coder", 3000, 1)).object(release("coder", 1, "deployed", 3000));
    let stage = stage(sound, &[]).await;
    let found = |sources: &'static str| async { found(&stage, &with(sources), "{}").await };
    assert_eq!(
        found("argocd: { namespace: argocd, expected: [ohio.coder, ohio.gone] }").await,
        some("no-such-application", "application/ohio.gone")
    );
    assert_eq!(
        found("helm: { namespace: coder, expected: [coder, gone] }").await,
        some("no-such-release", "release/gone")
    );
}

#[tokio::test]
async fn a_configmap_that_does_not_say_who_wrote_it_is_unknown() {
    let mut cluster = cluster();
    cluster.object_mut("configmaps", "coder", "settings")["metadata"]["managedFields"] = json!([]);
    assert_eq!(
        found(&stage(cluster, &[]).await, &with(WORKLOADS), "{}").await,
        some("change-undated", "configmap/settings")
    );
}

#[tokio::test]
async fn nothing_to_look_at_is_no_pass() {
    let stage = stage(cluster().namespace("idle"), &[]).await;
    for (sources, subject) in [
        ("workloads: { namespaces: [idle] }", "workloads in idle"),
        ("workloads: { namespaces: [nowhere] }", "workloads in nowhere"),
        ("argocd: { namespace: argocd }", "applications in argocd"),
        ("helm: { all_namespaces: true }", "releases"),
        (PUSHES, "pushes to main of acme/estate"),
    ] {
        assert_eq!(found(&stage, &with(sources), "{}").await, some("nothing-compared", subject), "{sources}");
    }
}

#[tokio::test]
async fn only_a_whole_go_is_a_baseline() {
    let stage = stage(cluster(), &[]).await;
    let since = format!("{{ unchanged: {{ since: {{ report: last-go.json }}, {WORKLOADS} }} }}");
    let write = |report: &Value| fs::write(stage.path().join("last-go.json"), report.to_string()).expect("a report");
    assert_eq!(found(&stage, &since, "{}").await, some("no-baseline", "report last-go.json"));
    write(&report(60));
    assert_eq!(found(&stage, &since, "{}").await, []);
    // The workloads were made two days ago, so after that GO.
    write(&report(4 * 24 * 60));
    assert_eq!(found(&stage, &since, "{}").await[0].0, "changed-since");
    let mut no_go = report(60);
    no_go["items"][0]["outcome"] = json!("fail");
    write(&no_go);
    assert_eq!(found(&stage, &since, "{}").await, some("no-baseline", "report last-go.json"));
    write(&report(-60));
    assert_eq!(found(&stage, &since, "{}").await, some("no-baseline", "report last-go.json"));
}

#[tokio::test]
async fn what_may_not_be_read_is_said_beside_the_rest() {
    let mut cluster = cluster();
    cluster.accounts = vec![Account::reader("token", "checker").deny(Grant::new(&["list"], &["configmaps"]))];
    let changed = stage(cluster, &[30]).await;
    let found = found(&changed, &with(&format!("{WORKLOADS}, {PUSHES}")), "{}").await;
    assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["forbidden", "changed-since"]);
    assert!(UID.len() > 8);
}

#[tokio::test]
async fn no_fault_of_github_is_a_branch_that_was_left_alone() {
    let stage = stage(cluster(), &[3000]).await;
    for fault in [
        Fault::Refuse,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::WrongType,
        Fault::Status(401, None),
        Fault::Status(404, None),
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.world.inject(Rule::on(System::Github, fault)).expect("a rule");
        let (_, findings) = look(&stage, &with(PUSHES), "{}").await.expect("a part that could not be read");
        assert_eq!(findings.len(), 1, "{fault:?}");
        assert_ne!(findings[0].code, "changed-since");
    }
}
