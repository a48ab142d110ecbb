//! The README says nothing that is not so: its checklists are read, its commands are run, its tables are compared.

use crate::pages::{blocks, readme, repository, table};
use crate::rig::{Rig, Seen, example, gonogo, times};
use gonogo::{exit, report::Verdict};
use gonogo_world::incidents::workshop_2024_09_30 as workshop;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
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

/// Runs shell scripts in a folder that leads to the incident's world; every gonogo in them is noted with its exit code.
struct Shell {
    rig: Rig,
}

const NOTING: &str = r#"#!/bin/sh
case "$0 $1 $2" in */cargo' run --') shift 2 ;; */cargo*) exit 0 ;; esac
said="$*"
case "$1" in
    run | plan | validate)
        case "$*" in *.yaml\ * | *.yaml) ;; *) set -- "$@" gonogo.yaml ;; esac
        set -- "$@" world.yaml ;;
esac
"$GONOGO" "$@" && code=0 || code=$?
echo "$code $said" >> "$NOTES"
exit $code
"#;

impl Shell {
    fn new() -> Self {
        let times = times();
        let rig = Rig::workshop(workshop::before(times), times);
        rig.write("gonogo.yaml", &fs::read_to_string(example()).expect("the example"));
        for (name, text) in layers() {
            rig.write(&name, &text);
        }
        let folder = rig.folder.path();
        for script in ["bin/gonogo", "bin/cargo"] {
            fs::create_dir_all(folder.join("bin")).expect("a folder");
            rig.write(script, NOTING);
        }
        let made = Command::new("chmod").args(["-R", "+x", "bin"]).current_dir(folder).status().expect("chmod runs");
        assert!(made.success());
        Self { rig }
    }

    /// What the script printed, and each gonogo in it with its exit code.
    fn run(&self, script: &str) -> (Seen, Vec<(i32, String)>) {
        let folder = self.rig.folder.path();
        let notes = folder.join("notes");
        let _ = fs::remove_file(&notes);
        let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).current_dir(folder).env_clear();
        shell.env("PATH", path).env("NOTES", &notes).env("GONOGO", env!("CARGO_BIN_EXE_gonogo"));
        let seen = Seen::of(shell.output().expect("sh runs"));
        let noted = fs::read_to_string(&notes).unwrap_or_default();
        let pair = |line: &str| {
            let (code, said) = line.split_once(' ').expect("a code");
            (code.parse().expect("a code"), said.to_owned())
        };
        (seen, noted.lines().map(pair).collect())
    }
}

/// How many of the script's lines call gonogo.
fn calls(script: &str) -> usize {
    let is_call = |line: &&str| line.starts_with("gonogo ") || line.starts_with("cargo run -- ");
    script.lines().filter(is_call).count()
}

#[test]
fn every_command_in_it_runs_and_gives_a_report() {
    let shell = Shell::new();
    let scripts = blocks(&readme(), "sh");
    assert!(scripts.len() >= 3);
    for script in scripts {
        let code = shell_code(&shell, &script);
        assert_ne!(code, 127, "no such command in\n{script}");
    }
}

