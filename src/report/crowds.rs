//! What each size of crowd makes of every site, as a table; and where each limit bites first. Pure.

use super::{Outcome, ReportItem, shown, wrap};
use crate::checklist::Severity;
use gonogo_checks::{
    capacity::{Reckoning, Waves},
    contract::{Finding, Weight},
};
use indexmap::IndexMap;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// What is not known.
const UNKNOWN: &str = "?";
/// What does not apply.
const NONE: &str = "-";
const HEAD: [&str; 8] = ["attendees", "site", "nodes", "new", "waves", "time", "outcome", "least headroom"];
/// The columns of numbers stand to the right.
const RIGHT: [bool; 8] = [true, false, true, true, true, true, false, false];
const GAP: &str = "  ";

/// One number of attendees.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// How many.
    pub attendees: u32,
    /// What they make of each site.
    pub rows: Vec<Row>,
}

/// One number of attendees at one site.
#[derive(Clone, Debug)]
pub struct Row {
    /// The site.
    pub site: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether it can stand in the way.
    pub severity: Severity,
    cells: [String; 4],
    worst: String,
    /// What was found, each with its weight: code and what it is about.
    found: Vec<(Weight, String)>,
}

impl Row {
    /// The row of a judged item, with the arithmetic behind it where there is some.
    #[must_use]
    pub fn new(item: ReportItem, reckoning: Option<&Reckoning<'_>>, waves: Option<&Waves>, is_timed: bool) -> Self {
        let packed = reckoning.filter(|reckoning| reckoning.is_room_known()).and_then(|it| it.packed.as_ref().ok());
        let count = |count: Option<u64>| count.map_or_else(|| UNKNOWN.to_owned(), |count| count.to_string());
        let untimed = if is_timed { UNKNOWN } else { NONE };
        // Whether a node has to be launched first is not known while room is not.
        let takes = reckoning.filter(|reckoning| reckoning.is_room_known()).and_then(|reckoning| reckoning.takes);
        Self {
            site: item.site.unwrap_or_else(|| item.check.clone()),
            outcome: item.outcome,
            severity: item.severity,
            cells: [
                count(packed.map(|packed| packed.nodes)),
                count(packed.map(|packed| packed.new_nodes)),
                waves.map_or_else(|| untimed.to_owned(), |waves| waves.count.to_string()),
                takes.map_or_else(|| untimed.to_owned(), |takes| takes.to_string()),
            ],
            worst: reckoning.map_or_else(|| UNKNOWN.to_owned(), worst),
            found: item.findings.iter().map(|finding| (finding.weight, bites(finding))).collect(),
        }
    }

    fn words(&self) -> [&str; 6] {
        let [nodes, new, waves, time] = &self.cells;
        [nodes, new, waves, time, self.outcome.word(), &self.worst]
    }
}

/// `cpu 41 %`; with a `?` behind it where something that could be worse is not known.
fn worst(reckoning: &Reckoning<'_>) -> String {
    let is_known = reckoning.is_known();
    let mut words = match reckoning.worst() {
        _ if !reckoning.is_room_known() => return UNKNOWN.to_owned(),
        Some(margin) => format!("{} {}", margin.limit.word().trim_start_matches("quota "), margin.shown()),
        None => "no end".to_owned(),
    };
    if !is_known {
        words.push_str(" ?");
    }
    words
}

/// What a finding means, as the part of a sentence that ends with `from 21`.
fn bites(finding: &Finding) -> String {
    let subject = &finding.subject;
    let what = || match subject.strip_prefix("resourcequota/") {
        Some(quota) => format!("quota {quota}"),
        None if ["cpu", "memory", "ephemeral-storage", "pods", "volumes"].contains(&subject.as_str()) => {
            subject.clone()
        }
        None => "disk".to_owned(),
    };
    match finding.code {
        "headroom-low" => format!("{} short of its headroom", what()),
        "no-room" => format!("no room for all ({subject})"),
        "quota-too-small" => format!("{} used up", what()),
        "disk-too-small" => "disk full".to_owned(),
        "ready-too-late" => "ready too late".to_owned(),
        code => code.to_owned(),
    }
}

