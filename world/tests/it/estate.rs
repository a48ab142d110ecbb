//! Coder's deployment: what it says of itself, to whom, and AI Bridge.

use gonogo_world::coder::{Bridge, Deployment, Estate, Feature, Licence, Provider, Region, Token, User};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::{Value, json};

use crate::client::{client, get};

const NOW: &str = "2026-11-22T08:00:00Z";
const OWNER: &str = "owner00000-ssssssssssssssssssssss";
const MEMBER: &str = "member0000-ssssssssssssssssssssss";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn user(name: &str, roles: &[&str]) -> (User, Token) {
    let id = format!("00000000-0000-4000-8000-{name:0>12}");
    let made = at("2026-01-01T00:00:00Z");
    let token = Token {
        id: format!("{name:0<10}"),
        secret: "s".repeat(22),
        name: name.to_owned(),
        user_id: id.clone(),
        created_at: made,
        expires_at: at("2027-01-01T00:00:00Z"),
        login_type: "token".to_owned(),
        scopes: vec!["all".to_owned()],
    };
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    (User { id, name: name.to_owned(), status: "active".to_owned(), roles, created_at: made }, token)
}

fn deployment() -> Deployment {
    let (users, tokens) = [user("owner", &["owner"]), user("member", &[])].into_iter().unzip();
    let on = Feature { is_licensed: true, is_enabled: true };
    let estate = Estate {
        github: Provider { is_enabled: true, organisations: vec!["coder".to_owned()], ..Provider::default() },
        licences: vec![Licence::bought(at("2026-01-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))],
        seats: Some(10),
        features: [("workspace_proxy".to_owned(), on)].into(),
        bridge: Bridge::of("anthropic", &["claude-sonnet-4-5"]),
        ..Estate::default()
    };
    Deployment { regions: vec![Region::new("primary", "ai.test", &[])], users, tokens, estate, ..Deployment::default() }
}

async fn start() -> (World, Client) {
    let mut state = State::empty(at(NOW));
    state.coder = deployment();
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    (world, client)
}

async fn told(client: &Client, token: &str, path: &str) -> (u16, Value) {
    let answer = get(client, &format!("https://ai.test/api/v2{path}"), &[("coder-session-token", token)]).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn the_sign_in_page_is_for_anybody_and_says_nothing_of_sign_up() {
    let (_world, client) = start().await;
    let page = get(&client, "https://ai.test/api/v2/users/authmethods", &[]).await.json();
    assert_eq!((page["github"]["enabled"].as_bool(), page["oidc"]["enabled"].as_bool()), (Some(true), Some(false)));
    assert!(!page.to_string().contains("signup"));
}

#[tokio::test]
async fn each_part_is_shown_to_whom_coder_shows_it() {
    let (world, client) = start().await;
    let config = told(&client, OWNER, "/deployment/config").await;
    assert_eq!(config.1["config"]["oauth2"]["github"]["allow_signups"], false);
    assert_eq!(config.1["config"]["oauth2"]["github"]["allowed_orgs"], json!(["coder"]));
    assert_eq!(told(&client, MEMBER, "/deployment/config").await, (403, json!({ "message": "Forbidden." })));
    let licence = told(&client, OWNER, "/licenses").await.1[0]["claims"].clone();
    assert_eq!(licence["license_expires"], at("2026-12-01T00:00:00Z").as_second());
    assert_eq!(licence["exp"], at("2026-12-31T00:00:00Z").as_second(), "the end of the grace");
    assert_eq!(told(&client, MEMBER, "/licenses").await, (200, json!([])), "hidden without a word");
    assert_eq!(told(&client, OWNER, "/users").await.1["count"], 2);
    assert_eq!(told(&client, OWNER, "/users?limit=1&offset=1").await.1["users"][0]["username"], "member");
    assert_eq!(told(&client, MEMBER, "/users").await.1["count"], 1, "whoever sees no users sees themself");
    world.edit(|state| state.coder.token_mut("owner").expect("a token").scopes = vec!["workspace:read".to_owned()]);
    assert_eq!(told(&client, OWNER, "/licenses").await.1, json!([]), "a narrow token is no owner's");
}

#[tokio::test]
async fn entitlements_follow_the_licences_and_the_worlds_time() {
    let (world, client) = start().await;
    let of = async |name: &str| told(&client, MEMBER, "/entitlements").await.1["features"][name].clone();
    assert_eq!(of("user_limit").await, json!({ "entitlement": "entitled", "enabled": true, "limit": 10, "actual": 2 }));
    world.edit(|state| state.now = at("2026-12-02T00:00:00Z"));
    assert_eq!(of("workspace_proxy").await["entitlement"], "grace_period");
    world.edit(|state| state.coder.estate.refreshed = SignedDuration::from_hours(3));
    let refreshed = told(&client, MEMBER, "/entitlements").await.1["refreshed_at"].clone();
    assert!(refreshed.as_str().is_some_and(|time| time.starts_with("2026-12-01T21:00:0")), "{refreshed}");
    world.edit(|state| state.now = at("2026-12-31T12:00:00Z"));
    assert_eq!(of("user_limit").await["entitlement"], "not_entitled");
    assert_eq!(told(&client, MEMBER, "/entitlements").await.1["has_license"], false);
}

#[tokio::test]
async fn the_bridge_takes_a_coder_token_in_the_providers_own_header() {
    let (world, client) = start().await;
    let (status, models) = told(&client, MEMBER, "/aibridge/anthropic/v1/models").await;
    assert_eq!((status, models["data"][0]["id"].as_str()), (200, Some("claude-sonnet-4-5")));
    assert_eq!(told(&client, MEMBER, "/aibridge/openai/v1/models").await.0, 404);
    let say = async |model: &str| {
        let body = json!({ "model": model, "max_tokens": 1, "messages": [] }).to_string();
        let url = "https://ai.test/api/v2/aibridge/anthropic/v1/messages";
        let answer = client.post(url).header("x-api-key", MEMBER).body(body).send().await.expect("an answer");
        (
            answer.status().as_u16(),
            serde_json::from_slice::<Value>(&answer.bytes().await.expect("a body")).expect("JSON"),
        )
    };
    assert_eq!(say("claude-sonnet-4-5").await.1["content"][0]["type"], "text");
    assert_eq!(say("claude-none").await.0, 404);
    world.edit(|state| state.coder.estate.bridge.fails = Some((529, "overloaded_error".to_owned())));
    assert_eq!(say("claude-sonnet-4-5").await.1["error"]["type"], "overloaded_error");
    world.edit(|state| state.coder.estate.bridge.is_on = false);
    assert_eq!(told(&client, MEMBER, "/aibridge/anthropic/v1/models").await.0, 403);
}
