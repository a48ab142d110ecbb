//! Schedules at incident.io.

use super::{KEY, codes, hour, look};
use crate::kubernetes::Stage;
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault, Rule, State, System,
    incident_io::{IncidentIo, Shift},
};
use jiff::Timestamp;

const WEAK: &str = "u+WeakKeyWithoutRights";
const FIRST: &str = "{ incident_io: { connection: incident, schedules: [01FIRST] } }";

fn own() -> IncidentIo {
    let own = IncidentIo::of_key(KEY)
        .schedule("01FIRST", "Primary", &[("Ada Lovelace", hour(-72), hour(96))])
        .schedule("01SECOND", "Secondary", &[("Grace Hopper", hour(-72), hour(96))]);
    IncidentIo { weak_keys: vec![WEAK.to_owned()], ..own }
}

async fn stage(own: IncidentIo) -> Stage {
    let mut state = State::empty(Timestamp::now());
    state.incident_io.insert("api.incident.io".to_owned(), own);
    Stage::of(state).await
}

#[tokio::test]
async fn two_schedules_are_two_levels() {
    let both = "{ incident_io: { connection: incident, schedules: [01FIRST, 01SECOND] } }";
    let stage = stage(own()).await;
    let (evidence, findings) =
        look(&stage, KEY, both, "{ levels: [1, 2], people: [Ada Lovelace, Grace Hopper] }").await.expect("seen");
    assert_eq!(findings, [], "{evidence:#}");
}

#[tokio::test]
async fn an_override_counts_and_an_empty_one_is_a_gap() {
    let mut empty = own();
    let schedule = empty.schedules.get_mut("01FIRST").expect("a schedule");
    schedule.overrides.push(Shift { user: None, starts: hour(49), ends: hour(50) });
    let stage = stage(empty).await;
    let (_, findings) = look(&stage, KEY, FIRST, "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("nobody-on-call", "level 1 of Primary")]);
    stage.world.edit(|state| {
        let own = state.incident_io.get_mut("api.incident.io").expect("it");
        own.schedules.get_mut("01FIRST").expect("a schedule").overrides[0].user = Some("Grace Hopper".to_owned());
    });
    let (_, findings) = look(&stage, KEY, FIRST, "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("handover-in-window", "level 1 of Primary")]);
}

#[tokio::test]
async fn a_long_list_is_read_to_its_end() {
    let shifts: Vec<_> = (0..120).map(|i| ("Ada Lovelace", hour(i - 10), hour(i - 9))).collect();
    let stage = stage(IncidentIo::of_key(KEY).schedule("01FIRST", "Primary", &shifts)).await;
    let (evidence, findings) = look(&stage, KEY, FIRST, "{}").await.expect("seen");
    assert_eq!(findings, []);
    assert!(evidence["shifts"].as_array().is_some_and(|shifts| shifts.len() > 99), "{evidence:#}");
}

#[tokio::test]
async fn an_id_that_is_not_there_is_a_finding_only_where_others_are_shown() {
    let gone = "{ incident_io: { connection: incident, schedules: [01GONE] } }";
    let (_, findings) = look(&stage(own()).await, KEY, gone, "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("no-such-rota", "01GONE")]);
    let missing = look(&stage(IncidentIo::of_key(KEY)).await, KEY, gone, "{}").await.expect_err("hidden");
    assert_eq!(missing.why, Why::NotFound);
}

#[tokio::test]
async fn a_key_without_the_right_a_wrong_one_and_every_fault_are_unknown() {
    let stage = stage(own()).await;
    for (key, why) in [(WEAK, Why::Forbidden), ("u+SomeOtherKey", Why::Unauthorised)] {
        let missing = look(&stage, key, FIRST, "{}").await.expect_err("a key");
        assert_eq!(missing.why, why);
    }
    for fault in [Fault::Refuse, Fault::MalformedJson, Fault::Empty, Fault::Status(404, None), Fault::Status(500, None)]
    {
        for path in ["", "/v2/schedule_entries"] {
            stage.world.inject(Rule::on(System::IncidentIo, fault).path(path)).expect("a rule");
            let seen = look(&stage, KEY, FIRST, "{}").await;
            assert!(seen.is_err(), "{fault:?} at {path}: {seen:?}");
            stage.world.clear_faults().expect("open ports");
        }
    }
}
