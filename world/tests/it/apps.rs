//! GitHub Apps: what one reads of itself, and the tokens that it gets.

use gonogo_world::github::{App, Github};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::assertion::{APP, OTHER, signed};
use crate::client::{Answer, client, get, post};

const ID: &str = "Iv23liTest";

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a time")
}

async fn world() -> World {
    let mut state = State::empty(now());
    let apps = vec![App::installed(ID, "deploy", APP, 7, "octo")];
    state.github.insert("api.github.com".to_owned(), Github { apps, ..Github::default() });
    World::start(state).await.expect("a world")
}

fn assertion(back: i64, ahead: i64, app: &str, pem: &str) -> String {
    let at = now().as_second();
    let claims = json!({ "iat": at - back, "exp": at + ahead, "iss": app });
    format!("Bearer {}", signed(&json!({ "alg": "RS256", "typ": "JWT" }), &claims, pem))
}

async fn read(client: &Client, path: &str, shown: &str) -> Answer {
    get(client, &format!("https://api.github.com{path}"), &[("authorization", shown)]).await
}

async fn mint(client: &Client, body: &Value) -> Answer {
    let shown = assertion(60, 540, ID, APP);
    let url = "https://api.github.com/app/installations/7/access_tokens";
    post(client, url, &[("authorization", &shown)], &body.to_string()).await
}

#[tokio::test]
async fn an_assertion_is_taken_for_ten_minutes_at_most_and_of_its_own_app_alone() {
    let world = world().await;
    let client = client(&world, &[]);
    let status = async |shown: String| {
        let answer = read(&client, "/app", &shown).await;
        (answer.status, answer.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(status(assertion(60, 540, ID, APP)).await.0, 200);
    for (shown, words) in [
        (assertion(60, 540, ID, OTHER), "could not be decoded"),
        (assertion(60, 540, "Iv23liOther", APP), "Integration not found"),
        (assertion(0, 660, ID, APP), "too far in the future"),
        (assertion(-60, 540, ID, APP), "'Issued at'"),
        (assertion(660, -60, ID, APP), "future time"),
    ] {
        let (status, said) = status(shown).await;
        assert!(status == 401 && said.contains(words), "{status} {said}");
    }
}

#[tokio::test]
async fn a_token_is_given_for_an_hour_where_the_app_is_installed_and_not_suspended() {
    let world = world().await;
    let client = client(&world, &[]);
    let shown = assertion(60, 540, ID, APP);
    let found = read(&client, "/app/installations/7", &shown).await;
    assert_eq!((found.status, found.json()["suspended_at"].clone()), (200, Value::Null));
    assert_eq!(read(&client, "/app/installations/8", &shown).await.status, 404);
    let least = json!({ "permissions": { "metadata": "read" } });
    let given = mint(&client, &least).await;
    let ends = given.json()["expires_at"].as_str().unwrap_or_default().to_owned();
    assert!(given.status == 201 && ends.starts_with("2026-11-22T09:0"), "{given:?}");
    assert_eq!(mint(&client, &json!({ "permissions": { "issues": "read" } })).await.status, 422);
    world.edit(|state| {
        let app = &mut state.github.get_mut("api.github.com").expect("GitHub").apps[0];
        app.installations.get_mut(&7).expect("installed").suspended = Some(now());
    });
    assert_eq!(mint(&client, &least).await.status, 403);
}
