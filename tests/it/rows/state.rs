//! Rows of `state.yaml`: what has changed, what hangs.

use super::Row;
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30},
    web::Page,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const ROWS: &[Row] = &[
    Row {
        id: "F02",
        item: "estate-drift",
        code: "drifted",
        breaks: |state, _| _ = state.drifted.insert("estate-drift".to_owned()),
    },
    Row {
        id: "F03",
        item: "applications@us-west-2",
        code: "application-not-synced",
        breaks: |state, _| application(state)["status"]["sync"]["status"] = json!("OutOfSync"),
    },
    Row {
        id: "F03",
        item: "applications@us-west-2",
        code: "reconcile-stale",
        breaks: |state, times| application(state)["status"]["reconciledAt"] = ago(times, 60),
    },
    Row {
        id: "F03",
        item: "deployed@us-west-2",
        code: "release-pending",
        breaks: |state, times| {
            let labels =
                &mut of_west(state, "secrets", "coder-proxy", "sh.helm.release.v1.coder.v1")["metadata"]["labels"];
            labels["status"] = json!("pending-upgrade");
            labels["modifiedAt"] = json!((times.now - SignedDuration::from_hours(2)).as_second().to_string());
        },
    },
    Row {
        id: "F04",
        item: "frozen@us-west-2",
        code: "changed-since",
        breaks: |state, times| {
            let fields = &mut of_west(state, "deployments.apps", "coder-proxy", "coder")["metadata"]["managedFields"];
            let edit = json!({ "manager": "kubectl-edit", "operation": "Update", "time": ago(times, 6) });
            fields.as_array_mut().expect("writers").push(edit);
        },
    },
    Row {
        id: "F05",
        item: "mounts@us-east-2",
        code: "nested-mounts",
        breaks: |state, _| {
            if let Some(cluster) = state.clusters.get_mut("us-east-2") {
                let provisioner = cluster.object_mut("deployments.apps", "coder-ws", "coder-provisioner");
                provisioner["spec"]["template"]["spec"]["containers"][0]["volumeMounts"][0]["mountPath"] =
                    json!("/tmp/cache");
            }
        },
    },
    Row {
        id: "F07",
        item: "state-lock",
        code: "held-too-long",
        breaks: |state, times| {
            let held = json!({ "ID": "8a1f", "Operation": "OperationTypeApply", "Who": "ci@runner", "Created": ago(times, 120) });
            let since = times.now - SignedDuration::from_hours(2);
            let bucket = state.s3.get_mut("coder-workshop-tfstate").expect("the bucket");
            bucket.put("workshop/terraform.tfstate.tflock", &held.to_string(), since);
        },
    },
    Row {
        id: "F07",
        item: "releases@us-east-2",
        code: "release-pending",
        breaks: |state, _| {
            if let Some(cluster) = state.clusters.get_mut("us-east-2") {
                let release = cluster.object_mut("secrets", "coder", "sh.helm.release.v1.coder.v1");
                release["metadata"]["labels"]["status"] = json!("pending-upgrade");
            }
        },
    },
    Row { id: "F08", item: "runbook", code: "object-absent", breaks: no_provisioners },
    Row { id: "F08", item: "runbook", code: "namespace-absent", breaks: no_demo },
    Row { id: "H01", item: "runbook", code: "url-gone", breaks: |state, _| gone(state, "agenda") },
    Row { id: "H02", item: "runbook", code: "url-failing", breaks: |state, _| failing(state, "runbook") },
];

/// The provisioners run under another name than the runbook has.
fn no_provisioners(state: &mut State, _: &Times) {
    let cluster = state.clusters.get_mut("us-east-2").expect("the server's cluster");
    cluster.objects.retain(|key, _| key.resource != "deployments.apps" || key.name != "coder-provisioner");
}

fn no_demo(state: &mut State, _: &Times) {
    let cluster = state.clusters.get_mut("us-east-2").expect("the server's cluster");
    cluster.objects.retain(|key, _| key.resource != "namespaces" || key.name != "coder-ws-demo");
}

fn gone(state: &mut State, page: &str) {
    let site = state.web.get_mut(workshop_2024_09_30::HANDBOOK).expect("the handbook");
    site.pages.remove(&format!("/agentic-workshop/{page}"));
}

fn failing(state: &mut State, page: &str) {
    let site = state.web.get_mut(workshop_2024_09_30::HANDBOOK).expect("the handbook");
    site.pages.insert(format!("/agentic-workshop/{page}"), Page::text(500, "oh\n"));
}

/// Minutes before now, as the API writes a time.
fn ago(times: &Times, minutes: i64) -> Value {
    json!((times.now - SignedDuration::from_mins(minutes)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn of_west<'a>(state: &'a mut State, resource: &str, namespace: &str, name: &str) -> &'a mut Value {
    state.clusters.get_mut("us-west-2").expect("a cluster").object_mut(resource, namespace, name)
}

fn application(state: &mut State) -> &mut Value {
    of_west(state, "applications.argoproj.io", "argocd", "us-west-2.coder")
}
