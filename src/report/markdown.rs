//! The report as GitHub-flavoured Markdown: for a pull request, an issue, a run's summary.

use super::{Report, entries::Entry, shown, words};
use std::fmt::Write as _;

/// The report as Markdown.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let entries = Entry::all(report);
    let mut head = vec![shown::markdown(&report.event.name), shown::markdown(&words::time_left(report))];
    head.extend(words::in_the_way(&entries));
    let mut out = format!(
        "## {}\n\n{}  \n{}\n",
        words::verdict(report),
        head.join(" · "),
        shown::markdown(&words::looked(report))
    );
    for (i, entry) in entries.iter().enumerate() {
        let _ = write!(out, "\n### {} {} {}", i + 1, entry.rank.outcome().word(), shown::markdown(entry.check));
        let sites = entry.sites();
        let _ = writeln!(
            out,
            "{}\n",
            if sites.is_empty() { String::new() } else { format!(": {}", shown::markdown(&sites.join(", "))) }
        );
        out.push_str(&body(report, entry));
    }
    let _ = write!(out, "\n| item | outcome |\n|---|---|\n");
    for item in &report.items {
        let _ = writeln!(out, "| {} | {} |", shown::markdown(&item.id), item.outcome.word());
    }
    let _ = writeln!(out, "\n{}", words::counts(&report.counts));
    for line in words::provisional(report).into_iter().chain(report.notes.iter().cloned()) {
        let _ = writeln!(out, "\n{}", shown::markdown(&line));
    }
    out
}

fn body(report: &Report, entry: &Entry<'_>) -> String {
    let mut out = String::new();
    let mut commands: Vec<&str> = Vec::new();
    for (row, finding) in &entry.findings {
        let site = row.site.as_deref().map_or(String::new(), |site| format!("{}: ", shown::markdown(site)));
        let _ = write!(out, "- {site}{}", shown::markdown(&words::fact(finding)));
        if let Some(remedy) = &finding.remedy {
            if !remedy.says.is_empty() {
                let _ = write!(out, ". {}", shown::markdown(&remedy.says));
            }
            if let Some(whom) = &remedy.disrupts {
                let _ = write!(out, ". To mend it disrupts {}", shown::markdown(whom));
            }
        }
        if let Some(command) = words::command(report, finding).filter(|command| !commands.contains(command)) {
            commands.push(command);
        }
        out.push('\n');
    }
    for row in entry.rows.iter().filter(|row| !row.blocked_by.is_empty()) {
        let _ = writeln!(
            out,
            "- {} was not tried: it needs {}",
            shown::markdown(&row.id),
            shown::markdown(&row.blocked_by.join(", "))
        );
    }
    for (check, rows) in &entry.explains {
        let _ = writeln!(out, "- {}", shown::markdown(&words::explains_and_what(check, rows)));
    }
    if !commands.is_empty() {
        let ticks = "`".repeat(commands.iter().map(|command| longest_run(command)).max().unwrap_or(0).max(2) + 1);
        let _ = writeln!(out, "\n{ticks}sh\n{}\n{ticks}", commands.join("\n"));
    }
    out
}

/// The longest run of backticks: a fence must be longer than any within it.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}
