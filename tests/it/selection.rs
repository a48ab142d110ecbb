//! The plan, and what of it is selected.

use crate::rig::times;
use crate::stage::{self, checklist, folder, run, web};
use gonogo::rehearsal::REHEARSALS;
use gonogo_world::incidents::workshop_2024_09_30 as incident;
use jiff::SignedDuration;

#[test]
fn the_plan_shows_items_needs_and_the_selection_and_counts_as_the_report_does() {
    let here = folder(REHEARSALS[0].files);
    let all = run(here.path(), &["plan"]);
    assert!(
        all.stdout.contains("routing@us-west-2  http; needs wildcards@us-west-2; explained by server-image\n"),
        "{}",
        all.stdout
    );
    assert!(all.stdout.contains("server-image  image-parity; compares us-east-2, us-west-2, eu-west-2\n"));
    assert!(all.stdout.ends_with("\n140 of 140 items selected\n"), "{}", all.stdout);
    let part = run(here.path(), &["plan", "--only", "routing", "--site", "us-west-2"]).stdout;
    assert!(
        part.contains("wildcards@us-west-2  dns-wildcard\n")
            && part.contains("wildcards@us-east-2  dns-wildcard; not selected\n"),
        "{part}"
    );
    assert!(part.ends_with("\n2 of 140 items selected\n"), "{part}");
    let none = run(here.path(), &["plan", "--only", "nosuch"]);
    assert_eq!(none.code, 4);
    assert!(none.stdout.contains("note: ") && none.stdout.contains("nosuch"), "{}", none.stdout);
}

#[test]
fn the_plan_names_the_least_rights_of_what_is_selected() {
    let here = folder(REHEARSALS[0].files);
    let all = run(here.path(), &["plan", "--access"]).stdout;
    for system in ["aws: ", "coder: ", "dns: ", "kubernetes: ", "litellm: ", "network: ", "registry: "] {
        assert!(all.contains(&format!("\n  {system}")), "{system}: {all}");
    }
    let part = run(here.path(), &["plan", "--access", "--only", "servers"]).stdout;
    assert!(part.contains("\n  kubernetes: ") && !part.contains("\n  aws: ") && !part.contains("secrets"), "{part}");
    let without = run(here.path(), &["plan"]).stdout;
    assert!(!without.contains("least access"));
}

#[test]
fn a_sites_selection_never_shrinks_a_relation() {
    let times = times();
    let rig = stage::workshop(incident::before(times), times);
    let seen = rig.report(&checklist(&rig), &["--only", "server-image", "--site", "us-east-2"]);
    assert_eq!(seen.outcome("server-image@us-east-2"), "pass");
    assert_eq!(seen.outcome("server-image@us-west-2"), "fail");
    assert_eq!(seen.outcome("wildcards@us-east-2"), "skipped");
    assert_eq!(seen.code, 1);
}

#[test]
fn tags_and_sites_select() {
    let rig = web();
    let seen = rig.report(&checklist(&rig), &["--tag", "front", "--site", "a"]);
    assert_eq!((seen.outcome("front@a"), seen.outcome("front@b")), ("pass", "skipped"));
    assert_eq!((seen.outcome("broken@a"), seen.code), ("skipped", 6));
}

#[test]
fn an_accepted_selection_at_another_time_is_held_back_all_the_same() {
    let rig = web();
    let part = ["--tag", "front", "--accept-partial"];
    let at = (times().now + SignedDuration::from_hours(1)).to_string();
    assert_eq!(rig.report(&checklist(&rig), &part).code, 0);
    let simulated = [&part[..], &["--now", &at]].concat();
    assert_eq!(rig.report(&checklist(&rig), &simulated).code, 3);
    assert_eq!(rig.report(&checklist(&rig), &[&simulated[..], &["--accept-simulated"]].concat()).code, 0);
    let late = rig.write(
        "late.yaml",
        "checks: { late: { probe: http, stage: during, tags: [front], with: { url: \"https://a.test/\" } } }\n",
    );
    let late = late.to_str().expect("a path");
    assert_eq!(rig.report(&checklist(&rig), &[&[late], &part[..]].concat()).code, 0);
    assert_eq!(rig.report(&checklist(&rig), &[&[late], &part[..], &["--final"]].concat()).code, 3);
}

#[test]
fn a_seed_repeats_the_random_labels() {
    let rig = web();
    let path = rig.write(
        "random.yaml",
        "checks:\n  any: { probe: http, with: { url: \"https://${random.label}.nowhere.test/\" } }\n",
    );
    let asked = |seed: &str| {
        let seen = rig.report(&path, &["--seed", seed]);
        assert_eq!(seen.json["run"]["seed"].to_string(), seed);
        let asked = seen.item("any")["findings"][0]["subject"].as_str().expect("a subject").to_owned();
        assert!(asked.ends_with(".nowhere.test"), "{asked}");
        asked
    };
    assert_eq!(asked("7"), asked("7"));
    assert_ne!(asked("7"), asked("8"));
}
