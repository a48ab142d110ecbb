//! Two runs over the same world differ in times alone, and a seed is what makes labels random.

use crate::rig::{Report, Rig, example, times};
use gonogo_world::{System, incidents::workshop_2024_09_30::before};
use serde_json::Value;
use std::collections::BTreeSet;

/// What says when, how long or how often something was done, and so differs from run to run.
const TIMES: [&str; 15] = [
    "issued",
    "proven",
    "clock",
    "evaluated",
    "looked_at",
    "judged_at",
    "asked_at",
    "answered_at",
    "at",
    "time",
    "date",
    "server_time",
    "took_ms",
    "attempts",
    "ttl",
];

/// Takes out what differs.
fn timeless(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                if TIMES.contains(&key.as_str()) || key.ends_with("_at") {
                    *value = Value::Null;
                } else {
                    timeless(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        Value::String(text) => {
            // So may when a rule was evaluated.
            if let Some((before, _)) = text.split_once(", evaluated ") {
                text.truncate(before.len());
            }
            // How long something took may stand at a line's end.
            if let Some((before, took)) = text.rsplit_once(" in ")
                && took.strip_suffix(" ms").is_some_and(|count| count.parse::<u64>().is_ok())
            {
                text.truncate(before.len());
            }
        }
        _ => {}
    }
}

fn lines(report: &Report) -> Vec<String> {
    let mut json = report.json.clone();
    timeless(&mut json);
    serde_json::to_string_pretty(&json).expect("JSON").lines().map(str::to_owned).collect()
}

/// The names below wildcards that were asked since `from`.
fn labels(rig: &Rig, from: usize) -> BTreeSet<String> {
    let asked = rig.world.requests().into_iter().skip(from);
    let wildcards = asked.filter(|asked| asked.system == System::Coder && asked.path == "/");
    wildcards.map(|asked| asked.host).collect()
}

#[test]
fn two_runs_with_the_same_seed_say_the_same_but_for_times() {
    let times = times();
    let rig = Rig::workshop(before(times), times);
    let path = example();
    let first = rig.report(&path, &["--seed", "7"]);
    let asked = rig.world.requests().len();
    let second = rig.report(&path, &["--seed", "7", "--concurrency", "3"]);
    let (one, other) = (lines(&first), lines(&second));
    let differ: Vec<_> = one.iter().zip(&other).filter(|(one, other)| one != other).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    assert_eq!(lines(&first).len(), lines(&second).len());
    assert_eq!(labels(&rig, 0), labels(&rig, asked));
}

#[test]
fn another_seed_asks_for_other_names_and_every_seed_is_told() {
    let times = times();
    let rig = Rig::workshop(before(times), times);
    let path = example();
    let first = rig.report(&path, &[]);
    let asked = rig.world.requests().len();
    let second = rig.report(&path, &[]);
    let (before, after) = (labels(&rig, 0).len() - labels(&rig, asked).len(), labels(&rig, asked));
    assert!(before == 2 && after.len() == 2, "two wildcards are reached in this world: {before}, {after:?}");
    let seeds = [&first, &second].map(|report| report.json["run"]["seed"].as_u64().expect("a seed").to_string());
    assert_ne!(seeds[0], seeds[1]);
    let asked = rig.world.requests().len();
    rig.report(&path, &["--seed", &seeds[1]]);
    assert_eq!(labels(&rig, asked), after);
}
