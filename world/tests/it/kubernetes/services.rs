//! What comes through the proxy of a Service, and what the API server says in its place.

use gonogo_world::{
    kubernetes::{Backend, Cluster},
    web::Page,
};
use serde_json::{Value, json};

use super::cluster::{NOBODY, READER, Served, example, serve};
use crate::client::Answer;
use crate::recording::recorded;

fn registry(cluster: Cluster, backend: Backend) -> Cluster {
    cluster.service("coder", "registry", 5000, &["10.77.0.12"], backend)
}

async fn pass(cluster: &Served, named: &str) -> Answer {
    cluster.get(READER, &format!("/api/v1/namespaces/coder/services/{named}/proxy/v2/")).await
}

#[tokio::test]
async fn a_service_answers_for_itself_by_its_ports_name_and_number() {
    let page = Page::json(401, r#"{"errors":[]}"#).header("docker-distribution-api-version", "registry/2.0");
    let cluster = serve(registry(example(), Backend::page("/v2/", page))).await;
    for named in ["registry:5000", "registry:http", "registry"] {
        let answer = pass(&cluster, named).await;
        assert_eq!((answer.status, answer.body.as_str()), (401, r#"{"errors":[]}"#), "{named}");
        assert_eq!(answer.header("docker-distribution-api-version"), Some("registry/2.0"));
        assert!(answer.header("x-kubernetes-pf-flowschema-uid").is_none());
    }
    let other = cluster.get(READER, "/api/v1/namespaces/coder/services/registry:5000/proxy/v2").await;
    assert_eq!(other.status, 404, "a slash at the end is another path");
}

#[tokio::test]
async fn a_pod_that_refuses_is_told_as_it_was_recorded_of_a_kubelet() {
    let cluster = serve(registry(example(), Backend::Refuses)).await;
    let answer = pass(&cluster, "registry:5000").await;
    let theirs = recorded("kubernetes/stats-node-b-refused.http");
    let body: Value = serde_json::from_str(&theirs.body.replace(":10250", ":5000")).expect("JSON");
    assert_eq!((answer.status, answer.json()), (theirs.status, body));
}

#[tokio::test]
async fn each_way_to_lead_nowhere_has_its_own_words() {
    for (backend, named, words) in [
        (Backend::Silent, "registry:5000", "error trying to reach service: dial tcp 10.77.0.12:5000: i/o timeout"),
        (Backend::BreaksOff, "registry:5000", "error trying to reach service: EOF"),
        (
            Backend::Plain(Page::text(200, "ok")),
            "https:registry:5000",
            "error trying to reach service: http: server gave HTTP response to HTTPS client",
        ),
        (Backend::Refuses, "registry:80", "no service port \"80\" found for service \"registry\""),
    ] {
        let cluster = serve(registry(example(), backend)).await;
        let answer = pass(&cluster, named).await;
        assert_eq!((answer.status, answer.json()["message"].as_str()), (503, Some(words)));
    }
}

#[tokio::test]
async fn without_ready_pods_there_are_no_endpoints() {
    let cluster = serve(registry(example(), Backend::page("/v2/", Page::text(200, "ok")))).await;
    cluster.edit(|cluster| cluster.unready_service("coder", "registry"));
    let answer = pass(&cluster, "registry:5000").await;
    assert_eq!(answer.json()["message"], "no endpoints available for service \"registry\"");
    assert_eq!((answer.status, &answer.json()["reason"]), (503, &json!("ServiceUnavailable")));
}

#[tokio::test]
async fn who_may_not_use_the_proxy_is_told_which_right_is_missing() {
    let cluster = serve(registry(example(), Backend::Refuses)).await;
    let path = "/api/v1/namespaces/coder/services/registry:5000/proxy/v2/";
    let answer = cluster.get(NOBODY, path).await;
    assert_eq!(answer.status, 403);
    let message = answer.json()["message"].as_str().expect("words").to_owned();
    assert!(message.contains("cannot get resource \"services/proxy\" in API group \"\""), "{message}");
    assert_eq!(answer.json()["details"], json!({ "name": "registry:5000", "kind": "services" }));
    let missing = pass(&cluster, "nope:5000").await;
    assert_eq!((missing.status, &missing.json()["details"]["kind"]), (404, &json!("services")));
}

#[tokio::test]
async fn endpoint_slices_are_listed_by_their_service() {
    let cluster = serve(registry(example(), Backend::Refuses)).await;
    let path =
        "/apis/discovery.k8s.io/v1/namespaces/coder/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D";
    let of = async |service: &str| cluster.get(READER, &format!("{path}{service}")).await.json();
    assert_eq!(of("registry").await["items"][0]["endpoints"][0]["conditions"]["ready"], true);
    assert_eq!(of("other").await["items"], json!([]));
}
