//! A signal ends a run soon, with a whole report in every format that was asked for.

use crate::rig::{Rig, Seen, times};
use gonogo_world::{
    State,
    web::{Page, Site},
};
use std::{
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

const CHECKS: &str = "limits: { concurrency: 2 }
checks:
  front: { probe: http, with: { url: https://web.example.test/ } }
  slow: { probe: http, with: { url: https://web.example.test/slow } }
  behind: { probe: http, needs: [slow], with: { url: https://web.example.test/ } }
";

fn interrupted(signal: &str) -> (Seen, serde_json::Value, String) {
    let times = times();
    let mut state = State::empty(times.now);
    let slow = Page::text(200, "late\n").after(Duration::from_mins(1));
    state.web.insert("web.example.test".to_owned(), Site::at("web.example.test", &[]).page("/slow", slow));
    let rig = Rig::plain(state, times);
    let path = rig.write("gonogo.yaml", CHECKS);
    let mut command = rig.command(&path, &["-o", "plain", "-o", "json=report.json", "-o", "junit=report.xml"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gonogo runs");
    arrived(&rig, "/slow");
    let pid = run.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().expect("kill runs").success());
    let seen = Seen::of(run.wait_with_output().expect("gonogo ends"));
    let read = |name: &str| std::fs::read_to_string(rig.folder.path().join(name)).expect(name);
    (seen, serde_json::from_str(&read("report.json")).expect("JSON"), read("report.xml"))
}

/// Returns once a request for `path` has arrived.
fn arrived(rig: &Rig, path: &str) {
    let (_hold, tick) = mpsc::channel::<()>();
    for _ in 0..1000 {
        if rig.world.requests().iter().any(|asked| asked.path == path) {
            return;
        }
        let _ = tick.recv_timeout(Duration::from_millis(10));
    }
    panic!("no request for {path}");
}

#[test]
fn an_interrupted_run_reports_what_was_seen_and_what_was_not() {
    let (seen, json, junit) = interrupted("-INT");
    assert_eq!(seen.code, 130);
    assert_eq!((json["exit_code"].as_i64(), json["verdict"].as_str()), (Some(130), Some("undetermined")));
    let items = json["items"].as_array().expect("items");
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["outcome"], "pass");
    assert_eq!(
        (items[1]["outcome"].as_str(), items[1]["findings"][0]["code"].as_str()),
        (Some("unknown"), Some("interrupted"))
    );
    assert_eq!(items[2]["findings"][0]["code"], "interrupted");
    assert_eq!(json["run"]["is_interrupted"], true);
    assert!(junit.ends_with("</testsuites>\n") || junit.ends_with("</testsuites>"), "{junit}");
    assert!(seen.stdout.contains("ok front") && seen.stdout.contains("interrupted"), "{}", seen.stdout);
}

#[test]
fn a_terminated_run_says_so_by_its_exit_code() {
    let (seen, json, _) = interrupted("-TERM");
    assert_eq!((seen.code, json["exit_code"].as_i64()), (143, Some(143)));
}
