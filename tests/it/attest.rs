//! A person's word: written beside the checklist, read back, and worth nothing for another statement or event.

use crate::rig::{Seen, times};
use crate::stage::{folder, run};
use gonogo::rehearsal::written;
use jiff::SignedDuration;
use std::{fs, path::Path};
use tempfile::TempDir;

const SAYS: &str = "the agenda is out";

fn checklist(statement: &str, starts: &str, ends: &str) -> String {
    format!(
        "event: {{ name: Launch, timezone: Europe/London, starts: {starts}, ends: {ends} }}
sites: {{ a: {{}}, b: {{}} }}
checks:
  agenda: {{ probe: attestation, with: {{ statement: \"{statement}\" }} }}
  room: {{ probe: attestation, sites: all, with: {{ statement: \"the room at ${{event.name}} is open\" }} }}
  front: {{ probe: http, with: {{ url: https://front.test/ }} }}\n"
    )
}

fn here() -> TempDir {
    let times = times();
    folder(&[("gonogo.yaml", &checklist(SAYS, &written(times.starts), &written(times.ends)))])
}

fn attest(here: &Path, arguments: &[&str]) -> Seen {
    run(here, &[&["attest"], arguments].concat())
}

fn kept(here: &Path) -> String {
    fs::read_to_string(here.join("attestations.yaml")).unwrap_or_default()
}

fn short(here: &Path) -> Seen {
    run(here, &["run", "--only", "agenda", "--only", "room", "-o", "plain"])
}

#[test]
fn what_is_confirmed_passes_and_the_rest_does_not() {
    let here = here();
    let before = short(here.path());
    assert_eq!((before.code, before.stdout.matches("not-attested").count()), (1, 3), "{}", before.stdout);
    let seen = attest(here.path(), &["agenda", "--by", "infra-lead", "--note", "tried it"]);
    assert_eq!((seen.code, seen.stderr.as_str()), (0, ""));
    assert!(seen.stdout.starts_with("agenda: \"the agenda is out\", by infra-lead, in "), "{}", seen.stdout);
    assert_eq!(attest(here.path(), &["room@b", "--by", "infra-lead"]).code, 0);
    let after = short(here.path());
    assert_eq!((after.code, after.stdout.matches("not-attested").count()), (1, 1), "{}", after.stdout);
    assert!(after.stdout.contains("room@a"), "{}", after.stdout);
    assert_eq!(attest(here.path(), &["room", "--by", "infra-lead"]).code, 0);
    // What is left out is a `http` check: all that people confirm has passed.
    assert_eq!(short(here.path()).code, 6);
}

#[test]
fn the_file_is_made_for_version_control() {
    let here = here();
    for check in ["room", "agenda"] {
        assert_eq!(attest(here.path(), &[check, "--by", "infra-lead"]).code, 0);
    }
    let text = kept(here.path());
    assert!(text.starts_with("# What people have confirmed. Written whole by `gonogo attest`"), "{text}");
    let keys: Vec<&str> = text.lines().filter(|line| !line.starts_with([' ', '#'])).collect();
    assert_eq!(keys, ["agenda:", "room@a:", "room@b:"], "{text}");
    // Said again with a note, it is one entry still, and no other line changes.
    assert_eq!(attest(here.path(), &["agenda", "--by", "deputy", "--note", "a: b # c"]).code, 0);
    let again = kept(here.path());
    assert_eq!(again.matches("infra-lead").count(), 2, "{again}");
    assert!(again.contains("  by: deputy\n") && again.contains("a: b # c"), "{again}");
    let rest = |text: &str| text.split_once("room@a:").map(|(_, rest)| rest.to_owned());
    assert_eq!(rest(&again), rest(&text));
    assert_eq!(short(here.path()).code, 6);
}

#[test]
fn a_word_for_another_statement_or_day_is_worth_nothing() {
    let here = here();
    assert_eq!(attest(here.path(), &["agenda", "--by", "infra-lead"]).code, 0);
    let times = times();
    let later = |hours| times.starts + SignedDuration::from_hours(hours);
    fs::write(
        here.path().join("gonogo.yaml"),
        checklist("the agenda is out and right", &written(later(24)), &written(later(25))),
    )
    .expect("a file");
    let seen = short(here.path());
    for code in ["attested-otherwise", "attested-for-another-event"] {
        assert!(seen.stdout.contains(code), "{code}: {}", seen.stdout);
    }
}

#[test]
fn a_limit_before_the_window_closes_is_written_and_said() {
    let here = here();
    let until = written(times().starts);
    let seen = attest(here.path(), &["agenda", "--by", "infra-lead", "--until", &until]);
    assert_eq!(seen.code, 0, "{}", seen.stderr);
    assert!(
        seen.stdout.contains("\nnote: the check agenda does not take it so: infra-lead confirmed it "),
        "{}",
        seen.stdout
    );
    assert!(seen.stdout.contains(", with an `--until` no earlier than "), "{}", seen.stdout);
    assert!(short(here.path()).stdout.contains("attestation-ends-early"));
}

#[test]
fn what_cannot_be_confirmed_is_refused_and_nothing_is_written() {
    let here = here();
    for (arguments, says) in [
        (&["agend", "--by", "x"][..], "no check is called `agend`; what people confirm here: agenda, room"),
        (&["front", "--by", "x"], "no word stands in for that"),
        (&["agenda"], "--by <NAME>"),
        (&["agenda", "--by", " "], "one line of 1 to 80 characters"),
        (&["agenda", "--by", "x", "--note", "a\nb"], "one line of 1 to 500 characters"),
        (&["agenda", "--by", "x", "--until", "2020-01-01T00:00"], "--until is over"),
        (&["agenda", "--by", "x", "--until", "soon"], "--until: "),
    ] {
        let seen = attest(here.path(), arguments);
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(seen.stderr.contains(says), "{arguments:?}: {}", seen.stderr);
    }
    assert_eq!(kept(here.path()), "");
}

#[test]
fn a_file_that_is_broken_is_left_alone_and_is_no_pass() {
    let here = here();
    let broken = "agenda: { by: infra-lead, at: yesterday }\n";
    fs::write(here.path().join("attestations.yaml"), broken).expect("a file");
    let seen = attest(here.path(), &["agenda", "--by", "infra-lead"]);
    assert_eq!(seen.code, 2);
    assert!(seen.stderr.contains("attestations.yaml: line 1: "), "{}", seen.stderr);
    assert_eq!(kept(here.path()), broken);
    let seen = short(here.path());
    assert_eq!(seen.code, 3, "{}", seen.stdout);
    assert!(seen.stdout.contains("malformed"), "{}", seen.stdout);
}

#[test]
fn what_many_confirm_at_once_is_all_kept() {
    let times = times();
    let checks = (0..10)
        .map(|number| format!("  c{number}: {{ probe: attestation, with: {{ statement: \"{number} is so\" }} }}\n"))
        .collect::<Vec<_>>()
        .concat();
    let (starts, ends) = (written(times.starts), written(times.ends));
    let event = format!("event: {{ name: Launch, timezone: Europe/London, starts: {starts}, ends: {ends} }}\n");
    let here = folder(&[("gonogo.yaml", &format!("{event}checks:\n{checks}"))]);
    std::thread::scope(|scope| {
        for number in 0..10 {
            let here = here.path();
            scope.spawn(move || assert_eq!(attest(here, &[&format!("c{number}"), "--by", "infra-lead"]).code, 0));
        }
    });
    let text = kept(here.path());
    assert_eq!(text.matches("by: infra-lead").count(), 10, "{text}");
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_the_file_behind_it_keeps_its_mode() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (here, shared) = (here(), folder(&[("shared.yaml", "")]));
    let file = shared.path().join("shared.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).expect("a mode");
    symlink(&file, here.path().join("attestations.yaml")).expect("a link");
    assert_eq!(attest(here.path(), &["agenda", "--by", "infra-lead"]).code, 0);
    assert!(here.path().join("attestations.yaml").is_symlink());
    assert!(fs::read_to_string(&file).expect("the file").contains("by: infra-lead"));
    assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o660);
}
