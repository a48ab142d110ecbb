//! Google Cloud: a service account's keys, listed and exchanged.

use gonogo_world::gcp::Gcp;
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::assertion::{OTHER, SERVICE_ACCOUNT, signed};
use crate::client::{Answer, client, get, post};

const EMAIL: &str = "vertex@workshop-world.iam.gserviceaccount.com";

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a time")
}

async fn world() -> World {
    let mut state = State::empty(now());
    state.gcp = Gcp::default().with_file(SERVICE_ACCOUNT, now());
    state.gcp.tokens = [("reader".to_owned(), true), ("stranger".to_owned(), false)].into();
    World::start(state).await.expect("a world")
}

async fn list(client: &Client, token: &str, email: &str) -> Answer {
    let url = format!("https://iam.googleapis.com/v1/projects/-/serviceAccounts/{email}/keys?keyTypes=USER_MANAGED");
    get(client, &url, &[("authorization", &format!("Bearer {token}"))]).await
}

fn file(name: &str) -> String {
    let file: Value = serde_json::from_str(SERVICE_ACCOUNT).expect("JSON");
    file[name].as_str().expect("text").to_owned()
}

async fn exchange(client: &Client, claims: &Value, pem: &str) -> Answer {
    let assertion = signed(&json!({ "alg": "RS256", "typ": "JWT", "kid": file("private_key_id") }), claims, pem);
    let body = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    post(client, "https://oauth2.googleapis.com/token", &headers, &body).await
}

fn claims() -> Value {
    let at = now().as_second();
    json!({ "iss": EMAIL, "scope": "a", "aud": "https://oauth2.googleapis.com/token", "iat": at, "exp": at + 600 })
}

#[tokio::test]
async fn a_key_that_never_ends_ends_in_the_year_9999_and_a_missing_account_is_a_forbidden_one() {
    let world = world().await;
    let client = client(&world, &[]);
    let listed = list(&client, "reader", EMAIL).await;
    let key = listed.json()["keys"][0].clone();
    assert_eq!(key["validBeforeTime"], "9999-12-31T23:59:59Z");
    assert!(key["name"].as_str().expect("a name").ends_with(&file("private_key_id")), "{key}");
    assert!(key.get("disabled").is_none(), "what is false is left out: {key}");
    for (token, email) in [("reader", "nobody@workshop-world.iam.gserviceaccount.com"), ("stranger", EMAIL)] {
        let hidden = list(&client, token, email).await;
        assert_eq!((hidden.status, hidden.json()["error"]["status"].as_str()), (403, Some("PERMISSION_DENIED")));
    }
    assert_eq!(list(&client, "unknown", EMAIL).await.status, 401);
    world.edit(|state| state.gcp.accounts.get_mut(EMAIL).expect("an account").clear());
    assert_eq!(list(&client, "reader", EMAIL).await.json(), json!({}));
}

#[tokio::test]
async fn an_assertion_is_exchanged_if_the_key_the_times_and_the_audience_are_right() {
    let world = world().await;
    let client = client(&world, &[]);
    let pem = file("private_key");
    let given = exchange(&client, &claims(), &pem).await;
    assert_eq!((given.status, given.json()["token_type"].as_str()), (200, Some("Bearer")));
    let refused = async |claims: Value, pem: &str| {
        let answer = exchange(&client, &claims, pem).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_grant")), "{claims}");
    };
    refused(claims(), OTHER).await;
    let with = |claim: &str, value: Value| {
        let mut claims = claims();
        claims[claim] = value;
        claims
    };
    refused(with("iss", json!("nobody")), &pem).await;
    refused(with("aud", json!("https://example.com/")), &pem).await;
    refused(with("exp", json!(now().as_second() + 7200)), &pem).await;
    refused(with("iat", json!(now().as_second() + 1000)), &pem).await;
    world.edit(|state| state.gcp.key_mut(EMAIL).expect("a key").is_disabled = true);
    refused(claims(), &pem).await;
}
