//! Checks by sites: every item's outcome at a glance.
//!
//! Up to six sites stand as columns; more stand as rows, exceptions only. Items without a site are the event's own.

use super::{Outcome, Report, ReportItem, wrap};
use comfy_table::{Table, TableStyle};
use indexmap::{IndexMap, IndexSet};

/// The most sites that stand as columns.
const MOST_COLUMNS: usize = 6;
/// The most checks that are listed though all is well with them.
const MOST_QUIET: usize = 40;
/// The head of the column of items without a site.
const EVENT: &str = "event";

/// The matrix's lines; each cell is one of [`Outcome::word`] or `-`.
#[must_use]
pub fn lines(report: &Report, width: usize) -> Vec<String> {
    let sites: Vec<&str> = sites(report);
    if sites.len() > MOST_COLUMNS { by_site(report, &sites, width) } else { by_check(report, &sites, width) }
}

fn sites(report: &Report) -> Vec<&str> {
    let used: IndexSet<&str> = report.items.iter().filter_map(|item| item.site.as_deref()).collect();
    report.event.sites.iter().map(String::as_str).filter(|site| used.contains(site)).collect()
}

fn by_check(report: &Report, sites: &[&str], width: usize) -> Vec<String> {
    let mut checks: IndexMap<&str, Vec<&ReportItem>> = IndexMap::new();
    for item in &report.items {
        checks.entry(&item.check).or_default().push(item);
    }
    let is_quiet = |rows: &[&ReportItem]| rows.iter().all(|row| is_quiet(row.outcome));
    let folded = if checks.len() > MOST_QUIET { checks.values().filter(|rows| is_quiet(rows)).count() } else { 0 };
    let has_event = report.items.iter().any(|item| item.site.is_none());
    let mut columns: Vec<Option<&str>> = sites.iter().copied().map(Some).collect();
    if has_event {
        columns.insert(0, None);
    }
    let mut table = grid();
    if !sites.is_empty() {
        table.set_header(std::iter::once("").chain(columns.iter().map(|column| column.unwrap_or(EVENT))));
    }
    for (check, rows) in checks.iter().filter(|(_, rows)| folded == 0 || !is_quiet(rows)) {
        let cell = |column: Option<&str>| {
            rows.iter().find(|row| row.site.as_deref() == column).map_or("-", |row| row.outcome.word())
        };
        table.add_row(std::iter::once(*check).chain(columns.iter().copied().map(cell)));
    }
    let mut lines = if folded == checks.len() { Vec::new() } else { trimmed(&table) };
    if lines.iter().any(|line| unicode_width::UnicodeWidthStr::width(line.as_str()) > width) {
        lines = by_site(report, sites, width);
    }
    if folded > 0 {
        let quiet: IndexSet<Outcome> =
            checks.values().filter(|rows| is_quiet(rows)).flatten().map(|row| row.outcome).collect();
        let other = if folded == checks.len() { "" } else { "other " };
        lines.push(format!("{folded} {other}checks: {}", quietly(&quiet)));
    }
    lines
}

/// True for what nobody has to look at again.
const fn is_quiet(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::NotDue | Outcome::Skipped)
}

/// What became of the checks that are not listed: `all ok`, or `ok, not due or skipped`.
fn quietly(outcomes: &IndexSet<Outcome>) -> String {
    let words =
        [Outcome::Pass, Outcome::NotDue, Outcome::Skipped].into_iter().filter(|outcome| outcomes.contains(outcome));
    match words.map(Outcome::word).collect::<Vec<_>>()[..] {
        [one] => format!("all {one}"),
        [ref before @ .., last] => format!("{} or {last}", before.join(", ")),
        [] => String::new(),
    }
}

fn by_site(report: &Report, sites: &[&str], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut quiet = 0;
    for site in std::iter::once(None).chain(sites.iter().copied().map(Some)) {
        let rows: Vec<&ReportItem> = report.items.iter().filter(|item| item.site.as_deref() == site).collect();
        let odd: Vec<String> = rows
            .iter()
            .filter(|row| row.outcome != Outcome::Pass)
            .map(|row| format!("{}\u{a0}{}", row.check, row.outcome.word().replace(' ', "\u{a0}")))
            .collect();
        match (odd.is_empty(), site) {
            (true, None) => {}
            (true, Some(_)) => quiet += 1,
            (false, site) => {
                let text = format!("{}: {}", site.unwrap_or(EVENT), odd.join(", "));
                lines.extend(wrap::hanging(&text, width, "    ").into_iter().map(|line| line.replace('\u{a0}', " ")));
            }
        }
    }
    match (quiet, quiet == sites.len()) {
        (0, _) => {}
        (count, true) => lines.push(format!("{count} sites: all ok")),
        (1, _) => lines.push("1 other site: all ok".to_owned()),
        (count, _) => lines.push(format!("{count} other sites: all ok")),
    }
    lines
}

fn grid() -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_width(u16::MAX);
    table
}

fn trimmed(table: &Table) -> Vec<String> {
    let text = table.to_string();
    let lines: Vec<&str> = text.lines().collect();
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.get(indent..).unwrap_or_default().trim_end().to_owned()).collect()
}