fn shell_code(shell: &Shell, script: &str) -> i32 {
    // What another page's test looks at needs no copy here: only that the script is there.
    let script: String =
        script.lines().filter(|line| !is_script_of_ours(line)).map(|line| format!("{line}\n")).collect();
    let (seen, noted) = shell.run(&script);
    assert_eq!(noted.len(), calls(&script), "{noted:?}\n{}", seen.stderr);
    for (code, said) in noted {
        assert!(
            [exit::GO, exit::NO_GO, exit::UNDETERMINED, exit::PARTIAL].map(i32::from).contains(&code),
            "{code} {said}: {}",
            seen.stderr
        );
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
    let (seen, _) = Shell::new().run(&script);
    assert!(seen.stdout.ends_with("\nno go\n"), "{}", seen.stdout);
}

#[test]
fn the_pipelines_steps_run_and_leave_what_the_next_step_reads() {
    let pipeline = blocks(&readme(), "yaml").into_iter().find(|yaml| is_pipeline(yaml)).expect("a pipeline");
    let runs: Vec<&str> = pipeline.lines().filter_map(|line| line.split_once("run: ").map(|(_, run)| run)).collect();
    let shell = Shell::new();
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
    let seen = Seen::of(gonogo().env("COLUMNS", "120").arg("probes").output().expect("gonogo runs"));
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in seen.stdout.lines().take_while(|line| !line.is_empty()) {
        match (line.strip_prefix(' '), rows.last_mut()) {
            (Some(more), Some((_, says))) => *says = format!("{says} {}", more.trim()),
            _ => {
                let (name, says) = line.split_once(' ').unwrap_or((line, ""));
                rows.push((name.to_owned(), says.trim().to_owned()));
            }
        }
    }
    let link = |name: &str| format!("[`{name}`](checks/src/{}/README.md)", name.replace('-', "_"));
    let wanted: Vec<Vec<String>> = rows.into_iter().map(|(name, says)| vec![link(&name), says]).collect();
    let lines: Vec<String> = wanted.iter().map(|row| format!("| {} |", row.join(" | "))).collect();
    assert_eq!(table(&readme(), "| probe | what it asks |"), wanted, "write:\n{}", lines.join("\n"));
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
        listed.lines().filter(|line| line.trim_start().starts_with('-')).flat_map(|line| options(line)).collect();
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

/// Each stretch between lines of `…` must be in what was really printed, one after the other.
fn is_shortened_from(picture: &str, whole: &str) {
    let whole = redacted(whole);
    let mut rest = whole.as_str();
    for stretch in picture.split("\n…\n") {
        let stretch = redacted(stretch);
        let at = rest.find(&stretch).unwrap_or_else(|| panic!("not printed (any more):\n{stretch}\n\nbut:\n{rest}"));
        rest = &rest[at + stretch.len()..];
    }
}

/// The words of a text, its times, lengths of time, folders and this machine's name left out.
fn redacted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| "(),;.".contains(c));
        let next = words.get(i + 1).map(|next| next.trim_matches(|c: char| "(),;.".contains(c)));
        let before = i.checked_sub(1).map_or("", |before| words[before]);
        let is_number = bare.parse::<f64>().is_ok();
        let is_time = bare.contains(':') && bare.chars().all(|c| c.is_ascii_digit() || c == ':');
        let is_day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&bare);
        let is_zone = ["PST", "PDT"].contains(&bare.trim_end_matches(':'));
        let is_length = is_number && next.is_some_and(|next| ["d", "h", "min", "s", "ms"].contains(&next));
        let is_unit = ["d", "h", "min", "s", "ms"].contains(&bare) && before.parse::<f64>().is_ok();
        let is_period = bare.strip_suffix(['d', 'h']).is_some_and(|count| count.parse::<u32>().is_ok());
        let is_date = is_number && next.is_some_and(is_month) || is_month(bare);
        let is_path = word.contains("gonogo-demo-");
        let is_host = before == "from";
        if is_time || is_day || is_zone || is_length || is_unit || is_period || is_date || is_path || is_host {
            continue;
        }
        out.push((*word).to_owned());
    }
    out.join(" ")
}

fn is_month(word: &str) -> bool {
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].contains(&word)
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

#[test]
fn a_picture_that_shows_what_is_not_printed_is_found_out() {
    let wrong = std::panic::catch_unwind(|| is_shortened_from("NO-GO  8 in the way", "NO-GO  7 in the way"));
    assert!(wrong.is_err());
    is_shortened_from(
        "starts in 2 d 5 h (Tue 24 Nov 09:00 PST)  7",
        "starts in 1 d (Wed 3 Jun 09:00 PDT) 7 in the way",
    );
}
