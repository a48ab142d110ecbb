//! The README says nothing that is not so: its checklists are read, its commands are run, its tables are compared.

use crate::pages::{blocks, example, readme, repository, table};
use crate::picture::is_shortened_from;
use crate::rig::{Seen, gonogo};
use crate::shell::Shell;
use gonogo::{
    exit,
    rehearsal::{REHEARSALS, Rehearsal},
    report::Verdict,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const SECTION: &str = "\n## ";

fn is_checklist(yaml: &str) -> bool {
    yaml.contains("\nchecks:\n") && yaml.contains("event:") && !yaml.starts_with("# ")
}

fn is_pipeline(yaml: &str) -> bool {
    yaml.contains("\njobs:\n")
}

/// The layers among the README's blocks: each begins with `# its-name.yaml`.
fn layers() -> BTreeMap<String, String> {
    let layers = blocks(&readme(), "yaml").into_iter().filter(|yaml| !is_checklist(yaml) && !is_pipeline(yaml));
    let named = |yaml: String| {
        let name = yaml.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_else(|| panic!("{yaml}"));
        (name.to_owned(), yaml)
    };
    layers.map(named).collect()
}

fn run(folder: &Path, arguments: &[&str]) -> Seen {
    Seen::of(gonogo().current_dir(folder).args(arguments).output().expect("gonogo runs"))
}

#[test]
fn every_checklist_in_it_is_valid() {
    let yamls = blocks(&readme(), "yaml");
    let checklists: Vec<&String> = yamls.iter().filter(|yaml| is_checklist(yaml)).collect();
    assert!(!checklists.is_empty());
    for text in checklists {
        assert!(text.lines().count() <= 10, "ten lines are promised");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("gonogo.yaml"), text).expect("a file");
        let seen = run(folder.path(), &["validate"]);
        assert_eq!(seen.code, 0, "{}", seen.stderr);
    }
}

#[test]
fn every_layer_in_it_lies_well_over_the_workshops_checklist() {
    let layers = layers();
    assert!(layers.len() >= 2);
    for (name, text) in layers {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(&name), text).expect("a file");
        let seen = run(folder.path(), &["validate", example().to_str().expect("a path"), &name]);
        assert_eq!(seen.code, 0, "{name}: {}", seen.stderr);
    }
}

/// How many of the script's lines call gonogo.
fn calls(script: &str) -> usize {
    let is_call = |line: &&str| line.starts_with("gonogo ") || line.starts_with("cargo run -- ");
    script.lines().filter(is_call).count()
}

#[test]
fn every_command_in_it_runs_and_gives_a_report() {
    let shell = Shell::new(layers());
    let scripts = blocks(&readme(), "sh");
    assert!(scripts.len() >= 3);
    for script in scripts {
        let code = shell_code(&shell, &script);
        assert_ne!(code, 127, "no such command in\n{script}");
    }
}

fn shell_code(shell: &Shell, script: &str) -> i32 {
    // What another page's test looks at needs no copy here: only that the script is there.
    let lines: Vec<&str> = script.lines().filter(|line| !is_script_of_ours(line)).collect();
    let script = lines.join("\n");
    let (seen, noted) = shell.run(&script);
    assert_eq!(noted.len(), calls(&script), "{noted:?}\n{}", seen.stderr);
    for (code, said) in noted {
        // The event in this world is another day's, so at a time of the calendar nothing may be due.
        let is_well = [exit::GO, exit::NO_GO, exit::UNDETERMINED, exit::PARTIAL].map(i32::from).contains(&code)
            || said.contains("--now") && code == i32::from(exit::NOTHING);
        assert!(is_well, "{code} {said}: {}", seen.stderr);
    }
    seen.code
}

/// True for a line that runs a script of this repository; the script must be there.
fn is_script_of_ours(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let is_ours = word.starts_with("scripts/") || word.starts_with(".ci/");
    assert!(!is_ours || repository().join(word).is_file(), "{word} is not there");
    is_ours
}

#[test]
fn the_shells_gate_says_no_go_of_the_incidents_world() {
    let script = blocks(&readme(), "sh").into_iter().find(|script| script.contains("case $code in")).expect("a gate");
    let (seen, _) = Shell::new(layers()).run(&script);
    assert!(seen.stdout.ends_with("\nno go\n"), "{}", seen.stdout);
}

#[test]
fn the_pipelines_steps_run_and_leave_what_the_next_step_reads() {
    let pipeline = blocks(&readme(), "yaml").into_iter().find(|yaml| is_pipeline(yaml)).expect("a pipeline");
    let runs: Vec<&str> = pipeline.lines().filter_map(|line| line.split_once("run: ").map(|(_, run)| run)).collect();
    let shell = Shell::new(layers());
    let (seen, noted) = shell.run(runs[0]);
    assert_eq!((seen.code, noted.len()), (1, 1), "{}", seen.stderr);
    let (after, _) = shell.run(&format!("GITHUB_STEP_SUMMARY=summary; {}", runs[1]));
    assert_eq!(after.code, 0, "{}", after.stderr);
    let summary = fs::read_to_string(shell.rig.folder.path().join("summary")).expect("a summary");
    assert!(summary.contains("NO-GO"), "{summary}");
    assert!(shell.rig.folder.path().join("gonogo.xml").exists());
}

