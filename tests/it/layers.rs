//! Layers, `--set` and waivers: what lies over what.

use crate::rig::times;
use crate::stage::{EVENT, checklist, folder, run, web};
use jiff::SignedDuration;

#[test]
fn layers_merge_and_set_wins_over_files() {
    let base = format!(
        "{EVENT}vars: {{ host: one.test, kept: yes }}\nsites: {{ a: {{}}, b: {{}} }}\nchecks:\n  front: {{ probe: http, sites: [a, b], tags: [x, y], with: {{ url: \"https://${{vars.host}}/\", samples: 2 }} }}\n  old: {{ probe: http, with: {{ url: \"https://old.test/\" }} }}\n"
    );
    let layer = "vars: { host: two.test }\nchecks:\n  front: { sites: [b] }\n  old: null\n  new: { probe: http, with: { url: \"https://${vars.host}/new\" } }\n";
    let here = folder(&[("base.yaml", &base), ("layer.yaml", layer)]);
    let plan = |arguments: &[&str]| run(here.path(), &[&["plan", "--access"], arguments].concat());
    let one = plan(&["base.yaml"]).stdout;
    assert!(one.contains("network: one.test:443") && one.contains("network: old.test:443") && one.contains("front@a"));
    let two = plan(&["base.yaml", "layer.yaml"]).stdout;
    assert!(two.contains("network: two.test:443") && !two.contains("one.test"), "{two}");
    assert!(
        !two.contains("old") && two.contains("new  http") && !two.contains("front@a") && two.contains("front@b"),
        "{two}"
    );
    let set = plan(&["base.yaml", "layer.yaml", "--set", "vars.host=three.test", "--set", "checks.new=null"]).stdout;
    assert!(set.contains("network: three.test:443") && !set.contains("two.test") && !set.contains("new"), "{set}");
    let wrong = plan(&["base.yaml", "layer.yaml", "--set", "vars.hots"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("--set:1:1:"), "{}", wrong.stderr);
}

#[test]
fn a_file_that_a_check_reads_lies_beside_the_layer_that_names_it() {
    let check = |name: &str| format!("checks:\n  {name}: {{ probe: mount-overlap, with: {{ file: ./jobs.yaml }} }}\n");
    let here = folder(&[("base.yaml", &format!("{EVENT}{}", check("near")))]);
    let far = folder(&[("layer.yaml", &check("far"))]);
    let layer = far.path().join("layer.yaml");
    let plan = run(here.path(), &["plan", "--access", "base.yaml", layer.to_str().expect("a path")]).stdout;
    for folder in [here.path(), far.path()] {
        let file = folder.join("jobs.yaml");
        assert!(plan.contains(&format!("read {}", file.display())), "{}: {plan}", file.display());
    }
}

#[test]
fn set_cannot_waive() {
    let rig = web();
    for set in [
        "waivers=[]",
        "waivers=[{ check: broken, codes: [wrong-status], by: me, reason: haste, until: 2100-01-01T00:00 }]",
    ] {
        let seen = rig.run(&checklist(&rig), &["--set", set]);
        assert_eq!(seen.code, 2);
        assert!(seen.stderr.contains("`--set` cannot waive"), "{}", seen.stderr);
    }
    assert!(rig.world.requests().is_empty());
}

#[test]
fn a_layer_can_waive_and_a_waiver_that_ends_before_the_window_does_counts_as_if_absent() {
    let rig = web();
    let waiver = |until: &str| {
        format!("waivers: [{{ check: broken, codes: [wrong-status], by: lead, reason: known, until: {until} }}]\n")
    };
    let good = rig.write("good.yaml", &waiver("2100-01-01T00:00"));
    let seen = rig.report(&checklist(&rig), &[good.to_str().expect("a path")]);
    assert_eq!((seen.code, seen.outcome("broken@a")), (0, "waived"));
    let short = rig.write("short.yaml", &waiver("2020-01-01T00:00"));
    let seen = rig.report(&checklist(&rig), &[short.to_str().expect("a path")]);
    assert_eq!((seen.code, seen.outcome("broken@a")), (1, "fail"));
    assert!(seen.json["notes"].to_string().contains("as if absent"), "{}", seen.json["notes"]);
}

#[test]
fn after_the_event_a_waiver_that_has_expired_counts_as_if_absent() {
    let rig = web();
    let times = times();
    let written = |hours: i64| (times.now + SignedDuration::from_hours(hours)).to_string();
    let layer = format!(
        "event: {{ starts: \"{}\", ends: \"{}\", lead: 0m, tail: 0m }}
defaults: {{ stage: after }}
waivers: [{{ check: broken, codes: [wrong-status], by: lead, reason: known, until: \"{}\" }}]
",
        written(-3),
        written(-2),
        written(-1)
    );
    let layer = rig.write("over.yaml", &layer);
    let seen = rig.report(&checklist(&rig), &[layer.to_str().expect("a path")]);
    assert_eq!((seen.code, seen.verdict(), seen.outcome("broken@a")), (1, "not-closed", "fail"));
    assert!(seen.json["notes"].to_string().contains("as if absent"), "{}", seen.json["notes"]);
}
