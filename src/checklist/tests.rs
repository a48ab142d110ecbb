//! Every mistake of a newcomer, as the newcomer sees it; and how files and `--set` are laid over each other.

use super::{Checklist, Event, read, render_all};
use crate::plan::{
    Selection,
    tests::{make_with_stubs, written},
};
use std::path::{Path, PathBuf};

/// What a user sees of a checklist under `mistakes/`, or `no problem`.
fn seen(path: &Path) -> String {
    let checklist = read(&[path.to_owned()], &[]);
    match make_with_stubs(&checklist, &Selection::default()) {
        Ok(_) => "no problem".to_owned(),
        Err(problems) => render_all(&checklist.sources, &problems, false),
    }
}

#[test]
fn every_mistake_says_where_it_is_what_is_wrong_and_what_to_write() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/checklist/mistakes");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    assert!(paths.len() > 30, "the mistakes are gone");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("mistakes");
    settings.bind(|| {
        for path in paths {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let shown = seen(&path).replace(&format!("{folder}/"), "");
            assert!(shown.contains("nothing was looked at"), "{name} has no mistake:\n{shown}");
            insta::assert_snapshot!(name, shown);
        }
    });
}

/// A folder with these files, read in this order.
fn layered(files: &[&str], sets: &[&str]) -> (Checklist, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> = files
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let path = folder.path().join(format!("{i}.yaml"));
            std::fs::write(&path, text).expect("a file");
            path
        })
        .collect();
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    (read(&paths, &sets), folder)
}

fn messages(checklist: &Checklist) -> Vec<&str> {
    checklist.problems.iter().map(|problem| problem.message.as_str()).collect()
}

const BASE: &str = "event: { name: E, starts: '2026-12-02T09:00Z', ends: '2026-12-02T10:00Z', attendees: 15 }
sites: { us: { vars: { domain: a } } }
checks:
  a: { probe: http, with: { url: x, samples: 3 }, tags: [one, two] }
  b: { probe: http, with: { url: y } }
waivers:
  - { check: a, codes: [wrong-status], by: me, reason: why, until: '2027-01-01T00:00Z' }
";

#[test]
fn a_layer_merges_replaces_removes_and_appends() {
    let layer = "event: { attendees: { expected: 20, at_most: 25 } }
checks: { a: { with: { url: z }, tags: [three] }, b: null, c: { probe: http } }
waivers:
  - { check: a, codes: [timed-out], by: me, reason: why, until: '2027-01-01T00:00Z' }
";
    let (checklist, _folder) = layered(&[BASE, layer], &[]);
    assert_eq!(checklist.problems, []);
    let names: Vec<_> = checklist.checks.iter().map(|check| check.name.text.as_str()).collect();
    assert_eq!(names, ["a", "c"]);
    assert_eq!(checklist.checks[0].with.get("url").and_then(|node| node.as_text()), Some("z"));
    assert!(checklist.checks[0].with.get("samples").is_some());
    assert_eq!(checklist.checks[0].written.tags, ["three"]);
    assert_eq!(checklist.waivers.len(), 2);
    assert_eq!(checklist.event.as_ref().and_then(|event| event.at_most), Some(25));
}

#[test]
fn a_problem_in_a_layer_points_into_that_layer() {
    let (checklist, _folder) = layered(&[BASE, "checks: { a: { tgas: [x] } }\n"], &[]);
    let shown = render_all(&checklist.sources, &checklist.problems, false);
    assert!(shown.contains("1.yaml:1:16: unknown key `tgas`"), "{shown}");
    assert!(shown.contains("did you mean `tags`?"), "{shown}");
}

