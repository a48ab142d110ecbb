//! The gateway: what it says of keys, to whom.

use gonogo_world::litellm::{Database, Dates, Gateway, Key, Role};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;

use crate::client::{Answer, client, get};
use crate::recording::{assert_like, assert_same, recorded};

const HOST: &str = "https://litellm.test";
const WORKSHOP: &str = "sk-EXAMPLEEXAMPLEEXAMclIg";
const FOREVER: &str = "sk-EXAMPLEEXAMPLEEXAMiBLA";
const EXPIRED: &str = "sk-EXAMPLEEXAMPLEEXAM6sNg";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn gateway() -> Gateway {
    let mut gateway = Gateway::new("sk-master");
    let mut workshop = Key::new("workshop-team1", WORKSHOP, at("2026-11-22T08:18:39.909Z"));
    workshop = workshop.until(at("2026-11-22T12:18:39.898Z"));
    workshop.models = vec!["claude-sonnet".to_owned()];
    workshop.max_budget = Some(5.0);
    workshop.metadata = serde_json::json!({ "event": "demo" });
    let expired = Key::new("expired", EXPIRED, at("2026-11-22T08:18:41.174Z"));
    let expired = expired.until(at("2026-11-22T08:18:43.170Z"));
    let forever = Key::new("forever", FOREVER, at("2026-11-22T08:18:45.442Z"));
    let viewer = Key::new("probe", "sk-viewer", at("2026-11-22T08:00:00Z")).of("gonogo", Role::Viewer);
    gateway.keys = vec![workshop, expired, forever, viewer];
    gateway
}

async fn start(gateway: Gateway) -> (World, Client) {
    let mut state = State::empty(at("2026-11-22T08:20:00Z"));
    state.litellm.insert("litellm.test".to_owned(), gateway);
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    (world, client)
}

async fn by(client: &Client, key: &str, path: &str) -> Answer {
    get(client, &format!("{HOST}{path}"), &[("authorization", &format!("Bearer {key}"))]).await
}

#[tokio::test]
async fn a_key_is_told_of_as_it_was_recorded() {
    let (_world, client) = start(gateway()).await;
    let info = |key: &str| format!("/key/info?key={key}");
    assert_same(&by(&client, "sk-master", &info(WORKSHOP)).await, "litellm/key-info-by-key.http");
    assert_same(&by(&client, "sk-master", &info(FOREVER)).await, "litellm/key-info-noexpiry.http");
    assert_same(&by(&client, "sk-master", &info(EXPIRED)).await, "litellm/key-info-expired-by-master.http");
    assert_same(&by(&client, "sk-master", &info("sk-none")).await, "litellm/key-info-unknown.http");
    let own = by(&client, WORKSHOP, "/key/info").await;
    assert_like(&own, "litellm/key-info-self.http");
    assert_eq!(own.json()["info"], recorded("litellm/key-info-self.http").json()["info"]);
}

#[tokio::test]
async fn an_expired_key_learns_nothing_of_itself() {
    let (_world, client) = start(gateway()).await;
    let refused = by(&client, EXPIRED, "/key/info").await;
    assert_like(&refused, "litellm/key-info-expired-self.http");
    assert_eq!(refused.json()["error"]["type"], "expired_key");
    assert_like(&by(&client, EXPIRED, "/v1/models").await, "litellm/v1-models-expired-key.http");
}

#[tokio::test]
async fn a_key_expires_when_the_worlds_time_passes_it() {
    let (world, client) = start(gateway()).await;
    assert_eq!(by(&client, WORKSHOP, "/key/info").await.status, 200);
    world.edit(|state| state.now = at("2026-11-22T12:19:00Z"));
    assert_eq!(by(&client, WORKSHOP, "/key/info").await.status, 401);
}

