//! Lists: selectors, pages, and tokens that expire.

use serde_json::Value;

use super::cluster::{READER, Served, example, serve};
use crate::recording::recorded;

fn names(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["metadata"]["name"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn listed(cluster: &Served, path: &str) -> Value {
    let answer = cluster.get(READER, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

#[tokio::test]
async fn pages_are_the_recorded_ones_until_the_last() {
    let cluster = serve(example()).await;
    let mut path = "/api/v1/nodes?limit=1".to_owned();
    for (file, node) in [("nodes-page1", "node-a"), ("nodes-page2", "node-b"), ("nodes-page3-last", "node-c")] {
        let ours = listed(&cluster, &path).await;
        let theirs = recorded(&format!("kubernetes/{file}.http")).json();
        assert_eq!(names(&ours), [node], "{file}");
        let keys = |list: &Value| list["metadata"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
        assert_eq!(keys(&ours), keys(&theirs), "{file}");
        let left = |list: &Value| list["metadata"]["remainingItemCount"].clone();
        assert_eq!(left(&ours), left(&theirs), "{file}");
        let token = |list: &Value| list["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
        assert_eq!(token(&ours).len(), token(&theirs).len(), "{file}: the token is written alike");
        assert!(ours["items"][0].get("kind").is_none() && ours["items"][0].get("apiVersion").is_none());
        path = format!("/api/v1/nodes?limit=1&continue={}", token(&ours));
    }
}

#[tokio::test]
async fn a_page_under_a_selector_does_not_say_how_many_are_left() {
    let cluster = serve(example()).await;
    let page = listed(&cluster, "/api/v1/pods?limit=1&labelSelector=app.kubernetes.io/name").await;
    assert!(page["metadata"].get("continue").is_some() && page["metadata"].get("remainingItemCount").is_none());
}

#[tokio::test]
async fn pages_over_all_namespaces_lose_nothing_and_repeat_nothing() {
    let cluster = serve(example().deployment("coder-ws", "web", |it| it.scale(3))).await;
    let whole = names(&listed(&cluster, "/api/v1/pods").await);
    let mut paged = Vec::new();
    let mut next = String::new();
    loop {
        let page = listed(&cluster, &format!("/api/v1/pods?limit=2{next}")).await;
        paged.extend(names(&page));
        let Some(token) = page["metadata"]["continue"].as_str() else {
            break;
        };
        next = format!("&continue={token}");
    }
    assert_eq!((paged, whole.len()), (whole, 11));
}

#[tokio::test]
async fn an_expired_token_is_gone_once_and_brings_a_fresh_one_that_goes_on() {
    let cluster = serve(example()).await;
    let first = listed(&cluster, "/api/v1/nodes?limit=1").await;
    cluster.edit(|cluster| cluster.expire_continues = 1);
    let token = first["metadata"]["continue"].as_str().expect("a token");
    let path = format!("/api/v1/nodes?limit=1&continue={token}");
    let gone = cluster.get(READER, &path).await;
    let theirs = recorded("kubernetes/expired-continue-410.http");
    assert_eq!((gone.status, gone.json()), (410, theirs.json()));
    let fresh = gone.json()["metadata"]["continue"].as_str().expect("a fresh token").to_owned();
    let next = listed(&cluster, &format!("/api/v1/nodes?limit=1&continue={fresh}")).await;
    assert_eq!(names(&next), ["node-b"]);
    assert_eq!(names(&listed(&cluster, &path).await), ["node-b"]);
}

#[tokio::test]
async fn selectors_of_labels_and_fields_choose_together() {
    let mut state = example();
    state.put_deployment("coder", "web", |it| {
        it.scale(3);
        it.ready = 1;
        it.unready = gonogo_world::kubernetes::Unready::Unschedulable;
        it.labels.insert("tier".to_owned(), "front".to_owned());
    });
    let cluster = serve(state).await;
    let count = async |query: &str| names(&listed(&cluster, &format!("/api/v1/pods?{query}")).await).len();
    assert_eq!(count("labelSelector=tier%3Dfront").await, 3);
    assert_eq!(count("labelSelector=tier%3Dfront&fieldSelector=status.phase%3DPending").await, 2);
    assert_eq!(count("labelSelector=tier&fieldSelector=spec.nodeName%21%3D").await, 1);
    assert_eq!(count("labelSelector=tier%20notin%20(front)").await, 8);
    assert_eq!(count("fieldSelector=metadata.name%3Dpostgres-0").await, 1);
    let refused = cluster.get(READER, "/api/v1/pods?fieldSelector=spec.colour%3Dred").await;
    assert_eq!((refused.status, &refused.json()["reason"]), (400, &Value::from("BadRequest")));
    let refused = cluster.get(READER, "/api/v1/pods?limit=many").await;
    assert_eq!(refused.status, 400);
}
