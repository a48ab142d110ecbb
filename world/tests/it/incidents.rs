//! The catalogue of incidents, and what holds of each of them.

use gonogo_world::incidents::{CATALOGUE, Incident, Times};
use gonogo_world::{State, World};
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn times() -> Times {
    Times { now: at("2026-11-30T17:00:00Z"), starts: at("2026-12-02T17:00:00Z"), ends: at("2026-12-02T18:30:00Z") }
}

/// Everything that the state says.
fn words(state: &State) -> String {
    format!("{state:?}")
}

fn alone(incident: &Incident) -> Vec<(String, String)> {
    let with = |cause: gonogo_world::incidents::Injection| {
        let mut state = (incident.repaired)(times());
        cause.inject(&mut state, &times());
        (cause.name.clone(), words(&state))
    };
    (incident.causes)().into_iter().map(with).collect()
}

#[test]
fn an_incidents_name_ends_with_its_day_and_stands_once() {
    assert!(CATALOGUE.len() >= 4);
    assert!(CATALOGUE[0].name.starts_with("workshop-"), "the first is meant where none is named");
    let mut names: Vec<&str> = CATALOGUE.iter().map(|incident| incident.name).collect();
    for incident in CATALOGUE {
        assert!(incident.name.ends_with(&format!("-{}", incident.date)), "{}", incident.name);
        assert!(incident.name.len() <= 24 && incident.title.len() <= 42, "{} is too long for a line", incident.name);
        assert!(incident.title.chars().next().is_some_and(char::is_uppercase) && !incident.title.ends_with('.'));
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CATALOGUE.len());
    assert!(CATALOGUE.is_sorted_by_key(|incident| incident.date), "by date");
}

#[test]
fn each_cause_changes_the_world_in_its_own_way() {
    for incident in CATALOGUE {
        let mut seen = vec![("none".to_owned(), words(&(incident.repaired)(times())))];
        let alone = alone(incident);
        assert!(!alone.is_empty(), "{}", incident.name);
        for (cause, state) in alone {
            let same = seen.iter().find(|(_, other)| *other == state);
            assert!(same.is_none(), "{}: {cause} is the same as {:?}", incident.name, same.map(|(name, _)| name));
            seen.push((cause, state));
        }
    }
}

#[test]
fn the_world_before_is_every_cause_at_once_and_always_the_same() {
    for incident in CATALOGUE {
        let before = words(&incident.before(times()));
        assert_eq!(before, words(&incident.before(times())), "{}", incident.name);
        let causes = alone(incident);
        assert!(causes.len() == 1 || causes.iter().all(|(_, state)| *state != before), "{}", incident.name);
    }
}

#[tokio::test]
async fn every_incident_stands() {
    for incident in CATALOGUE {
        World::start(incident.before(times())).await.expect(incident.name);
    }
}
