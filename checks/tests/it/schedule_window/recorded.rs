//! Objects as a real API server gave them.

use super::Stage;
use gonogo_world::kubernetes::{Cluster, NodeStats};
use serde_json::Value;
use std::{fs, path::Path};

/// The objects of a recorded list, with the kind that the items of a list leave out.
fn items(file: &str, api: &str, kind: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/kubernetes").join(file);
    let text = fs::read_to_string(path).expect("the recording").replace("\r\n", "\n");
    let (_, body) = text.split_once("\n\n").expect("a body");
    let list: Value = serde_json::from_str(body).expect("JSON");
    let mut items = list["items"].as_array().expect("items").clone();
    for item in &mut items {
        item["apiVersion"] = api.into();
        item["kind"] = kind.into();
    }
    items
}

#[tokio::test]
async fn a_recorded_cronjob_fires_every_four_hours_and_one_that_is_suspended_does_not() {
    let cluster = items("cronjobs.http", "batch/v1", "CronJob")
        .into_iter()
        .fold(Cluster::new("uid").namespace("coder"), Cluster::object);
    let stage = Stage::one(cluster).await;
    let with = "{ cronjobs: { images: [\"*/key-rotator:*\"] } }";
    let found = stage.findings(with, "{}").await.expect("seen");
    let rotator = found.iter().find(|finding| finding.subject == "coder/key-rotator").expect("the rotator");
    assert_eq!(rotator.code, "fires-in-window");
    assert!(
        rotator.seen.ends_with("`0 */4 * * *` in Etc/UTC; runs ghcr.io/example/key-rotator:1.4.2"),
        "{}",
        rotator.seen
    );
}

#[tokio::test]
async fn recorded_pools_are_not_kept_and_recorded_nodes_are_read() {
    let cluster = Cluster::new("uid").node("node-a", NodeStats::used(0.3));
    let pools = items("nodepools.http", "karpenter.sh/v1", "NodePool");
    let claims = items("nodeclaims.http", "karpenter.sh/v1", "NodeClaim");
    let count = (pools.len(), claims.len());
    let stage = Stage::one(pools.into_iter().chain(claims).fold(cluster, Cluster::object)).await;
    let found = stage.found("{ nodes: {} }", "{}").await;
    assert!(found.contains(&("pool-unprotected", "nodepool/gpu".to_owned())), "{found:?}");
    let (_, working) = stage.told("{ nodes: {} }").await;
    assert!(working[0].starts_with(&format!("{} nodes of {} pools", count.1, count.0)), "{working:?}");
}
