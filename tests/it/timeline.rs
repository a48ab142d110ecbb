//! `gonogo plan --timeline` and `run --stage`: what is due when, what happens when, and what the clock does not decide.

use crate::rig::{Rig, Seen, example, gonogo, times};
use gonogo_world::{
    Fault, Rule, System,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::SignedDuration;

fn timeline(rig: &Rig, checklist: &std::path::Path, arguments: &[&str]) -> Seen {
    let layer = rig.folder.path().join("world.yaml");
    let mut command = gonogo();
    command.args(["plan", "--timeline"]).arg(checklist).arg(layer).args(arguments);
    Seen::of(command.output().expect("gonogo runs"))
}

/// Where each of the words stands, in the order in which they must stand.
fn in_order(text: &str, words: &[&str]) {
    let mut from = 0;
    for word in words {
        let at = text[from..].find(word).unwrap_or_else(|| panic!("no `{word}` after the one before it in\n{text}"));
        from += at + word.len();
    }
}

#[test]
fn a_timeline_shows_what_is_due_and_what_ends_around_the_event() {
    let times = times();
    let rig = Rig::workshop(workshop::before(times), times);
    rig.write("part.yaml", "checks: { healthz: { stage: during }, servers: { stage: after }, coder-token: { blocks_from: T-6h, max_age: 30m } }");
    let seen = timeline(
        &rig,
        &example(),
        &["part.yaml"].map(|name| rig.folder.path().join(name)).each_ref().map(|path| path.to_str().expect("a path")),
    );
    assert_eq!(seen.code, 3, "{}", seen.stdout);
    in_order(
        &seen.stdout,
        &[
            "  NOW\n",
            "due from now until the end: gateway-key",
            "blocks a GO from here on: coder-token",
            "| the window opens\n",
            "| due from here until the end: healthz\n",
            "| looks from here on still count at the start: coder-token",
            "# START\n",
            "# workshop expires [gateway-key]\n",
            "# END\n",
            "# due from here on, now that it is over: rotation-on-again, servers,\n",
            "| the window closes\n",
            "certificate for",
            "not seen, so not on this timeline: routing@eu-west-2 (BLOCKED)",
        ],
    );
    assert!(seen.stdout.lines().all(|line| line.chars().count() <= 80), "{}", seen.stdout);
}

#[test]
fn what_could_not_be_seen_is_named_and_no_exit_0() {
    let times = times();
    let rig = Rig::workshop(workshop::repaired(times), times);
    rig.world.inject(Rule::on(System::Litellm, Fault::Status(401, None))).expect("a rule");
    let seen = timeline(&rig, &example(), &["--only", "gateway-key"]);
    assert_eq!(seen.code, 3, "{}", seen.stdout);
    assert!(seen.stdout.contains("not seen, so not on this timeline: gateway-key (unauthorised)"), "{}", seen.stdout);
    assert!(!seen.stdout.contains("expires"), "{}", seen.stdout);
}

#[test]
fn the_clock_decides_the_stage_unless_the_command_line_does() {
    let now = times();
    let rig = Rig::workshop(workshop::repaired(now), now);
    let path = rig.write(
        "stages.yaml",
        // Nobody can have confirmed yet that the report is kept.
        "checks: { healthz: { stage: during }, servers: { stage: after }, rotation-on-again: null, report-kept: null }",
    );
    let path = path.to_str().expect("a path");
    let by_clock = rig.report(&example(), &[path]);
    assert_eq!((by_clock.outcome("healthz@us-east-2"), by_clock.outcome("servers@us-east-2")), ("not-due", "not-due"));
    assert_eq!((by_clock.verdict(), by_clock.code), ("go", 0));
    let asked = rig.report(&example(), &[path, "--stage", "after"]);
    assert_eq!((asked.outcome("servers@us-east-2"), asked.outcome("healthz@us-east-2")), ("pass", "not-due"));
    assert_eq!(asked.outcome("coder-token"), "skipped");
    assert_eq!((asked.verdict(), asked.code), ("partial", 6));
}

#[test]
fn after_the_event_its_own_stage_is_the_whole_of_what_is_due() {
    let now = times();
    let ended =
        Times { starts: now.now - SignedDuration::from_hours(3), ends: now.now - SignedDuration::from_hours(1), ..now };
    let rig = Rig::workshop(workshop::repaired(now), ended);
    let path =
        rig.write("stages.yaml", "checks: { servers: { stage: after }, rotation-on-again: null, scaled-back: null }");
    let path = path.to_str().expect("a path");
    for arguments in [&[path][..], &[path, "--stage", "after"]] {
        let report = rig.report(&example(), arguments);
        assert_eq!((report.verdict(), report.code), ("closed", 0), "{:?}", report.in_the_way());
        assert_eq!((report.outcome("servers@us-east-2"), report.outcome("coder-token")), ("pass", "not-due"));
    }
    let again = rig.report(&example(), &[path, "--stage", "before"]);
    assert_eq!((again.verdict(), again.code), ("partial", 6), "{:?}", again.in_the_way());
}

#[test]
fn what_was_switched_off_for_the_event_must_be_on_again_after_it() {
    let now = times();
    let ended =
        Times { starts: now.now - SignedDuration::from_hours(3), ends: now.now - SignedDuration::from_hours(1), ..now };
    let rig = Rig::workshop(workshop::repaired(now), ended);
    let still_off = rig.report(&example(), &[]);
    assert_eq!((still_off.verdict(), still_off.code), ("not-closed", 1));
    assert_eq!(still_off.codes("rotation-on-again@us-east-2"), ["expectation-not-met"; 4]);
    assert_eq!(still_off.outcome("scaled-back@us-east-2"), "fail");
    // The jobs armed, and six provisioners as on an ordinary day.
    for cause in [workshop::Cause::RotationInWindow, workshop::Cause::TooFewProvisioners] {
        rig.world.edit(|state| cause.inject(state, &now));
    }
    let again = rig.report(&example(), &[]);
    assert_eq!((again.verdict(), again.code), ("closed", 0), "{:?}", again.in_the_way());
}

#[test]
fn a_stage_that_is_none_is_refused() {
    let seen = Seen::of(gonogo().args(["run", "--stage", "later"]).output().expect("gonogo runs"));
    assert_eq!(seen.code, 2);
    assert!(seen.stderr.contains("before, during, after"), "{}", seen.stderr);
}
