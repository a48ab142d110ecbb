//! A real proxy's recorded answers, with a database and without one.

use crate::coder_deployment::stage::{Stage, times};
use gonogo_world::{
    incidents::workshop_2024_09_30 as workshop,
    web::{Page, Site},
};
use std::{fs, net::IpAddr, path::Path};

const HOST: &str = "litellm.ai.coder.com";

/// The status and the body of a recording.
fn recorded(name: &str) -> (u16, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/litellm").join(name);
    let text = fs::read_to_string(path).expect("the recording").replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").expect("a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}

/// The key of the recordings has ended since; here it does not.
fn lasting(body: String) -> String {
    let Ok(mut told) = serde_json::from_str::<serde_json::Value>(&body) else { return body };
    if let Some(expires) = told.pointer_mut("/info/expires") {
        *expires = serde_json::Value::Null;
    }
    told.to_string()
}

/// A site in the gateway's place that gives these recordings.
async fn stage(pages: &[(&str, &str)]) -> Stage {
    let read = pages.iter().map(|(path, name)| {
        let (status, body) = recorded(name);
        (*path, (status, lasting(body)))
    });
    served(&read.collect::<Vec<_>>()).await
}

/// The same, of these answers.
async fn served(pages: &[(&str, (u16, String))]) -> Stage {
    let times = times();
    let mut state = workshop::repaired(times);
    state.litellm.clear();
    let address: IpAddr = "203.0.113.40".parse().expect("an address");
    let site = pages.iter().fold(Site::at(HOST, &[address]), |site, (path, (status, body))| {
        site.page(path, Page::json(*status, body.clone()))
    });
    state.web.insert(HOST.to_owned(), site);
    Stage::with("llm-gateway", state, times).await.paying()
}

#[tokio::test]
async fn a_proxy_with_a_database_passes_and_its_keys_limits_are_read() {
    let pages = [
        ("/health/readiness", "health-readiness.http"),
        ("/v1/models", "v1-models-as-key.http"),
        ("/key/info", "key-info-self.http"),
        ("/v1/chat/completions", "chat-as-key.http"),
    ];
    let stage = stage(&pages).await;
    let with = "{ litellm: { connection: litellm, models: [claude-sonnet], key: {}, calls: {} } }";
    assert_eq!(stage.codes(with, "{ each_attendee: { dollars: 0.1 } }").await, [""; 0]);
    // Its budget is five dollars.
    assert_eq!(stage.codes(with, "{ each_attendee: { dollars: 1 } }").await, ["budget-too-small"]);
    assert_eq!(stage.codes(with, "{}").await, ["use-unsaid"]);
    let more = "{ litellm: { connection: litellm, models: [claude-haiku] } }";
    assert_eq!(stage.codes(more, "{}").await, ["model-missing"]);
}

#[tokio::test]
async fn a_proxy_without_a_database_is_green_and_found() {
    let pages = [
        ("/health/readiness", "without-db-health-readiness.http"),
        ("/key/info", "without-db-key-info-other.http"),
        ("/v1/chat/completions", "without-db-chat-unknown-model.http"),
        ("/v1/models", "v1-models-expired-key.http"),
    ];
    let stage = stage(&pages).await;
    assert_eq!(stage.codes("{ litellm: { connection: litellm } }", "{}").await, ["database-not-connected"]);
    let with = "{ litellm: { connection: litellm, key: {} } }";
    assert_eq!(stage.codes(with, "{ database: false }").await, ["server-error"]);
    let with = "{ litellm: { connection: litellm, models: [nope], calls: {} } }";
    assert_eq!(stage.codes(with, "{ database: false }").await, ["unauthorised", "model-missing"]);
}

#[tokio::test]
async fn a_key_that_an_older_release_refuses_with_400_has_ended() {
    let refusal = r#"{"error":{"message":"Authentication Error - Expired Key.","type":"expired_key","param":"sk-...1234","code":"400"}}"#;
    let ready = recorded("health-readiness.http");
    let stage = served(&[("/health/readiness", ready), ("/key/info", (400, refusal.to_owned()))]).await;
    let with = "{ litellm: { connection: litellm, key: {} } }";
    assert_eq!(stage.codes(with, "{}").await, ["expired"]);
}
