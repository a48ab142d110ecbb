//! Drift through the binary: programs that end as terraform and kubectl do, from their documentation and from what was recorded of them.

use crate::{network::real, run::run};
use std::{fs, path::Path};

fn recorded(name: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/tests/recordings/terraform").join(format!("{name}.jsonl"));
    fs::read_to_string(path).expect("a recording")
}

/// A root module whose plan answers so.
fn root(folder: &Path, name: &str, (answer, code): (&str, &str)) -> String {
    let root = folder.join(name);
    fs::create_dir(&root).expect("a folder");
    fs::write(root.join("answer.jsonl"), recorded(answer)).expect("an answer");
    fs::write(root.join("exit-code"), code).expect("a code");
    let program = format!("{}/terraform", real("STAND_INS"));
    format!(
        "  {name}: {{ probe: drift, with: {{ terraform: {{ folder: \"{}\", program: \"{program}\" }} }} }}\n",
        root.display()
    )
}

#[test]
fn terraforms_exit_codes_are_read_beside_what_it_wrote() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |name: &str, answer| root(folder.path(), name, answer);
    let run = run(&format!(
        "checks:\n{}{}{}{}{}{}",
        of("declared", ("none", "0")),
        of("changed", ("update", "2")),
        of("moved", ("moved", "2")),
        of("failed", ("error", "1")),
        of("lost", ("update", "0")),
        of("empty", ("none", "2")),
    ));
    assert_eq!(run.of("declared"), ("pass", vec![]), "{:#}", run.item("declared"));
    assert_eq!(run.of("changed"), ("fail", vec!["drifted"]));
    assert_eq!(run.of("moved"), ("warn", vec!["state-only-change"]));
    assert_eq!(run.of("failed"), ("unknown", vec!["comparison-failed"]));
    assert_eq!(run.of("lost"), ("unknown", vec!["comparison-contradictory"]));
    assert_eq!(run.of("empty"), ("unknown", vec!["comparison-contradictory"]));
    assert_eq!(run.code, 1);
}

#[test]
fn kubectls_exit_codes_mean_the_opposite() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = format!("{}/kubectl", real("STAND_INS"));
    let check = |name: &str, live: &str, merged: &str, more: &str| {
        let manifests = folder.path().join(name);
        for (place, text) in [("live", live), ("merged", merged)] {
            fs::create_dir_all(manifests.join(place)).expect("a folder");
            fs::write(manifests.join(place).join("apps.v1.Deployment.coder.web"), text).expect("an object");
        }
        fs::write(manifests.join("web.yaml"), "kind: Deployment\n").expect("a manifest");
        format!(
            "  {name}: {{ probe: drift, sites: [ohio], with: {{ kubectl: {{ manifests: [\"{}\"], program: \"{program}\"{more} }} }} }}\n",
            manifests.display()
        )
    };
    let run = run(&format!(
        "sites: {{ ohio: {{ kubernetes: {{ context: ohio }} }} }}\nchecks:\n{}{}{}{}",
        check("declared", "a\n", "a\n", ""),
        check("changed", "a\n", "b\n", ""),
        check("failed", "a\n", "a\n", ", env: { STAND_IN_ERROR: unauthorised }"),
        check("flagged", "a\n", "a\n", ", env: { STAND_IN_ERROR: unknown flag, STAND_IN_EXIT: '1' }"),
    ));
    assert_eq!(run.of("declared@ohio"), ("pass", vec![]), "{:#}", run.item("declared@ohio"));
    assert_eq!(run.of("changed@ohio"), ("fail", vec!["drifted"]));
    assert_eq!(run.of("failed@ohio"), ("unknown", vec!["comparison-failed"]));
    assert_eq!(run.of("flagged@ohio"), ("unknown", vec!["comparison-contradictory"]));
}
