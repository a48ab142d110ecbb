//! Rows of `state.yaml`: what has changed, what hangs.

use super::Row;
use gonogo_world::{State, incidents::Times};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const ROWS: &[Row] = &[
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
];

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
