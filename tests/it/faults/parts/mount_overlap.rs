//! Mounts: every kind of workload, one kind alone.

use super::Part;
use gonogo_world::{State, System::Kubernetes, incidents::Times};
use serde_json::json;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "mounts",
        (Kubernetes, "mounts", ""),
        "probe: mount-overlap, sites: [{site}], with: { workloads: { namespace: app } }, expect: { at_least: 2 }",
    ),
    Part::new(
        "mounts-of-jobs",
        (Kubernetes, "mounts-of-jobs", "/jobs?"),
        "probe: mount-overlap, sites: [{site}], with: { workloads: { namespace: app, kinds: [deployments, jobs] } }",
    ),
];

/// A workload with two mounts in each of their clusters.
pub fn add(state: &mut State, _: Times) {
    for part in PARTS {
        let cluster = state.clusters.get_mut(part.name).expect("the part's cluster");
        cluster.put_deployment("app", "worker", |worker| {
            worker.mounts("cache", "/var/cache/app", json!({ "emptyDir": {} }));
            worker.mounts("work", "/work", json!({ "emptyDir": {} }));
        });
    }
}