#[test]
fn its_exit_codes_are_the_programs() {
    let source = fs::read_to_string(repository().join("src/exit.rs")).expect("exit.rs");
    let constants = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once("u8 = "));
    let codes: BTreeSet<u8> =
        constants.map(|(_, value)| value.trim_end_matches(';').parse().expect("a code")).collect();
    let rows = table(&readme(), "| exit | verdict | when |");
    let written: Vec<u8> = rows.iter().map(|row| row[0].parse().expect("a code")).collect();
    assert_eq!(written, codes.into_iter().collect::<Vec<_>>());
    let says =
        |code: u8| rows.iter().find(|row| row[0] == code.to_string()).map(|row| row.join(" ")).unwrap_or_default();
    for (code, verdict) in [
        (exit::GO, Verdict::Go),
        (exit::GO, Verdict::Closed),
        (exit::NO_GO, Verdict::NoGo),
        (exit::NO_GO, Verdict::NotClosed),
        (exit::UNDETERMINED, Verdict::Undetermined),
        (exit::NOTHING, Verdict::Nothing),
        (exit::WARNINGS, Verdict::GoWithWarnings),
        (exit::PARTIAL, Verdict::Partial),
    ] {
        assert!(says(code).contains(verdict.words()), "{code}: {}", says(code));
    }
}

#[test]
fn its_outcomes_are_the_programs() {
    use gonogo::report::Outcome;
    let words: Vec<String> = table(&readme(), "| outcome | meaning |").into_iter().map(|row| row[0].clone()).collect();
    let all = [
        Outcome::Pass,
        Outcome::Warn,
        Outcome::Fail,
        Outcome::Unknown,
        Outcome::Blocked,
        Outcome::Waived,
        Outcome::NotDue,
        Outcome::Skipped,
    ];
    assert_eq!(words, all.map(|outcome| format!("`{}`", outcome.word())));
}

#[test]
fn its_probes_are_the_catalogues() {
    let made = run(&repository(), &["probes", "--markdown"]).stdout;
    assert_eq!(made.lines().count(), gonogo_checks::CATALOGUE.len() + 2);
    assert!(readme().contains(&format!("\n\n{made}\n")), "write what `gonogo probes --markdown` prints:\n{made}");
    let listed = Seen::of(gonogo().env("COLUMNS", "120").arg("probes").output().expect("gonogo runs")).stdout;
    let is_listed = |kind: &gonogo_checks::contract::Kind| listed.lines().any(|line| line.starts_with(kind.name));
    assert!(gonogo_checks::CATALOGUE.iter().all(is_listed), "{listed}");
}

#[test]
fn its_incidents_are_those_that_the_demo_replays() {
    let row = |rehearsal: &Rehearsal| {
        let incident = rehearsal.incident;
        vec![format!("`{}`", incident.name), incident.title.to_owned(), rehearsal.example.to_owned()]
    };
    let wanted: Vec<Vec<String>> = REHEARSALS.iter().map(row).collect();
    let mut rows = table(&readme(), "| incident | what happened | its checklist |");
    for row in &mut rows {
        let (_, link) = row[2].split_once("](").expect("a link");
        row[2] = link.trim_end_matches(')').to_owned();
    }
    assert_eq!(rows, wanted);
}

#[test]
fn its_options_are_those_of_run() {
    let help = run(&repository(), &["run", "--help"]).stdout;
    let options = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
    };
    let listed = help.split("Options:").nth(1).and_then(|rest| rest.split("Examples:").next()).expect("options");
    let mut offered: BTreeSet<String> =
        listed.lines().filter(|line| line.trim_start().starts_with('-')).flat_map(options).collect();
    offered.remove("--help");
    let rows = table(&readme(), "| option | what it does |");
    assert_eq!(rows.iter().flat_map(|row| options(&row[0])).collect::<BTreeSet<_>>(), offered);
}

/// A section's fenced text.
fn picture(heading: &str) -> String {
    let readme = readme();
    let section = readme.split(SECTION).find(|section| section.starts_with(heading)).expect(heading).to_owned();
    blocks(&section, "text").remove(0)
}

#[test]
fn its_picture_is_what_the_demo_prints() {
    let seen = run(&repository(), &["demo"]);
    assert_eq!(seen.code, 1, "{}", seen.stderr);
    is_shortened_from(&picture("What you see"), &seen.stdout);
}

#[test]
fn the_repaired_world_is_go() {
    let seen = run(&repository(), &["demo", "--repaired"]);
    assert_eq!(seen.code, 0, "{}\n{}", seen.stdout, seen.stderr);
    assert!(seen.stdout.starts_with("GO  Agentic Workshop  starts in "), "{}", seen.stdout);
}

#[test]
fn its_rights_are_those_that_the_plan_lists() {
    let seen = run(&repository(), &["plan", "--access", "examples/coder-workshop/gonogo.yaml"]);
    let (_, rights) = seen.stdout.split_once("least access:\n").expect("rights");
    is_shortened_from(&picture("What access it needs"), rights);
}
