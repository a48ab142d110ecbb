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
