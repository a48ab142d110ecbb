//! Every outcome, every verdict and every exit code, each by what brings it about.

use crate::rig::{Report, Rig, Seen, gonogo, times};
use gonogo_world::{
    State,
    incidents::Times,
    web::{Page, Site},
};
use jiff::SignedDuration;
use std::time::Duration;

const HOST: &str = "web.example.test";

/// A web server: `/` is well, `/broken` answers 500, `/slow` takes a minute.
fn web() -> Rig {
    web_at(times())
}

fn web_at(times: Times) -> Rig {
    let site = Site::at(HOST, &[])
        .page("/broken", Page::text(500, "no\n"))
        .page("/slow", Page::text(200, "late\n").after(Duration::from_mins(1)));
    let mut state = State::empty(times.now);
    state.web.insert(HOST.to_owned(), site);
    Rig::plain(state, times)
}

fn check(name: &str, path: &str, more: &str) -> String {
    format!("  {name}:\n    probe: http\n    with: {{ url: \"https://{HOST}{path}\" }}\n{more}")
}

fn report(rig: &Rig, checks: &[String], arguments: &[&str]) -> Report {
    report_with(rig, checks, "", arguments)
}

fn report_with(rig: &Rig, checks: &[String], top: &str, arguments: &[&str]) -> Report {
    let path = rig.write("gonogo.yaml", &format!("{top}checks:\n{}", checks.concat()));
    rig.report(&path, arguments)
}

fn is(report: &Report, verdict: &str, code: i32) {
    assert_eq!((report.verdict(), report.code), (verdict, code), "{:#}", report.json);
    assert_eq!(report.json["exit_code"], code);
}

#[test]
fn all_that_passes_is_go() {
    let seen = report(&web(), &[check("front", "/", "")], &[]);
    is(&seen, "go", 0);
    assert_eq!(seen.outcome("front"), "pass");
    assert_eq!(seen.json["counts"]["pass"], 1);
}

#[test]
fn one_required_failure_is_no_go_whatever_else_there_is() {
    let rig = web();
    let checks = [check("front", "/", ""), check("broken", "/broken", ""), check("slow", "/slow", "    timeout: 1s\n")];
    let seen = report(&rig, &checks, &[]);
    is(&seen, "no-go", 1);
    assert_eq!((seen.outcome("broken"), seen.outcome("slow")), ("fail", "unknown"));
    assert_eq!(seen.codes("slow"), ["timed-out"]);
}

#[test]
fn what_could_not_be_seen_is_undetermined_and_never_go() {
    let seen = report(&web(), &[check("front", "/", ""), check("slow", "/slow", "    timeout: 1s\n")], &[]);
    is(&seen, "undetermined", 3);
}

#[test]
fn what_needs_a_failure_is_blocked_and_stands_under_it() {
    let rig = web();
    let checks = [
        check("broken", "/broken", "    severity: advisory\n"),
        check("after", "/", "    needs: [broken]\n"),
        check("later", "/", "    needs: [after]\n"),
    ];
    let seen = report(&rig, &checks, &[]);
    is(&seen, "undetermined", 3);
    assert_eq!((seen.outcome("after"), seen.outcome("later")), ("blocked", "blocked"));
    assert_eq!(seen.item("later")["blocked_by"], serde_json::json!(["after"]));
    assert_eq!(seen.item("after")["attempts"], 0);
}

#[test]
fn an_advisory_failure_is_a_warning_that_may_be_accepted_by_its_code() {
    let rig = web();
    let checks = [check("front", "/", ""), check("broken", "/broken", "    severity: advisory\n")];
    is(&report(&rig, &checks, &[]), "go-with-warnings", 5);
    is(&report(&rig, &checks, &["--accept-warnings"]), "go", 0);
    let code = report(&rig, &checks, &[]).codes("broken")[0].to_owned();
    is(&report(&rig, &checks, &[&format!("--accept-warnings={code}")]), "go", 0);
    is(&report(&rig, &checks, &["--accept-warnings=flaky"]), "go-with-warnings", 5);
}

