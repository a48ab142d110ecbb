//! The incidents, cause by cause: what each one alone makes of its checklist, and what all of them and none of them make.
//!
//! An item that is not named in a row passes without a finding: that is what makes each row say *exactly*.

mod boot_order;
mod knative_pvc;
mod mount_overlap;
mod workshop;

use crate::pages::{files, repository};
use crate::rig::{Report, Rig, Seen, gonogo, times};
use gonogo::rehearsal::{REHEARSALS, is_checklist, named};
use gonogo_world::{
    State,
    incidents::{CATALOGUE, Times},
};
use std::{fs, path::PathBuf};

/// An item that a cause stops: its id, its outcome and the codes of its findings, each of which names the item's site.
type Stopped = (&'static str, &'static str, &'static [&'static str]);

/// What the incident's own checklist makes of a world that is as it should have been but for what `wrong` does to it.
fn alone(incident: &str, wrong: impl FnOnce(&mut State, &Times)) -> Report {
    let rehearsal = named(incident).expect(incident);
    let times = times();
    let mut state = (rehearsal.incident.repaired)(times);
    wrong(&mut state, &times);
    Rig::rehearsing(rehearsal, state, times).report(&repository().join(rehearsal.example), &[])
}

/// The same of the world as it was.
fn as_it_was(incident: &str) -> Report {
    let rehearsal = named(incident).expect(incident);
    alone(incident, |state, times| *state = rehearsal.incident.before(*times))
}

/// Asserts that these items are stopped in this way, and that every other one passes.
fn assert_stopped(report: &Report, stopped: &[Stopped]) {
    let mut wanted: Vec<String> =
        stopped.iter().map(|(id, outcome, codes)| format!("{id} {outcome} {}", codes.join(" "))).collect();
    let mut seen = report.in_the_way();
    wanted.sort();
    seen.sort();
    assert_eq!(seen, wanted);
    assert_eq!((report.verdict(), report.code), ("no-go", 1));
    for (id, ..) in stopped {
        for finding in report.item(id)["findings"].as_array().expect("findings") {
            assert_eq!(finding["site"], report.item(id)["site"], "{id}: {finding:#}");
            assert!(!finding["remedy"].is_null(), "{id}: nothing mends {finding:#}");
        }
    }
    let all = report.json["items"].as_array().expect("items");
    let named = |id: &str| stopped.iter().any(|(stopped, ..)| *stopped == id);
    for item in all.iter().filter(|item| !named(item["id"].as_str().expect("an id"))) {
        assert!(item["outcome"] == "pass" || is_for_later(item), "{item:#}");
        assert_eq!(item["findings"], serde_json::json!([]), "{item:#}");
    }
}

/// True for what is due only once the event is over.
fn is_for_later(item: &serde_json::Value) -> bool {
    item["outcome"] == "not-due"
}

/// Asserts that nothing at all is in the way, and that everything was looked at.
fn assert_go(report: &Report) {
    assert_eq!((report.verdict(), report.code), ("go", 0), "{:#}", report.json);
    assert_eq!(report.in_the_way(), [""; 0]);
    let items = report.json["items"].as_array().expect("items");
    let due = items.iter().filter(|item| !is_for_later(item)).count();
    assert!(due > 0 && report.json["counts"]["pass"] == due, "{:#}", report.json["counts"]);
}

fn demo(arguments: &[&str]) -> Seen {
    Seen::of(gonogo().arg("demo").args(arguments).output().expect("gonogo runs"))
}

#[test]
fn every_incident_is_rehearsed_with_a_checklist_that_users_copy() {
    let names = |text: &[&str]| text.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let known: Vec<&str> = CATALOGUE.iter().map(|incident| incident.name).collect();
    let rehearsed: Vec<&str> = REHEARSALS.iter().map(|rehearsal| rehearsal.incident.name).collect();
    assert_eq!(names(&rehearsed), names(&known));
    let mut paths: Vec<_> = REHEARSALS.iter().map(|rehearsal| repository().join(rehearsal.example)).collect();
    for (rehearsal, path) in REHEARSALS.iter().zip(&paths) {
        let folder = path.parent().expect("a folder");
        let mut beside: Vec<PathBuf> =
            files(folder, "yaml").into_iter().filter(|path| !path.ends_with("rows.yaml")).collect();
        // Pages are for people; one that a check reads is rehearsed as well, and compared below.
        beside
            .extend(rehearsal.files.iter().filter(|(name, _)| !is_checklist(name)).map(|(name, _)| folder.join(name)));
        assert_eq!(beside.len(), rehearsal.files.len(), "{}: a file that is not rehearsed", rehearsal.example);
        for (name, text) in rehearsal.files.iter().chain(rehearsal.beside) {
            assert_eq!(fs::read_to_string(folder.join(name)).expect("an example"), *text);
            assert!(!is_checklist(name) || text.starts_with("# "), "{}: {name}: what is it for?", rehearsal.example);
        }
    }
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), REHEARSALS.len());
}

#[test]
fn each_cause_of_every_incident_alone_is_no_go() {
    for incident in CATALOGUE {
        for cause in (incident.causes)() {
            let report = alone(incident.name, |state, times| cause.inject(state, times));
            assert_eq!((report.verdict(), report.code), ("no-go", 1), "{} {}", incident.name, cause.name);
        }
    }
}

#[test]
fn every_demo_is_no_go_and_go_once_it_is_repaired() {
    for incident in CATALOGUE {
        for (more, code, verdict) in [(&[][..], 1, "NO-GO  "), (&["--repaired"], 0, "GO  ")] {
            let seen = demo(&[&[incident.name], more].concat());
            assert_eq!(seen.code, code, "{}\n{}", seen.stdout, seen.stderr);
            assert!(seen.stdout.starts_with(verdict), "{}", seen.stdout);
        }
    }
}

#[test]
fn the_list_has_a_line_of_at_most_eighty_columns_for_each_incident() {
    let seen = demo(&["--list"]);
    assert_eq!(seen.code, 0, "{}", seen.stderr);
    let lines: Vec<&str> = seen.stdout.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), CATALOGUE.len(), "{}", seen.stdout);
    for (line, incident) in lines.iter().zip(CATALOGUE) {
        for part in [incident.name, &incident.date.to_string(), incident.title] {
            assert!(line.contains(part), "{line}");
        }
    }
    assert!(seen.stdout.lines().all(|line| line.chars().count() <= 80), "{}", seen.stdout);
}

#[test]
fn without_a_name_it_is_the_workshop() {
    let seen = demo(&["--repaired"]);
    assert!(seen.stdout.starts_with("GO  Agentic Workshop  "), "{}", seen.stdout);
    assert!(seen.stderr.contains("the incident of 30 September 2024"), "{}", seen.stderr);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest_and_the_list() {
    let seen = demo(&["workshop-2024-09-31"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""));
    for incident in CATALOGUE {
        assert!(seen.stderr.contains(incident.name), "{}", seen.stderr);
    }
    assert!(seen.stderr.contains("similar value exists: 'workshop-2024-09-30'"), "{}", seen.stderr);
    assert_eq!(demo(&["--list", "--keep"]).code, 2);
}
