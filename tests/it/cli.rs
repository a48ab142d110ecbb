//! The command line as a person or a pipeline meets it.

use crate::json_schema::faults;
use crate::rig::{Rig, Seen, example, gonogo, times};
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30 as workshop},
    web::{Page, Site},
};
use jiff::SignedDuration;
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

const HOST: &str = "web.example.test";
const EVENT: &str =
    "event: { name: Launch, timezone: Europe/London, starts: 2030-06-04T09:00, ends: 2030-06-04T10:30 }\n";

fn run(folder: &Path, arguments: &[&str]) -> Seen {
    Seen::of(gonogo().current_dir(folder).args(arguments).output().expect("gonogo runs"))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// One check of a page that is well and one of a page that is not, at two sites.
fn web() -> Rig {
    let times = times();
    let mut state = State::empty(times.now);
    let broken = Page::text(500, "no\n");
    state.web.insert(HOST.to_owned(), Site::at(HOST, &[]).page("/broken", broken));
    let rig = Rig::plain(state, times);
    let check = |name: &str, path: &str| {
        format!("  {name}: {{ probe: http, sites: all, tags: [{name}], with: {{ url: \"https://{HOST}{path}\" }} }}\n")
    };
    let checks = check("front", "/") + &check("broken", "/broken");
    rig.write("gonogo.yaml", &format!("sites: {{ a: {{}}, b: {{}} }}\nchecks:\n{checks}"));
    rig
}

/// The workshop's checklist and a world for it.
fn workshop_at(state: State, times: Times) -> Rig {
    let rig = Rig::workshop(state, times);
    rig.write("gonogo.yaml", &fs::read_to_string(example()).expect("the example"));
    rig
}

fn checklist(rig: &Rig) -> std::path::PathBuf {
    rig.folder.path().join("gonogo.yaml")
}

#[test]
fn every_help_says_what_it_is_for_and_shows_examples() {
    let here = folder(&[]);
    let all = run(here.path(), &["--help"]);
    assert_eq!((all.code, all.stderr.as_str()), (0, ""));
    let commands = all.stdout.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let names: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["run", "plan", "validate", "demo", "probes", "explain", "schema", "completions", "help"]);
    for name in names.iter().filter(|name| **name != "help") {
        let help = run(here.path(), &[name, "--help"]);
        assert_eq!(help.code, 0);
        let (_, examples) = help.stdout.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{name}: no examples"));
        assert!(
            examples
                .lines()
                .all(|line| line.starts_with(&format!("  gonogo {name}")) || line.starts_with("  gonogo explain")),
            "{examples}"
        );
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{}", help.stdout);
    }
}