#[test]
fn set_wins_over_the_files() {
    let sets = [
        "event.attendees.at_most=30",
        "checks.a.tags.1=other",
        "checks.b=null",
        "sites.\"us\".vars.domain=set.example.com",
        "checks.a.with={samples: 5}",
    ];
    let (checklist, _folder) = layered(&[BASE], &sets);
    assert_eq!(checklist.problems, []);
    assert_eq!(checklist.event.as_ref().and_then(|event| event.at_most), Some(30));
    assert_eq!(checklist.checks.len(), 1);
    assert_eq!(checklist.checks[0].written.tags, ["one", "other"]);
    assert_eq!(checklist.checks[0].with.entries().len(), 2);
    let vars = checklist.sites[0].vars.as_ref().expect("vars");
    assert_eq!(vars.get("domain").and_then(|node| node.as_text()), Some("set.example.com"));
}

#[test]
fn a_wrong_set_is_shown_in_its_own_text() {
    let sets = [
        "event.atendees=30",
        "checks.a.tags.7=x",
        "waivers=[]",
        "nothing",
        "a..b=1",
        "checks.b.severity=[1",
        "limits.deadline=",
    ];
    let (checklist, _folder) = layered(&[BASE], &sets);
    insta::assert_snapshot!(render_all(&checklist.sources, &checklist.problems, false));
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = folder.path().join("binary.yaml");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).expect("a file");
    for path in [folder.path().join("absent.yaml"), folder.path().to_owned(), binary] {
        let checklist = read(std::slice::from_ref(&path), &[]);
        assert_eq!(checklist.problems.len(), 1, "{}", path.display());
        assert!(checklist.problems[0].message.starts_with("cannot be read: "), "{}", checklist.problems[0].message);
    }
    for text in ["", "- a\n", "just text\n", "42"] {
        assert_eq!(written(text).problems.len(), 1, "{text:?}");
    }
}

#[test]
fn an_endless_file_is_read_in_bounds() {
    let checklist = read(&[PathBuf::from("/dev/zero")], &[]);
    assert_eq!(checklist.problems.len(), 1);
}

fn event(text: &str) -> Event {
    let checklist = written(&format!("event: {{ name: E, {text} }}\nchecks: {{ a: {{ probe: http }} }}\n"));
    assert_eq!(messages(&checklist), [""; 0], "{text}");
    checklist.event.expect("an event")
}

#[test]
fn a_time_is_meant_in_its_own_zone_or_the_events() {
    for (starts, zone) in [
        ("2026-12-02T09:00", "timezone: America/Los_Angeles, "),
        ("'2026-12-02T17:00[Europe/London]'", "timezone: America/Los_Angeles, "),
        ("2026-12-02T17:00Z", ""),
        ("2026-12-02T18:00+01:00", ""),
        ("'2026-12-02T18:00+01:00[Europe/Berlin]'", ""),
        ("2026-12-02 09:00", "timezone: America/Los_Angeles, "),
    ] {
        let event = event(&format!("{zone}starts: {starts}, ends: 2026-12-02T23:00Z"));
        assert_eq!(event.starts.to_string(), "2026-12-02T17:00:00Z", "{starts}");
    }
}

#[test]
fn an_event_without_a_zone_is_shown_in_the_zone_of_its_start() {
    let own = event("starts: '2026-12-02T18:00[Europe/Berlin]', ends: 2026-12-02T23:00Z");
    assert_eq!(own.zone.iana_name(), Some("Europe/Berlin"));
    let window = own.window(own.starts);
    assert_eq!((window.attendees, own.expected), (None, None));
    assert_eq!(own.closes(), own.ends);
}

#[test]
fn a_checklist_that_is_wrong_everywhere_says_everything_at_once() {
    let checklist = written("event: {}\nsites: []\nchecks: {}\nlimits: { concurency: 1 }\nnetwok: {}\nwaivers: {}\n");
    assert_eq!(messages(&checklist).len(), 6, "{:#?}", messages(&checklist));
}

#[test]
fn relative_paths_start_at_the_checklist() {
    let (checklist, folder) = layered(&[&format!("{BASE}network: {{ ca: certificates/ca.pem }}\n")], &[]);
    assert_eq!(checklist.network.ca, Some(folder.path().join("certificates/ca.pem")));
    assert_eq!(checklist.folder, folder.path());
}