#[test]
fn before_its_time_to_block_a_failure_only_warns() {
    let rig = web();
    let checks = |from: &str| [check("broken", "/broken", &format!("    blocks_from: {from}\n"))];
    let early = report(&rig, &checks("T-1d"), &[]);
    is(&early, "go-with-warnings", 5);
    assert_eq!(early.item("broken")["severity"], "advisory");
    is(&report(&rig, &checks("T-7d"), &[]), "no-go", 1);
}

#[test]
fn a_selection_is_partial_and_go_is_said_of_the_whole_only() {
    let rig = web();
    let checks = [check("front", "/", ""), check("broken", "/broken", "")];
    let seen = report(&rig, &checks, &["--only", "fr*"]);
    is(&seen, "partial", 6);
    assert_eq!(seen.outcome("broken"), "skipped");
    is(&report(&rig, &checks, &["--only", "fr*", "--accept-partial"]), "partial", 0);
    is(&report(&rig, &checks, &["--only", "*"]), "no-go", 1);
}

#[test]
fn selecting_an_item_selects_what_it_needs() {
    let rig = web();
    let checks = [check("broken", "/broken", ""), check("after", "/", "    needs: [broken]\n")];
    let seen = report(&rig, &checks, &["--only", "after"]);
    is(&seen, "no-go", 1);
    assert_eq!(seen.outcome("after"), "blocked");
}

#[test]
fn an_empty_selection_is_nothing_and_never_go() {
    let rig = web();
    for arguments in [["--only", "nosuch"], ["--tag", "nosuch"], ["--site", "nosuch"]] {
        let seen = report(&rig, &[check("front", "/", "")], &[&arguments[..], &["--accept-partial"]].concat());
        is(&seen, "nothing", 4);
        assert!(seen.json["notes"].to_string().contains("nosuch"), "{}", seen.json["notes"]);
    }
}

#[test]
fn a_waived_finding_is_shown_with_who_waived_it_and_another_code_is_not_waived() {
    let rig = web();
    let checks = [check("broken", "/broken", "")];
    let code = report(&rig, &checks, &[]).codes("broken")[0].to_owned();
    let waiver = |codes: &str| {
        format!(
            "waivers: [{{ check: broken, codes: [{codes}], by: lead, reason: mended tomorrow, until: 2100-01-01T00:00 }}]\n"
        )
    };
    let seen = report_with(&rig, &checks, &waiver(&code), &[]);
    is(&seen, "go", 0);
    assert_eq!(seen.outcome("broken"), "waived");
    assert_eq!(seen.item("broken")["waived"][0]["by"], "lead");
    let other = report_with(&rig, &checks, &waiver("timed-out"), &[]);
    is(&other, "no-go", 1);
    assert!(other.json["notes"].to_string().contains("not needed"), "{}", other.json["notes"]);
}

#[test]
fn a_waiver_that_ends_before_the_window_does_counts_as_if_absent_and_is_named() {
    let rig = web();
    let checks = [check("broken", "/broken", "")];
    let code = report(&rig, &checks, &[]).codes("broken")[0].to_owned();
    let soon = gonogo::rehearsal::written(rig_starts(&rig));
    let waiver =
        format!("waivers: [{{ check: broken, codes: [{code}], by: lead, reason: soon, until: \"{soon}\" }}]\n");
    let seen = report_with(&rig, &checks, &waiver, &[]);
    is(&seen, "no-go", 1);
    assert!(seen.json["notes"].to_string().contains("as if absent"), "{}", seen.json["notes"]);
}

#[test]
fn an_unknown_is_waived_only_by_its_own_code() {
    let rig = web();
    let checks = [check("slow", "/slow", "    timeout: 1s\n")];
    let waiver = |code: &str| {
        format!("waivers: [{{ check: slow, codes: [{code}], by: lead, reason: known, until: 2100-01-01T00:00 }}]\n")
    };
    is(&report_with(&rig, &checks, &waiver("timed-out"), &[]), "go", 0);
    is(&report_with(&rig, &checks, &waiver("unreachable"), &[]), "undetermined", 3);
}

