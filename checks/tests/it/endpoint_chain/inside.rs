//! Inside a cluster: a Service through the API server's proxy.

use super::{Stage, item};
use crate::kubernetes::UID;
use gonogo_world::{
    Fault, Rule, State, System,
    kubernetes::{Backend, Cluster, Grant},
    web::Page,
};
use jiff::Timestamp;

const WITH: &str = "{ via: { namespace: build, service: registry, port: 5000, path: /v2/ } }";
const EXPECT: &str = "{ status: [200, 401], body: { contains: errors } }";

fn page() -> Backend {
    Backend::page("/v2/", Page::json(401, r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#))
}

fn cluster(backend: Backend) -> Cluster {
    Cluster::new(UID).namespace("build").service("build", "registry", 5000, &["10.0.0.5", "10.0.0.6"], backend)
}

async fn stage(cluster: Cluster) -> Stage {
    let mut state = State::empty(Timestamp::now());
    state.clusters.insert("ohio".to_owned(), cluster);
    Stage::of(state).await
}

#[tokio::test]
async fn a_service_with_ready_pods_answers_three_times() {
    let stage = stage(cluster(page())).await;
    let (evidence, findings) = stage.look(WITH, EXPECT).await;
    assert_eq!(findings, []);
    assert_eq!(evidence["inside"]["endpoints"]["Ok"]["ready"], 2);
    let passed = stage.world().requests().iter().filter(|asked| asked.path.contains("/proxy/v2/")).count();
    assert_eq!(passed, 3);
}

#[tokio::test]
async fn each_broken_link_has_its_own_name() {
    for (with, backend, code) in [
        (WITH, Backend::Refuses, "port-refused"),
        (WITH, Backend::Silent, "port-silent"),
        (WITH, Backend::BreaksOff, "no-answer"),
        (WITH, Backend::page("/v2/", Page::text(503, "draining")), "wrong-answer"),
        (WITH, Backend::page("/v2/", Page::text(200, "sign in")), "wrong-answer"),
        (WITH, Backend::page("/other", Page::text(200, "errors")), "wrong-answer"),
        (
            "{ via: { namespace: build, service: registry, port: 5000, path: /v2/, tls: true } }",
            Backend::Plain(Page::text(200, "errors")),
            "tls-broken",
        ),
        ("{ via: { namespace: build, service: nope, port: 5000 } }", page(), "name-unresolved"),
        ("{ via: { namespace: nowhere, service: registry, port: 5000 } }", page(), "name-unresolved"),
        ("{ via: { namespace: build, service: registry, port: 80 } }", page(), "no-such-port"),
    ] {
        let stage = stage(cluster(backend.clone())).await;
        assert_eq!(stage.codes(with, EXPECT).await, [code], "{with} {backend:?}");
    }
}

#[tokio::test]
async fn a_service_without_ready_pods_is_told_before_anything_else() {
    let stage = stage(cluster(page())).await;
    stage.world().edit(|state| state.clusters.get_mut("ohio").expect("ohio").unready_service("build", "registry"));
    let (_, findings) = stage.look(WITH, EXPECT).await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((only.code, only.seen.as_str()), ("no-ready-endpoints", "none of 2 is ready"));
}

#[tokio::test]
async fn a_missing_right_is_unknown_and_named() {
    for (denied, right) in [
        ("services", "get services in namespace build"),
        ("services/proxy", "get services/proxy in namespace build"),
        ("endpointslices.discovery.k8s.io", "list endpointslices.discovery.k8s.io in namespace build"),
    ] {
        let mut cluster = cluster(page());
        let account = cluster.accounts[0].clone();
        cluster.accounts[0] = account.deny(Grant::new(&["*"], &[denied]));
        let (_, findings) = stage(cluster).await.look(WITH, EXPECT).await;
        let [only] = &findings[..] else { panic!("{denied}: {findings:#?}") };
        assert_eq!(only.code, "forbidden");
        assert!(only.seen.contains(right), "{}", only.seen);
    }
    let granted: Vec<String> = item(WITH, EXPECT).access().into_iter().map(|access| access.right).collect();
    for right in ["get services in namespace build", "get services/proxy in namespace build"] {
        assert!(granted.iter().any(|known| known == right), "{granted:?}");
    }
}

#[tokio::test]
async fn no_fault_of_the_api_server_is_a_pass_or_a_fault_of_the_service() {
    let stage = stage(cluster(page())).await;
    for fault in [
        Fault::Refuse,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(500, None),
        Fault::Status(429, Some(3600)),
        Fault::EndlessBody,
        Fault::UntrustedCertificate,
    ] {
        stage.world().clear_faults().expect("open ports");
        stage.world().inject(Rule::on(System::Kubernetes, fault)).expect("a rule");
        let (_, findings) = stage.look(WITH, EXPECT).await;
        let is_unknown =
            |finding: &gonogo_checks::contract::Finding| finding.weight == gonogo_checks::contract::Weight::Unknown;
        assert!(!findings.is_empty() && findings.iter().all(is_unknown), "{fault:?}: {findings:#?}");
    }
}
