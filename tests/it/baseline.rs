//! Nothing changed since the last GO, from the first report that is kept to the next.

use crate::rig::{Rig, times};
use gonogo_world::{
    State,
    github::{Format, Github, Push, Token},
};
use jiff::{SignedDuration, Timestamp};
use std::fs;

const HOST: &str = "api.github.com";
const REPOSITORY: &str = "acme/estate";
const CHECKLIST: &str = "connections:
  github: { kind: github, token: { file: token } }
checks:
  frozen:
    probe: drift
    with: { unchanged: { since: { report: last-go.json }, pushes: { connection: github, repository: acme/estate } } }
  works:
    probe: exec
    with: { command: [sh, -c, 'test ! -e broken && echo OK || exit 2'], speaks: nagios }
";

/// A repository that was last pushed to so many minutes ago.
fn rig(minutes: i64) -> Rig {
    let times = times();
    let mut state = State::empty(times.now);
    let token = "ghp_worldworldworldworldworldworldworld1".to_owned();
    let own = Token { login: "checker".to_owned(), expires: None, format: Format::Utc };
    let pushes = [(REPOSITORY.to_owned(), vec![pushed(times.now, minutes)])].into();
    let github = Github { tokens: [(token.clone(), own)].into(), pushes, ..Github::default() };
    state.github.insert(HOST.to_owned(), github);
    let rig = Rig::plain(state, times);
    rig.write("token", &token);
    rig.write("gonogo.yaml", CHECKLIST);
    rig
}

fn pushed(now: Timestamp, minutes: i64) -> Push {
    Push::to("main", now - SignedDuration::from_mins(minutes), "ada")
}

/// The exit code, and the codes that are found of the check.
fn run(rig: &Rig) -> (i32, Vec<String>) {
    let seen = rig.run(&rig.folder.path().join("gonogo.yaml"), &["-o", "table", "-o", "json=this-run.json"]);
    let text = fs::read_to_string(rig.folder.path().join("this-run.json")).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&text).expect("a report");
    let found = json["items"][0]["findings"].as_array().expect("findings").iter();
    (seen.code, found.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect())
}

fn keep(rig: &Rig) {
    let path = |name: &str| rig.folder.path().join(name);
    fs::copy(path("this-run.json"), path("last-go.json")).expect("a report is kept");
}

#[test]
fn a_report_is_kept_and_compared_with_and_the_next_one_takes_its_place() {
    let rig = rig(600);
    let only = |code: &str| vec![code.to_owned()];
    assert_eq!(run(&rig), (3, only("no-baseline")));
    keep(&rig);
    assert_eq!(run(&rig), (0, Vec::new()));
    keep(&rig);
    // As if that GO had been yesterday's: a push after it is found.
    let kept = rig.folder.path().join("last-go.json");
    let mut report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&kept).expect("a report")).expect("a report");
    report["run"]["looked_at"] = (Timestamp::now() - SignedDuration::from_hours(24)).to_string().into();
    fs::write(&kept, report.to_string()).expect("a report");
    assert_eq!(run(&rig), (1, only("changed-since")));
    keep(&rig);
    assert_eq!(run(&rig), (0, Vec::new()));
    rig.write("broken", "");
    assert_eq!(run(&rig), (1, Vec::new()));
    keep(&rig);
    assert_eq!(run(&rig), (1, only("no-baseline")));
}
