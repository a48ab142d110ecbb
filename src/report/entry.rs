//! One entry for a terminal: whole, or folded to what a person needs to begin.
//!
//! A command stands alone at column 0, whole and unwrapped, in both.

use super::{
    Outcome, Report,
    entries::{Entry, Rank},
    evidence, shown,
    table::{View, style},
    words, wrap,
};
use gonogo_checks::contract::{Command, Finding};
use indexmap::{IndexMap, IndexSet};
use std::fmt::Write as _;

/// Everything about an entry.
pub(super) fn whole(report: &Report, entry: &Entry<'_>, number: usize, view: View) -> String {
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
        say(&mut out, &words::explains_and_what(check, rows));
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

/// The heading, a fact of each kind, one cure and what it explains; what else there is is counted.
pub(super) fn folded(report: &Report, entry: &Entry<'_>, number: usize, view: View) -> String {
    let mut out = heading(entry, number, view);
    let (kinds, others) = kinds(entry);
    for fact in &kinds {
        out.push_str(&cut(fact, 1, view));
    }
    let blocked: Vec<&str> = entry.rows.iter().flat_map(|row| row.blocked_by.iter().map(String::as_str)).collect();
    if !blocked.is_empty() {
        out.push_str(&cut(&format!("not tried: it needs {}", blocked.join(", ")), 1, view));
    }
    let (cure, commands) = first_cure(report, entry, view);
    out.push_str(&cure);
    let more = [
        counted(others, "more like it", "more like it"),
        counted(commands.saturating_sub(1), "more command", "more commands"),
    ];
    let more =
        more.into_iter().flatten().chain(entry.explains.iter().map(|(check, rows)| words::explains(check, rows)));
    let more: Vec<String> = more.collect();
    if !more.is_empty() {
        out.push_str(&cut(&more.join("; "), 1, view));
    }
    out
}

/// The first cure that may be pasted now, what must be known before it is, and how many commands there are.
fn first_cure(report: &Report, entry: &Entry<'_>, view: View) -> (String, usize) {
    let remedies = remedies(entry);
    let is_kept = |disrupts: Option<&str>| disrupts.is_some() && words::is_inside(report);
    let pasted = remedies.iter().filter(|((_, disrupts), commands)| !is_kept(*disrupts) && !commands.is_empty());
    let commands = pasted.clone().map(|(_, commands)| commands.len()).sum();
    let first = pasted.map(|(words, commands)| (words, commands.first())).next();
    let Some(((says, disrupts), command)) = first.or_else(|| remedies.keys().next().map(|words| (words, None))) else {
        return (String::new(), commands);
    };
    let mut out = String::new();
    if !says.is_empty() {
        // A sentence that is the whole of the cure is cut last.
        out.push_str(&cut(&shown::line(says), if command.is_some() { 1 } else { 3 }, view));
    }
    if let Some(whom) = disrupts {
        let kept = if is_kept(*disrupts) && command.is_none() { "; shown with -v" } else { "" };
        out.push_str(&cut(&format!("disrupts {}{kept}", shown::line(whom)), 1, view));
    }
    if let Some(command) = command {
        let _ = writeln!(out, "{command}");
    }
    (out, commands)
}

/// The first fact of each kind, at most three, and how many are left out.
fn kinds(entry: &Entry<'_>) -> (Vec<String>, usize) {
    let mut kinds: IndexMap<&str, Vec<&Finding>> = IndexMap::new();
    for (_, finding) in &entry.findings {
        kinds.entry(finding.code).or_default().push(finding);
    }
    let said = kinds.values().take(3).filter_map(|all| {
        let (first, rest) = all.split_first()?;
        let state = words::state(first);
        let same: IndexSet<&str> =
            rest.iter().filter(|one| words::state(one) == state).map(|one| one.subject.as_str()).collect();
        let same = same.iter().filter(|subject| **subject != first.subject).count();
        let others = if same > 0 { format!(" and {same} more") } else { String::new() };
        let left = rest
            .iter()
            .filter(|one| words::state(one) != state)
            .map(|one| one.subject.as_str())
            .collect::<IndexSet<_>>()
            .len();
        Some((format!("{}{others}: {state}", shown::line(&first.subject)), left))
    });
    let (facts, left): (Vec<String>, Vec<usize>) = said.unzip();
    (facts, left.iter().sum::<usize>() + kinds.len().saturating_sub(3))
}

/// A text in at most so many lines; one that is longer ends in an ellipsis.
fn cut(text: &str, most: usize, view: View) -> String {
    let mut lines = wrap::indented(text, view.width, "  ");
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while unicode_width::UnicodeWidthStr::width(last.as_str()) + 2 > view.width {
                let end = last.trim_end().rfind(' ').unwrap_or(0);
                last.truncate(end);
            }
            last.truncate(last.trim_end().len());
            last.push_str(" …");
        }
    }
    lines.iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{line}");
        out
    })
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
}

/// The arithmetic behind a check's judgement; one of its rows has it for all.
pub(super) fn working(report: &Report, check: &str) -> Vec<String> {
    let rows = report.items.iter().filter(|item| item.check == check);
    rows.flat_map(|item| &item.working).map(|line| shown::line(line).into_owned()).collect()
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
