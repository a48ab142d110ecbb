//! Programs through the binary: what a run starts ends with it.

use crate::rig::{Rig, times};
use gonogo_world::State;
use std::{
    fs,
    io::Read as _,
    process::{Command, Stdio},
};

const CHECKS: &str = "checks:
  hangs:
    probe: exec
    with: { command: [sh, -c, 'sleep 300 > held & sleep 300 > held'], speaks: nagios }
";

#[test]
fn an_interrupted_run_leaves_no_program_behind() {
    let times = times();
    let rig = Rig::plain(State::empty(times.now), times);
    let path = rig.write("gonogo.yaml", CHECKS);
    let held = rig.folder.path().join("held");
    assert!(Command::new("mkfifo").arg(&held).status().expect("mkfifo runs").success());
    let mut command = rig.command(&path, &["-o", "json"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("gonogo runs");
    // Opens once the program holds the other end, and ends once nobody does any more.
    let mut pipe = fs::File::open(held).expect("the pipe");
    let pid = run.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    let done = run.wait_with_output().expect("gonogo ends");
    assert_eq!(pipe.read_to_string(&mut String::new()).expect("its end"), 0);
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("a report");
    let codes: Vec<_> =
        report["items"][0]["findings"].as_array().expect("findings").iter().map(|f| f["code"].as_str()).collect();
    assert_eq!((done.status.code(), codes), (Some(130), vec![Some("interrupted")]));
}
