//! The screen: verdict first, then what is in the way with its command and owner, then the matrix.
//!
//! Words carry the meaning; colours only repeat them. Where the entries fill more than a screen, each is folded to what a
//! person needs to begin; `-v` and `-o short` have them whole.

use super::{
    Outcome, Report,
    entries::Entry,
    entry::{self, working},
    matrix, shown, words, wrap,
};
use anstyle::{AnsiColor, Style};
use indexmap::IndexSet;
use std::fmt::Write as _;

/// The most lines of entries that are shown whole.
const SCREEN: usize = 40;

/// How much is shown.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The terminal's width in columns.
    pub width: usize,
    /// Add because, runbook and evidence.
    pub is_verbose: bool,
    /// Only what is not ok: no matrix.
    pub is_short: bool,
}

/// The report for a terminal, with ANSI styles.
#[must_use]
pub fn table(report: &Report, view: View) -> String {
    let entries = Entry::all(report);
    let mut out = head(report, &entries, view);
    let (shown, is_folded) = entries_shown(report, &entries, view);
    for (i, entry) in shown.iter().enumerate() {
        if i == 0 || !is_folded {
            out.push('\n');
        }
        out.push_str(entry);
    }
    let matrix = if view.is_short { Vec::new() } else { matrix::lines(report, view.width) };
    if !matrix.is_empty() {
        out.push('\n');
        for line in matrix {
            let _ = writeln!(out, "{}", coloured(&line));
        }
    }
    if view.is_verbose {
        out.push_str(&quiet_workings(report, &entries, view));
    }
    out.push('\n');
    let is_reckoned = !view.is_verbose && entries.iter().any(|entry| !working(report, entry.check).is_empty());
    let hint = match (is_folded, is_reckoned) {
        (true, true) => Some("-o short shows the entries whole; -v too, and how it was reckoned"),
        (true, false) => Some("-o short and -v show the entries whole"),
        (false, true) => Some("-v shows how it was reckoned"),
        (false, false) => None,
    };
    let hint = hint.map(str::to_owned);
    for line in foot(report).into_iter().chain(hint) {
        for line in wrap::hanging(&line, view.width, "  ") {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// The entries, and whether they are folded.
fn entries_shown(report: &Report, entries: &[Entry<'_>], view: View) -> (Vec<String>, bool) {
    let numbered = || entries.iter().enumerate().map(|(i, entry)| (entry, i + 1));
    let whole: Vec<String> = numbered().map(|(entry, number)| entry::whole(report, entry, number, view)).collect();
    let lines: usize = whole.iter().map(|entry| entry.lines().count() + 1).sum();
    if view.is_verbose || view.is_short || lines <= SCREEN {
        return (whole, false);
    }
    (numbered().map(|(entry, number)| entry::folded(report, entry, number, view)).collect(), true)
}

fn head(report: &Report, entries: &[Entry<'_>], view: View) -> String {
    let verdict = words::verdict(report);
    let style = verdict_style(report);
    let mut rest = vec![shown::line(&report.event.name).into_owned(), words::time_left(report)];
    rest.extend(words::in_the_way(entries));
    let one = format!("{verdict}  {}", rest.join("  "));
    let mut out = String::new();
    if unicode_width::UnicodeWidthStr::width(one.as_str()) <= view.width {
        let _ = writeln!(out, "{style}{verdict}{style:#}  {}", rest.join("  "));
    } else {
        let _ = writeln!(out, "{style}{verdict}{style:#}  {}", rest[0]);
        for line in wrap::hanging(&rest[1..].join("; "), view.width, "") {
            let _ = writeln!(out, "{line}");
        }
    }
    for line in wrap::hanging(&words::looked(report), view.width, "") {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// The arithmetic of what is not in the way.
fn quiet_workings(report: &Report, entries: &[Entry<'_>], view: View) -> String {
    let mut out = String::new();
    let checks: IndexSet<&str> = report.items.iter().map(|item| item.check.as_str()).collect();
    for check in checks.into_iter().filter(|check| entries.iter().all(|entry| entry.check != *check)) {
        let lines = working(report, check);
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{check} reckons");
        }
        for line in lines.iter().flat_map(|line| wrap::hanging(&format!("  {line}"), view.width, "    ")) {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

fn foot(report: &Report) -> Vec<String> {
    let mut lines = vec![words::counts(&report.counts)];
    lines.extend(words::provisional(report));
    for item in &report.items {
        for waived in &item.waived {
            let until = words::clock(report, waived.until);
            lines.push(format!(
                "waived: {} {} by {} until {until}: {}",
                item.id,
                waived.finding.code,
                shown::line(&waived.by),
                shown::line(&waived.reason)
            ));
        }
    }
    lines.extend(report.notes.iter().map(|note| format!("note: {}", shown::line(note))));
    lines
}

fn verdict_style(report: &Report) -> Style {
    let colour = match report.exit_code {
        crate::exit::GO => AnsiColor::Green,
        crate::exit::NO_GO => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

/// How the word of an outcome looks.
pub(super) fn style(outcome: Outcome) -> Style {
    let colour = match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Fail => AnsiColor::Red,
        Outcome::Unknown | Outcome::Blocked => AnsiColor::Magenta,
        Outcome::Warn => AnsiColor::Yellow,
        Outcome::Waived | Outcome::NotDue | Outcome::Skipped => return Style::new().dimmed(),
    };
    Style::new().fg_color(Some(colour.into()))
}

/// Colours the outcomes' words in a line of the matrix; the check's name is left as it is.
fn coloured(line: &str) -> String {
    let Some((name, cells)) = line.split_once("  ") else { return line.to_owned() };
    let outcomes = [Outcome::Pass, Outcome::Fail, Outcome::Unknown, Outcome::Blocked, Outcome::Warn];
    let coloured = cells.split(' ').map(|word| match outcomes.iter().find(|outcome| outcome.word() == word) {
        Some(outcome) => format!("{style}{word}{style:#}", style = style(*outcome)),
        None => word.to_owned(),
    });
    format!("{name}  {}", coloured.collect::<Vec<_>>().join(" "))
}
