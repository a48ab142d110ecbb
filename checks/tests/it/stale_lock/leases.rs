//! Leases and a platform's own lock: who holds them, and whether the holder lives.

use super::{UID, ago, cluster, found, lease, look, pod, seen, some, stage};
use gonogo_checks::contract::{Does, Why};
use gonogo_world::kubernetes::{Account, Cluster, Grant, NodeStats};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const WITH: &str = "{ leases: { namespace: coder } }";

#[tokio::test]
async fn a_leader_that_renews_passes_and_one_that_no_longer_does_is_dead() {
    let cluster = cluster();
    let holder = format!("{}_1b671a64-40d5-491e-99b0-da01ff1f3341", pod(&cluster));
    let spec = |renewed: i64| json!({ "holderIdentity": holder, "leaseDurationSeconds": 15, "acquireTime": ago(3000), "renewTime": ago(renewed) });
    let stage = stage(cluster.object(lease("coder", "leader", &spec(0)))).await;
    assert_eq!(found(&stage, WITH, "{}").await, []);
    for (renewed, expect, wanted) in [
        (20, "{}", some("lease-expired", "lease/leader")),
        (0, "{ counted_from: acquired }", some("held-too-long", "lease/leader")),
    ] {
        stage.world.edit(|state| {
            state.clusters.get_mut("ohio").expect("ohio").object_mut("leases.coordination.k8s.io", "coder", "leader")
                ["spec"] = spec(renewed);
        });
        assert_eq!(found(&stage, WITH, expect).await, wanted);
    }
}

#[tokio::test]
async fn a_holder_whose_pod_is_gone_ended_or_was_made_later_is_gone() {
    let spec = |holder: &str, taken: i64| json!({ "holderIdentity": holder, "leaseDurationSeconds": 7200, "acquireTime": ago(taken), "renewTime": ago(taken) });
    let base = cluster();
    let own = pod(&base);
    let stage = stage(base.object(lease("coder", "deployer", &spec(&own, 2)))).await;
    assert_eq!(found(&stage, WITH, "{}").await, []);
    let (_, moments, working) = seen(&stage, WITH).await;
    assert_eq!(
        moments.iter().map(|moment| (moment.does, moment.subject.as_str())).collect::<Vec<_>>(),
        [(Does::Ends, "lease/deployer")]
    );
    assert_eq!(working[0], "1 looked at, 1 held; at most 30 min from the last renewal to the look");
    assert!(working[1].starts_with("lease/deployer: 2 min ") && working[1].ends_with(" <= 30 min"), "{working:?}");
    let set = |holder: &str| {
        let spec = spec(holder, 2);
        stage.world.edit(|state| {
            state.clusters.get_mut("ohio").expect("ohio").object_mut(
                "leases.coordination.k8s.io",
                "coder",
                "deployer",
            )["spec"] = spec;
        });
    };
    set("coder-7d9c5b8f6d-x2k4z_1b671a64");
    let findings = look(&stage, WITH, "{}").await.expect("seen");
    assert_eq!(findings[0].code, "holder-gone");
    assert!(findings[0].seen.ends_with("no pod coder-7d9c5b8f6d-x2k4z in coder"), "{}", findings[0].seen);
    set(&own);
    for (field, value, words) in [
        ("/status/phase", json!("Failed"), "has ended: Failed"),
        (
            "/metadata/creationTimestamp",
            json!(Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            "was made later",
        ),
    ] {
        let before = stage.world.edit(|state| {
            let pod = state.clusters.get_mut("ohio").expect("ohio").object_mut("pods", "coder", &own);
            let before = pod.clone();
            *pod.pointer_mut(field).expect("a field") = value;
            before
        });
        let findings = look(&stage, WITH, "{}").await.expect("seen");
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["holder-gone"], "{field}");
        assert!(findings[0].seen.contains(words), "{}", findings[0].seen);
        stage
            .world
            .edit(|state| *state.clusters.get_mut("ohio").expect("ohio").object_mut("pods", "coder", &own) = before);
    }
}

#[tokio::test]
async fn a_machine_outside_the_cluster_is_not_called_dead() {
    let spec = json!({ "holderIdentity": "ip-172-16-1-2.us-east-2.compute.internal_1b671a64", "leaseDurationSeconds": 15, "acquireTime": ago(90), "renewTime": ago(0) });
    let stage = stage(cluster().object(lease("coder", "controller-manager", &spec))).await;
    assert_eq!(found(&stage, WITH, "{}").await, []);
    let as_pod = "{ leases: { namespace: coder, holder_is: pod } }";
    assert_eq!(found(&stage, as_pod, "{}").await, some("holder-gone", "lease/controller-manager"));
}

#[tokio::test]
async fn a_pod_in_its_nodes_network_holds_under_the_nodes_name() {
    let cluster = Cluster::new(UID).namespace("coder").node("worker-1", NodeStats::used(0.1));
    let spec = |node: &str| json!({ "holderIdentity": format!("{node}_1b671a64"), "leaseDurationSeconds": 600, "acquireTime": ago(5), "renewTime": ago(1) });
    let cluster = cluster.deployment("coder", "agent", |agent| agent.scale(1));
    let cluster =
        cluster.object(lease("coder", "own", &spec("worker-1"))).object(lease("coder", "other", &spec("worker-2")));
    let stage = stage(cluster).await;
    assert_eq!(found(&stage, WITH, "{}").await, some("holder-gone", "lease/other"));
}

