//! What was agreed of rules: their numbers, their labels, and how soon they fire.

use super::{
    super::{Agreed, Comparison, Found, Is, Rules, Threshold, codes},
    holds::short,
    rules::{about, lasting},
};
use crate::contract::{Finding, spoken};
use jiff::SignedDuration;

/// Each agreement against the rule that it is about, and each rule against what was agreed.
pub(super) fn as_agreed(rules: &Rules, name: &str, found: &[&Found], agreed: &[Agreed]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = agreed.iter().filter_map(|one| kept(rules, name, found, one)).collect();
    if agreed.iter().all(|one| one.numbers().next().is_some()) && findings.is_empty() {
        let stranger = |one: &&&Found| one.reads.is_ok() && !agreed.iter().any(|agreed| agreed.compares(one));
        findings.extend(found.iter().filter(stranger).map(|one| {
            about(codes::THRESHOLD, rules, name, "take the further rule away, or agree on it")
                .expected(format_args!("{} rules of this name", agreed.len()))
                .seen(format_args!("one more, that {}", compares(one)))
        }));
    }
    findings
}

fn kept(rules: &Rules, name: &str, found: &[&Found], agreed: &Agreed) -> Option<Finding> {
    let readable: Vec<&&Found> = found.iter().filter(|one| one.reads.is_ok()).collect();
    let alike: Vec<&&Found> = readable.iter().copied().filter(|one| agreed.compares(one)).collect();
    if alike.is_empty() {
        // None that can be read is a finding already.
        let seen: Vec<String> = readable.iter().map(|one| compares(one)).collect();
        return (!readable.is_empty()).then(|| {
            about(codes::THRESHOLD, rules, name, "set the rule to what was agreed, or agree on what it says")
                .expected(agreed.words())
                .seen(short(&seen.join("; ")))
        });
    }
    let labelled: Vec<&&Found> = alike.iter().copied().filter(|one| agreed.is_labelled(one)).collect();
    let Some(first) = labelled.first() else {
        let seen: Vec<String> = alike.iter().map(|one| labels(one)).collect();
        return Some(
            about(codes::LABELS, rules, name, "give the rule the label by which alerts are routed")
                .expected(agreed.label_words())
                .seen(short(&seen.join("; "))),
        );
    };
    if labelled.iter().any(|one| agreed.waits(one)) {
        return None;
    }
    let says = if looks_back(first).is_empty() {
        "set its `for` to what was agreed"
    } else {
        "set its `for` to what was agreed, and shorten the ranges and the offsets of its expression"
    };
    let (duration, interval) = (spoken(lasting(first.rule.duration)), spoken(lasting(first.rule.interval)));
    let seen = format!("for {duration}, evaluated every {interval}{}", looks_back(first));
    Some(about(codes::DURATION, rules, name, says).expected(agreed.wait_words()).seen(seen))
}

/// The longest that it takes from a change to the alert.
fn fires_after(found: &Found) -> SignedDuration {
    let (duration, interval) = (lasting(found.rule.duration), lasting(found.rule.interval));
    let looks = found.reads.iter().flat_map(|reads| [reads.range.signed(), reads.offset.signed()]);
    looks.fold(duration.saturating_add(interval), SignedDuration::saturating_add)
}

/// `, over a range of 15m that must pass first, 10m late by an offset`.
fn looks_back(found: &Found) -> String {
    let Ok(reads) = &found.reads else { return String::new() };
    let words = [
        (reads.range, format!(", over a range of {} that must pass first", reads.range)),
        (reads.offset, format!(", {} late by an offset", reads.offset)),
    ];
    words.into_iter().filter(|(length, _)| !length.0.is_zero()).map(|(_, words)| words).collect()
}

/// `compares > 0.7, < 0.9`.
pub(super) fn compares(found: &Found) -> String {
    let all = found.reads.as_ref().map_or(&[][..], |reads| &reads.compares);
    let word = |is: Is| match is {
        Is::Above => "above",
        Is::Below => "below",
        Is::Equal => "equal to",
        Is::Other => "other than",
    };
    let numbers: Vec<String> = all.iter().map(|one| format!("{} {}", word(one.is), one.number)).collect();
    if numbers.is_empty() { "compares with no number".to_owned() } else { format!("fires {}", numbers.join(", ")) }
}

pub(super) fn labels(found: &Found) -> String {
    let pairs: Vec<String> = found.rule.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
    if pairs.is_empty() { "no labels".to_owned() } else { pairs.join(", ") }
}

impl Agreed {
    /// Whether each agreed number is compared with, and none beside them the same way: one more lets the rule fire less, or more.
    fn compares(&self, found: &Found) -> bool {
        let Ok(reads) = &found.reads else { return false };
        let is_like = |(is, wanted): (Is, &Threshold), one: &Comparison| one.is == is && wanted.is(one.number);
        let is_meant = |one: &&Comparison| self.numbers().any(|(is, _)| one.is == is);
        self.numbers().all(|wanted| reads.compares.iter().any(|one| is_like(wanted, one)))
            && reads.compares.iter().filter(is_meant).all(|one| self.numbers().any(|wanted| is_like(wanted, one)))
    }

    fn is_labelled(&self, found: &Found) -> bool {
        self.labels.iter().all(|(label, value)| found.rule.labels.get(label) == Some(value))
    }

    fn waits(&self, found: &Found) -> bool {
        let duration = lasting(found.rule.duration);
        self.duration.is_none_or(|wanted| wanted.signed() == duration)
            && self.fires_within.is_none_or(|most| fires_after(found) <= most.signed())
    }

    fn words(&self) -> String {
        let word = |is: Is| match is {
            Is::Above => "above",
            Is::Below => "below",
            _ => "equal to",
        };
        let all: Vec<String> = self.numbers().map(|(is, number)| format!("{} {number}", word(is))).collect();
        format!("a rule that fires {}", all.join(" and "))
    }

    fn label_words(&self) -> String {
        self.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect::<Vec<_>>().join(", ")
    }

    fn wait_words(&self) -> String {
        let exact = self.duration.map(|wanted| format!("for {wanted}"));
        let most = self.fires_within.map(|most| format!("to fire within {most}"));
        exact.into_iter().chain(most).collect::<Vec<_>>().join(", ")
    }
}