#[test]
fn the_examples_in_the_helps_are_of_this_command_line() {
    let rig = workshop_at(workshop::repaired(times()), times());
    rig.write("staging.yaml", "event: { attendees: 5 }\n");
    rig.write("base.yaml", &fs::read_to_string(example()).expect("the example"));
    for name in ["run", "plan", "validate", "probes", "explain", "schema"] {
        let help = run(rig.folder.path(), &[name, "--help"]).stdout;
        let (_, examples) = help.split_once("\nExamples:\n").expect("examples");
        for line in examples.lines() {
            let command = line.trim().split("   ").next().unwrap_or_default();
            let mut words = shlex_words(command);
            assert_eq!(words.remove(0), "gonogo");
            if matches!(name, "run" | "plan" | "validate") {
                if !words.iter().any(|word| word == "base.yaml") {
                    words.push("gonogo.yaml".to_owned());
                }
                words.push("world.yaml".to_owned());
            }
            let seen = run(rig.folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
            assert!([0, 1, 3, 6].contains(&seen.code), "{command}: {} {}", seen.code, seen.stderr);
        }
    }
}

/// A command of a help text in words: quotes taken off, and what the shell would do with the output left out.
fn shlex_words(command: &str) -> Vec<String> {
    let words = command.split_whitespace().take_while(|word| *word != ">");
    words.map(|word| word.trim_matches('\'').to_owned()).collect()
}

#[test]
fn a_command_that_is_not_there_is_2_and_names_the_nearest() {
    let here = folder(&[]);
    for (arguments, says) in [
        (&["runn"][..], "'run'"),
        (&["run", "--acept-partial"], "--accept-partial"),
        (&["run", "--output", "xml"], "one of: table, short, plain, json, junit, markdown"),
        (&["run", "--output", "json="], "names no file"),
        (&["run", "--color", "sometimes"], "sometimes"),
        (&["run", "--concurrency", "0"], "0"),
        (&["run", "--deadline", "5"], "write `30s`"),
        (&["explain", "wildcard-mising"], "did you mean `wildcard-missing`?"),
        (&["explain", "htpp"], "did you mean `http`?"),
        (&["explain", "zzzzzzzzzz"], "`gonogo probes` lists"),
    ] {
        let seen = run(here.path(), arguments);
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(seen.stderr.contains(says), "{arguments:?}: {}", seen.stderr);
    }
}

#[test]
fn the_checklist_is_found_here_and_above_and_the_nearest_counts() {
    let text =
        |name: &str| format!("{EVENT}checks: {{ {name}: {{ probe: http, with: {{ url: \"https://a.test/\" }} }} }}\n");
    let root = folder(&[("gonogo.yaml", &text("far"))]);
    let deep = root.path().join("a/b");
    fs::create_dir_all(&deep).expect("folders");
    assert_eq!(run(&deep, &["plan"]).stdout.split_once("  ").expect("a row").0, "far");
    fs::write(root.path().join("a/gonogo.yaml"), text("near")).expect("a file");
    assert_eq!(run(&deep, &["plan"]).stdout.split_once("  ").expect("a row").0, "near");
    let none = folder(&[]);
    let seen = run(none.path(), &["run"]);
    assert_eq!(seen.code, 2);
    assert!(
        seen.stderr.contains("no gonogo.yaml here or above") && seen.stderr.contains("gonogo demo"),
        "{}",
        seen.stderr
    );
}

#[test]
fn validate_reads_no_secret_and_runs_no_command() {
    let command = "[touch, touched]";
    let text = format!(
        "{EVENT}connections: {{ github: {{ kind: github, token: {{ command: {command} }} }}, other: {{ kind: http, url: \"https://a.test/\", token: {{ env: NOT_SET }} }} }}
checks:
  token: {{ probe: key-expiry, with: {{ github: {{ connection: github }} }} }}
  jwt: {{ probe: key-expiry, with: {{ jwt: {{ command: {command} }} }} }}
  page: {{ probe: http, with: {{ connection: other, url: status, secret_headers: {{ x-key: {{ file: ./not-there }} }} }} }}
"
    );
    let here = folder(&[("gonogo.yaml", &text)]);
    for arguments in [&["validate"][..], &["plan"], &["plan", "--access"]] {
        let seen = run(here.path(), arguments);
        assert_eq!(seen.code, 0, "{arguments:?}: {}", seen.stderr);
        assert!(!here.path().join("touched").exists(), "{arguments:?} ran a command");
    }
    assert_eq!(run(here.path(), &["validate"]).stdout, "valid: 3 checks, 3 items, 0 sites\n");
    // The same words in a run do run: the test above could fail.
    run(here.path(), &["run"]);
    assert!(here.path().join("touched").exists());
}

#[test]
fn validate_says_every_problem_at_once_each_in_its_place() {
    let text = format!(
        "{EVENT}checks:\n  a: {{ probe: htpp }}\n  b: {{ probe: http, wiht: {{}} }}\n  c: {{ probe: http, with: {{ url: 7 }}, needs: [d] }}\n"
    );
    let here = folder(&[("gonogo.yaml", &text)]);
    let seen = run(here.path(), &["validate"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""));
    for words in [
        "gonogo.yaml:3:15:",
        "did you mean `http`?",
        "gonogo.yaml:4:",
        "did you mean `with`?",
        "gonogo.yaml:5:",
        "problems; nothing was looked at",
    ] {
        assert!(seen.stderr.contains(words), "{words}: {}", seen.stderr);
    }
}

#[test]
fn the_plan_shows_items_needs_and_the_selection_and_counts_as_the_report_does() {
    let here = folder(&[("gonogo.yaml", &fs::read_to_string(example()).expect("the example"))]);
    let all = run(here.path(), &["plan"]);
    assert!(
        all.stdout.contains("routing@us-west-2  http; needs wildcards@us-west-2; explained by server-image\n"),
        "{}",
        all.stdout
    );
    assert!(all.stdout.contains("server-image  image-parity; compares us-east-2, us-west-2, eu-west-2\n"));
    assert!(all.stdout.ends_with("\n22 of 22 items selected\n"), "{}", all.stdout);
    let part = run(here.path(), &["plan", "--only", "routing", "--site", "us-west-2"]).stdout;
    assert!(
        part.contains("wildcards@us-west-2  dns-wildcard\n")
            && part.contains("wildcards@us-east-2  dns-wildcard; not selected\n"),
        "{part}"
    );
    assert!(part.ends_with("\n2 of 22 items selected\n"), "{part}");
    let none = run(here.path(), &["plan", "--only", "nosuch"]);
    assert_eq!(none.code, 4);
    assert!(none.stdout.contains("note: ") && none.stdout.contains("nosuch"), "{}", none.stdout);
}

#[test]
fn the_plan_names_the_least_rights_of_what_is_selected() {
    let here = folder(&[("gonogo.yaml", &fs::read_to_string(example()).expect("the example"))]);
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
    let rig = workshop_at(workshop::before(times), times);
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
fn the_probes_are_listed_and_each_has_a_page() {
    let here = folder(&[]);
    let list = run(here.path(), &["probes"]);
    assert_eq!(list.code, 0);
    for kind in gonogo_checks::CATALOGUE {
        assert!(list.stdout.contains(&format!("{}  ", kind.name)), "{}", list.stdout);
        assert_eq!(run(here.path(), &["explain", kind.name]).stdout.trim_end(), kind.page.trim_end());
        for code in kind.codes {
            let seen = run(here.path(), &["explain", code.id]);
            assert!(
                seen.code == 0 && seen.stdout.contains(code.says) && seen.stdout.contains(kind.name),
                "{}",
                seen.stdout
            );
        }
    }
    assert!(list.stdout.lines().all(|line| line.chars().count() <= 80), "{}", list.stdout);
    let any = run(here.path(), &["explain", "timed-out"]).stdout;
    assert!(any.contains("raised by any probe") && any.contains("it blocks a GO"), "{any}");
}

#[test]
fn the_checklists_schema_takes_the_example_and_refuses_what_validate_refuses() {
    let here = folder(&[]);
    let seen = run(here.path(), &["schema"]);
    let schema: Value = serde_json::from_str(&seen.stdout).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(run(here.path(), &["schema", "checklist"]).stdout, seen.stdout);
    let text = fs::read_to_string(example()).expect("the example");
    assert_eq!(faults(&schema, &as_json(&text)), Vec::<String>::new());
    for (from, to) in [
        ("probe: image-parity", "probe: image-partiy"),
        ("title: Two servers", "titel: Two servers"),
        ("expect: { pods: 2 }", "expect: { pods: many }"),
        ("deployment: coder }", "deploymnet: coder }"),
        ("kind: litellm", "kind: litelm"),
        ("starts: 2026-12-02T09:00", "starts: [1]"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(!faults(&schema, &as_json(&text.replacen(from, to, 1))).is_empty(), "{to} is let through");
    }
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
    for state in [workshop::before(times), workshop::repaired(times)] {
        let rig = workshop_at(state, times);
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

#[test]
fn there_are_completions_for_every_shell_and_a_shell_reads_them() {
    let here = folder(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let seen = run(here.path(), &["completions", shell]);
        assert!(seen.code == 0 && seen.stdout.contains("accept-partial"), "{shell}");
        fs::write(here.path().join(shell), &seen.stdout).expect("a file");
        // Where the shell is on this machine it reads its script; that it is not is no fault of the script's.
        if let Ok(status) =
            Command::new(shell).args(["-n", shell]).current_dir(here.path()).stderr(Stdio::null()).status()
        {
            assert!(status.success(), "{shell} does not read it");
        }
    }
    assert_eq!(run(here.path(), &["completions", "csh"]).code, 2);
}

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
fn a_layer_can_waive_until_the_window_has_closed_and_no_shorter() {
    let rig = web();
    let waiver = |until: &str| {
        format!("waivers: [{{ check: broken, codes: [wrong-status], by: lead, reason: known, until: {until} }}]\n")
    };
    let good = rig.write("good.yaml", &waiver("2100-01-01T00:00"));
    let seen = rig.report(&checklist(&rig), &[good.to_str().expect("a path")]);
    assert_eq!((seen.code, seen.outcome("broken@a")), (0, "waived"));
    let old = rig.write("old.yaml", &waiver("2020-01-01T00:00"));
    let seen = rig.run(&checklist(&rig), &[old.to_str().expect("a path")]);
    assert_eq!(seen.code, 2);
    assert!(seen.stderr.contains("the waiver ends before the event's window does"), "{}", seen.stderr);
}

#[test]
fn an_expired_waiver_counts_for_nothing_and_is_named() {
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
    assert!(seen.json["notes"].to_string().contains("expired"), "{}", seen.json["notes"]);
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
