//! Deployments, with the `ReplicaSet` between them and their pods.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::pod::random_name;
use super::workload::{Progress, Workload};
use super::{put_count, second, suffix};

/// The Deployment, its `ReplicaSet` and its pods.
pub(super) fn objects(workload: &Workload, since: Timestamp) -> Vec<Value> {
    let revision = suffix(&[&workload.namespace, &workload.name, &workload.image], 10);
    let set = format!("{}-{revision}", workload.name);
    let mut metadata = workload.metadata(&workload.name, &workload.all_labels());
    metadata["annotations"] = json!({ "deployment.kubernetes.io/revision": "1" });
    let mut status = workload.counts();
    let wanting = workload.replicas.max(workload.there()).saturating_sub(workload.available());
    put_count(&mut status, "unavailableReplicas", u64::from(wanting));
    status.insert("conditions".to_owned(), conditions(workload, &set, since));
    let deployment = json!({
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": metadata,
        "spec": {
            "replicas": workload.replicas,
            "selector": { "matchLabels": workload.selector() },
            "template": workload.template(),
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": "25%", "maxSurge": "25%" } },
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
        },
        "status": status,
    });
    let owner = workload.owner("ReplicaSet", "replicasets.apps", &set);
    let mut objects = vec![deployment, replicaset(workload, &set, &revision)];
    let named = |ordinal| random_name(&set, &workload.namespace, ordinal);
    objects.extend(workload.pods(&owner, ("pod-template-hash", &revision), since, named));
    objects
}

fn replicaset(workload: &Workload, name: &str, revision: &str) -> Value {
    let mut labels = workload.all_labels();
    labels.insert("pod-template-hash".to_owned(), json!(revision));
    let mut metadata = workload.metadata(name, &labels);
    metadata["ownerReferences"] = json!([workload.owner("Deployment", "deployments.apps", &workload.name)]);
    let mut status = workload.counts();
    status.shift_remove("updatedReplicas");
    status.entry("replicas").or_insert(json!(0));
    put_count(&mut status, "fullyLabeledReplicas", u64::from(workload.there()));
    let mut selector = workload.selector();
    selector.insert("pod-template-hash".to_owned(), json!(revision));
    json!({
        "kind": "ReplicaSet",
        "apiVersion": "apps/v1",
        "metadata": metadata,
        "spec": {
            "replicas": workload.replicas,
            "selector": { "matchLabels": selector },
            "template": workload.template(),
        },
        "status": status,
    })
}

fn conditions(workload: &Workload, set: &str, since: Timestamp) -> Value {
    // A quarter may be missing, rounded down; then a Deployment still says that it is available.
    let is_available = workload.available() >= workload.replicas - workload.replicas / 4;
    let (is_progressing, why, words) = match workload.progress {
        Progress::Complete => ("True", "NewReplicaSetAvailable", "has successfully progressed."),
        Progress::Underway => ("True", "ReplicaSetUpdated", "is progressing."),
        Progress::DeadlineExceeded => ("False", "ProgressDeadlineExceeded", "has timed out progressing."),
    };
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind,
            "status": status,
            "lastUpdateTime": second(since),
            "lastTransitionTime": second(since),
            "reason": reason,
            "message": message,
        })
    };
    let available = if is_available {
        condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    } else {
        condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    };
    json!([available, condition("Progressing", is_progressing, why, &format!("ReplicaSet \"{set}\" {words}"))])
}
