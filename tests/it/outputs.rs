//! Where reports go: formats, files, standard output.

use crate::rig::Seen;
use crate::stage::{checklist, web};
use serde_json::Value;
use std::{fs, process::Stdio};

#[test]
fn several_formats_are_written_at_once_and_only_one_goes_to_the_screen() {
    let rig = web();
    let formats = [
        "-o",
        "short",
        "-o",
        "json=a.json",
        "-o",
        "junit=a.xml",
        "-o",
        "markdown=a.md",
        "-o",
        "plain=a.txt",
        "-o",
        "table=b.txt",
    ];
    let seen = rig.run(&checklist(&rig), &formats);
    assert_eq!(seen.code, 1);
    let read = |name: &str| fs::read_to_string(rig.folder.path().join(name)).expect(name);
    let json: Value = serde_json::from_str(&read("a.json")).expect("JSON");
    assert_eq!((json["exit_code"].as_i64(), json["items"].as_array().map(Vec::len)), (Some(1), Some(4)));
    assert!(read("a.xml").contains("<testsuites") && read("a.md").starts_with("## NO-GO"));
    assert!(read("a.txt").starts_with("NO-GO, Launch") && read("b.txt").starts_with("NO-GO  Launch"));
    assert!(seen.stdout.starts_with("NO-GO") && !seen.stdout.contains("front"), "{}", seen.stdout);
    for name in ["a.json", "a.xml", "a.md", "a.txt", "b.txt"] {
        assert!(!read(name).contains('\u{1b}'), "{name} has colours");
    }
}

#[test]
fn two_formats_for_the_screen_are_refused_before_anything_is_looked_at() {
    let rig = web();
    let seen = rig.run(&checklist(&rig), &["-o", "table", "-o", "json"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""));
    assert!(seen.stderr.contains("-o json=PATH"), "{}", seen.stderr);
    assert!(rig.world.requests().is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_refused_before_anything_is_looked_at() {
    let rig = web();
    fs::create_dir(rig.folder.path().join("a-folder")).expect("a folder");
    for path in ["no/such/folder/report.json", "gonogo.yaml/report.json", "a-folder", "/dev/null"] {
        let seen = rig.run(&checklist(&rig), &["-o", &format!("json={path}")]);
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{path}");
        assert!(seen.stderr.contains(&format!("cannot write {path}")), "{}", seen.stderr);
        assert!(rig.world.requests().is_empty(), "{path}");
    }
}

#[test]
fn a_file_is_replaced_whole_and_a_refused_run_leaves_it_as_it_was() {
    let rig = web();
    let long = rig.write("report.json", &"x".repeat(1_000_000));
    let before = fs::read_dir(rig.folder.path()).expect("a folder").count();
    let wrong = rig.write("wrong.yaml", "checks: {}\n");
    assert_eq!(rig.run(&wrong, &["-o", "json=report.json"]).code, 2);
    assert_eq!(fs::metadata(&long).expect("a file").len(), 1_000_000);
    rig.run(&checklist(&rig), &["-o", "json=report.json"]);
    let text = fs::read_to_string(&long).expect("a file");
    assert!(serde_json::from_str::<Value>(&text).is_ok() && text.ends_with("}\n"), "{text}");
    let after = fs::read_dir(rig.folder.path()).expect("a folder").count();
    assert_eq!(after, before + 1, "something was left behind");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let rig = web();
    let mut command = rig.command(&checklist(&rig), &["-o", "json", "-o", "plain=report.txt"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gonogo runs");
    drop(child.stdout.take());
    let seen = Seen::of(child.wait_with_output().expect("gonogo ends"));
    assert_eq!((seen.code, seen.stderr.as_str()), (1, ""));
    assert!(rig.folder.path().join("report.txt").exists());
}
