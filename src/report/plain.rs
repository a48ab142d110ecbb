//! One line an item, outcome first: for screen readers, `grep` and terminals that can do nothing.

use super::{Report, ReportItem, entries::Entry, shown, words};
use std::fmt::Write as _;

/// The report as lines of plain text.
#[must_use]
pub fn plain(report: &Report) -> String {
    let entries = Entry::all(report);
    let mut head = vec![words::verdict(report), shown::line(&report.event.name).into_owned(), words::time_left(report)];
    head.extend(words::in_the_way(&entries));
    let mut out = format!("{}.\n{}.\n", head.join(", "), words::looked(report));
    for item in &report.items {
        let _ = writeln!(out, "{}", line(report, item));
    }
    let _ = writeln!(out, "{}.", words::counts(&report.counts));
    if let Some(provisional) = words::provisional(report) {
        let _ = writeln!(out, "{provisional}.");
    }
    for note in &report.notes {
        let _ = writeln!(out, "note: {}", shown::line(note));
    }
    out
}

fn line(report: &Report, item: &ReportItem) -> String {
    let mut parts = Vec::new();
    for finding in &item.findings {
        let mut text = format!("{} ({})", words::fact(finding), finding.code);
        if let Some(remedy) = finding.remedy.as_ref().filter(|remedy| !remedy.says.is_empty()) {
            let _ = write!(text, "; {}", shown::line(&remedy.says));
        }
        if let Some(whom) = finding.remedy.as_ref().and_then(|remedy| remedy.disrupts.as_ref()) {
            let _ = write!(text, "; to mend it disrupts {}", shown::line(whom));
        }
        if let Some(command) = words::command(report, finding) {
            let _ = write!(text, "; run: {command}");
        }
        parts.push(text);
    }
    if !item.blocked_by.is_empty() {
        parts.push(format!("needs {}", item.blocked_by.join(", ")));
    }
    if let Some(due) = item.due {
        parts.push(format!("due {}", words::clock(report, due)));
    }
    parts.extend(
        item.waived.iter().map(|waived| format!("{} waived by {}", waived.finding.code, shown::line(&waived.by))),
    );
    let detail = if parts.is_empty() { String::new() } else { format!(": {}", parts.join("; ")) };
    format!("{} {}{detail}", item.outcome.word(), item.id)
}
