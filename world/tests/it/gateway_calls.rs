//! The gateway's calls, and what teams and users may spend.

use gonogo_world::litellm::{Gateway, Key, Purse, Role};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::client::{client, get};
use crate::recording::recorded;

const HOST: &str = "https://litellm.test";

async fn start() -> (World, Client) {
    let now: Timestamp = "2026-11-22T08:20:00Z".parse().expect("a time");
    let mut state = State::empty(now);
    let mut gateway = Gateway::new("sk-master");
    let mut key = Key::new("workshop", "sk-workshop", now);
    (key.team_id, key.max_budget, key.rpm_limit) = (Some("guests".to_owned()), Some(5.0), Some(10));
    let viewer = Key::new("probe", "sk-viewer", now).of("gonogo", Role::Viewer);
    gateway.keys = vec![key, viewer];
    gateway.teams.insert("guests".to_owned(), Purse { max_budget: Some(9.0), spend: 1.0, ..Purse::default() });
    state.litellm.insert("litellm.test".to_owned(), gateway);
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    (world, client)
}

async fn call(client: &Client, key: &str, model: &str) -> (u16, Value) {
    let body = json!({ "model": model, "max_tokens": 1, "messages": [{ "role": "user", "content": "." }] });
    let url = format!("{HOST}/v1/chat/completions");
    let asked = client.post(url).header("authorization", format!("Bearer {key}")).body(body.to_string());
    let answer = asked.send().await.expect("an answer");
    (answer.status().as_u16(), serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON"))
}

/// The names of an object's fields.
fn fields(value: &Value) -> Vec<&String> {
    value.as_object().expect("an object").keys().collect()
}

#[tokio::test]
async fn a_call_is_answered_as_it_was_recorded() {
    let (_world, client) = start().await;
    let (status, made) = call(&client, "sk-workshop", "claude-sonnet").await;
    let theirs = recorded("litellm/chat-as-key.http").json();
    assert_eq!((status, fields(&made)), (200, fields(&theirs)));
    assert_eq!(fields(&made["choices"][0]), fields(&theirs["choices"][0]));
    let (status, refused) = call(&client, "sk-workshop", "nope").await;
    let theirs = recorded("litellm/without-db-chat-unknown-model.http").json();
    assert_eq!((status, &refused["error"]["type"]), (400, &theirs["error"]["type"]));
    assert!(
        refused["error"]["message"]
            .as_str()
            .is_some_and(|says| says.contains("Invalid model name passed in model=nope"))
    );
}

#[tokio::test]
async fn a_call_is_refused_for_what_binds_the_key() {
    let (world, client) = start().await;
    let kind = async |key: &str| {
        let (status, refused) = call(&client, key, "claude-sonnet").await;
        (status, refused["error"]["type"].as_str().map(str::to_owned))
    };
    let change = |change: fn(&mut Key)| {
        world.edit(|state| {
            change(state.litellm.get_mut("litellm.test").expect("it").key_mut("workshop").expect("a key"));
        });
    };
    assert_eq!(kind("sk-none").await, (401, Some("token_not_found_in_db".to_owned())));
    change(|key| key.rpm_limit = Some(0));
    assert_eq!(kind("sk-workshop").await.0, 429);
    change(|key| key.spend = 5.0);
    assert_eq!(kind("sk-workshop").await, (400, Some("budget_exceeded".to_owned())));
    change(|key| key.models = vec!["other".to_owned()]);
    assert_eq!(kind("sk-workshop").await, (403, Some("key_model_access_denied".to_owned())));
}

#[tokio::test]
async fn a_team_is_told_of_to_its_keys_and_to_viewers() {
    let (_world, client) = start().await;
    for key in ["sk-workshop", "sk-viewer", "sk-master"] {
        let bearer = format!("Bearer {key}");
        let told = get(&client, &format!("{HOST}/team/info?team_id=guests"), &[("authorization", &bearer)]).await;
        assert_eq!(told.json()["team_info"]["max_budget"], 9.0, "{key}");
        let other = get(&client, &format!("{HOST}/user/info?user_id=ann"), &[("authorization", &bearer)]).await;
        assert_eq!(other.status, if key == "sk-workshop" { 403 } else { 404 }, "{key}");
    }
}
