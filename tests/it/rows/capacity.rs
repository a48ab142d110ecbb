//! Rows of `capacity.yaml`: room for the crowd.

use super::Row;
use gonogo_world::{
    State,
    coder::provisioning::Job,
    incidents::Times,
    incidents::workshop_2024_09_30::Cause,
    kubernetes::{Cluster, Key},
    litellm::Database,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const ROWS: &[Row] = &[
    Row {
        id: "D01",
        item: "node-storage@us-east-2",
        code: "storage-above-limit",
        breaks: |state, times| Cause::StorageFull.inject(state, times),
    },
    Row {
        id: "D02",
        item: "capacity@us-east-2",
        code: "disk-too-small",
        breaks: |state, times| Cause::StorageFull.inject(state, times),
    },
    Row {
        id: "D03",
        item: "pods-evicted@us-east-2",
        code: "expectation-not-met",
        breaks: |state, times| at_home(state, |cluster| cluster.put(pod("gone", "Failed", Some("Evicted"), times))),
    },
    Row {
        id: "D03",
        item: "pods-pending@us-east-2",
        code: "expectation-not-met",
        breaks: |state, times| at_home(state, |cluster| cluster.put(pod("waits", "Pending", None, times))),
    },
    Row {
        id: "D03",
        item: "node-pressure@us-east-2",
        code: "condition-not-met",
        breaks: |state, _| {
            each(state, "nodes", |node| {
                for condition in node["status"]["conditions"].as_array_mut().into_iter().flatten() {
                    if condition["type"] == "DiskPressure" {
                        condition["status"] = json!("True");
                    }
                }
            });
        },
    },
    Row {
        id: "D03",
        item: "pods-out-of-memory@us-east-2",
        code: "expectation-not-met",
        breaks: |state, times| {
            let ended = times.now - SignedDuration::from_hours(1);
            each(state, "pods", |pod| {
                pod["status"]["containerStatuses"][0]["lastState"] =
                    json!({ "terminated": { "exitCode": 137, "reason": "OOMKilled", "finishedAt": ended } });
            });
        },
    },
    Row {
        id: "D04",
        item: "workspace-bounds@us-east-2",
        code: "expectation-not-met",
        breaks: |state, _| {
            each(state, "limitranges", |range| {
                range["spec"]["limits"][0]["defaultRequest"]
                    .as_object_mut()
                    .map(|asks| asks.remove("ephemeral-storage"));
            });
        },
    },
    Row {
        id: "D05",
        item: "workspace-bounds@us-east-2",
        code: "expectation-not-met",
        breaks: |state, _| each(state, "limitranges", |range| range["spec"]["limits"][0]["max"]["cpu"] = json!("16")),
    },
    Row {
        id: "D06",
        item: "karpenter@us-east-2",
        code: "replicas-not-ready",
        breaks: |state, _| {
            at_home(state, |cluster| {
                let karpenter = cluster.object_mut("deployments.apps", "karpenter", "karpenter");
                for count in ["readyReplicas", "availableReplicas"] {
                    karpenter["status"][count] = json!(0);
                }
            });
        },
    },
    Row {
        id: "D06",
        item: "karpenter-restarts@us-east-2",
        code: "expectation-not-met",
        breaks: |state, times| {
            let ended = times.now - jiff::SignedDuration::from_hours(1);
            each(state, "pods", |pod| {
                if pod["metadata"]["namespace"] == "karpenter" {
                    pod["status"]["containerStatuses"][0]["restartCount"] = json!(3);
                    pod["status"]["containerStatuses"][0]["lastState"] =
                        json!({ "terminated": { "exitCode": 1, "reason": "Error", "finishedAt": ended } });
                }
            });
        },
    },
    Row {
        id: "D07",
        item: "node-pools@us-east-2",
        code: "condition-not-met",
        breaks: |state, _| each(state, "nodepools.karpenter.sh", |pool| set_condition(pool, "Ready", "False")),
    },
    Row {
        id: "D07",
        item: "node-pools@us-east-2",
        code: "expectation-not-met",
        breaks: |state, _| {
            at_home(state, |cluster| {
                let mut other = cluster.object_mut("nodepools.karpenter.sh", "", "coder-workspace").clone();
                other["metadata"]["name"] = json!("system");
                cluster.remove("nodepools.karpenter.sh", "", "coder-workspace");
                cluster.put(other);
            });
        },
    },
    Row {
        id: "D08",
        item: "node-claims@us-east-2",
        code: "expectation-not-met",
        breaks: |state, _| {
            each(state, "nodeclaims.karpenter.sh", |claim| set_condition(claim, "Initialized", "Unknown"));
        },
    },
    // Made five days ago; the workshop is in two days.
    Row {
        id: "D09",
        item: "node-changes@us-east-2",
        code: "node-expires-in-window",
        breaks: |state, _| {
            each(state, "nodeclaims.karpenter.sh", |claim| claim["spec"]["expireAfter"] = json!("168h30m"));
        },
    },
    Row {
        id: "D10",
        item: "capacity@us-west-2",
        code: "no-room",
        breaks: |state, times| Cause::CapacityShort.inject(state, times),
    },
    Row {
        id: "D11",
        item: "vcpu-quota@us-east-2",
        code: "quota-exceeded",
        breaks: |state, _| {
            for region in state.aws.regions.values_mut() {
                region.services.quotas.values_mut().for_each(|quota| quota.applied = Some(8.0));
            }
        },
    },
    Row {
        id: "D12",
        item: "provisioners@us-east-2",
        code: "too-few-replicas",
        breaks: |state, times| Cause::TooFewProvisioners.inject(state, times),
    },
    Row {
        id: "D12",
        item: "provisioners-of-experiment@us-east-2",
        code: "too-few-replicas",
        breaks: |state, _| scale(state, "coder-ws-experiment", "coder-provisioner", 1),
    },
    Row {
        id: "D12",
        item: "provisioners-of-demo@us-east-2",
        code: "no-such-workload",
        breaks: |state, _| {
            at_home(state, |cluster| cluster.remove("deployments.apps", "coder-ws-demo", "coder-provisioner"));
        },
    },
    Row {
        id: "D13",
        item: "provisioner-daemons",
        code: "too-few-provisioners",
        breaks: |state, _| {
            // They died two minutes ago; their rows stay for a week.
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            for daemon in &mut coder.daemons[..4] {
                daemon.seen = Some(SignedDuration::from_mins(2));
            }
        },
    },
    Row {
        id: "D13",
        item: "provisioner-daemons",
        code: "version-differs",
        breaks: |state, _| {
            let demo = state.coder.provisioning.organization_mut("demo").expect("an organisation");
            "v2.20.0-devel+9d01e77".clone_into(&mut demo.daemons[0].version);
        },
    },
    Row {
        id: "D14",
        item: "provisioner-daemons",
        code: "job-without-provisioner",
        breaks: |state, _| {
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            coder.jobs.push(Job::waiting(1, SignedDuration::from_mins(3), &[("region", "us-west-2")]));
        },
    },
    Row { id: "D14", item: "provisioner-daemons", code: "job-orphaned", breaks: orphan },
    Row { id: "F07", item: "provisioner-daemons", code: "job-orphaned", breaks: orphan },
    Row {
        id: "D15",
        item: "gateway@us-east-2",
        code: "too-few-replicas",
        breaks: |state, _| scale(state, "litellm", "litellm", 2),
    },
    Row {
        id: "D16",
        item: "gateway-health",
        code: "database-not-connected",
        breaks: |state, _| {
            for gateway in state.litellm.values_mut() {
                gateway.database = Database::NotConnected;
            }
        },
    },
    Row {
        id: "D16",
        item: "gateway-health",
        code: "model-missing",
        breaks: |state, _| {
            for gateway in state.litellm.values_mut() {
                gateway.models.retain(|model| model != "claude-haiku");
            }
        },
    },
    Row {
        id: "D17",
        item: "servers@us-east-2",
        code: "too-few-replicas",
        breaks: |state, _| scale(state, "coder", "coder", 1),
    },
    Row {
        id: "D18",
        item: "capacity@us-east-2",
        code: "no-room",
        breaks: |state, times| Cause::CapacityShort.inject(state, times),
    },
    Row {
        id: "D19",
        item: "capacity@us-east-2",
        code: "quota-too-small",
        breaks: |state, _| {
            at_home(state, |cluster| {
                cluster.put_quota("coder-ws", "pods", &json!({ "pods": "12" }), Some(&json!({ "pods": "10" })));
            });
        },
    },
    Row {
        id: "D20",
        item: "storage-class@us-east-2",
        code: "expectation-not-met",
        breaks: |state, _| {
            each(state, "storageclasses.storage.k8s.io", |class| {
                class["metadata"]["annotations"] = json!({ "storageclass.kubernetes.io/is-default-class": "true" });
            });
        },
    },
];

/// Changes the server's cluster.
fn at_home(state: &mut State, change: impl FnOnce(&mut Cluster)) {
    if let Some(cluster) = state.clusters.get_mut("us-east-2") {
        change(cluster);
    }
}

/// Changes every object of a resource there.
fn each(state: &mut State, resource: &str, change: impl Fn(&mut Value)) {
    at_home(state, |cluster| {
        let keys: Vec<Key> = cluster.all(resource).map(|(key, _)| key.clone()).collect();
        for key in keys {
            change(cluster.object_mut(resource, &key.namespace, &key.name));
        }
    });
}

fn pod(name: &str, phase: &str, reason: Option<&str>, times: &Times) -> Value {
    let made = times.now - jiff::SignedDuration::from_mins(10);
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": "coder-ws", "creationTimestamp": made },
        "spec": { "containers": [{ "name": "dev", "image": "x" }] }, "status": { "phase": phase, "reason": reason } })
}

fn set_condition(object: &mut Value, kind: &str, status: &str) {
    let conditions = object["status"]["conditions"].as_array_mut().into_iter().flatten();
    for condition in conditions.filter(|condition| condition["type"] == kind) {
        condition["status"] = json!(status);
    }
}

fn scale(state: &mut State, namespace: &str, name: &str, replicas: u32) {
    at_home(state, |cluster| {
        let deployment = cluster.object_mut("deployments.apps", namespace, name);
        deployment["spec"]["replicas"] = json!(replicas);
        for count in ["replicas", "readyReplicas", "availableReplicas", "updatedReplicas"] {
            deployment["status"][count] = json!(replicas);
        }
    });
}

/// A job whose provisioner is no longer there.
fn orphan(state: &mut State, _: &Times) {
    let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
    let job = Job::waiting(1, SignedDuration::from_mins(3), &[("region", "us-east-2")]);
    coder.jobs.push(job.taken_by("d0000000-0000-4000-8000-00000000dead"));
}
