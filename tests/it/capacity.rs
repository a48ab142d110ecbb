//! `gonogo capacity`: one look, a table over every size of crowd, and where each limit bites first.

use crate::rig::{Rig, Seen, times};
use crate::stage::{self, EVENT, folder, run};
use gonogo_world::{
    State, System,
    incidents::workshop_2024_09_30::{Cause, repaired},
    kubernetes::{Account, Grant},
};
use serde_json::json;

const SITES: [&str; 3] = ["us-east-2", "us-west-2", "eu-west-2"];

fn rig(change: impl FnOnce(&mut State)) -> Rig {
    let times = times();
    let mut state = repaired(times);
    change(&mut state);
    stage::workshop(state, times)
}

fn capacity(rig: &Rig, arguments: &[&str]) -> Seen {
    let whole = [&["capacity", "gonogo.yaml", "world.yaml"], arguments].concat();
    run(rig.folder.path(), &whole)
}

/// The row of so many attendees, its cells.
fn row(seen: &Seen, attendees: u32) -> Vec<String> {
    let first = attendees.to_string();
    let is_it = |line: &&str| line.split_whitespace().next() == Some(&first);
    let line = seen.stdout.lines().find(is_it).unwrap_or_else(|| panic!("no row for {attendees}:\n{}", seen.stdout));
    let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    cells.map(str::to_owned).collect()
}

/// What stands below the table, on one line.
fn limits(seen: &Seen) -> String {
    seen.stdout.split("\n\n").last().expect("limits").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_range_shows_every_size_and_where_each_limit_bites_first() {
    let rig = rig(|_| {});
    let seen = capacity(&rig, &["--attendees", "10..40"]);
    assert_eq!((seen.code, seen.stderr.as_str()), (1, ""), "{}", seen.stdout);
    assert!(seen.stdout.starts_with("Room for everyone in every region, and time to make it\n\n"), "{}", seen.stdout);
    assert!(seen.stdout.lines().all(|line| line.chars().count() <= 80), "{}", seen.stdout);
    assert_eq!(seen.stdout.lines().filter(|line| line.contains("each site")).count(), 31);
    assert_eq!(row(&seen, 10), ["10", "each site", "4", "1", "1", "1m30s", "ok", "disk 34 %"]);
    assert_eq!(row(&seen, 20), ["20", "each site", "7", "4", "2", "2m", "ok", "cpu 33.3 %"]);
    assert_eq!(row(&seen, 21), ["21", "each site", "7", "4", "2", "2m", "FAIL", "cpu 30 %"]);
    // The table of provisioners ends at 30, so nobody knows how long 31 take.
    assert_eq!(row(&seen, 31), ["31", "each site", "10", "7", "?", "?", "FAIL", "cpu none"]);
    let limits = limits(&seen);
    assert_eq!(
        limits,
        "us-east-2, us-west-2, eu-west-2: cpu short of its headroom from 21; \
         no-number-for-attendees from 31; no room for all (cpu) from 31"
    );
}

#[test]
fn sites_that_differ_have_a_row_each_and_say_what_bites_there() {
    let rig = rig(|state| {
        let cluster = state.clusters.get_mut("us-east-2").expect("the cluster");
        cluster.put_quota("coder-ws", "team", &json!({ "requests.cpu": "85" }), Some(&json!({ "requests.cpu": "5" })));
    });
    let seen = capacity(&rig, &["--attendees", "12..22", "--step", "2"]);
    assert_eq!(seen.code, 1);
    for site in SITES {
        assert_eq!(
            seen.stdout.lines().filter(|line| line.contains(&format!("  {site}  "))).count(),
            5,
            "{}",
            seen.stdout
        );
    }
    let limits = limits(&seen);
    assert!(limits.starts_with("us-east-2: quota team requests.cpu short of its headroom from 14;"), "{limits}");
    assert!(limits.contains("quota team requests.cpu used up from 22"), "{limits}");
    assert!(limits.ends_with("us-west-2, eu-west-2: cpu short of its headroom from 22"), "{limits}");
}

#[test]
fn all_that_fits_is_0_and_without_a_range_the_event_says_how_many() {
    let rig = rig(|_| {});
    let seen = capacity(&rig, &[]);
    assert_eq!((seen.code, seen.stderr.as_str()), (0, ""), "{}", seen.stdout);
    assert_eq!(row(&seen, 12)[6], "ok");
    assert_eq!(row(&seen, 15)[1], "each site");
    assert!(limits(&seen).contains("room for 15, and more than its headroom left"), "{}", seen.stdout);
    let one = capacity(&rig, &["--attendees", "9", "--only", "capa*"]);
    assert_eq!(
        (one.code, row(&one, 9)),
        (0, ["9", "each site", "3", "0", "2", "1m", "ok", "disk 34 %"].map(str::to_owned).to_vec())
    );
}

#[test]
fn the_incidents_pools_are_short_from_nine_on() {
    let rig = rig(|state| Cause::CapacityShort.inject(state, &times()));
    let seen = capacity(&rig, &["--attendees", "8..15"]);
    assert_eq!(seen.code, 1);
    assert!(
        limits(&seen).contains("cpu short of its headroom from 9; no room for all (cpu) from 13"),
        "{}",
        seen.stdout
    );
}

#[test]
fn what_could_not_be_seen_stays_unknown_in_the_table() {
    let rig = rig(|state| {
        let cluster = state.clusters.get_mut("us-west-2").expect("the cluster");
        let token = cluster.token().expect("a token").to_owned();
        let denied = Grant::new(&["get"], &["nodepools.karpenter.sh"]);
        cluster.accounts = vec![Account::reader(&token, "checker").deny(denied)];
    });
    let seen = capacity(&rig, &["--attendees", "11..13"]);
    assert_eq!(seen.code, 3, "{}\n{}", seen.stdout, seen.stderr);
    let west: Vec<&str> = seen.stdout.lines().filter(|line| line.contains("us-west-2  ")).collect();
    assert_eq!(west.len(), 3, "{}", seen.stdout);
    for line in west {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells, ["us-west-2", "?", "?", "2", "?", "UNKNOWN", "?"], "{line}");
    }
    assert!(limits(&seen).contains("us-west-2: unknown, forbidden at 11 already"), "{}", seen.stdout);
}

