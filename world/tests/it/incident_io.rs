//! incident.io: entries with overrides laid over them, page by page, and what it says to whom it does not know.

use gonogo_world::incident_io::{IncidentIo, Shift};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};

use crate::client::{Answer, client, get};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

async fn world() -> World {
    let mut state = State::empty(at("2026-11-30T12:00:00Z"));
    let start = at("2026-12-01T00:00:00Z");
    let mut own = IncidentIo::of_key("inc-world-key-01").schedule(
        "01DAY",
        "Day",
        &[("Ada Lovelace", start, start + SignedDuration::from_hours(24))],
    );
    let hours: Vec<_> = (0..60)
        .map(|hour| {
            ("Ada Lovelace", start + SignedDuration::from_hours(hour), start + SignedDuration::from_hours(hour + 1))
        })
        .collect();
    own = own.schedule("01LONG", "Long", &hours);
    own.weak_keys.push("inc-weak-key-01".to_owned());
    let over = Shift {
        user: None,
        starts: start + SignedDuration::from_hours(8),
        ends: start + SignedDuration::from_hours(9),
    };
    own.schedules.get_mut("01DAY").expect("a schedule").overrides.push(over);
    state.incident_io.insert("api.incident.io".to_owned(), own);
    World::start(state).await.expect("a world")
}

async fn ask(world: &World, key: &str, path: &str) -> Answer {
    let shown = format!("Bearer {key}");
    get(&client(world, &[]), &format!("https://api.incident.io/{path}"), &[("authorization", &shown)]).await
}

#[tokio::test]
async fn what_is_final_is_what_the_overrides_leave() {
    let world = world().await;
    let path = "v2/schedule_entries?schedule_id=01DAY&entry_window_start=2026-12-01T00:00:00Z&entry_window_end=2026-12-02T00:00:00Z";
    let listed = ask(&world, "inc-world-key-01", path).await.json();
    let entries = &listed["schedule_entries"];
    let whose: Vec<_> = entries["final"].as_array().expect("a list").iter().map(|one| &one["user"]["name"]).collect();
    assert_eq!(whose, [&"Ada Lovelace".into(), &serde_json::Value::Null, &"Ada Lovelace".into()]);
    assert_eq!(entries["final"][1]["start_at"], "2026-12-01T08:00:00Z");
    assert_eq!(
        (entries["scheduled"].as_array().map(Vec::len), entries["overrides"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
}

#[tokio::test]
async fn a_long_list_goes_on_after_the_end_of_its_last_entry() {
    let world = world().await;
    let path = |from: &str| {
        format!(
            "v2/schedule_entries?schedule_id=01LONG&entry_window_start={from}&entry_window_end=2026-12-05T00:00:00Z"
        )
    };
    let first = ask(&world, "inc-world-key-01", &path("2026-12-01T00:00:00Z")).await.json();
    assert_eq!(first["pagination_meta"]["after"], "2026-12-02T01:00:00Z");
    let last = ask(&world, "inc-world-key-01", &path("2026-12-03T02:00:00Z")).await.json();
    assert!(last["pagination_meta"]["after"].is_null(), "{last:#}");
}

#[tokio::test]
async fn a_key_without_the_right_is_told_from_one_that_is_not_known() {
    let world = world().await;
    for (key, path, status) in [
        ("inc-world-key-01", "v2/schedules/01DAY", 200),
        ("inc-world-key-01", "v2/schedules", 200),
        ("inc-world-key-01", "v2/schedules/01GONE", 404),
        ("inc-world-key-01", "v2/schedule_entries?schedule_id=01DAY", 422),
        ("inc-weak-key-01", "v2/schedules/01DAY", 403),
        ("inc-other-key-01", "v2/schedules/01DAY", 401),
    ] {
        assert_eq!(ask(&world, key, path).await.status, status, "{key} {path}");
    }
}
