//! The arithmetic of ages, line by line.

use super::{
    evidence::{Evidence, Lock},
    expect::{CountedFrom, Expect},
    judge::{counted_from, subject},
};
use crate::contract::spoken;
use jiff::SignedDuration;

/// How many locks are shown, the oldest first.
const MOST_LINES: usize = 20;

pub(super) fn working(expect: &Expect, evidence: &Evidence) -> Vec<String> {
    let bound = spoken(expect.held_at_most.signed());
    let from = match expect.counted_from {
        CountedFrom::Renewed => "last renewal",
        CountedFrom::Acquired => "taking",
    };
    let (all, held) = (evidence.looked_at, evidence.locks.len());
    let first = format!("{all} looked at, {held} held; at most {bound} from the {from} to the look");
    let mut aged: Vec<(SignedDuration, &Lock)> = evidence
        .locks
        .iter()
        .filter_map(|lock| Some((evidence.asked_at.duration_since(counted_from(expect, lock)?), lock)))
        .collect();
    aged.sort_by_key(|(age, _)| std::cmp::Reverse(*age));
    let lines = aged.into_iter().take(MOST_LINES).map(|(age, lock)| {
        let (sign, over) = (if age.is_negative() { "-" } else { "" }, age > expect.held_at_most.signed());
        format!("{}: {sign}{} {} {bound}", subject(evidence, lock), spoken(age), if over { ">" } else { "<=" })
    });
    std::iter::once(first).chain(lines).collect()
}
