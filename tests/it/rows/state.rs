//! Rows of `state.yaml`: what has changed, what hangs.

use super::Row;
use serde_json::json;

pub const ROWS: &[Row] = &[
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
        item: "releases@us-east-2",
        code: "release-pending",
        breaks: |state, _| {
            if let Some(cluster) = state.clusters.get_mut("us-east-2") {
                let release = cluster.object_mut("secrets", "coder", "sh.helm.release.v1.coder.v1");
                release["metadata"]["labels"]["status"] = json!("pending-upgrade");
            }
        },
    },
];
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30},
    web::Page,
};

pub const ROWS: &[Row] = &[
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
