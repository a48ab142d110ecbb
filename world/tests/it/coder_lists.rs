//! Coder's lists of provisioners, jobs and proxies: what each release tells, to whom, and how it counts a queue.

use gonogo_world::coder::provisioning::{Job, Organization, Release};
use gonogo_world::coder::{Deployment, Provisioning, Region, Token, User};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::Value;

use crate::client::{Answer, client, get};

const SERVER: &str = "203.0.113.10";
const OHIO: [(&str, &str); 1] = [("region", "us-east-2")];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

const fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn user(name: &str, roles: &[&str]) -> User {
    User {
        id: format!("00000000-0000-4000-8000-{name:0>12}"),
        name: name.to_owned(),
        status: "active".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

fn token(name: &str, scope: &str) -> Token {
    Token {
        id: format!("{name:0<10}"),
        secret: "s".repeat(22),
        name: name.to_owned(),
        user_id: user(name, &[]).id,
        created_at: at("2026-11-01T00:00:00Z"),
        expires_at: at("2026-12-31T00:00:00Z"),
        login_type: "token".to_owned(),
        scopes: vec![scope.to_owned()],
    }
}

/// An organisation with an administrator of its templates (ann), a plain member (bob), and nobody else in it.
fn deployment() -> Deployment {
    let ann = ["organization-template-admin"];
    let mut team = Organization::new(1, "team").member(&user("ann", &[]).id, &ann).member(&user("bob", &[]).id, &[]);
    team.staff(3, "v2.20.0", &OHIO);
    team.daemons[2].seen = Some(seconds(300));
    team.jobs = vec![
        Job::waiting(1, seconds(120), &OHIO),
        Job::waiting(2, seconds(30), &OHIO),
        Job::waiting(3, seconds(600), &[]),
        Job::waiting(4, seconds(60), &OHIO).taken_by(&team.daemons[0].id),
    ];
    let mut other = Organization::new(2, "other");
    other.staff(1, "v2.20.0", &[]);
    Deployment {
        regions: vec![
            Region::new("primary", "ai.test", &[SERVER.parse().expect("an address")]),
            Region::new("oregon", "oregon.ai.test", &[]),
        ],
        users: vec![user("ann", &[]), user("bob", &[]), user("eve", &["template-admin"]), user("own", &["owner"])],
        tokens: ["ann", "bob", "eve", "own"].iter().map(|name| token(name, "all")).collect(),
        provisioning: Provisioning { organizations: vec![team, other], ..Provisioning::default() },
        ..Deployment::default()
    }
}

async fn start() -> (World, Client) {
    let mut state = State::empty(at("2026-11-22T08:00:00Z"));
    state.coder = deployment();
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[("ai.test", SERVER)]);
    (world, client)
}

async fn api(client: &Client, name: &str, path: &str) -> Answer {
    let value = token(name, "all").value();
    get(client, &format!("https://ai.test/api/v2{path}"), &[("coder-session-token", &value)]).await
}

fn length(answer: &Answer) -> Option<usize> {
    answer.json().as_array().map(Vec::len)
}

#[tokio::test]
async fn daemons_that_are_offline_are_shown_to_whoever_asks_for_them() {
    let (world, client) = start().await;
    let path = "/organizations/team/provisionerdaemons";
    assert_eq!(length(&api(&client, "ann", path).await), Some(2));
    let all = api(&client, "ann", &format!("{path}?offline=true&limit=1000")).await;
    assert_eq!(length(&all), Some(3));
    let rows = all.json();
    let status: Vec<&str> = (0..3).filter_map(|row| rows[row]["status"].as_str()).collect();
    assert_eq!(status, ["busy", "idle", "offline"]);
    assert_eq!(rows[0]["tags"]["scope"], "organization", "everybody has a scope");
    assert_eq!(length(&api(&client, "ann", &format!("{path}?limit=1")).await), Some(1));
    world.edit(|state| state.coder.provisioning.release = Release::Strict);
    let refused = api(&client, "ann", &format!("{path}?offline=true")).await;
    assert_eq!((refused.status, refused.json()["validations"][0]["field"].as_str()), (400, Some("offline")));
    assert_eq!(length(&api(&client, "ann", path).await), Some(3));
    world.edit(|state| state.coder.provisioning.release = Release::Early);
    let early = api(&client, "ann", &format!("{path}?anything=1")).await.json();
    assert_eq!((early.as_array().map(Vec::len), early[0].get("status")), (Some(3), None));
}

#[tokio::test]
async fn a_job_that_nobody_can_take_has_no_place_and_neither_has_one_that_is_taken() {
    let (_world, client) = start().await;
    let jobs = api(&client, "ann", "/organizations/team/provisionerjobs?status=pending,running&limit=50").await.json();
    let places: Vec<(i64, i64, Option<usize>)> = (0..4)
        .map(|row| {
            let row: &Value = &jobs[row];
            let number = |name: &str| row[name].as_i64().expect("a number");
            (number("queue_position"), number("queue_size"), row["available_workers"].as_array().map(Vec::len))
        })
        .collect();
    // The newest first: 30 s, 60 s (taken), 120 s, 600 s.
    assert_eq!(places, [(2, 2, Some(2)), (0, 0, None), (1, 2, Some(2)), (0, 0, Some(0))]);
    let one = api(&client, "ann", "/organizations/team/provisionerjobs?limit=1").await.json();
    assert_eq!(one[0]["metadata"]["workspace_name"], "workspace-2", "a limit cuts off what waits longest");
    assert_eq!(api(&client, "ann", "/organizations/team/provisionerjobs?offset=1").await.status, 400);
}

#[tokio::test]
async fn whoever_may_not_read_sees_what_is_not_there() {
    let (world, client) = start().await;
    let (daemons, jobs) = ("/organizations/team/provisionerdaemons", "/organizations/team/provisionerjobs");
    for path in [daemons, jobs] {
        assert_eq!(api(&client, "bob", path).await.status, 404);
        assert_eq!(api(&client, "own", path).await.status, 200);
    }
    assert_eq!(api(&client, "bob", "/organizations/team").await.status, 200, "a member sees the organisation");
    assert_eq!(api(&client, "bob", "/organizations/other").await.status, 404);
    assert_eq!(api(&client, "own", "/organizations/other").await.status, 200);
    assert_eq!(api(&client, "eve", daemons).await.status, 404, "no member, and so no organisation");
    world.edit(|state| {
        let team = state.coder.provisioning.organization_mut("team").expect("an organisation");
        *team = team.clone().member(&user("eve", &[]).id, &[]);
    });
    let eve = (api(&client, "eve", daemons).await.status, api(&client, "eve", jobs).await.status);
    assert_eq!(eve, (200, 404), "a template administrator of the deployment reads daemons, and no jobs");
    world.edit(|state| state.coder.provisioning.leaves_out = true);
    assert_eq!(length(&api(&client, "bob", daemons).await), Some(0));
    world.edit(|state| state.coder.tokens[0].scopes = vec!["organization:read".to_owned()]);
    assert_eq!(api(&client, "ann", jobs).await.status, 404, "no narrow scope covers provisioners");
}

#[tokio::test]
async fn the_server_holds_itself_for_healthy_and_tells_how_it_sees_the_others() {
    let (world, client) = start().await;
    world.edit(|state| {
        let oregon = state.coder.region_mut("oregon.ai.test").expect("a region");
        oregon.is_healthy = false;
        oregon.registration.errors = vec!["refused".to_owned()];
        oregon.registration.checked = Some(seconds(3600));
    });
    let rows = api(&client, "bob", "/workspaceproxies").await.json()["regions"].clone();
    assert_eq!((rows[0]["name"].as_str(), rows[0]["status"]["status"].as_str()), (Some("primary"), Some("ok")));
    assert_eq!(
        (rows[1]["healthy"].as_bool(), rows[1]["status"]["status"].as_str()),
        (Some(false), Some("unreachable"))
    );
    assert_eq!(rows[1]["status"]["report"]["errors"][0], "refused");
    let checked = rows[1]["status"]["checked_at"].as_str().map(at).expect("a time");
    assert!((at("2026-11-22T07:00:00Z") - checked).total(jiff::Unit::Second).expect("seconds").abs() < 60.0);
    world.edit(|state| state.coder.region_mut("oregon.ai.test").expect("a region").registration.checked = None);
    let rows = api(&client, "bob", "/workspaceproxies").await.json()["regions"].clone();
    assert_eq!(rows[1]["status"]["checked_at"], "0001-01-01T00:00:00Z");
    assert_eq!(rows[1]["status"]["status"], "unknown");
    world.edit(|state| state.coder.region_mut("oregon.ai.test").expect("a region").registration.is_deleted = true);
    let listed = api(&client, "bob", "/workspaceproxies").await.json()["regions"].clone();
    assert_eq!(listed[1]["deleted"], true, "the row stays");
    assert_eq!(api(&client, "bob", "/regions").await.json()["regions"].as_array().map(Vec::len), Some(1));
    world.edit(|state| state.coder.tokens[1].scopes = vec!["user:read".to_owned()]);
    let narrow = api(&client, "bob", "/workspaceproxies").await.json();
    assert_eq!(narrow["regions"].as_array().map(Vec::len), Some(1), "the server alone");
}
