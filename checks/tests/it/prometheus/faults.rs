//! What cannot be seen is unknown, in whatever way.

use super::{DEPTH, RULES, one, stage};
use crate::monitoring::Stage;
use gonogo_world::{Fault, Rule, System};

#[tokio::test]
async fn what_is_not_the_answer_is_unknown() {
    for (fault, code) in [
        (Fault::Status(401, None), "unauthorised"),
        (Fault::Status(403, None), "forbidden"),
        (Fault::Status(404, None), "not-found"),
        (Fault::Status(500, None), "server-error"),
        (Fault::MalformedJson, "malformed"),
        (Fault::WrongType, "malformed"),
        (Fault::Empty, "malformed"),
        (Fault::UntrustedCertificate, "untrusted"),
    ] {
        for with in [DEPTH, RULES] {
            let stage = stage(|_| {}).await;
            stage.world.inject(Rule::on(System::Prometheus, fault)).expect("a rule");
            let found = stage.found(with, "{}").await;
            assert_eq!((found.len(), found[0].0), (1, code), "{fault:?} {with}: {found:?}");
        }
    }
}

#[tokio::test]
async fn inputs_that_cannot_be_read_leave_the_rules_unknown() {
    let stage = stage(|_| {}).await;
    stage.world.inject(Rule::on(System::Prometheus, Fault::Status(403, None)).path("/api/v1/query")).expect("a rule");
    let codes: Vec<_> = stage.found(RULES, "{}").await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["forbidden"; 2]);
}

#[tokio::test]
async fn one_query_that_fails_leaves_the_others() {
    let stage = stage(|_| {}).await;
    let with = "{ connection: prometheus, queries: { depth: depth, other: 'rate(depth[5m])' } }";
    let found = stage.found(with, "{}").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("rate(depth[5m]) at https://prometheus.test"), "{found:?}");
    assert_eq!(found[0].0, "malformed", "an execution error of this world");
}

#[tokio::test]
async fn without_the_right_token_nothing_is_told() {
    let stage = Stage::of("prometheus", |state| {
        let other = gonogo_world::prometheus::Prometheus {
            token: Some("another-token-altogether".to_owned()),
            ..super::measured()
        };
        state.prometheus.insert("prometheus.test".to_owned(), other);
    })
    .await;
    let found = stage.found(DEPTH, "{}").await;
    assert_eq!(found[0].0, "unauthorised");
    assert_ne!(found, one("too-few-series", "queue depth"));
}
