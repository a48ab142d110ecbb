//! Metadata alone, and the objects that locks are made of.

use serde_json::{Value, json};

use super::cluster::{ADMIN, READER, Served, example, serve};
use crate::client::Answer;
use crate::recording::recorded;

const OBJECT: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

async fn ask(cluster: &Served, token: &str, path: &str, accept: &str) -> Answer {
    cluster.ask_with(path, &[("authorization", &format!("Bearer {token}")), ("accept", accept)]).await
}

#[tokio::test]
async fn metadata_alone_has_the_recorded_keys_and_no_values() {
    let mut cluster = example();
    let secret = cluster.object_mut("secrets", "coder", "coder-llm-key");
    secret["metadata"]["annotations"] = json!({ "rotator.example.com/expires-at": "2026-11-23T14:07:52Z" });
    let cluster = serve(cluster).await;
    let one = ask(&cluster, ADMIN, "/api/v1/namespaces/coder/secrets/coder-llm-key", OBJECT).await;
    let (ours, theirs) = (one.json(), recorded("kubernetes/secret-metadata-only.http").body);
    let theirs: Value = serde_json::from_str(&theirs).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("a map").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ours), keys(&theirs));
    let named = |value: &Value| (value["kind"].clone(), value["apiVersion"].clone());
    assert_eq!(named(&ours), named(&theirs));
    let mut wanted = keys(&theirs["metadata"]);
    let mut own = keys(&ours["metadata"]);
    wanted.sort();
    own.sort();
    assert_eq!(own, wanted);
}

#[tokio::test]
async fn a_list_of_metadata_is_paged_and_selected_like_any_other() {
    let cluster = serve(example()).await;
    let list = ask(&cluster, ADMIN, "/api/v1/namespaces/coder/secrets?limit=1", LIST).await.json();
    assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("PartialObjectMetadataList"), &json!("meta.k8s.io/v1")));
    assert!(list["metadata"]["continue"].is_string(), "{list}");
    let item = &list["items"][0];
    assert_eq!((&item["kind"], &item["data"]), (&json!("PartialObjectMetadata"), &Value::Null));
    assert_eq!(item["metadata"]["name"], "coder-llm-key");
    let path = "/api/v1/namespaces/coder/secrets";
    assert_eq!(ask(&cluster, READER, path, LIST).await.status, 403);
    assert_eq!(ask(&cluster, ADMIN, path, OBJECT).await.status, 406);
    assert_eq!(ask(&cluster, ADMIN, &format!("{path}/coder-llm-key"), LIST).await.status, 406);
}

#[tokio::test]
async fn a_lease_is_served_as_recorded() {
    let recorded_lease =
        json!({ "holderIdentity": "node-a", "leaseDurationSeconds": 40, "renewTime": "2026-11-22T08:07:52.000000Z" });
    let cluster = example().namespace("kube-node-lease").object(json!({
        "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
        "metadata": { "name": "node-a", "namespace": "kube-node-lease" },
        "spec": recorded_lease,
    }));
    let cluster = serve(cluster).await;
    let leases = cluster.get(READER, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases").await;
    let theirs: Value = serde_json::from_str(&recorded("kubernetes/leases.http").body).expect("JSON");
    let ours = leases.json();
    assert_eq!(ours["items"][0]["spec"], theirs["items"][0]["spec"]);
    let keys = |list: &Value| list["items"][0].as_object().expect("a map").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ours), keys(&theirs));
    assert_eq!(ours["kind"], theirs["kind"]);
}
