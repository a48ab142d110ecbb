//! What kubelets say of their storage, and the ways in which they do not.

use gonogo_world::kubernetes::{Disk, NodeStats, Summary, Version};
use serde_json::Value;

use super::cluster::{READER, Served, example, serve};
use crate::client::Answer;
use crate::recording::recorded;

async fn summary(cluster: &Served, node: &str) -> Answer {
    cluster.get(READER, &format!("/api/v1/nodes/{node}/proxy/stats/summary")).await
}

fn assert_recorded(answer: &Answer, name: &str) {
    let theirs = recorded(&format!("kubernetes/{name}.http"));
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (theirs.status, theirs.header("content-type")),
        "{name}"
    );
    match serde_json::from_str::<Value>(&theirs.body) {
        Ok(body) => assert_eq!(answer.json(), body, "{name}"),
        Err(_) => assert_eq!(answer.body.trim_end(), theirs.body, "{name}"),
    }
}

#[tokio::test]
async fn a_summary_has_the_recorded_keys_and_the_wished_share() {
    let cluster = serve(example()).await;
    let answer = summary(&cluster, "node-a").await;
    let theirs = recorded("kubernetes/stats-node-a.http").json();
    let keys = |value: &Value| {
        value.as_object().expect("an object").keys().cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let ours = answer.json();
    assert_eq!(keys(&ours["node"]), keys(&theirs["node"]));
    assert_eq!(keys(&ours["node"]["fs"]), keys(&theirs["node"]["fs"]));
    assert_eq!(keys(&ours["node"]["runtime"]["imageFs"]), keys(&theirs["node"]["runtime"]["imageFs"]));
    let bytes = |name: &str| ours["node"]["fs"][name].as_u64().expect("bytes");
    assert_eq!(bytes("availableBytes") * 100 / bytes("capacityBytes"), 18);
    assert_ne!(bytes("availableBytes") + bytes("usedBytes"), bytes("capacityBytes"));
    assert!(answer.header("x-kubernetes-pf-flowschema-uid").is_none());
}

#[tokio::test]
async fn kubelets_that_cannot_be_asked_answer_as_recorded() {
    let cluster = serve(example()).await;
    assert_recorded(&summary(&cluster, "node-b").await, "stats-node-b-refused");
    assert_recorded(&summary(&cluster, "node-c").await, "stats-node-500-from-kubelet");
    assert_recorded(&summary(&cluster, "nope").await, "stats-node-missing-404");
    cluster.edit(|cluster| {
        cluster.put_node("node-c", NodeStats::NoAddress, |node| node.address = None);
    });
    assert_recorded(&summary(&cluster, "node-c").await, "stats-node-noaddress");
    cluster.edit(|cluster| cluster.put_node("node-c", NodeStats::Missing, |_| {}));
    assert_recorded(&summary(&cluster, "node-c").await, "stats-real-kubelet-404");
}

#[tokio::test]
async fn an_old_server_says_500_of_a_kubelet_that_refuses() {
    let cluster = serve(example()).await;
    cluster.edit(|cluster| {
        cluster.version = Version::of(20);
        let address = "127.0.0.1".parse().ok();
        cluster.put_node("node-b", NodeStats::Refused, |node| node.address = address);
    });
    let answer = summary(&cluster, "node-b").await;
    let theirs = recorded("kubernetes/v1.20-node-stats-summary-kubelet-down.http");
    let mut body = theirs.json();
    body["message"] = Value::from(body["message"].as_str().expect("a message").replace("16250", "10250"));
    assert_eq!((answer.status, answer.json()), (theirs.status, body));
}

#[tokio::test]
async fn what_a_kubelet_does_not_say_is_absent_and_not_zero() {
    let cluster = serve(example()).await;
    let imagefs = Disk { capacity: Some(10), available: None, ..Disk::default() };
    let time = "2026-11-22T08:00:00Z".parse().ok();
    let partial = Summary { nodefs: None, imagefs: Some(imagefs), containerfs: None, time };
    cluster.edit(|cluster| cluster.put_node("node-a", NodeStats::Ok(partial), |_| {}));
    let ours = summary(&cluster, "node-a").await.json();
    assert!(ours["node"].get("fs").is_none());
    let imagefs = ours["node"]["runtime"]["imageFs"].as_object().expect("an object");
    assert_eq!(imagefs.keys().collect::<Vec<_>>(), ["time", "capacityBytes"]);
    assert_eq!(imagefs["time"], "2026-11-22T08:00:00Z");
}

#[tokio::test]
async fn a_summary_is_fresh_by_the_worlds_clock_unless_it_says_otherwise() {
    let cluster = serve(example()).await;
    let time = summary(&cluster, "node-a").await.json()["node"]["fs"]["time"].to_string();
    assert!(time.contains("2026-11-22T08:12:4"), "{time} is ten seconds before the world's time");
}

#[tokio::test]
async fn a_kubelet_that_hangs_holds_the_answer_back() {
    let cluster = serve(example().node("node-d", NodeStats::Hang)).await;
    let look = summary(&cluster, "node-d");
    let waited = tokio::time::timeout(std::time::Duration::from_millis(200), look).await;
    assert!(waited.is_err(), "an answer came");
}
