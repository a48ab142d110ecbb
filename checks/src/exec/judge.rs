//! Whether what a program says holds together, and what it says.

use super::{
    codes,
    document::{Document, Reported},
    evidence::{Evidence, Said},
    expect::{Bound, Expect},
    nagios::Plugin,
};
use crate::{
    clients::program::Ended,
    contract::{Finding, Remedy, Weight},
};
use std::num::NonZeroU32;

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    match &evidence.said {
        Said::Nagios(plugin) => of_plugin(expect, evidence, plugin),
        Said::Json(document) if evidence.ended == Ended::Exit(0) => of_document(expect, evidence, document),
        Said::Json(_) | Said::Nothing => vec![without_verdict(evidence, "exit code 0 and a document of findings")],
    }
}

fn of_plugin(expect: &Expect, evidence: &Evidence, plugin: &Plugin) -> Vec<Finding> {
    let says = if plugin.line.is_empty() { "it says nothing" } else { plugin.line.as_str() };
    let about = |code, expected: &str| about(evidence, code).expected(expected).seen(says);
    let mut findings = Vec::new();
    match evidence.ended {
        Ended::Exit(0) if plugin.is_silent() => {
            findings
                .push(about(codes::SILENT, "a line that says what was looked at").seen("exit code 0, and no output"));
        }
        Ended::Exit(0) => findings.extend(contradiction(evidence, plugin)),
        Ended::Exit(1) => findings.push(about(codes::SAYS_WARN, "OK, exit code 0")),
        Ended::Exit(2) => findings.push(about(codes::SAYS_FAIL, "OK, exit code 0")),
        Ended::Exit(3) => findings.push(about(codes::SAYS_UNKNOWN, "OK, exit code 0")),
        Ended::Exit(_) | Ended::Signal(_) => return vec![without_verdict(evidence, "an exit code from 0 to 3")],
    }
    if expect.checked_at_least > NonZeroU32::MIN {
        let expected = format!("at least {} looked at", expect.checked_at_least);
        let seen = "a plugin of Nagios does not say how many: bound one of its numbers in `metrics`";
        findings.push(about(codes::TOO_LITTLE, &expected).seen(seen).weighing(Weight::Unknown));
    }
    findings.extend(expect.metrics.iter().filter_map(|(label, bound)| of_metric(evidence, plugin, label, bound)));
    findings
}

/// Words or numbers that say something worse than the exit code 0.
fn contradiction(evidence: &Evidence, plugin: &Plugin) -> Option<Finding> {
    let by_words = plugin.worst().map(|line| format!("exit code 0, and the words: {line}"));
    let by_numbers = || {
        plugin.metrics.iter().find_map(|metric| {
            // What one number means is the program's secret: of free space, of a size, of an offset with a sign.
            let (value, crit) = (metric.value?, metric.crit.filter(|crit| !crit.is_plain)?);
            crit.alerts(value).then(|| {
                format!(
                    "exit code 0, and {}={value}{} is where the program itself says critical",
                    metric.label, metric.unit
                )
            })
        })
    };
    let seen = by_words.or_else(by_numbers)?;
    Some(about(evidence, codes::CONTRADICTS).expected("words and numbers that agree with the exit code").seen(seen))
}

fn of_metric(evidence: &Evidence, plugin: &Plugin, label: &str, bound: &Bound) -> Option<Finding> {
    let named: Vec<_> = plugin.metrics.iter().filter(|metric| metric.label == label).collect();
    let missing = |seen: String| {
        let finding = Finding::new(codes::NO_METRIC, label).expected(bound.words()).seen(seen);
        Some(
            finding.mended_by(evidence.by_hand.clone().saying("see which numbers the program gives, and name them so")),
        )
    };
    if named.is_empty() {
        let others: Vec<_> = plugin.metrics.iter().take(10).map(|metric| metric.label.as_str()).collect();
        let has = if others.is_empty() {
            "it gives no numbers".to_owned()
        } else {
            format!("it gives {}", others.join(", "))
        };
        return missing(format!("no such number; {has}"));
    }
    for metric in named {
        let Some(value) = metric.value else { return missing("U: the program could not measure it".to_owned()) };
        if metric.unit != bound.unit {
            return missing(format!("{value}{}, which is another unit", metric.unit));
        }
        if !bound.holds(value) {
            let finding = Finding::new(codes::OUT_OF_BOUNDS, label)
                .expected(bound.words())
                .seen(format!("{value}{}", metric.unit));
            return Some(finding.mended_by(by_hand(evidence)));
        }
    }
    None
}

fn of_document(expect: &Expect, evidence: &Evidence, document: &Document) -> Vec<Finding> {
    let least = expect.checked_at_least;
    let mut findings = Vec::new();
    if document.checked < u64::from(least.get()) {
        let seen = format!("{} looked at", document.checked);
        findings.push(about(evidence, codes::TOO_LITTLE).expected(format!("at least {least} looked at")).seen(seen));
    }
    findings.extend(document.findings.iter().map(|reported| of_reported(evidence, reported)));
    if let Some((label, bound)) = expect.metrics.first() {
        let finding = Finding::new(codes::NO_METRIC, label.as_str()).expected(bound.words());
        findings.push(finding.seen("a document of findings has no numbers").mended_by(by_hand(evidence)));
    }
    findings
}

fn of_reported(evidence: &Evidence, reported: &Reported) -> Finding {
    let code = match reported.weight {
        Weight::Fail => codes::SAYS_FAIL,
        Weight::Unknown => codes::SAYS_UNKNOWN,
        Weight::Warn => codes::SAYS_WARN,
    };
    let place = reported.site.as_ref().map_or_else(String::new, |site| format!(" at {site}"));
    let finding = Finding::new(code, format!("{}{place}", reported.subject)).expected(&reported.expected);
    let remedy = reported.remedy.clone().unwrap_or_else(|| by_hand(evidence));
    finding.seen(format!("{}: {}", reported.code, reported.seen)).mended_by(remedy)
}

fn without_verdict(evidence: &Evidence, expected: &str) -> Finding {
    let complaint = &evidence.complaint;
    let seen =
        if complaint.is_empty() { evidence.ended.to_string() } else { format!("{}: {complaint}", evidence.ended) };
    about(evidence, codes::NO_VERDICT).expected(expected).seen(seen)
}

fn about(evidence: &Evidence, code: crate::contract::Code) -> Finding {
    let name = evidence.asked.strip_prefix("run ").unwrap_or(&evidence.asked);
    Finding::new(code, name).mended_by(by_hand(evidence))
}

fn by_hand(evidence: &Evidence) -> Remedy {
    let Remedy { says, .. } = &evidence.by_hand;
    let look = "see for yourself, and mend what it names";
    evidence.by_hand.clone().saying(if says.is_empty() { look.to_owned() } else { format!("{look}; {says}") })
}

/// Each number beside its bound.
pub(super) fn working(expect: &Expect, evidence: &Evidence) -> Vec<String> {
    let Said::Nagios(plugin) = &evidence.said else { return Vec::new() };
    let bounded = plugin.metrics.iter().filter_map(|metric| Some((metric, expect.metrics.get(&metric.label)?)));
    bounded
        .filter_map(|(metric, bound)| {
            Some(format!("{} = {}{}, wanted {}", metric.label, metric.value?, metric.unit, bound.words()))
        })
        .collect()
}