/// The table of one check, and below it a line for each site.
#[must_use]
pub fn table(title: &str, crowds: &[Crowd], width: usize) -> String {
    let mut lines: Vec<[String; 8]> = vec![HEAD.map(str::to_owned)];
    for crowd in crowds {
        lines.extend(rows(crowd));
    }
    let mut out = format!("{}\n\n", shown::line(title));
    let widths: [usize; 8] = std::array::from_fn(|i| lines.iter().map(|line| line[i].width()).max().unwrap_or(0));
    for line in &lines {
        let _ = writeln!(out, "{}", laid(line, widths, width));
    }
    out.push('\n');
    for text in limits(crowds) {
        for line in wrap::hanging(&shown::line(&text), width, "  ") {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// One line for all sites where they are the same; else one for each.
fn rows(crowd: &Crowd) -> Vec<[String; 8]> {
    let cells = |count: String, site: String, row: &Row| {
        let [nodes, new, waves, time, outcome, worst] = row.words().map(str::to_owned);
        [count, site, nodes, new, waves, time, outcome, shown::line(&worst).into_owned()]
    };
    let count = crowd.attendees.to_string();
    match crowd.rows.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|row| row.words() == first.words()) => {
            vec![cells(count, "each site".to_owned(), first)]
        }
        all => {
            let first = std::iter::once(count).chain(std::iter::repeat(String::new()));
            first.zip(all).map(|(count, row)| cells(count, shown::line(&row.site).into_owned(), row)).collect()
        }
    }
}

fn laid(cells: &[String; 8], widths: [usize; 8], width: usize) -> String {
    let mut line = String::new();
    for (i, cell) in cells.iter().enumerate() {
        let pad = " ".repeat(widths[i].saturating_sub(cell.width()));
        let gap = if i == 0 { "" } else { GAP };
        let _ = if RIGHT[i] { write!(line, "{gap}{pad}{cell}") } else { write!(line, "{gap}{cell}{pad}") };
    }
    cut(line.trim_end(), width)
}

/// What is too wide ends in `…`.
fn cut(line: &str, width: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let mut kept = String::new();
    for letter in line.chars() {
        if kept.width() + 2 > width {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// For each site what bites, and from which number on; in the order of the numbers.
fn limits(crowds: &[Crowd]) -> Vec<String> {
    let mut sites: IndexMap<&str, IndexMap<&str, (Weight, u32)>> = IndexMap::new();
    for crowd in crowds {
        for row in &crowd.rows {
            let bites = sites.entry(&row.site).or_default();
            for (weight, what) in &row.found {
                bites.entry(what).or_insert((*weight, crowd.attendees));
            }
        }
    }
    let (Some(first), Some(last)) = (crowds.first(), crowds.last()) else { return Vec::new() };
    let said = |(site, bites): (&str, IndexMap<&str, (Weight, u32)>)| {
        let mut parts = Vec::new();
        for (what, (weight, from)) in bites {
            let unknown = if weight == Weight::Unknown { "unknown, " } else { "" };
            let when = if from == first.attendees { format!("at {from} already") } else { format!("from {from}") };
            parts.push(format!("{unknown}{what} {when}"));
        }
        match parts.as_slice() {
            [] => format!("{site}: room for {}, and more than its headroom left", last.attendees),
            parts => format!("{site}: {}", parts.join("; ")),
        }
    };
    let mut lines: IndexMap<String, Vec<String>> = IndexMap::new();
    for line in sites.into_iter().map(said) {
        if let Some((site, rest)) = line.split_once(": ") {
            lines.entry(rest.to_owned()).or_default().push(site.to_owned());
        }
    }
    lines.into_iter().map(|(rest, sites)| format!("{}: {rest}", sites.join(", "))).collect()
}
