//! Coder: its API for one's own token, and what a wildcard host says.

use gonogo_world::coder::{Deployment, Region, Token, User};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;

use crate::client::{Answer, client, get};

const SERVER: &str = "203.0.113.10";
const PROXY: &str = "203.0.113.20";
const LABELS: [&str; 3] = ["team1", "3000--dev--ws--ann", "a.b"];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn user(name: &str) -> User {
    User {
        id: format!("00000000-0000-4000-8000-{name:0>12}"),
        name: name.to_owned(),
        status: "active".to_owned(),
        roles: Vec::new(),
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

fn token(name: &str, owner: &str, expires: &str) -> Token {
    Token {
        id: format!("{name:0<10}"),
        secret: "s".repeat(22),
        name: name.to_owned(),
        user_id: user(owner).id,
        created_at: at("2026-11-01T00:00:00Z"),
        expires_at: at(expires),
        login_type: "token".to_owned(),
        scopes: vec!["all".to_owned()],
    }
}

fn deployment() -> Deployment {
    let ip = |address: &str| address.parse().expect("an address");
    Deployment {
        regions: vec![
            Region::new("primary", "ai.test", &[ip(SERVER)]),
            Region::new("oregon", "oregon.ai.test", &[ip(PROXY)]),
        ],
        users: vec![user("ann"), user("bob")],
        tokens: vec![
            token("ci", "ann", "2026-12-31T00:00:00Z"),
            token("old", "ann", "2026-11-10T00:00:00Z"),
            token("other", "bob", "2026-12-31T00:00:00Z"),
        ],
        ..Deployment::default()
    }
}

async fn start() -> (World, Client) {
    let mut state = State::empty(at("2026-11-22T08:00:00Z"));
    state.coder = deployment();
    let world = World::start(state).await.expect("a world");
    let mut hosts = vec![("ai.test".to_owned(), SERVER), ("oregon.ai.test".to_owned(), PROXY)];
    for label in LABELS {
        hosts.push((format!("{label}.ai.test"), SERVER));
        hosts.push((format!("{label}.oregon.ai.test"), PROXY));
    }
    let hosts: Vec<(&str, &str)> = hosts.iter().map(|(host, address)| (host.as_str(), *address)).collect();
    let client = client(&world, &hosts);
    (world, client)
}

async fn api(client: &Client, path: &str, token: &Token) -> Answer {
    let value = token.value();
    get(client, &format!("https://ai.test/api/v2{path}"), &[("coder-session-token", &value)]).await
}

#[tokio::test]
async fn a_token_reads_its_own_end_and_nobody_elses() {
    let (_world, client) = start().await;
    let tokens = deployment().tokens;
    let own = api(&client, "/users/me/keys/ci00000000", &tokens[0]).await;
    assert_eq!((own.status, own.json()["expires_at"].as_str()), (200, Some("2026-12-31T00:00:00Z")));
    assert_eq!(own.json()["lifetime_seconds"], 60 * 86_400);
    let listed = api(&client, "/users/me/keys/tokens", &tokens[0]).await.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "expired ones are left out: {listed}");
    let all = api(&client, "/users/me/keys/tokens?include_expired=true", &tokens[0]).await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    assert_eq!(api(&client, "/users/bob/keys/tokens", &tokens[0]).await.status, 404);
    assert_eq!(api(&client, "/users/me/keys/other00000", &tokens[0]).await.status, 404);
    assert_eq!(api(&client, "/users/me", &tokens[0]).await.json()["username"], "ann");
    assert_eq!(api(&client, "/provisioners", &tokens[0]).await.json()["message"], "Route not found.");
}

#[tokio::test]
async fn a_dead_token_is_signed_out_and_told_why() {
    let (world, client) = start().await;
    let tokens = deployment().tokens;
    let expired = api(&client, "/users/me", &tokens[1]).await;
    assert_eq!(expired.status, 401);
    assert!(expired.json()["detail"].as_str().is_some_and(|detail| detail.starts_with("API key expired at")));
    world.edit(|state| state.coder.token_mut("ci").expect("a token").secret = "revoked".to_owned());
    assert_eq!(api(&client, "/users/me", &tokens[0]).await.status, 401);
    world.edit(|state| {
        state.coder.token_mut("other").expect("a token").scopes = vec!["workspace:read".to_owned()];
    });
    assert_eq!(api(&client, "/users/me/keys/tokens", &tokens[2]).await.status, 404);
    assert_eq!(get(&client, "https://ai.test/api/v2/regions", &[]).await.status, 401);
}

#[tokio::test]
async fn builds_and_regions_are_told() {
    let (_world, client) = start().await;
    let proxy = get(&client, "https://oregon.ai.test/api/v2/buildinfo", &[]).await.json();
    assert_eq!(
        (proxy["workspace_proxy"].as_bool(), proxy["dashboard_url"].as_str()),
        (Some(true), Some("https://ai.test"))
    );
    let regions = api(&client, "/regions", &deployment().tokens[0]).await.json();
    assert_eq!(regions["regions"][1]["wildcard_hostname"], "*.oregon.ai.test");
    let health = get(&client, "https://oregon.ai.test/healthz", &[]).await;
    assert_eq!((health.status, health.body.as_str()), (200, "OK"));
}

#[tokio::test]
async fn a_wildcard_host_proves_itself_by_a_400_of_its_own() {
    let (world, client) = start().await;
    let url = "https://team1.oregon.ai.test/";
    let reached = get(&client, url, &[]).await;
    assert_eq!(reached.status, 400);
    assert!(reached.body.contains("Could not parse subdomain application URL"));
    let application = get(&client, "https://3000--dev--ws--ann.oregon.ai.test/", &[]).await;
    assert_eq!(application.status, 303);
    assert!(
        application
            .header("location")
            .is_some_and(|to| to.starts_with("https://ai.test/api/v2/applications/auth-redirect"))
    );

    world.edit(|state| {
        state.coder.region_mut("oregon.ai.test").expect("a proxy").routes_wildcard = false;
    });
    let stale = get(&client, url, &[]).await;
    assert_eq!(stale.status, 200);
    assert!(stale.body.contains("<title>Coder</title>") && !stale.body.contains("Could not parse"));
    assert_eq!(get(&client, "https://oregon.ai.test/healthz", &[]).await.status, 200, "its health shows nothing of it");
}

#[tokio::test]
async fn a_certificate_covers_one_label_and_no_more() {
    let (_world, client) = start().await;
    let deep = client.get("https://a.b.oregon.ai.test/").send().await;
    assert!(deep.is_err_and(|error| error.is_connect()));
}
