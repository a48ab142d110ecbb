//! What is in the way, grouped by cause: what a person works through, top to bottom.
//!
//! Findings of one check that weigh alike are one entry, whatever the sites; what a cause explains or blocks stands under
//! it and makes no entry of its own. So there are as many entries as rows of the matrix that somebody must mend.

use super::{Outcome, Report, ReportItem};
use crate::checklist::Severity;
use gonogo_checks::contract::{Finding, Weight};
use indexmap::IndexMap;
use std::collections::HashMap;

/// One thing to mend.
pub struct Entry<'r> {
    /// How heavy.
    pub rank: Rank,
    /// The check.
    pub check: &'r str,
    /// The rows that it is about, in the plan's order.
    pub rows: Vec<&'r ReportItem>,
    /// What was found, each with its row; empty for a blocked entry.
    pub findings: Vec<(&'r ReportItem, &'r Finding)>,
    /// The rows that it explains or blocks, by check.
    pub explains: IndexMap<&'r str, Vec<&'r ReportItem>>,
}

/// How heavy an entry is; heavier ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// A required item fails.
    Fail,
    /// A required item could not be seen.
    Unknown,
    /// A required item waits for what will not come.
    Blocked,
    /// A warning, or anything about an advisory item.
    Warn,
}

impl Rank {
    /// The outcome that the entry shows.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Fail => Outcome::Fail,
            Self::Unknown => Outcome::Unknown,
            Self::Blocked => Outcome::Blocked,
            Self::Warn => Outcome::Warn,
        }
    }

    fn of(item: &ReportItem, weight: Weight) -> Self {
        match (item.severity, weight) {
            (Severity::Required, Weight::Fail) => Self::Fail,
            (Severity::Required, Weight::Unknown) => Self::Unknown,
            _ => Self::Warn,
        }
    }

    /// That of the heaviest that was found; of a row that was not tried, that it is blocked.
    fn heaviest(item: &ReportItem) -> Self {
        let found = item.findings.iter().map(|finding| Self::of(item, finding.weight)).min();
        found.unwrap_or(if item.severity == Severity::Required { Self::Blocked } else { Self::Warn })
    }
}

impl<'r> Entry<'r> {
    /// Every entry of the report, the heaviest first, then the one that touches most sites, then in the plan's order.
    #[must_use]
    pub fn all(report: &'r Report) -> Vec<Self> {
        let rows: HashMap<&str, &ReportItem> = report.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let mut entries: IndexMap<(&str, Rank), Self> = IndexMap::new();
        let mut under: Vec<(&ReportItem, &ReportItem)> = Vec::new();
        for item in report.items.iter().filter(|item| is_in_the_way(item)) {
            match cause(item, &rows, &report.items) {
                Some(root) => under.push((root, item)),
                None => add(&mut entries, item),
            }
        }
        for (root, item) in under {
            match entries.get_mut(&(root.check.as_str(), Rank::heaviest(root))) {
                Some(entry) => entry.explains.entry(&item.check).or_default().push(item),
                None => add(&mut entries, item),
            }
        }
        let mut entries: Vec<Self> = entries.into_values().collect();
        entries.sort_by_key(|entry| (entry.rank, std::cmp::Reverse(entry.rows.len())));
        entries
    }

    /// True if and only if it stands between the run and a GO.
    #[must_use]
    pub fn is_in_the_way(&self) -> bool {
        self.rank != Rank::Warn
    }

    /// The sites that it touches, in the plan's order.
    #[must_use]
    pub fn sites(&self) -> Vec<&'r str> {
        self.rows.iter().filter_map(|row| row.site.as_deref()).collect()
    }
}

fn is_in_the_way(item: &ReportItem) -> bool {
    matches!(item.outcome, Outcome::Fail | Outcome::Unknown | Outcome::Blocked | Outcome::Warn)
}

fn add<'r>(entries: &mut IndexMap<(&'r str, Rank), Entry<'r>>, item: &'r ReportItem) {
    let empty =
        |rank| Entry { rank, check: &item.check, rows: Vec::new(), findings: Vec::new(), explains: IndexMap::new() };
    if item.outcome == Outcome::Blocked {
        let rank = Rank::heaviest(item);
        entries.entry((&item.check, rank)).or_insert_with(|| empty(rank)).rows.push(item);
    }
    for finding in &item.findings {
        let rank = Rank::of(item, finding.weight);
        let entry = entries.entry((&item.check, rank)).or_insert_with(|| empty(rank));
        if !entry.rows.iter().any(|row| row.id == item.id) {
            entry.rows.push(item);
        }
        entry.findings.push((item, finding));
    }
}

/// The row that explains this one or stands in its way, as far back as it goes; `None` for one that stands alone.
///
/// Nothing stands under what is lighter than itself: a failure under a warning, or under what could not be seen, would be
/// in nobody's way.
fn cause<'r>(
    item: &'r ReportItem,
    rows: &HashMap<&str, &'r ReportItem>,
    all: &'r [ReportItem],
) -> Option<&'r ReportItem> {
    let is_bad = |row: &ReportItem| matches!(row.outcome, Outcome::Fail | Outcome::Unknown | Outcome::Blocked);
    let mut at = item;
    for _ in 0..all.len() {
        let next = at.blocked_by.iter().chain(&at.explained_by).find_map(|id| {
            let row = rows.get(id.as_str())?;
            (row.id != at.id && is_bad(row) && Rank::heaviest(row) <= Rank::heaviest(at)).then_some(*row)
        });
        match next.filter(|_| is_bad(at)) {
            Some(row) => at = row,
            None => break,
        }
    }
    (at.id != item.id).then_some(at)
}