#[test]
fn all_sizes_are_judged_by_one_look() {
    let few = rig(|_| {});
    capacity(&few, &["--attendees", "15"]);
    let many = rig(|_| {});
    capacity(&many, &["--attendees", "1..60"]);
    let count = |rig: &Rig| rig.world.requests().len();
    assert_eq!(count(&few), count(&many));
    assert!(
        many.world.requests().iter().all(|asked| asked.system == System::Kubernetes),
        "only what is reckoned is looked at"
    );
}

#[test]
fn a_range_that_is_none_is_2_and_says_what_to_write() {
    let here = folder(&[(
        "gonogo.yaml",
        &format!("{EVENT}checks: {{ page: {{ probe: http, with: {{ url: \"https://a.test/\" }} }} }}\n"),
    )]);
    for (range, says) in [
        ("40..10", "runs backwards: write `10..40`"),
        ("0", "nobody attends 0"),
        ("0..10", "nobody attends 0"),
        ("10..10001", "10001 are more than 10000"),
        ("many", "`10..40`"),
        ("", "`10..40`"),
    ] {
        let seen = run(here.path(), &["capacity", "--attendees", range]);
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{range}");
        assert!(seen.stderr.contains(says), "{range}: {}", seen.stderr);
    }
    let seen = run(here.path(), &["capacity", "--attendees", "1..9", "--step", "0"]);
    assert_eq!(seen.code, 2);
    let seen = run(here.path(), &["capacity", "-", "--attendees", "5"]);
    assert_eq!((seen.code, seen.stderr.contains("standard input")), (2, true), "{}", seen.stderr);
}

#[test]
fn a_checklist_without_such_a_check_is_4() {
    let here = folder(&[(
        "gonogo.yaml",
        &format!("{EVENT}checks: {{ page: {{ probe: http, with: {{ url: \"https://a.test/\" }} }} }}\n"),
    )]);
    let seen = run(here.path(), &["capacity", "--attendees", "10..40"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (4, ""));
    assert!(seen.stderr.contains("no check of the probe `capacity`"), "{}", seen.stderr);
    let rig = rig(|_| {});
    assert_eq!(capacity(&rig, &["--only", "healthz"]).code, 4);
    let seen = capacity(&rig, &["--attendees", "1..10000"]);
    assert_eq!(seen.code, 2);
    assert!(seen.stderr.contains("add `--step 21` or more"), "{}", seen.stderr);
}

#[test]
fn expressions_and_tables_follow_the_number() {
    let rig = rig(|_| {});
    let seen = capacity(
        &rig,
        &[
            "--attendees",
            "10..11",
            "--set",
            "checks.capacity.with.each_attendee.cpu=\"${event.attendees > 10 ? 8 : 4}\"",
        ],
    );
    // Three of 4 vCPU fit a node, and one of 8.
    assert_eq!(row(&seen, 10)[2..4], ["4", "1"], "{}\n{}", seen.stdout, seen.stderr);
    assert_eq!(row(&seen, 11)[2..4], ["10", "7"], "{}", seen.stdout);
}
