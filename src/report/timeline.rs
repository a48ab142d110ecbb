//! The timeline: when each check is due, and everything that was seen to expire, fire, rotate or renew, around the event.
//!
//! A list by day and minute rather than a drawn axis: what matters lies minutes from the start, and months from it too.

use super::{Outcome, Report, ReportItem, marks, shown, words, wrap};
use crate::plan::Plan;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::fmt::Write as _;

/// The timeline of a plan and of what was seen of it, within `width` columns.
#[must_use]
pub fn timeline(plan: &Plan, report: &Report, width: usize) -> String {
    let zone = words::zone(report);
    let mut out = format!("{}, times in {}\n", shown::line(&report.event.name), report.event.timezone);
    let mut day = None;
    for mark in marks::all(plan, report) {
        let there = mark.at.to_zoned(zone.clone());
        if day.replace(there.date()) != Some(there.date()) {
            let _ = writeln!(out, "\n{}", date(report, &there, &zone));
        }
        let line = format!("{} {} {}", there.strftime("%H:%M"), gutter(report, mark.at), shown::line(&mark.says));
        for line in wrap::hanging(&line, width.saturating_sub(2), "        ") {
            let _ = writeln!(out, "  {line}");
        }
    }
    out.push_str("\n| the window, # the event\n");
    for line in foot(report) {
        for line in wrap::hanging(&line, width, "  ") {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// The items whose look gave nothing: of these the timeline says nothing.
#[must_use]
pub fn unseen(report: &Report) -> Vec<String> {
    let is_dark = |item: &&ReportItem| {
        let is_further = item.evidence_of.is_some();
        item.evidence.is_none() && !is_further && item.outcome != Outcome::Skipped
    };
    let why = |item: &ReportItem| match item.findings.first() {
        Some(finding) => format!("{} ({})", item.id, finding.code),
        None => format!("{} ({})", item.id, item.outcome.word()),
    };
    report.items.iter().filter(is_dark).map(why).collect()
}

fn date(report: &Report, there: &Zoned, zone: &TimeZone) -> String {
    let is_that_year = there.year() == report.event.starts.to_zoned(zone.clone()).year();
    there.strftime(if is_that_year { "%a %-d %b" } else { "%a %-d %b %Y" }).to_string()
}

fn gutter(report: &Report, at: Timestamp) -> char {
    let event = &report.event;
    if event.starts <= at && at <= event.ends {
        '#'
    } else if event.opens <= at && at <= event.closes {
        '|'
    } else {
        ' '
    }
}

fn foot(report: &Report) -> Vec<String> {
    let unseen = unseen(report);
    if unseen.is_empty() {
        return Vec::new();
    }
    vec![format!("not seen, so not on this timeline: {}", unseen.join(", "))]
}
