//! The screen: verdict first, then what is in the way with its command and owner, then the matrix.
//!
//! Words carry the meaning; colours only repeat them. A command stands alone at column 0, whole and unwrapped.

use super::{
    Outcome, Report,
    entries::{Entry, Rank},
    evidence, matrix, shown, words, wrap,
};
use anstyle::{AnsiColor, Style};
use gonogo_checks::contract::Command;
use indexmap::{IndexMap, IndexSet};
use std::fmt::Write as _;

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
    for (i, entry) in entries.iter().enumerate() {
        out.push('\n');
        out.push_str(&self::entry(report, entry, i + 1, view));
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
    let hint = is_reckoned.then(|| "-v shows how it was reckoned".to_owned());
    for line in foot(report).into_iter().chain(hint) {
        for line in wrap::hanging(&line, view.width, "  ") {
            let _ = writeln!(out, "{line}");
        }
    }
    out
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

fn entry(report: &Report, entry: &Entry<'_>, number: usize, view: View) -> String {
    let mut out = heading(entry, number, view);
    let mut say = |out: &mut String, text: &str| {
        for line in wrap::indented(text, view.width, "  ") {
            let _ = writeln!(out, "{line}");
        }
    };
    for text in facts(entry) {
        say(&mut out, &text);
    }
    let blocked: Vec<&str> = entry.rows.iter().flat_map(|row| row.blocked_by.iter().map(String::as_str)).collect();
    if !blocked.is_empty() {
        say(&mut out, &format!("not tried: it needs {}", blocked.join(", ")));
    }
    if view.is_verbose {
        for line in working(report, entry.check) {
            for line in wrap::hanging(&format!("    {line}"), view.width, "      ") {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    for (words, commands) in remedies(entry) {
        out.push_str(&mend(words, &commands, words::is_inside(report) && !view.is_verbose, &mut say));
    }
    for (check, rows) in &entry.explains {
        let sites: Vec<&str> = rows.iter().filter_map(|row| row.site.as_deref()).collect();
        let verb = if rows.iter().any(|row| row.outcome == Outcome::Blocked) { "blocks" } else { "explains" };
        say(&mut out, &format!("{verb} {check} {}", sites.join(", ")));
    }
    for text in from_author(entry, view) {
        say(&mut out, &text);
    }
    out
}

fn heading(entry: &Entry<'_>, number: usize, view: View) -> String {
    let row = entry.rows.first();
    let outcome = entry.rank.outcome();
    let style = style(outcome);
    let sites = entry.sites();
    let sites = if sites.len() > 6 { format!("{} sites", sites.len()) } else { sites.join(", ") };
    let advisory = entry.rank == Rank::Warn && row.is_some_and(|row| row.outcome != Outcome::Warn);
    let left = format!("{number} {} {}  {sites}", outcome.word(), entry.check);
    let left = left.trim_end();
    let mut right =
        row.and_then(|row| row.owner.as_deref()).map(|owner| shown::line(owner).into_owned()).unwrap_or_default();
    if advisory {
        let from = row.and_then(|row| row.blocks_from).map_or("advisory", |_| "not blocking yet");
        right = if right.is_empty() { from.to_owned() } else { format!("{from}, {right}") };
    }
    let used = unicode_width::UnicodeWidthStr::width(left) + unicode_width::UnicodeWidthStr::width(right.as_str());
    let styled = |line: &str| line.replacen(outcome.word(), &format!("{style}{}{style:#}", outcome.word()), 1);
    if let Some(gap) = view.width.checked_sub(used).filter(|gap| right.is_empty() || *gap >= 2) {
        let gap = if right.is_empty() { 0 } else { gap };
        return format!("{}{}{right}\n", styled(left), " ".repeat(gap));
    }
    let text = format!("{left}  {right}");
    let lines = wrap::hanging(text.trim_end(), view.width, "  ");
    lines.iter().enumerate().fold(String::new(), |mut out, (i, line)| {
        let _ = writeln!(out, "{}", if i == 0 { styled(line) } else { line.clone() });
        out
    })
}

/// What was found: things that are in the same state share a line, which names the sites where that says more.
fn facts(entry: &Entry<'_>) -> Vec<String> {
    let all = entry.sites().len();
    let mut places: IndexMap<(&str, String), Vec<&str>> = IndexMap::new();
    for (row, finding) in &entry.findings {
        places.entry((&finding.subject, words::state(finding))).or_default().extend(row.site.as_deref());
    }
    let mut lines: IndexMap<(String, String), Vec<&str>> = IndexMap::new();
    for ((subject, state), sites) in places {
        let is_said = sites.len() >= all || sites.iter().all(|site| subject.contains(site));
        let place = if is_said { String::new() } else { format!("{}: ", sites.join(", ")) };
        lines.entry((place, state)).or_default().push(subject);
    }
    lines.into_iter().map(|((place, state), subjects)| format!("{place}{}: {state}", words::and(&subjects))).collect()
}

/// The arithmetic behind a check's judgement; one of its rows has it for all.
fn working(report: &Report, check: &str) -> Vec<String> {
    let rows = report.items.iter().filter(|item| item.check == check);
    rows.flat_map(|item| &item.working).map(|line| shown::line(line).into_owned()).collect()
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

/// What a remedy says besides its command.
type Words<'r> = (&'r str, Option<&'r str>);

/// The remedies, each sentence once, with its commands.
fn remedies<'r>(entry: &Entry<'r>) -> IndexMap<Words<'r>, IndexSet<&'r str>> {
    let mut all: IndexMap<Words<'r>, IndexSet<&'r str>> = IndexMap::new();
    for remedy in entry.findings.iter().filter_map(|(_, finding)| finding.remedy.as_ref()) {
        let commands = all.entry((&remedy.says, remedy.disrupts.as_deref())).or_default();
        commands.extend(remedy.command.as_ref().map(Command::as_str));
    }
    all
}

/// A remedy's lines. Commands that disrupt are kept back inside the window unless the reader asks for more.
fn mend(
    words: Words<'_>,
    commands: &IndexSet<&str>,
    is_careful: bool,
    say: &mut impl FnMut(&mut String, &str),
) -> String {
    let (says, disrupts) = words;
    let mut out = String::new();
    if !says.is_empty() {
        say(&mut out, &shown::line(says));
    }
    if let Some(whom) = disrupts {
        let is_kept = is_careful && !commands.is_empty();
        let kept = if is_kept { "; shown with -v" } else { "" };
        say(&mut out, &format!("disrupts {}{kept}", shown::line(whom)));
        if is_kept {
            return out;
        }
    }
    for command in commands {
        let _ = writeln!(out, "{command}");
    }
    out
}

/// What the checklist's author wrote for this moment.
fn from_author(entry: &Entry<'_>, view: View) -> Vec<String> {
    let Some(row) = entry.rows.first() else { return Vec::new() };
    let pair = |label: &str, text: &Option<String>| text.as_ref().map(|text| format!("{label}{}", shown::line(text)));
    let mut lines: Vec<String> = [
        pair("to mend: ", &row.remedy),
        pair("otherwise: ", &row.fallback),
        pair("ring ", &row.contact),
        pair("see ", &row.runbook),
    ]
    .into_iter()
    .flatten()
    .collect();
    if view.is_verbose {
        lines.extend(row.because.iter().map(|because| format!("because {}", shown::line(because))));
        for row in &entry.rows {
            if let Some(evidence) = &row.evidence {
                lines.push(format!("{} saw", row.id));
                lines.extend(evidence::lines(evidence));
            }
        }
    }
    lines
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

fn style(outcome: Outcome) -> Style {
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
