//! What an expression reads: whether it lives, and how old its newest sample is.

use super::super::{By, Evidence, Input};
use crate::contract::{Finding, Unobserved, spoken};
use jiff::{SignedDuration, Timestamp};

/// What became of a group of selectors, of which at least one must live.
pub(super) enum Group<'a> {
    /// One of them has a sample for each value that must be there; the age of the oldest of the newest.
    Lives(SignedDuration),
    /// None of them finds anything, and their metrics do not exist.
    Absent(Vec<&'a Input>),
    /// None of them finds anything, though the metric of one exists.
    Empty(Vec<&'a Input>),
    /// One lives, but not for these values of the label.
    Lacks(&'a Input, Vec<&'a str>),
    /// Could not be asked.
    Unseen(&'a Unobserved),
}

/// What became of a group: the best that can be said of any of its selectors.
pub(super) fn group<'a>(evidence: &'a Evidence, inputs: &'a [Input], needs: &[String]) -> Group<'a> {
    let own: Vec<&Input> = inputs.iter().filter(|input| needs.contains(&input.selector)).collect();
    let lives = own.iter().copied().find_map(|input| match alive(evidence, input) {
        Some((age, lacks)) if lacks.is_empty() => Some(Group::Lives(age)),
        _ => None,
    });
    let unseen = || own.iter().find_map(|input| unseen(input)).map(Group::Unseen);
    let lacks =
        || own.iter().copied().find_map(|input| alive(evidence, input).map(|(_, lacks)| Group::Lacks(input, lacks)));
    let has_metric = || own.iter().any(|input| matches!(input.of_metric, Some(Ok(count)) if count > 0));
    lives
        .or_else(unseen)
        .or_else(lacks)
        .unwrap_or_else(|| if has_metric() { Group::Empty(own.clone()) } else { Group::Absent(own.clone()) })
}

fn unseen(input: &Input) -> Option<&Unobserved> {
    input.newest.as_ref().err().or_else(|| input.of_metric.as_ref()?.as_ref().err())
}

/// The age of its newest sample, the oldest among the values of the label, and the values that have none; `None` where it
/// finds nothing at all.
fn alive<'a>(evidence: &'a Evidence, input: &Input) -> Option<(SignedDuration, Vec<&'a str>)> {
    let newest = input.newest.as_ref().ok().filter(|newest| !newest.is_empty())?;
    let age = |at: Timestamp| evidence.asked_at.duration_since(at);
    let Some(By { values, .. }) = &evidence.by else {
        return Some((newest.iter().map(|one| age(one.at)).min()?, Vec::new()));
    };
    let of = |value: &str| newest.iter().find(|one| one.of.as_deref() == Some(value)).map(|one| age(one.at));
    let lacks: Vec<&str> = values.iter().map(String::as_str).filter(|value| of(value).is_none()).collect();
    let oldest = values.iter().filter_map(|value| of(value)).max();
    Some((oldest.unwrap_or(SignedDuration::ZERO), lacks))
}

/// `a{b="c"} or d`.
pub(super) fn named(inputs: &[&Input]) -> String {
    inputs.iter().map(|input| input.selector.as_str()).collect::<Vec<_>>().join(" or ")
}

/// The same look by hand, of the first.
pub(super) fn by_hand<'a>(inputs: &[&'a Input]) -> Option<&'a crate::contract::Remedy> {
    inputs.first().and_then(|input| input.by_hand.as_ref())
}

pub(super) fn unobserved(missing: &Unobserved) -> Finding {
    Finding::unobserved(missing)
}

/// `3 min 20 s` is rounded to what a person says.
pub(super) fn age(length: SignedDuration) -> String {
    if length.is_negative() { "0 s".to_owned() } else { spoken(length) }
}