#[test]
fn a_check_for_during_the_event_makes_go_provisional_and_final_refuses_that() {
    let rig = web();
    let checks = [
        check("front", "/", ""),
        check("live", "/", "    stage: during\n"),
        check("closing", "/", "    stage: after\n"),
    ];
    let seen = report(&rig, &checks, &[]);
    is(&seen, "go", 0);
    assert_eq!((seen.outcome("live"), seen.outcome("closing")), ("not-due", "not-due"));
    assert!(seen.json["run"]["provisional_until"].is_string());
    is(&report(&rig, &checks, &["--final"]), "go", 3);
    let path = rig.folder.path().join("gonogo.yaml");
    assert!(rig.run(&path, &[]).stdout.starts_with("GO, provisional  Launch"));
}

#[test]
fn after_the_event_only_checks_for_after_it_are_due() {
    let mut past = times();
    past.starts = past.now - SignedDuration::from_hours(48);
    past.ends = past.starts + SignedDuration::from_hours(1);
    let rig = web_at(past);
    let before = check("front", "/", "");
    is(&report(&rig, &[before.clone(), check("tidy", "/", "    stage: after\n")], &[]), "closed", 0);
    is(&report(&rig, &[before.clone(), check("untidy", "/broken", "    stage: after\n")], &[]), "not-closed", 1);
    is(&report(&rig, &[before], &[]), "nothing", 4);
}

#[test]
fn another_time_than_now_is_said_and_never_exits_0_unasked() {
    let rig = web();
    let checks = [check("front", "/", "")];
    let at = (rig_starts(&rig) - SignedDuration::from_hours(1)).to_string();
    is(&report(&rig, &checks, &["--now", &at]), "go", 3);
    is(&report(&rig, &checks, &["--now", &at, "--accept-simulated"]), "go", 0);
    let path = rig.folder.path().join("gonogo.yaml");
    let text = rig.run(&path, &["--now", &at]).stdout;
    assert!(text.starts_with("GO AS IF  Launch  starts in 1 h"), "{text}");
}

fn rig_starts(rig: &Rig) -> jiff::Timestamp {
    let layer = std::fs::read_to_string(rig.folder.path().join("world.yaml")).expect("a layer");
    let layer: serde_json::Value = serde_json::from_str(&layer).expect("JSON");
    layer["event"]["starts"].as_str().expect("a time").parse().expect("a time")
}

#[test]
fn the_runs_deadline_cuts_it_short_with_a_whole_report() {
    let rig = web();
    let checks = [check("front", "/", ""), check("slow", "/slow", "")];
    let seen = report(&rig, &checks, &["--deadline", "1s"]);
    is(&seen, "undetermined", 3);
    assert_eq!(seen.codes("slow"), ["run-deadline"]);
    assert_eq!(seen.outcome("front"), "pass");
    assert_eq!(seen.json["run"]["is_cut_short"], true);
}

#[test]
fn a_wrong_command_line_or_checklist_is_2_and_nothing_is_looked_at() {
    let rig = web();
    for arguments in [&["run", "--nosuch"][..], &["run", "nosuch.yaml"], &["run"], &["explain", "nosuch"]] {
        let seen = Seen::of(gonogo().current_dir(rig.folder.path()).args(arguments).output().expect("gonogo runs"));
        assert_eq!(seen.code, 2, "{arguments:?}: {}", seen.stderr);
        assert_eq!(seen.stdout, "", "{arguments:?}");
        assert!(!seen.stderr.is_empty());
    }
    let path = rig.write("gonogo.yaml", "checks: {}\n");
    assert_eq!(rig.run(&path, &[]).code, 2);
    assert!(rig.world.requests().is_empty());
}

#[test]
fn a_secret_that_is_not_set_is_named_in_its_place_before_anything_is_looked_at() {
    let rig = web();
    let checks = check("front", "/", "")
        + &format!(
            "  key:\n    probe: http\n    with: {{ url: \"https://{HOST}/\", secret_headers: {{ authorization: {{ env: NO_SUCH_TOKEN }} }} }}\n"
        );
    let path = rig.write("gonogo.yaml", &format!("checks:\n{checks}"));
    let seen = rig.run(&path, &[]);
    assert_eq!(seen.code, 2);
    assert!(seen.stderr.contains("NO_SUCH_TOKEN") && seen.stderr.contains("gonogo.yaml:7:"), "{}", seen.stderr);
    assert!(rig.world.requests().is_empty());
    let partial = rig.report(&path, &["--only", "front"]);
    is(&partial, "partial", 6);
}
