//! What Argo CD has deployed in every region: synced and healthy, last deployed weeks before the workshop.
//!
//! Applications are named `<region>.<app>` in the namespace `argocd`, as the platform's repository names them.

use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::super::minutes_ago;
use super::{PLACES, SERVER, Times, ago};
use crate::kubernetes::Cluster;
use crate::state::State;

/// The namespace of the Applications.
const NAMESPACE: &str = "argocd";
/// What is deployed where the server is, besides what is everywhere.
const BESIDE_THE_SERVER: [(&str, &str); 2] = [("coder-provisioner", "coder-ws"), ("litellm", "litellm")];

/// Adds the Applications of every region.
pub(super) fn add(state: &mut State, times: Times) {
    for place in PLACES {
        let Some(cluster) = state.clusters.get_mut(place.region) else {
            continue;
        };
        let taken = std::mem::replace(cluster, Cluster::new(""));
        *cluster = taken.namespace(NAMESPACE);
        cluster.put(application(place.region, ("coder", place.namespace), times));
        if place.region == SERVER.region {
            for app in BESIDE_THE_SERVER {
                cluster.put(application(place.region, app, times));
            }
        }
    }
}

fn application(region: &str, (app, namespace): (&str, &str), times: Times) -> Value {
    let revision = "470fabc0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6";
    let source = json!({
        "repoURL": "https://github.com/coder/ai.coder.com", "path": format!("charts/{app}"), "targetRevision": "main",
    });
    let deployed = second(ago(times, 20));
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": { "name": format!("{region}.{app}"), "namespace": NAMESPACE, "generation": 1 },
        "spec": {
            "project": "default", "source": source,
            "destination": { "server": "https://kubernetes.default.svc", "namespace": namespace },
        },
        "status": {
            "sync": { "status": "Synced", "revision": revision },
            "health": { "status": "Healthy" },
            "reconciledAt": second(minutes_ago(times, 2)),
            "history": [{ "id": 0, "revision": revision, "source": source, "deployStartedAt": deployed, "deployedAt": deployed }],
            "operationState": {
                "phase": "Succeeded", "message": "successfully synced (all tasks run)",
                "startedAt": deployed, "finishedAt": deployed,
            },
        },
    })
}

/// A time as the API writes it: whole seconds.
fn second(time: Timestamp) -> String {
    time.round(Unit::Second).unwrap_or(time).to_string()
}
