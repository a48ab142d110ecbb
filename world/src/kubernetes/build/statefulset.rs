//! `StatefulSets`: pods with numbers, and two revisions while a rollout goes on.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::workload::Workload;
use super::{put_count, suffix};

/// The `StatefulSet` and its pods.
pub(super) fn objects(workload: &Workload, since: Timestamp) -> Vec<Value> {
    let revision = revision(workload, &workload.image);
    let set = json!({
        "kind": "StatefulSet",
        "apiVersion": "apps/v1",
        "metadata": workload.metadata(&workload.name, &workload.all_labels()),
        "spec": {
            "replicas": workload.replicas,
            "selector": { "matchLabels": workload.selector() },
            "template": workload.template(),
            "serviceName": workload.name,
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": 0 } },
            "revisionHistoryLimit": 10,
        },
        "status": status(workload, &revision),
    });
    let owner = workload.owner("StatefulSet", "statefulsets.apps", &workload.name);
    let named = |ordinal| format!("{}-{ordinal}", workload.name);
    let mut objects = vec![set];
    objects.extend(workload.pods(&owner, ("controller-revision-hash", &revision), since, named));
    objects
}

fn status(workload: &Workload, newest: &str) -> Map<String, Value> {
    let there = workload.there();
    let updated = workload.updated.unwrap_or(there);
    let (current, still) =
        if updated < there { (revision(workload, "before"), there - updated) } else { (newest.to_owned(), there) };
    let mut status = workload.counts();
    // The API always writes these two, even when nothing runs.
    status.entry("replicas").or_insert(json!(0));
    status.entry("availableReplicas").or_insert(json!(0));
    put_count(&mut status, "currentReplicas", u64::from(still));
    status.insert("currentRevision".to_owned(), json!(current));
    status.insert("updateRevision".to_owned(), json!(newest));
    status.insert("collisionCount".to_owned(), json!(0));
    status
}

fn revision(workload: &Workload, content: &str) -> String {
    let hash = suffix(&[&workload.namespace, &workload.name, content], 10);
    format!("{}-{hash}", workload.name)
}
