//! The command line as a person or a pipeline meets it.

use crate::rig::{Seen, gonogo, times};
use crate::stage::{self, EVENT, folder, run};
use gonogo_world::incidents::workshop_2024_09_30 as incident;
use std::{
    fs,
    process::{Command, Stdio},
};

#[test]
fn every_help_says_what_it_is_for_and_shows_examples() {
    let here = folder(&[]);
    let all = run(here.path(), &["--help"]);
    assert_eq!((all.code, all.stderr.as_str()), (0, ""));
    let commands = all.stdout.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let names: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(
        names,
        [
            "run",
            "plan",
            "capacity",
            "attest",
            "coverage",
            "validate",
            "demo",
            "probes",
            "explain",
            "schema",
            "completions",
            "help"
        ]
    );
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
    let rig = stage::workshop(incident::repaired(times()), times());
    rig.write("staging.yaml", "event: { attendees: 5 }\n");
    rig.place_example();
    fs::copy(rig.folder.path().join("gonogo.yaml"), rig.folder.path().join("base.yaml")).expect("a copy");
    for name in ["run", "plan", "capacity", "validate", "probes", "explain", "schema"] {
        let help = run(rig.folder.path(), &[name, "--help"]).stdout;
        let (_, examples) = help.split_once("\nExamples:\n").expect("examples");
        for line in examples.lines() {
            let command = line.trim().split("  ").next().unwrap_or_default();
            let mut words = shlex_words(command);
            assert_eq!(words.remove(0), "gonogo");
            if matches!(name, "run" | "plan" | "capacity" | "validate") {
                if !words.iter().any(|word| word == "base.yaml") {
                    words.push("gonogo.yaml".to_owned());
                }
                words.push("world.yaml".to_owned());
            }
            let seen = run(rig.folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
            // The event in this world is another day's, so at a time of the calendar nothing may be due.
            let is_well = [0, 1, 3, 5, 6].contains(&seen.code) || command.contains("--now") && seen.code == 4;
            assert!(is_well, "{command}: {} {}", seen.code, seen.stderr);
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
fn a_certificate_is_looked_at_straight_whatever_proxy_the_environment_names() {
    let text =
        "checks: { served: { probe: key-expiry, with: { certificate: { host: localhost, port: 1 } } } }\n".to_owned();
    let here = folder(&[("gonogo.yaml", &format!("{EVENT}{text}"))]);
    let mut command = gonogo();
    command.current_dir(here.path()).args(["run", "-o", "json"]).env("HTTPS_PROXY", "http://127.0.0.1:9");
    let seen = Seen::of(command.output().expect("gonogo runs"));
    assert!(seen.stdout.contains("TLS with 127.0.0.1:1 for localhost"), "{}", seen.stdout);
    assert!(!seen.stdout.contains("through the proxy"), "{}", seen.stdout);
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
