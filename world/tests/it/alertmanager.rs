//! Alertmanager: who it is, and what it keeps quiet.

use gonogo_world::alertmanager::{Alertmanager, Silence};
use gonogo_world::{State, World};
use jiff::Timestamp;

use crate::client::{client, get};
use crate::recording::assert_like;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

async fn world() -> World {
    let mut state = State::empty(at("2026-11-30T12:00:00Z"));
    let silences = [
        ("over", "2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z"),
        ("now", "2026-11-30T00:00:00Z", "2026-12-03T00:00:00Z"),
        ("later", "2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z"),
    ];
    let silences =
        silences.map(|(id, starts, ends)| (id.to_owned(), Silence::of("severity", "page", at(starts), at(ends))));
    let alertmanager = Alertmanager { silences: silences.into(), ..Alertmanager::default() };
    state.alertmanager.insert("alertmanager.test".to_owned(), alertmanager);
    World::start(state).await.expect("a world")
}

#[tokio::test]
async fn a_silence_is_what_the_time_makes_of_it() {
    let world = world().await;
    let listed = get(&client(&world, &[]), "https://alertmanager.test/api/v2/silences", &[]).await;
    assert_eq!((listed.status, listed.header("content-type")), (200, Some("application/json")));
    let listed = listed.json();
    let states: Vec<_> = listed.as_array().expect("a list").iter().map(|one| &one["status"]["state"]).collect();
    assert_eq!(states, ["pending", "active", "expired"]);
    assert_eq!(listed[1]["startsAt"], "2026-11-30T00:00:00.000Z");
    assert_eq!(listed[1]["matchers"][0]["isEqual"], true);
}

#[tokio::test]
async fn it_says_who_it_is_and_knows_no_other_path() {
    let world = world().await;
    let client = client(&world, &[]);
    let status = get(&client, "https://alertmanager.test/api/v2/status", &[]).await.json();
    assert_eq!(status["cluster"]["status"], "ready");
    assert!(status["config"]["original"].is_string() && status["versionInfo"]["version"].is_string());
    assert_like(&get(&client, "https://alertmanager.test/-/ready", &[]).await, "alertmanager/ready.http");
    assert_eq!(get(&client, "https://alertmanager.test/api/v1/silences", &[]).await.status, 404);
}

#[tokio::test]
async fn one_that_is_alone_says_how_it_is_set_like_the_recorded_one() {
    let mut state = State::empty(at("2026-11-30T12:00:00Z"));
    let alone = Alertmanager { cluster: "disabled".to_owned(), ..Alertmanager::default() };
    state.alertmanager.insert("alertmanager.test".to_owned(), alone);
    let world = World::start(state).await.expect("a world");
    let status = get(&client(&world, &[]), "https://alertmanager.test/api/v2/status", &[]).await;
    assert_like(&status, "alertmanager/status.http");
}
