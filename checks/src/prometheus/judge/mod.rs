//! Are the series there and fresh, do the sentences hold, and are the rules what was agreed?

mod agreed;
mod holds;
mod inputs;
mod rules;
mod series;

use super::{Evidence, Expect, codes};
use crate::contract::{Finding, Remedy, Window};

/// How many findings of one code about one expectation are given whole.
const MOST: usize = 10;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        evidence.queries.iter().flat_map(|query| series::judge(expect, evidence, query, window)).collect();
    findings.extend(holds::all(expect, evidence, window));
    findings.extend(rules::judge(expect, evidence, window));
    bounded(findings)
}

pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let mut lines: Vec<String> =
        evidence.queries.iter().map(|query| series::working(expect, evidence, query, window)).collect();
    lines.extend(rules::working(evidence, window));
    lines
}

/// A remedy that may be missing, with the sentence that always is there.
fn mended(by_hand: Option<&Remedy>, says: &str) -> Remedy {
    by_hand.cloned().map_or_else(|| Remedy::prose(says), |remedy| remedy.saying(says))
}

fn warned(subject: &str, warnings: &[String], by_hand: Option<&Remedy>) -> Option<Finding> {
    let first = warnings.first()?;
    Some(
        Finding::new(codes::DOUBTED, subject)
            .expected("an answer without warnings")
            .seen(format_args!("{} warnings, the first: {first}", warnings.len()))
            .mended_by(mended(by_hand, "see what it warns of; with several stores behind it, one may not answer")),
    )
}

/// The first findings of each code and expectation; of the others, how many they are.
fn bounded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut more: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        let is_like = |other: &Finding| other.code == finding.code && other.expected == finding.expected;
        if kept.iter().filter(|other| is_like(other)).count() < MOST {
            kept.push(finding);
        } else if let Some((_, count)) = more.iter_mut().find(|(other, _)| is_like(other)) {
            *count += 1;
        } else {
            more.push((finding, 1));
        }
    }
    kept.extend(more.into_iter().map(|(finding, count)| Finding {
        seen: format!("{count} more, beside the {MOST} that are named"),
        ..finding
    }));
    kept
}
