//! The incident, cause by cause: what each one alone makes of the checklist, and what all of them and none of them make.
//!
//! An item that is not named in a row passes without a finding: that is what makes each row say *exactly*.

use crate::rig::{Report, Rig, Seen, example, gonogo, times};
use gonogo_world::{
    State,
    incidents::{
        Times,
        workshop_2024_09_30::{Cause, before, repaired},
    },
};

/// An item that a cause stops: its id, its outcome and the codes of its findings, each of which names the item's site.
type Stopped = (&'static str, &'static str, &'static [&'static str]);

fn stopped_by(cause: Cause) -> &'static [Stopped] {
    match cause {
        Cause::StorageFull => &[
            ("node-storage@us-east-2", "fail", &["storage-above-limit"; 3]),
            ("capacity@us-east-2", "fail", &["disk-too-small"]),
        ],
        Cause::StaleMirror => &[
            ("server-image@us-west-2", "fail", &["mirror-stale", "pods-differ"]),
            ("server-image@eu-west-2", "fail", &["mirror-stale", "pods-differ"]),
            ("routing@us-west-2", "fail", &["wrong-status"]),
            ("routing@eu-west-2", "fail", &["wrong-status"]),
        ],
        Cause::KeyRotates => &[("gateway-key", "fail", &["expires-during-event", "rotation-in-window"])],
        Cause::TooFewProvisioners => &[("provisioners@us-east-2", "fail", &["too-few-replicas"])],
        Cause::CapacityShort => &[
            ("capacity@us-east-2", "fail", &["no-room"]),
            ("capacity@us-west-2", "fail", &["no-room"]),
            ("capacity@eu-west-2", "fail", &["no-room"]),
        ],
        Cause::WildcardBroken => {
            &[("wildcards@eu-west-2", "fail", &["name-missing"]), ("routing@eu-west-2", "blocked", &[])]
        }
    }
}

fn report(causes: &[Cause]) -> Report {
    let times = times();
    let mut state = repaired(times);
    for cause in causes {
        cause.inject(&mut state, &times);
    }
    look(state, times)
}

fn look(state: State, times: Times) -> Report {
    let rig = Rig::workshop(state, times);
    rig.report(&example(), &[])
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
        assert_eq!((&item["outcome"], &item["findings"]), (&"pass".into(), &serde_json::json!([])), "{item:#}");
    }
}

#[test]
fn the_repaired_world_is_go() {
    let report = report(&[]);
    assert_eq!((report.verdict(), report.code), ("go", 0), "{:#}", report.json);
    assert_eq!(report.in_the_way(), [""; 0]);
    assert_eq!(report.json["counts"]["pass"], 22);
}

#[test]
fn full_disks_alone_stop_the_storage_of_their_region() {
    let report = report(&[Cause::StorageFull]);
    assert_stopped(&report, stopped_by(Cause::StorageFull));
    let capacity = report.item("capacity@us-east-2");
    assert_eq!(capacity["explained_by"], serde_json::json!(["node-storage@us-east-2"]), "{capacity:#}");
}

#[test]
fn pools_that_end_early_alone_stop_the_capacity_of_every_region() {
    let report = report(&[Cause::CapacityShort]);
    assert_stopped(&report, stopped_by(Cause::CapacityShort));
    let finding = &report.item("capacity@us-west-2")["findings"][0];
    assert_eq!(finding["seen"], "12 places: 9 on 3 nodes and 1 new of 3");
    let command = finding["remedy"]["command"].as_str().expect("a command");
    assert!(command.contains("patch nodepool coder-workspace") && command.contains(r#"{"cpu":"128"}"#), "{command}");
}

#[test]
fn stale_mirrors_alone_stop_their_images_and_explain_the_routing() {
    let report = report(&[Cause::StaleMirror]);
    assert_stopped(&report, stopped_by(Cause::StaleMirror));
    for site in ["us-west-2", "eu-west-2"] {
        let routing = report.item(&format!("routing@{site}"));
        assert_eq!(routing["explained_by"], serde_json::json!([format!("server-image@{site}")]), "{routing:#}");
    }
}

#[test]
fn a_rotating_key_alone_stops_the_gateway_key() {
    assert_stopped(&report(&[Cause::KeyRotates]), stopped_by(Cause::KeyRotates));
}

#[test]
fn six_provisioners_alone_stop_the_provisioners() {
    assert_stopped(&report(&[Cause::TooFewProvisioners]), stopped_by(Cause::TooFewProvisioners));
}

#[test]
fn a_broken_wildcard_alone_stops_its_name_and_blocks_what_needs_it() {
    let report = report(&[Cause::WildcardBroken]);
    assert_stopped(&report, stopped_by(Cause::WildcardBroken));
    assert_eq!(report.item("routing@eu-west-2")["blocked_by"], serde_json::json!(["wildcards@eu-west-2"]));
}

#[test]
fn the_world_before_the_incident_is_all_causes_at_once() {
    let times = times();
    let report = look(before(times), times);
    let mut stopped: Vec<Stopped> = Cause::ALL.iter().flat_map(|cause| stopped_by(*cause)).copied().collect();
    // What is blocked is not looked at: the stale proxy in London is not seen by its routing.
    stopped.retain(|(id, outcome, _)| (*id, *outcome) != ("routing@eu-west-2", "fail"));
    // What two causes stop is one item with the codes of both.
    let both: &[&str] = &["no-room", "disk-too-small"];
    stopped.retain(|(id, ..)| *id != "capacity@us-east-2");
    stopped.push(("capacity@us-east-2", "fail", both));
    assert_stopped(&report, &stopped);
}

#[test]
fn the_demo_is_no_go_and_its_repaired_world_is_go() {
    for (arguments, code, verdict) in [(&["demo"][..], 1, "NO-GO  "), (&["demo", "--repaired"], 0, "GO  ")] {
        let seen = Seen::of(gonogo().args(arguments).output().expect("gonogo runs"));
        assert_eq!(seen.code, code, "{}\n{}", seen.stdout, seen.stderr);
        assert!(seen.stdout.starts_with(verdict), "{}", seen.stdout);
    }
}
