//! Who may do what.

use std::collections::BTreeSet;

use gonogo_world::kubernetes::{Account, Grant};
use gonogo_world::{Fault, Rule, System};
use reqwest::Method;
use serde_json::{Value, json};

use super::cluster::{ADMIN, NOBODY, READER, example, serve};
use crate::recording::recorded;

#[tokio::test]
async fn a_grant_ends_at_its_namespace_its_verbs_and_its_subresource() {
    let own = Account::nobody("own", "own")
        .allow(Grant::new(&["get"], &["deployments.apps"]).within("coder"))
        .allow(Grant::new(&["list"], &["nodes"]));
    let cluster = serve(example().account(own)).await;
    let one = "/apis/apps/v1/namespaces/coder/deployments/coder-provisioner-default";
    for (path, status) in [
        (one, 200),
        ("/apis/apps/v1/namespaces/coder/deployments", 403),
        ("/apis/apps/v1/deployments", 403),
        ("/apis/apps/v1/namespaces/default/deployments/x", 403),
        (&format!("{one}/scale"), 403),
        ("/api/v1/nodes", 200),
        ("/api/v1/nodes/node-a", 403),
        ("/api/v1/nodes/node-a/proxy/stats/summary", 403),
    ] {
        assert_eq!(cluster.get("own", path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn what_is_forbidden_is_forbidden_whether_it_exists_or_not() {
    let cluster = serve(example()).await;
    for name in ["coder-llm-key", "nope"] {
        let answer = cluster.get(READER, &format!("/api/v1/namespaces/coder/secrets/{name}")).await;
        assert_eq!(answer.status, 403, "{name}");
    }
    assert_eq!(cluster.get(ADMIN, "/api/v1/namespaces/coder/secrets/nope").await.status, 404);
}

#[tokio::test]
async fn a_namespace_is_looked_at_from_within_itself() {
    let cluster = serve(example()).await;
    let refused = cluster.get(NOBODY, "/api/v1/namespaces/kube-system").await;
    let message = "namespaces \"kube-system\" is forbidden: User \"system:serviceaccount:coder:no-rbac\" cannot get \
                   resource \"namespaces\" in API group \"\" in the namespace \"kube-system\"";
    assert_eq!((refused.status, &refused.json()["message"]), (403, &Value::from(message)));
    let seen = cluster.get(READER, "/api/v1/namespaces/kube-system").await.json();
    assert_eq!(seen["metadata"]["uid"], "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001");
}

#[tokio::test]
async fn everyone_may_see_the_version_and_whether_it_is_ready() {
    let cluster = serve(example()).await;
    for token in ["", NOBODY, READER] {
        for path in ["/version", "/readyz", "/livez?verbose", "/healthz"] {
            assert_eq!(cluster.get(token, path).await.status, 200, "{token} {path}");
        }
    }
    cluster.edit(|cluster| cluster.is_ready = false);
    let unready = cluster.get(READER, "/readyz").await;
    assert_eq!(unready.status, 500);
    assert!(unready.body.contains("[-]etcd failed"));
    assert_eq!(cluster.get(READER, "/livez").await.status, 200);
}

#[tokio::test]
async fn acting_for_another_needs_the_right_and_has_the_others_rights() {
    let cluster = serve(example()).await;
    let acting = async |token: &str, user: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("impersonate-user", user)];
        cluster.ask_with("/api/v1/nodes", &headers).await.status
    };
    assert_eq!(acting(READER, "admin").await, 403);
    assert_eq!(acting(ADMIN, "nobody-user").await, 200);
    assert_eq!(acting(ADMIN, "somebody-unknown").await, 403);
}

#[tokio::test]
async fn a_review_says_what_the_answer_would_have_been() {
    let cluster = serve(example()).await;
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (token, resource, is_allowed) in [
        (READER, json!({ "verb": "get", "resource": "nodes", "subresource": "proxy" }), true),
        (READER, json!({ "verb": "get", "resource": "secrets", "namespace": "coder" }), false),
        (ADMIN, json!({ "verb": "get", "resource": "secrets", "namespace": "coder" }), true),
        (NOBODY, json!({ "verb": "list", "resource": "pods" }), false),
        (READER, json!({}), false),
    ] {
        let body = json!({ "spec": { "resourceAttributes": resource } }).to_string();
        let review = cluster.ask(Method::POST, token, path, &body).await;
        assert_eq!((review.status, &review.json()["status"]["allowed"]), (201, &Value::from(is_allowed)), "{resource}");
    }
}

#[tokio::test]
async fn the_world_is_read_and_not_written() {
    let cluster = serve(example()).await;
    let own = "/apis/apps/v1/namespaces/coder/deployments/coder-provisioner-default";
    assert_eq!(cluster.ask(Method::DELETE, READER, own, "").await.status, 403);
    assert_eq!(cluster.ask(Method::DELETE, ADMIN, own, "").await.status, 405);
    assert_eq!(cluster.get(ADMIN, own).await.status, 200);
}

#[tokio::test]
async fn a_client_that_wants_protobuf_alone_is_told_so() {
    let cluster = serve(example()).await;
    let bearer = format!("Bearer {READER}");
    let accept = |kind| [("authorization", bearer.as_str()), ("accept", kind)];
    let refused = cluster.ask_with("/api/v1/nodes", &accept("application/vnd.kubernetes.protobuf")).await;
    let theirs = recorded("kubernetes/deployments-406.http");
    assert_eq!((refused.status, &refused.json()["reason"]), (theirs.status, &theirs.json()["reason"]));
    let both = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    assert_eq!(cluster.ask_with("/api/v1/nodes", &accept(both)).await.status, 200);
}

#[tokio::test]
async fn faults_speak_the_servers_own_words() {
    let cluster = serve(example()).await;
    let rule = |fault| Rule::on(System::Kubernetes, fault).at("us-east-2").times(1);
    cluster.world.inject(rule(Fault::Status(429, Some(1)))).expect("in force");
    let throttled = cluster.get(READER, "/api/v1/nodes").await;
    let theirs = recorded("kubernetes/throttled-429.http");
    assert_eq!((throttled.status, throttled.body.trim_end()), (429, theirs.body.as_str()));
    assert_eq!(throttled.header("retry-after"), theirs.header("retry-after"));
    assert_eq!(throttled.header("content-type"), theirs.header("content-type"));
    for (status, reason) in [(401, "Unauthorized"), (403, "Forbidden"), (404, "NotFound"), (500, "InternalError")] {
        cluster.world.inject(rule(Fault::Status(status, None))).expect("in force");
        let answer = cluster.get(READER, "/api/v1/nodes/node-a").await;
        assert_eq!((answer.status, &answer.json()["reason"]), (status, &Value::from(reason)));
        assert_eq!(answer.json()["kind"], "Status");
    }
    assert_eq!(cluster.get(READER, "/api/v1/nodes").await.status, 200);
}

#[tokio::test]
async fn what_there_is_to_ask_for_can_be_discovered_by_those_who_are_known() {
    let cluster = serve(example()).await;
    let groups = cluster.get(NOBODY, "/apis").await.json();
    let theirs = recorded("kubernetes/apis.http").json();
    let keys = |body: &Value| body["groups"][0].as_object().map(|group| group.keys().cloned().collect::<BTreeSet<_>>());
    assert_eq!((&groups["kind"], keys(&groups)), (&theirs["kind"], keys(&theirs)));
    let apps = cluster.get(NOBODY, "/apis/apps/v1").await.json();
    let names: Vec<_> = apps["resources"].as_array().expect("resources").iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&Value::from("deployments")));
    assert_eq!(cluster.get(READER, "/apis/absent.example/v1").await.status, 404);
    assert_eq!(cluster.get("", "/apis").await.status, 403);
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    assert_eq!(cluster.ask(Method::POST, "", path, "{}").await.status, 403);
}
