//! `alert-route` against the world, and against what a real Alertmanager says of itself.

use crate::monitoring::{Stage, window, wrong};
use gonogo_world::{
    Fault, Rule, State, System,
    alertmanager::{Alertmanager, Silence},
};

const WITH: &str = "{ connection: alertmanager, alerts: { a full disk: { alertname: NodeFull, severity: page } } }";
const ROUTED: &str = "
route: { receiver: default-receiver, routes: [{ receiver: pager, matchers: ['severity=\"page\"'] }] }
receivers: [{ name: default-receiver }, { name: pager, pagerduty_configs: [{ routing_key: <secret>, url: https://example.com/token }] }]
";
const SWALLOWED: &str = "{ route: { receiver: default-receiver }, receivers: [{ name: default-receiver }] }";

fn put(state: &mut State, host: &str, config: &str) {
    let alertmanager = Alertmanager { config: config.to_owned(), ..Alertmanager::default() };
    state.alertmanager.insert(host.to_owned(), alertmanager);
}

async fn stage(config: &str) -> Stage {
    Stage::of("alert-route", |state| put(state, "alertmanager.test", config)).await
}

fn one(code: &'static str, subject: &str) -> Vec<(&'static str, String)> {
    vec![(code, subject.to_owned())]
}

#[tokio::test]
async fn an_alert_that_reaches_the_pager_passes_and_no_address_is_kept() {
    let stage = stage(ROUTED).await;
    let (evidence, found) = stage.look(WITH, "{ receivers: [pager], integrations: [pagerduty] }").await;
    assert!(found.is_empty(), "{found:#?}");
    let text = evidence.to_string();
    assert!(
        text.contains("pagerduty") && !text.contains("example.com/token") && !text.contains("routing_key"),
        "{text}"
    );
    let (_, working) = stage.told(WITH).await;
    assert!(working.contains(&"a full disk: to pager (pagerduty)".to_owned()), "{working:?}");
}

#[tokio::test]
async fn the_receiver_that_swallowed_everything_is_found_where_all_is_green() {
    let stage = stage(SWALLOWED).await;
    assert_eq!(stage.found(WITH, "{}").await, one("receiver-without-integration", "a full disk"));
}

#[tokio::test]
async fn each_member_of_a_cluster_is_judged() {
    let stage = Stage::of("alert-route", |state| {
        put(state, "alertmanager.test", ROUTED);
        put(state, "other.test", SWALLOWED);
    })
    .await;
    let with = WITH.replace("connection: alertmanager", "connections: [alertmanager, other]");
    assert_eq!(
        stage.found(&with, "{}").await,
        one("receiver-without-integration", "a full disk at https://other.test")
    );
    stage.world.inject(Rule::on(System::Alertmanager, Fault::Status(403, None)).at("other.test")).expect("a rule");
    let codes: Vec<_> = stage.found(&with, "{}").await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["forbidden"]);
}

#[tokio::test]
async fn a_silence_within_the_window_is_found_and_one_of_others_is_not() {
    let window = window();
    let stage = stage(ROUTED).await;
    stage.world.edit(|state| {
        let silences = &mut state.alertmanager.get_mut("alertmanager.test").expect("one").silences;
        silences.insert("ours".to_owned(), Silence::of("team", "web", window.now, window.closes()));
        silences.insert("over".to_owned(), Silence::of("severity", "page", window.now, window.now));
        silences.insert("theirs".to_owned(), Silence::of("severity", "info", window.now, window.closes()));
    });
    assert_eq!(stage.found(WITH, "{}").await, one("silence-in-window", "ours"));
    assert_eq!(stage.found(WITH, "{ allow: [ours] }").await, []);
    let (moments, _) = stage.told(WITH).await;
    assert_eq!(moments.len(), 2, "{moments:?}");
}

#[tokio::test]
async fn what_is_not_the_answer_is_unknown() {
    for path in ["/api/v2/status", "/api/v2/silences"] {
        for (fault, code) in [
            (Fault::Status(403, None), "forbidden"),
            (Fault::Status(404, None), "not-found"),
            (Fault::MalformedJson, "malformed"),
            (Fault::Empty, "malformed"),
            (Fault::WrongType, "malformed"),
        ] {
            let stage = stage(ROUTED).await;
            stage.world.inject(Rule::on(System::Alertmanager, fault).path(path)).expect("a rule");
            let found = stage.found(WITH, "{}").await;
            assert_eq!((found.len(), found[0].0), (1, code), "{fault:?} {path}: {found:?}");
        }
    }
    for config in [
        "",
        "nothing: here",
        "{ route: { receiver: a } }",
        "route: [",
        "{ route: { receiver: a, routes: [{ matchers: ['='] }] }, receivers: [{ name: a }] }",
    ] {
        let (_, found) = stage(config).await.look(WITH, "{}").await;
        assert_eq!((found.len(), found[0].code), (1, "malformed"), "{config}: {found:?}");
    }
}

#[tokio::test]
async fn a_real_alertmanagers_words_are_read() {
    let text = include_str!("../../recordings/alertmanager/status.http").replace('\r', "");
    let (_, body) = text.split_once("\n\n").expect("a body");
    let status: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let stage = stage(status["config"]["original"].as_str().expect("a text")).await;
    for (labels, code) in [
        ("severity: page", None),
        ("severity: page, team: night", Some("muted-in-window")),
        ("severity: page, team: slow", Some("muted-in-window")),
        ("severity: page, team: web", Some("may-be-inhibited")),
        ("severity: warning", Some("receiver-without-integration")),
        ("severity: info", Some("receiver-without-integration")),
        ("team: web", Some("receiver-without-integration")),
    ] {
        let with = format!("{{ connection: alertmanager, alerts: {{ it: {{ alertname: A, {labels} }} }} }}");
        let (evidence, found) = stage.look(&with, "{ inhibition: fail }").await;
        let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes.first().copied(), code, "{labels}: {found:#?}");
        assert!(!evidence.to_string().contains("hook-with-a-token"));
    }
}

#[test]
fn settings_that_name_no_alert_are_refused() {
    for (with, words) in [
        ("{ connection: alertmanager, alerts: {} }", "0 alerts"),
        ("{ connection: alertmanager, alerts: { a: { severity: page } } }", "no label `alertname`"),
        ("{ alerts: { a: { alertname: A } } }", "no Alertmanager is named"),
        ("{ connection: alertmanager, connections: [other], alerts: { a: { alertname: A } } }", "say the same"),
        ("{ connection: prometheus, alerts: { a: { alertname: A } } }", "is of kind `prometheus`"),
    ] {
        let problems = wrong("alert-route", with);
        assert!(problems.contains(words), "{with}: {problems}");
    }
}