#[tokio::test]
async fn a_node_that_holds_is_looked_up_by_its_name() {
    let spec = |node: &str| json!({ "holderIdentity": node, "acquireTime": ago(5) });
    let stage = stage(
        cluster().node("node-1", NodeStats::used(0.1)).object(lease("coder", "a", &spec("node-1"))).object(lease(
            "coder",
            "b",
            &spec("node-2"),
        )),
    )
    .await;
    let with = "{ leases: { namespace: coder, holder_is: node } }";
    assert_eq!(found(&stage, with, "{}").await, some("holder-gone", "lease/b"));
}

#[tokio::test]
async fn heartbeats_are_left_out_unless_they_are_asked_for() {
    let heartbeat = json!({ "holderIdentity": "node-a", "leaseDurationSeconds": 40, "renewTime": ago(12) });
    let free = json!({ "holderIdentity": "", "leaseDurationSeconds": 1, "acquireTime": ago(90), "renewTime": ago(90) });
    let stage =
        stage(cluster().object(lease("kube-node-lease", "node-a", &heartbeat)).object(lease("coder", "free", &free)))
            .await;
    assert_eq!(found(&stage, "{ leases: { all_namespaces: true } }", "{}").await, []);
    let asked = "{ leases: { namespace: kube-node-lease } }";
    assert_eq!(found(&stage, asked, "{}").await, some("lease-expired", "lease/node-a"));
}

#[tokio::test]
async fn a_name_a_label_and_a_namespace_that_are_not_there_are_never_a_pass() {
    let free = json!({ "holderIdentity": "", "renewTime": ago(90) });
    let stage = stage(cluster().object(lease("coder", "free", &free))).await;
    assert_eq!(found(&stage, "{ leases: { namespace: coder, names: ['fr*'] } }", "{}").await, []);
    for (with, subject) in [
        ("{ leases: { namespace: coder, names: [fre, 'x*'] } }", "leases fre, x*"),
        ("{ leases: { namespace: coder, selector: app=coder } }", "leases with app=coder"),
        ("{ leases: { namespace: nowhere } }", "leases"),
        ("{ configmap: { namespace: coder, name: lock } }", "configmap lock"),
        ("{ helm: { all_namespaces: true } }", "releases"),
        ("{ jobs: { namespace: coder } }", "jobs"),
        ("{ argo: { namespace: coder } }", "applications"),
    ] {
        assert_eq!(found(&stage, with, "{}").await, some("no-such-lock", subject), "{with}");
    }
    for with in ["{ jobs: { namespace: coder } }", "{ configmap: { namespace: coder, name: lock } }"] {
        assert_eq!(found(&stage, with, "{ none_expected: true }").await, []);
    }
    assert_eq!(
        found(&stage, "{ jobs: { namespace: nowhere } }", "{ none_expected: true }").await,
        some("no-such-lock", "jobs")
    );
}

#[tokio::test]
async fn a_missing_right_to_pods_is_unknown_beside_what_is_old() {
    let mut cluster = cluster();
    let own = pod(&cluster);
    cluster.accounts[0] = cluster.accounts[0].clone().deny(Grant::new(&["*"], &["pods"]));
    let spec = json!({ "holderIdentity": own, "acquireTime": ago(50) });
    let stage = stage(cluster.object(lease("coder", "old", &spec))).await;
    let findings = look(&stage, WITH, "{}").await.expect("leases");
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden", "held-too-long"]);
    assert!(findings[0].seen.contains("list pods in namespace coder"), "{}", findings[0].seen);
    stage
        .world
        .edit(|state| state.clusters.get_mut("ohio").expect("ohio").accounts[0] = Account::nobody("token", "nobody"));
    let missing = look(&stage, WITH, "{}").await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("list leases.coordination.k8s.io in namespace coder"), "{missing}");
}

#[tokio::test]
async fn a_deployment_lock_in_a_configmap_is_the_holders_as_long_as_its_pod_lives() {
    let cluster = cluster();
    let own = pod(&cluster);
    let with = "{ configmap: { namespace: coder, name: deployment-lock } }";
    let stage =
        stage(cluster.configmap("coder", "deployment-lock", &[("holder", &own), ("acquired_at", &ago(4))])).await;
    assert_eq!(found(&stage, with, "{}").await, []);
    let hour = (Timestamp::now() - SignedDuration::from_hours(1)).as_second().to_string();
    for (data, wanted) in [
        (json!({ "holder": own, "acquired_at": hour }), some("held-too-long", "configmap/deployment-lock")),
        (
            json!({ "holder": "miren-coordinator", "acquired_at": ago(4) }),
            some("holder-gone", "configmap/deployment-lock"),
        ),
        (json!({ "holder": own, "acquired_at": "a while ago" }), some("lock-unreadable", "configmap/deployment-lock")),
        (json!({ "owner": own, "acquired_at": ago(4) }), some("lock-unreadable", "configmap/deployment-lock")),
        (json!({ "holder": " " }), vec![]),
    ] {
        stage.world.edit(|state| {
            let map =
                state.clusters.get_mut("ohio").expect("ohio").object_mut("configmaps", "coder", "deployment-lock");
            map["data"] = data.clone();
        });
        assert_eq!(found(&stage, with, "{}").await, wanted, "{data}");
    }
}
