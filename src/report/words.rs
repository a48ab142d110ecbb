//! The sentences that several formats share: verdict, minutes left, what was looked at, what counts.

use super::{Counts, Outcome, Report, ReportItem, Verdict, entries::Entry, shown};
use gonogo_checks::contract::{Command, Finding, spoken};
use indexmap::IndexSet;
use jiff::{Timestamp, tz::TimeZone};

/// The event's zone; UTC where it is unknown here.
#[must_use]
pub fn zone(report: &Report) -> TimeZone {
    TimeZone::get(&report.event.timezone).unwrap_or(TimeZone::UTC)
}

/// `Wed 2 Dec 09:00 PST`, in the event's zone.
#[must_use]
pub fn clock(report: &Report, time: Timestamp) -> String {
    time.to_zoned(zone(report)).strftime("%a %-d %b %H:%M %Z").to_string()
}

/// `NO-GO`, `GO, provisional`, and `AS IF` where the clock was moved.
#[must_use]
pub fn verdict(report: &Report) -> String {
    let mut words = report.verdict.words().to_owned();
    if report.verdict == Verdict::Go && report.run.provisional_until.is_some() {
        words.push_str(", provisional");
    }
    if report.run.is_as_if {
        words.push_str(" AS IF");
    }
    words
}

/// `starts in 20 min (Wed 2 Dec 09:00 PST)`.
#[must_use]
pub fn time_left(report: &Report) -> String {
    let (now, event) = (report.run.judged_at, &report.event);
    if now < event.starts {
        format!("starts in {} ({})", spoken(event.starts.duration_since(now)), clock(report, event.starts))
    } else if now <= event.ends {
        format!("under way, ends in {} ({})", spoken(event.ends.duration_since(now)), clock(report, event.ends))
    } else {
        format!("ended {} ago ({})", spoken(now.duration_since(event.ends)), clock(report, event.ends))
    }
}

/// `3 in the way`, `2 warnings`, or nothing.
#[must_use]
pub fn in_the_way(entries: &[Entry<'_>]) -> Option<String> {
    let heavy = entries.iter().filter(|entry| entry.is_in_the_way()).count();
    let light = entries.len() - heavy;
    match (heavy, light) {
        (0, 0) => None,
        (0, 1) => Some("1 warning".to_owned()),
        (0, light) => Some(format!("{light} warnings")),
        (heavy, _) => Some(format!("{heavy} in the way")),
    }
}

/// What was found, on one line: `subject: seen; wanted expected`.
#[must_use]
pub fn fact(finding: &Finding) -> String {
    format!("{}: {}", shown::line(&finding.subject), state(finding))
}

/// The same without its subject: `seen; wanted expected`.
#[must_use]
pub fn state(finding: &Finding) -> String {
    let seen = shown::line(&finding.seen);
    if finding.expected.is_empty() {
        seen.into_owned()
    } else {
        format!("{seen}; wanted {}", shown::line(&finding.expected))
    }
}

/// `a`, `a and b`, `a, b and c`, each escaped.
#[must_use]
pub fn and(names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().map(|name| shown::line(name)).collect();
    match shown.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => shown.concat(),
    }
}

/// What a cause explains or blocks: `blocks routing eu-west-2`.
#[must_use]
pub fn explains(check: &str, rows: &[&ReportItem]) -> String {
    let sites: Vec<&str> = rows.iter().filter_map(|row| row.site.as_deref()).collect();
    let verb = if rows.iter().any(|row| row.outcome == Outcome::Blocked) { "blocks" } else { "explains" };
    format!("{verb} {check} {}", sites.join(", ")).trim_end().to_owned()
}

/// The same with what was found there, at most three things: somebody must be able to see that the cause is the cause.
#[must_use]
pub fn explains_and_what(check: &str, rows: &[&ReportItem]) -> String {
    let found: IndexSet<String> = rows.iter().flat_map(|row| &row.findings).map(fact).collect();
    if found.is_empty() {
        return explains(check, rows);
    }
    let more = found.len().saturating_sub(3);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let first: Vec<String> = found.into_iter().take(3).collect();
    format!("{}: {}{more}", explains(check, rows), first.join("; "))
}

/// True if and only if the window has opened and not closed: then a disruptive command hurts.
#[must_use]
pub fn is_inside(report: &Report) -> bool {
    report.event.opens <= report.run.judged_at && report.run.judged_at <= report.event.closes
}

/// The command that mends it, unless it disrupts and the window is open.
#[must_use]
pub fn command<'r>(report: &Report, finding: &'r Finding) -> Option<&'r str> {
    let remedy = finding.remedy.as_ref()?;
    let is_kept = remedy.disrupts.is_some() && is_inside(report);
    remedy.command.as_ref().filter(|_| !is_kept).map(Command::as_str)
}

/// `looked 08:40:12 PST in 1.8 s from laptop; all 14 items`.
#[must_use]
pub fn looked(report: &Report) -> String {
    let at = report.run.looked_at.to_zoned(zone(report)).strftime("%H:%M:%S %Z").to_string();
    let counts = &report.counts;
    let what = match (counts.looked(), counts.total) {
        (1, 1) => "its one item".to_owned(),
        (looked, total) if looked == total => format!("all {total} items"),
        (looked, total) => format!("{looked} of {total} items"),
    };
    let seconds = report.run.took_ms / 1000;
    let tenths = report.run.took_ms / 100 % 10;
    let mut parts = vec![format!("looked {at} in {seconds}.{tenths} s from {}", shown::line(&report.run.host)), what];
    if report.run.is_as_if {
        parts.push(format!("judged as if it were {}", clock(report, report.run.judged_at)));
    }
    if report.run.is_interrupted {
        parts.push("interrupted".to_owned());
    }
    if report.run.is_cut_short {
        parts.push("cut short by the run's deadline".to_owned());
    }
    parts.join("; ")
}

/// `8 ok, 5 FAIL, 1 UNKNOWN of 14`.
#[must_use]
pub fn counts(counts: &Counts) -> String {
    let all = [
        (counts.pass, Outcome::Pass),
        (counts.fail, Outcome::Fail),
        (counts.unknown, Outcome::Unknown),
        (counts.blocked, Outcome::Blocked),
        (counts.warn, Outcome::Warn),
        (counts.waived, Outcome::Waived),
        (counts.not_due, Outcome::NotDue),
        (counts.skipped, Outcome::Skipped),
    ];
    let parts: Vec<String> = all
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, outcome)| format!("{count} {}", outcome.word()))
        .collect();
    if parts.is_empty() { "no items".to_owned() } else { format!("{} of {}", parts.join(", "), counts.total) }
}

/// What a provisional GO waits for: `4 items not due until Tue 1 Dec 09:00 PST`.
#[must_use]
pub fn provisional(report: &Report) -> Option<String> {
    let until = report.run.provisional_until?;
    let is_awaited = |item: &&ReportItem| item.due.is_some_and(|due| due < report.event.ends);
    let waiting = report.items.iter().filter(|item| item.outcome == Outcome::NotDue).filter(is_awaited).count();
    let items = if waiting == 1 { "item" } else { "items" };
    Some(format!("{waiting} {items} not due until {}", clock(report, until)))
}
