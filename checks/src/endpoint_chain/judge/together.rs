//! All tries together: broken every time, or only sometimes.

use super::{super::FLAPPING, links::Break};
use crate::contract::{Finding, Weight};

/// What the tries say of one name or address; `None` in them where the chain held. Nothing, where it always held.
pub(super) fn told(tries: &[Option<Break>], subject: &str) -> Option<Finding> {
    let bad: Vec<(usize, &Break)> =
        tries.iter().enumerate().filter_map(|(i, one)| one.as_ref().map(|broken| (i + 1, broken))).collect();
    // The first link that broke; of two that are the same, what is certain.
    let key = |broken: &Break| (broken.link, !broken.is_definite());
    let (number, first) = *bad.iter().min_by_key(|(_, broken)| key(broken))?;
    if bad.len() == tries.len() || bad.iter().all(|(_, broken)| !broken.is_definite()) {
        let seen = match tries.len() {
            1 => first.finding.seen.clone(),
            count => format!("{}; broken in {} of {count} tries", first.finding.seen, bad.len()),
        };
        return Some(first.finding.clone().seen(seen));
    }
    let count = tries.len();
    let seen = format!(
        "{} of {count} tries broke; number {number}, {}: {}",
        bad.len(),
        first.finding.code,
        first.finding.seen
    );
    let mut finding = Finding::new(FLAPPING, subject).expected(format!("{count} of {count} tries")).seen(seen);
    finding.remedy.clone_from(&first.finding.remedy);
    Some(finding)
}

/// Findings that differ by their address alone as one.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        let is_same = |known: &&mut Finding| {
            (known.code, known.weight, &known.subject, &known.expected)
                == (finding.code, finding.weight, &finding.subject, &finding.expected)
        };
        match all.iter_mut().find(is_same) {
            Some(known) if known.seen != finding.seen => known.seen = format!("{}; {}", known.seen, finding.seen),
            Some(_) => {}
            None => all.push(finding),
        }
    }
    all
}

/// Weighs `finding` as a failure.
pub(super) fn certain(finding: Finding) -> Finding {
    finding.weighing(Weight::Fail)
}
