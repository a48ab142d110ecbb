//! `DaemonSets`, with a pod on every node that is there.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{second, suffix, uid};

/// The `DaemonSet` and its pods, each of which asks for so much.
pub(super) fn objects(
    namespace: &str,
    name: &str,
    (cpu, memory): (&str, &str),
    nodes: &[String],
    since: Timestamp,
) -> Vec<Value> {
    let labels = json!({ "app.kubernetes.io/name": name });
    let image = format!("registry.example.com/{name}:v1");
    let spec = json!({
        "containers": [{
            "name": name,
            "image": image,
            "resources": { "requests": { "cpu": cpu, "memory": memory } },
            "imagePullPolicy": "IfNotPresent",
        }],
        "restartPolicy": "Always",
        "tolerations": [{ "operator": "Exists" }],
    });
    let count = nodes.len();
    let set = json!({
        "kind": "DaemonSet",
        "apiVersion": "apps/v1",
        "metadata": { "name": name, "namespace": namespace, "generation": 1, "labels": labels },
        "spec": {
            "selector": { "matchLabels": labels },
            "template": { "metadata": { "labels": labels }, "spec": spec },
            "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 0 } },
            "revisionHistoryLimit": 10,
        },
        "status": {
            "currentNumberScheduled": count, "desiredNumberScheduled": count, "numberAvailable": count,
            "numberMisscheduled": 0, "numberReady": count, "observedGeneration": 1, "updatedNumberScheduled": count,
        },
    });
    let pod = |node: &String| {
        let mut spec = spec.clone();
        spec["nodeName"] = json!(node);
        json!({
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {
                "name": format!("{name}-{}", suffix(&[namespace, name, node], 5)),
                "namespace": namespace,
                "generation": 1,
                "labels": labels,
                "ownerReferences": [{
                    "apiVersion": "apps/v1",
                    "kind": "DaemonSet",
                    "name": name,
                    "uid": uid(&["daemonsets.apps", namespace, name]),
                    "controller": true,
                    "blockOwnerDeletion": true,
                }],
            },
            "spec": spec,
            "status": status(name, &image, since),
        })
    };
    std::iter::once(set).chain(nodes.iter().map(pod)).collect()
}

fn status(name: &str, image: &str, since: Timestamp) -> Value {
    let condition = |kind: &str| json!({ "type": kind, "status": "True", "lastTransitionTime": second(since) });
    let conditions = ["PodScheduled", "Initialized", "Ready", "ContainersReady"].map(condition);
    json!({
        "phase": "Running",
        "conditions": conditions,
        "startTime": second(since),
        "containerStatuses": [{
            "name": name,
            "state": { "running": { "startedAt": second(since) } },
            "lastState": {},
            "ready": true,
            "restartCount": 0,
            "image": image,
            "imageID": super::pod::image_id(image, &format!("sha256:{}", super::hash(&[image]))),
        }],
        "qosClass": "Burstable",
    })
}
