//! What reaches the screen: the report on standard output, all else on standard error, colours only where they are wanted.

use crate::rig::{Rig, Seen, gonogo, times};
use gonogo_world::{
    State,
    web::{Page, Site},
};
use jiff::SignedDuration;
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

const HOST: &str = "web.example.test";
const ESCAPE: char = '\u{1b}';

struct Stage {
    rig: Rig,
    checklist: PathBuf,
}

fn stage() -> Stage {
    let times = times();
    let mut state = State::empty(times.now);
    let hostile = Page::text(500, "no\n");
    state.web.insert(HOST.to_owned(), Site::at(HOST, &[]).page("/broken", hostile));
    let rig = Rig::plain(state, times);
    let checks = format!(
        "checks:
  front: {{ probe: http, with: {{ url: \"https://{HOST}/\" }} }}
  broken: {{ title: A page, probe: http, owner: web, with: {{ url: \"https://{HOST}/broken\" }} }}
"
    );
    let checklist = rig.write("gonogo.yaml", &checks);
    Stage { rig, checklist }
}

impl Stage {
    fn run(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Seen {
        let mut command = self.rig.command(&self.checklist, arguments);
        Seen::of(command.envs(environment.iter().copied()).output().expect("gonogo runs"))
    }

    /// The same on a terminal, by `script` of util-linux; all that the terminal got. `None` where there is no `script`.
    fn on_terminal(&self, environment: &[(&str, &str)], arguments: &str) -> Option<String> {
        let line = format!("'{}' run gonogo.yaml world.yaml {arguments}", env!("CARGO_BIN_EXE_gonogo"));
        let mut command = Command::new("script");
        command
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("TZ", "UTC")
            .env("SHELL", "/bin/sh");
        command.envs(environment.iter().copied()).current_dir(self.rig.folder.path()).stdin(Stdio::null());
        let output = command.args(["-qec", &line, "/dev/null"]).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}");
        Some(text)
    }
}

#[test]
fn a_pipe_gets_the_report_alone_and_no_colours() {
    let stage = stage();
    for environment in [&[][..], &[("TERM", "xterm-256color")], &[("TERM", "xterm"), ("COLORTERM", "truecolor")]] {
        let seen = stage.run(environment, &[]);
        assert_eq!((seen.code, seen.stderr.as_str()), (1, ""));
        assert!(seen.stdout.starts_with("NO-GO  Launch  starts in "), "{}", seen.stdout);
        assert!(!seen.stdout.contains(ESCAPE) && !seen.stdout.contains('\r'), "{:?}", seen.stdout);
    }
}

#[test]
fn colours_are_there_when_asked_for_and_only_repeat_the_words() {
    let stage = stage();
    let at = (times().now + SignedDuration::from_hours(1)).to_string();
    let plain = stage.run(&[], &["--color", "never", "--now", &at]).stdout;
    let coloured = stage.run(&[("NO_COLOR", "1")], &["--color", "always", "--now", &at]).stdout;
    assert!(coloured.contains("\u{1b}[31mFAIL") && coloured.contains("NO-GO"), "{coloured:?}");
    assert_eq!(timeless(&without_colours(&coloured)), timeless(&plain));
}

/// The text with every CSI … m sequence taken out.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// All but the line that says when and how long was looked.
fn timeless(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("looked ")).collect()
}

#[test]
fn a_terminal_that_can_do_nothing_gets_one_line_an_item() {
    let stage = stage();
    let seen = stage.run(&[("TERM", "dumb")], &[]);
    assert!(seen.stdout.starts_with("NO-GO, Launch, starts in "), "{}", seen.stdout);
    let lines: Vec<&str> = seen.stdout.lines().collect();
    assert!(lines.contains(&"ok front"), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("FAIL broken: ")), "{lines:?}");
    assert_eq!(lines.last(), Some(&"1 ok, 1 FAIL of 2."));
    let asked = stage.run(&[("TERM", "dumb")], &["-o", "table"]);
    assert!(asked.stdout.starts_with("NO-GO  Launch"), "what is asked for wins: {}", asked.stdout);
}

#[test]
fn the_report_fits_the_columns_that_there_are() {
    let stage = stage();
    let longest = |columns: &str| {
        let seen = stage.run(&[("COLUMNS", columns)], &[]);
        let prose = seen.stdout.lines().filter(|line| !line.contains("curl "));
        prose.map(|line| line.chars().count()).max().expect("lines")
    };
    let (narrow, usual, wide) = (longest("50"), longest("80"), longest("110"));
    assert!(narrow <= 50 && usual <= 80 && wide <= 110, "{narrow} {usual} {wide}");
    assert!(narrow < usual, "{narrow} {usual}");
    for odd in ["", "0", "-1", "many", "99999999999999999999"] {
        assert!(longest(odd) <= 120, "COLUMNS={odd}");
    }
}

#[test]
fn complaints_go_to_standard_error_without_colours_in_a_pipe() {
    let stage = stage();
    let wrong = stage.rig.write("wrong.yaml", "checks:\n  a: { probe: htpp }\n");
    for (environment, has_colours) in [(&[][..], false), (&[("NO_COLOR", "1")], false)] {
        let mut command = stage.rig.command(&wrong, &[]);
        let seen = Seen::of(command.envs(environment.iter().copied()).output().expect("gonogo runs"));
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""));
        assert_eq!(seen.stderr.contains(ESCAPE), has_colours, "{:?}", seen.stderr);
        assert!(
            seen.stderr.ends_with("nothing was looked at\n") && !seen.stderr.ends_with("\n\n"),
            "{:?}",
            seen.stderr
        );
    }
}

#[test]
fn what_is_no_report_goes_to_standard_error() {
    let seen = Seen::of(gonogo().args(["demo", "--repaired"]).output().expect("gonogo runs"));
    assert!(seen.stdout.starts_with("GO  "), "{}", seen.stdout);
    assert!(seen.stderr.starts_with("demo: a world on this machine"), "{}", seen.stderr);
}

#[test]
fn a_terminal_gets_colours_and_the_progress_is_gone_at_the_end() {
    let stage = stage();
    let Some(text) = stage.on_terminal(&[("TERM", "xterm-256color"), ("COLUMNS", "80")], "") else { return };
    assert!(text.contains("\u{1b}[31mNO-GO") || text.contains("\u{1b}[1m\u{1b}[31mNO-GO"), "{text:?}");
    let report = &text[text.find("NO-GO").expect("a report")..];
    assert!(!report.contains("waiting for"), "{report:?}");
}

#[test]
fn no_color_and_never_are_honoured_on_a_terminal() {
    let stage = stage();
    for (environment, arguments) in
        [(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")][..], ""), (&[("TERM", "xterm-256color")], "--color never")]
    {
        let Some(text) = stage.on_terminal(environment, arguments) else { return };
        let report = &text[text.find("NO-GO").expect("a report")..];
        assert!(!report.contains("\u{1b}[31m") && !report.contains("\u{1b}[1m"), "{report:?}");
    }
}

#[test]
fn a_dumb_terminal_is_sent_no_escape_sequence_at_all() {
    let stage = stage();
    let Some(text) = stage.on_terminal(&[("TERM", "dumb")], "") else { return };
    assert!(!text.contains(ESCAPE), "{text:?}");
    assert!(text.contains("NO-GO, Launch, "), "{text:?}");
}
