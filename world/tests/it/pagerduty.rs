//! `PagerDuty`: who is on call within a stretch of time, page by page, and what it says to whom it does not know.

use gonogo_world::pagerduty::{Pagerduty, Target};
use gonogo_world::{State, World};
use jiff::Timestamp;

use crate::client::{Answer, client, get};

const KEY: (&str, &str) = ("authorization", "Token token=u+WorldReadOnlyKey01");

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

async fn world() -> World {
    let mut state = State::empty(at("2026-11-30T12:00:00Z"));
    let shifts = [
        ("UADA", at("2026-11-30T00:00:00Z"), at("2026-12-01T00:00:00Z")),
        ("UGRACE", at("2026-12-01T08:00:00Z"), at("2026-12-02T00:00:00Z")),
    ];
    let account = Pagerduty::of_key("u+WorldReadOnlyKey01")
        .user("UADA", "Ada Lovelace")
        .user("UGRACE", "Grace Hopper")
        .schedule("SFIRST", "First", &shifts)
        .schedule("SLOOSE", "Loose", &shifts)
        .policy("PONE", "One", &[&[Target::schedule("SFIRST")], &[Target::user("UGRACE")]])
        .policy("PTWO", "Two", &[&[Target::user("UADA")]]);
    state.pagerduty.insert("api.pagerduty.com".to_owned(), account);
    World::start(state).await.expect("a world")
}

async fn ask(world: &World, path: &str) -> Answer {
    get(&client(world, &[]), &format!("https://api.pagerduty.com/{path}"), &[KEY]).await
}

const DAYS: &str = "since=2026-11-30T12:00:00Z&until=2026-12-01T12:00:00Z";

#[tokio::test]
async fn shifts_are_those_of_the_policy_and_a_gap_is_the_entry_that_is_missing() {
    let world = world().await;
    let listed = ask(&world, &format!("oncalls?escalation_policy_ids[]=PONE&{DAYS}&include[]=users")).await.json();
    let entries = listed["oncalls"].as_array().expect("a list");
    let told: Vec<_> =
        entries.iter().map(|one| (&one["user"]["name"], &one["escalation_level"], &one["start"])).collect();
    assert_eq!(told.len(), 3, "{listed:#}");
    assert_eq!((told[0].0, told[0].2), (&"Ada Lovelace".into(), &"2026-11-30T00:00:00Z".into()));
    assert_eq!(told[1].2, "2026-12-01T08:00:00Z");
    assert!(told[2].1 == 2 && told[2].2.is_null() && entries[2]["end"].is_null(), "always is null: {listed:#}");
    assert_eq!((&listed["more"], &listed["total"]), (&false.into(), &serde_json::Value::Null));
}

#[tokio::test]
async fn a_schedule_that_no_policy_uses_puts_nobody_on_call() {
    let world = world().await;
    for (id, count) in [("SFIRST", 2), ("SLOOSE", 0), ("SGONE", 0)] {
        let listed = ask(&world, &format!("oncalls?schedule_ids[]={id}&{DAYS}")).await.json();
        assert_eq!(listed["oncalls"].as_array().map(Vec::len), Some(count), "{id}");
    }
    assert_eq!(ask(&world, "schedules/SLOOSE").await.json()["schedule"]["name"], "Loose");
    assert_eq!(ask(&world, "schedules/SGONE").await.json()["error"]["code"], 2100);
}

#[tokio::test]
async fn lists_come_in_pages_and_a_stretch_of_more_than_ninety_days_is_refused() {
    let world = world().await;
    let first = ask(&world, "escalation_policies?limit=1").await.json();
    assert_eq!((&first["escalation_policies"][0]["id"], &first["more"]), (&"PONE".into(), &true.into()));
    let second = ask(&world, "escalation_policies?limit=1&offset=1").await.json();
    assert_eq!((&second["escalation_policies"][0]["id"], &second["more"]), (&"PTWO".into(), &false.into()));
    assert_eq!(second["escalation_policies"][0]["escalation_rules"].as_array().map(Vec::len), Some(1));
    assert_eq!(ask(&world, "oncalls?since=2026-11-30T12:00:00Z&until=2027-03-30T12:00:00Z").await.status, 400);
}

#[tokio::test]
async fn a_key_that_is_not_known_is_refused() {
    let world = world().await;
    for key in ["Token token=u+Other", "Bearer u+WorldReadOnlyKey01"] {
        let headers = [("authorization", key)];
        assert_eq!(get(&client(&world, &[]), "https://api.pagerduty.com/oncalls", &headers).await.status, 401);
    }
}