#[tokio::test]
async fn a_list_gives_hashes_unless_whole_objects_are_asked_for() {
    let (_world, client) = start(gateway()).await;
    let filtered = "/key/list?key_alias=workshop-team1";
    assert_like(&by(&client, "sk-viewer", filtered).await, "litellm/key-list.http");
    let full = by(&client, "sk-viewer", &format!("{filtered}&return_full_object=true")).await;
    assert_like(&full, "litellm/key-list-full.http");
    let mut theirs = recorded("litellm/key-list-full.http").json()["keys"][0].clone();
    theirs["token"] = full.json()["keys"][0]["token"].clone();
    assert_eq!(full.json()["keys"][0], theirs);
    assert_same(&by(&client, WORKSHOP, "/key/list").await, "litellm/key-list-as-user.http");
}

#[tokio::test]
async fn a_list_has_pages_and_ten_keys_on_each() {
    let mut many = gateway();
    for number in 0..20 {
        many.keys.push(Key::new(&format!("team{number}"), &format!("sk-{number}"), Timestamp::UNIX_EPOCH));
    }
    let (_world, client) = start(many).await;
    let first = by(&client, "sk-master", "/key/list").await.json();
    assert_eq!(first["keys"].as_array().map(Vec::len), Some(10));
    assert_eq!((first["total_count"].as_u64(), first["total_pages"].as_u64()), (Some(24), Some(3)));
    let last = by(&client, "sk-master", "/key/list?page=3").await.json();
    assert_eq!(last["keys"].as_array().map(Vec::len), Some(4));
    assert_eq!(by(&client, "sk-master", "/key/list?size=101").await.status, 422);
}

#[tokio::test]
async fn the_filter_may_find_parts_of_an_alias() {
    let (world, client) = start(gateway()).await;
    let count =
        || async { by(&client, "sk-master", "/key/list?key_alias=workshop").await.json()["total_count"].clone() };
    assert_eq!(count().await, 0);
    world.edit(|state| {
        state.litellm.get_mut("litellm.test").expect("it").finds_parts = true;
    });
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn health_is_green_without_a_database() {
    let (world, client) = start(gateway()).await;
    assert_same(&get(&client, &format!("{HOST}/health/readiness"), &[]).await, "litellm/health-readiness.http");
    assert_same(&get(&client, &format!("{HOST}/health/liveliness"), &[]).await, "litellm/health-liveliness.http");
    world.edit(|state| {
        state.litellm.get_mut("litellm.test").expect("it").database = Database::NotConnected;
    });
    let sick = get(&client, &format!("{HOST}/health/readiness"), &[]).await;
    assert_same(&sick, "litellm/without-db-health-readiness.http");
    let refused = by(&client, WORKSHOP, "/v1/models").await;
    assert_same(&refused, "litellm/without-db-v1-models-badkey.http");
}

#[tokio::test]
async fn models_are_those_of_the_key() {
    let (_world, client) = start(gateway()).await;
    assert_same(&by(&client, WORKSHOP, "/v1/models").await, "litellm/v1-models-as-key.http");
    assert_same(&get(&client, &format!("{HOST}/v1/models"), &[]).await, "litellm/v1-models-nokey-401.http");
    assert_like(&by(&client, "sk-nobody", "/v1/models").await, "litellm/v1-models-badkey-401.http");
}

#[tokio::test]
async fn an_older_gateway_leaves_out_the_zone_and_a_blocked_key_is_refused() {
    let (world, client) = start(gateway()).await;
    world.edit(|state| {
        let gateway = state.litellm.get_mut("litellm.test").expect("it");
        gateway.dates = Dates::Naive;
        gateway.key_mut("forever").expect("a key").blocked = Some(true);
    });
    let info = by(&client, "sk-master", &format!("/key/info?key={WORKSHOP}")).await.json();
    assert_eq!(info["info"]["expires"], "2026-11-22T12:18:39.898000");
    assert_eq!(by(&client, FOREVER, "/v1/models").await.status, 401);
}
