//! What the builders of ordinary objects make.

use gonogo_world::kubernetes::{Cluster, Image, Kind, NodeStats, Unready};
use serde_json::{Value, json};

const DIGEST: &str = "sha256:9f2c000000000000000000000000000000000000000000000000000000000017";

fn cluster() -> Cluster {
    Cluster::new("uid-1").namespace("coder").node("ip-10-0-1-7", NodeStats::used(0.41)).node("n2", NodeStats::Hang)
}

fn pods(cluster: &Cluster) -> Vec<&Value> {
    cluster.all("pods").map(|(_, pod)| pod).collect()
}

#[test]
fn a_cluster_is_known_by_its_uid_and_can_turn_out_to_be_another() {
    let mut cluster = cluster();
    assert_eq!((cluster.uid(), cluster.token()), (Some("uid-1"), Some("token-uid-1")));
    cluster.set_uid("uid-2");
    assert_eq!(cluster.uid(), Some("uid-2"));
}

#[test]
fn a_deployment_of_six_with_four_ready_has_six_pods_of_which_four_are() {
    let cluster = cluster().deployment("coder", "coder", |it| {
        it.replicas = 6;
        it.ready = 4;
        it.unready = Unready::CrashLooping;
    });
    let ready = |pod: &&&Value| pod["status"]["containerStatuses"][0]["ready"] == true;
    assert_eq!((pods(&cluster).len(), pods(&cluster).iter().filter(ready).count()), (6, 4));
    let nodes: Vec<_> = pods(&cluster).iter().map(|pod| pod["spec"]["nodeName"].to_string()).collect();
    assert!(nodes.contains(&"\"n2\"".to_owned()) && nodes.contains(&"\"ip-10-0-1-7\"".to_owned()));
    let owner = &pods(&cluster)[0]["metadata"]["ownerReferences"][0];
    let (set, _) = cluster.all("replicasets.apps").next().expect("a ReplicaSet");
    assert_eq!((&owner["kind"], owner["name"].as_str()), (&json!("ReplicaSet"), Some(set.name.as_str())));
}

#[test]
fn zeros_are_left_out() {
    let cluster = cluster().deployment("coder", "coder", |it| {
        it.scale(3);
        it.ready = 0;
        it.unready = Unready::Unschedulable;
    });
    let (_, deployment) = cluster.all("deployments.apps").next().expect("a Deployment");
    let status = deployment["status"].as_object().expect("a status");
    assert!(!status.contains_key("readyReplicas") && !status.contains_key("availableReplicas"));
    assert_eq!((&status["replicas"], &status["unavailableReplicas"]), (&json!(3), &json!(3)));
    assert_eq!(status["conditions"][0]["status"], "False");
    assert!(
        pods(&cluster).iter().all(|pod| pod["status"]["phase"] == "Pending" && pod["spec"].get("nodeName").is_none())
    );
}

#[test]
fn a_workload_is_replaced_with_its_pods() {
    let mut cluster = cluster().deployment("coder", "coder", |it| it.scale(6));
    cluster.put_deployment("coder", "coder", |it| {
        it.scale(2);
        it.runs(&Image::new("coder", "ghcr.io/coder/coder-preview:next"));
    });
    assert_eq!((pods(&cluster).len(), cluster.all("replicasets.apps").count()), (2, 1));
}

#[test]
fn what_runs_is_written_as_containerd_does() {
    let cluster = cluster().deployment("coder", "coder", |it| {
        it.scale(3);
        it.runs(&Image::new("server", "registry.example.com:5000/coder:v1").at(DIGEST));
        it.stray(1, "sha256:41ab");
        it.init = vec![Image::new("setup", "ghcr.io/coder/setup:v1")];
        it.ephemeral = vec![Image::new("debugger", "busybox")];
    });
    let mut ids: Vec<_> = pods(&cluster)
        .iter()
        .map(|pod| pod["status"]["containerStatuses"][0]["imageID"].as_str().unwrap_or_default().to_owned())
        .collect();
    ids.sort();
    let usual = format!("registry.example.com:5000/coder@{DIGEST}");
    assert_eq!(ids, ["registry.example.com:5000/coder@sha256:41ab", &usual, &usual]);
    let pod = pods(&cluster)[0];
    assert_eq!(pod["spec"]["containers"][0]["name"], "server");
    assert_eq!(pod["status"]["initContainerStatuses"][0]["state"]["terminated"]["exitCode"], 0);
    assert!(
        pod["status"]["ephemeralContainerStatuses"][0]["imageID"]
            .as_str()
            .is_some_and(|id| id.starts_with("busybox@sha256:"))
    );
}

