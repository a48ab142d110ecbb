//! The schemas that gonogo prints, held against real checklists and real reports.

use crate::json_schema::faults;
use crate::rig::times;
use crate::stage::{self, checklist, folder, run};
use gonogo::rehearsal::{REHEARSALS, is_checklist};
use gonogo_world::incidents::workshop_2024_09_30 as incident;
use serde_json::Value;
use std::path::Path;

#[test]
fn the_checklists_schema_takes_the_example_and_refuses_what_validate_refuses() {
    let here = folder(&[]);
    let seen = run(here.path(), &["schema"]);
    let schema: Value = serde_json::from_str(&seen.stdout).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(run(here.path(), &["schema", "checklist"]).stdout, seen.stdout);
    let files = REHEARSALS[0].files;
    assert_eq!(faults(&schema, &whole(files, str::to_owned)), Vec::<String>::new());
    for (from, to) in [
        ("probe: image-parity", "probe: image-partiy"),
        ("title: Two servers", "titel: Two servers"),
        ("expect: { ready: 2 }", "expect: { ready: many }"),
        ("deployment: coder }", "deploymnet: coder }"),
        ("kind: litellm", "kind: litelm"),
        ("starts: 2026-12-02T09:00", "starts: [1]"),
    ] {
        assert!(files.iter().any(|(_, text)| text.contains(from)), "{from}");
        let broken = whole(files, |text| text.replacen(from, to, 1));
        assert!(!faults(&schema, &broken).is_empty(), "{to} is let through");
    }
}

#[test]
fn the_checklists_schema_takes_every_incidents_checklist() {
    let schema: Value = serde_json::from_str(&run(Path::new("."), &["schema"]).stdout).expect("JSON");
    for rehearsal in REHEARSALS {
        assert_eq!(
            faults(&schema, &whole(rehearsal.files, str::to_owned)),
            Vec::<String>::new(),
            "{}",
            rehearsal.example
        );
    }
}

/// A checklist and the files that it includes, each changed, as one. An included file has no event: alone it is none.
fn whole(files: &[(&str, &str)], change: impl Fn(&str) -> String) -> Value {
    let mut whole = as_json(&change(files[0].1));
    for (_, text) in files[1..].iter().filter(|(name, _)| is_checklist(name)) {
        let part = as_json(&change(text));
        for section in ["checks", "connections"] {
            let both = [&whole[section], &part[section]].into_iter().filter_map(Value::as_object).flatten();
            whole[section] = both.map(|(key, value)| (key.clone(), value.clone())).collect();
        }
    }
    whole
}

/// A checklist as JSON, by the reader that the probes' settings are read with.
fn as_json(yaml: &str) -> Value {
    let mut problems = Vec::new();
    let node = gonogo_checks::contract::text::load(0, yaml, &mut problems).expect("YAML");
    gonogo_checks::contract::text::read(&node, &mut problems).expect("a tree")
}

#[test]
fn a_real_report_is_as_its_schema_says() {
    let times = times();
    let schema: Value = serde_json::from_str(&run(Path::new("."), &["schema", "report"]).stdout).expect("JSON");
    for state in [incident::before(times), incident::repaired(times)] {
        let rig = stage::workshop(state, times);
        let report = rig.report(&checklist(&rig), &[]).json;
        assert_eq!(report["schema"], "gonogo/report/1");
        assert_eq!(faults(&schema, &report), Vec::<String>::new());
        let mut odd = report.clone();
        odd["verdict"] = "maybe".into();
        odd["items"][0]["outcome"] = 7.into();
        odd["counts"] = Value::Null;
        assert!(faults(&schema, &odd).len() >= 3);
    }
}
