//! Leases and jobs as a real server gave them.

use super::{cluster, seen, stage};
use serde_json::{Value, json};

/// The objects of a recorded list, each with the kind that lists leave out.
fn items(recording: &str, kind: &str, api_version: &str) -> Vec<Value> {
    let text = recording.replace("\r\n", "\n");
    let (_, body) = text.split_once("\n\n").expect("a head and a body");
    let list: Value = serde_json::from_str(body).expect("JSON");
    let mut items = list["items"].as_array().expect("items").clone();
    for item in &mut items {
        item["kind"] = json!(kind);
        item["apiVersion"] = json!(api_version);
    }
    items
}

#[tokio::test]
async fn recorded_leases_are_held_until_their_duration_has_passed() {
    let leases = items(include_str!("../../recordings/kubernetes/leases.http"), "Lease", "coordination.k8s.io/v1");
    let stage = stage(leases.into_iter().fold(cluster(), gonogo_world::kubernetes::Cluster::object)).await;
    let (evidence, _, _) = seen(&stage, "{ leases: { namespace: kube-node-lease } }").await;
    assert_eq!(evidence["looked_at"], 3);
    let lock = &evidence["locks"][2];
    assert_eq!((&lock["name"], &lock["holder"]), (&json!("node-c"), &json!("node-c")));
    assert_eq!((&lock["renewed"], &lock["runs_out"]), (&json!("2026-11-22T07:55:52Z"), &json!("2026-11-22T07:56:32Z")));
}

#[tokio::test]
async fn a_recorded_job_that_failed_has_ended() {
    let jobs = items(include_str!("../../recordings/kubernetes/jobs.http"), "Job", "batch/v1");
    let wanted = jobs.len();
    let stage = stage(jobs.into_iter().fold(cluster(), gonogo_world::kubernetes::Cluster::object)).await;
    let (evidence, _, _) = seen(&stage, "{ jobs: { all_namespaces: true } }").await;
    assert_eq!((&evidence["looked_at"], &evidence["locks"]), (&json!(wanted), &json!([])));
}