#[test]
fn a_statefulset_in_the_midst_of_a_rollout_has_two_revisions() {
    let revisions = |edit: fn(&mut gonogo_world::kubernetes::Workload)| {
        let cluster = cluster().statefulset("coder", "pg", edit);
        let (_, set) = cluster.all("statefulsets.apps").next().expect("a StatefulSet");
        (set["status"]["currentRevision"].clone(), set["status"]["updateRevision"].clone())
    };
    let (current, update) = revisions(|it| it.scale(3));
    assert_eq!(current, update);
    let (current, update) = revisions(|it| {
        it.scale(3);
        it.updated = Some(1);
    });
    assert_ne!(current, update);
    let cluster = cluster().statefulset("coder", "pg", |it| it.scale(2));
    let names: Vec<_> = cluster.all("pods").map(|(key, _)| key.name.as_str()).collect();
    assert_eq!(names, ["pg-0", "pg-1"]);
}

#[test]
fn a_node_named_after_its_address_has_it() {
    let cluster = cluster();
    let addresses: Vec<_> = cluster.all("nodes").map(|(_, node)| &node["status"]["addresses"][0]["address"]).collect();
    assert_eq!(addresses[0], "10.0.1.7");
}

#[test]
fn two_clusters_of_one_description_are_equal_byte_for_byte() {
    let made = || format!("{:?}", cluster().deployment("coder", "coder", |it| it.scale(4)).objects);
    assert_eq!(made(), made());
}

#[test]
fn a_custom_kind_is_served_once_it_is_said() {
    let widget = json!({ "kind": "Widget", "apiVersion": "absent.example/v1", "metadata": { "name": "a" } });
    let kind = Kind::clusterwide("absent.example", "v1", "widgets", "Widget");
    let cluster = cluster().serves(kind).object(widget);
    assert_eq!(cluster.all("widgets.absent.example").count(), 1);
}

#[test]
#[should_panic(expected = "a kind that the cluster serves")]
fn an_object_that_nobody_could_read_is_a_mistake_in_the_test() {
    let _ =
        cluster().object(json!({ "kind": "Widget", "apiVersion": "absent.example/v1", "metadata": { "name": "x" } }));
}

#[test]
fn a_daemonset_has_a_pod_on_every_node_and_says_what_each_asks_for() {
    let mut cluster = cluster();
    cluster.put_daemonset("kube-system", "kube-proxy", "100m", "32Mi");
    let nodes: Vec<_> = pods(&cluster).iter().map(|pod| pod["spec"]["nodeName"].clone()).collect();
    assert_eq!(nodes.len(), 2);
    let pod = pods(&cluster)[0];
    assert_eq!(pod["metadata"]["ownerReferences"][0]["kind"], "DaemonSet");
    assert_eq!(pod["spec"]["containers"][0]["resources"]["requests"]["cpu"], "100m");
    let (_, set) = cluster.all("daemonsets.apps").next().expect("a DaemonSet");
    assert_eq!((&set["status"]["numberReady"], &set["status"]["desiredNumberScheduled"]), (&json!(2), &json!(2)));
}

#[test]
fn a_node_pool_says_its_limits_and_what_its_nodes_take_and_one_without_limits_has_no_such_field() {
    let mut cluster = cluster();
    cluster.put_node_pool("endless", |_| {});
    cluster.put_node_pool("workspaces", |pool| {
        pool.limit("cpu", "64");
        pool.holds(3, 16);
        pool.is_joined = false;
    });
    let pools: Vec<&Value> = cluster.all("nodepools.karpenter.sh").map(|(_, pool)| pool).collect();
    assert!(pools[0]["spec"].get("limits").is_none());
    assert_eq!(pools[1]["spec"]["limits"], json!({ "cpu": "64" }));
    assert_eq!(pools[1]["status"]["resources"], json!({ "cpu": "48", "nodes": "3" }));
    let status = |kind: &str| {
        let conditions = pools[1]["status"]["conditions"].as_array().expect("conditions");
        conditions.iter().find(|condition| condition["type"] == kind).expect(kind)["status"].clone()
    };
    assert_eq!((status("Ready"), status("NodeRegistrationHealthy")), (json!("True"), json!("False")));
}

#[test]
fn a_quota_that_has_just_been_made_has_an_empty_status() {
    let mut cluster = cluster();
    cluster.put_quota("coder", "new", &json!({ "pods": "20" }), None);
    cluster.put_quota("coder", "old", &json!({ "pods": "20" }), Some(&json!({ "pods": "3" })));
    let status = |name: &str| {
        let (_, quota) = cluster.all("resourcequotas").find(|(key, _)| key.name == name).expect("a quota");
        quota["status"].clone()
    };
    assert_eq!(status("new"), json!({}));
    assert_eq!(status("old"), json!({ "hard": { "pods": "20" }, "used": { "pods": "3" } }));
}
