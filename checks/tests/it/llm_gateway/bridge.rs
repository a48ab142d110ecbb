//! Coder's AI Bridge.

use super::stage;
use gonogo_world::coder::{Bridge, Feature};

const WITH: &str = "{ ai_bridge: { connection: coder, models: { anthropic: [claude-sonnet-4-5] } } }";
const CALLS: &str = "{ ai_bridge: { connection: coder, models: { anthropic: [claude-sonnet-4-5] }, calls: {} } }";

#[tokio::test]
async fn a_bridge_that_is_licensed_on_and_reaches_its_provider_passes() {
    let stage = stage().await;
    stage.coder(|coder| coder.estate.bridge = Bridge::of("anthropic", &["claude-sonnet-4-5", "claude-opus-4-1"]));
    assert_eq!(stage.codes(WITH, "{}").await, [""; 0]);
    let more = "{ ai_bridge: { connection: coder, models: { anthropic: [claude-sonnet-9], openai: [gpt-5] } } }";
    assert_eq!(stage.codes(more, "{}").await, ["model-missing", "not-found"], "and openai is no provider of it");
}

#[tokio::test]
async fn a_bridge_that_is_off_or_unlicensed_is_found() {
    let stage = stage().await;
    let found = stage.codes(WITH, "{}").await;
    assert_eq!(found, ["forbidden"], "the feature is licensed, and the bridge is off");
    let off = Feature { is_licensed: false, is_enabled: false };
    stage.coder(|coder| {
        coder.estate.features.insert("aibridge".to_owned(), off);
    });
    assert_eq!(stage.codes(WITH, "{}").await, ["feature-not-entitled", "forbidden"]);
}

#[tokio::test]
async fn messages_go_through_each_url_with_leave_alone() {
    let sound = Bridge::of("anthropic", &["claude-sonnet-4-5"]);
    let stage = stage().await;
    stage.coder(|coder| coder.estate.bridge = sound.clone());
    assert_eq!(stage.codes(CALLS, "{}").await, ["withheld"]);
    let stage = stage.paying();
    assert_eq!(stage.codes(CALLS, "{}").await, [""; 0]);
    stage.coder(|coder| coder.estate.bridge.fails = Some((529, "overloaded_error".to_owned())));
    assert_eq!(stage.codes(CALLS, "{}").await, ["call-failed"]);
    stage.coder(|coder| coder.estate.bridge.fails = Some((401, "authentication_error".to_owned())));
    assert_eq!(stage.codes(CALLS, "{}").await, ["call-key-refused"]);
    // A proxy of this release has no such path.
    let through = "{ ai_bridge: { connection: coder, models: { anthropic: [claude-sonnet-4-5] }, through: ['https://oregon-proxy.ai.coder.com'] } }";
    let found = stage.findings(through, "{}").await.expect("the server is seen");
    assert_eq!((found.len(), found[0].code), (1, "not-found"));
    assert!(found[0].subject.contains("oregon-proxy"), "{found:?}");
}

#[tokio::test]
async fn openai_is_spoken_to_in_its_own_way() {
    let stage = stage().await.paying();
    stage.coder(|coder| coder.estate.bridge = Bridge::of("openai", &["gpt-5"]));
    let with = "{ ai_bridge: { connection: coder, models: { openai: [gpt-5] }, calls: {} } }";
    assert_eq!(stage.codes(with, "{}").await, [""; 0]);
}
