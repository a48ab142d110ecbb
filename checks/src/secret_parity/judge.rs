//! Judging: the source first, then every copy against it, in the order of the checklist.
//!
//! Times explain a difference and never excuse one: a copy that was written after the rotation and differs was copied from
//! something else, one that was written before it has not been copied yet.

use super::{
    code,
    evidence::{Evidence, Held, Likeness, Seen, Value},
    origin::Origin,
    settings::Expect,
};
use crate::contract::{Code, Finding, Remedy, Window, spoken};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// The name of the job that the remedy makes of a `CronJob`.
const JOB: &str = "copy-by-hand";

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = source(&evidence.source).into_iter().collect();
    let named = u32::try_from(evidence.copies.len()).unwrap_or(u32::MAX);
    if named < expect.at_least {
        findings.push(
            Finding::new(code::TOO_FEW, evidence.source.at.to_string())
                .expected(format_args!("at least {}", counted(expect.at_least)))
                .seen(counted(named))
                .mended_by(Remedy::prose("name every namespace and site that copies it under `copies`")),
        );
    }
    findings.extend(disagreement(evidence));
    let case = Case { source: &evidence.source, window };
    findings.extend(evidence.copies.iter().filter_map(|held| case.copy(held)));
    findings
}

fn counted(copies: u32) -> String {
    format!("{copies} {}", if copies == 1 { "copy" } else { "copies" })
}

fn source(held: &Held) -> Option<Finding> {
    let (code, says) = match &held.seen {
        Ok(Seen::Value(_)) => return None,
        Err(missing) => return Some(Finding::unobserved(missing)),
        Ok(Seen::Missing { says }) => (code::SOURCE_MISSING, says),
        Ok(Seen::Blank { says }) => (code::SOURCE_EMPTY, says),
    };
    let what = "make the secret anew at its source, and check that it is no `null`; then let it be copied";
    Some(
        Finding::new(code, held.at.to_string())
            .expected("a secret at the source")
            .seen(says)
            .mended_by(Remedy::prose(what)),
    )
}

/// Without the source nothing says which copy is right, but not all of several can be.
fn disagreement(evidence: &Evidence) -> Option<Finding> {
    if evidence.source.value().is_some() {
        return None;
    }
    let numbers: BTreeSet<u32> =
        evidence.copies.iter().filter_map(Held::value).map(|value: &Value| value.number).collect();
    let places = |number: &u32| {
        let hold = evidence.copies.iter().filter(|held| held.value().is_some_and(|value| value.number == *number));
        format!("value {number} in {}", hold.map(place).collect::<Vec<_>>().join(", "))
    };
    (numbers.len() > 1).then(|| {
        Finding::new(code::COPIES_DISAGREE, evidence.source.at.to_string())
            .expected("one value in every copy")
            .seen(numbers.iter().map(places).collect::<Vec<_>>().join("; "))
            .mended_by(Remedy::prose("let the source be seen, or copy it everywhere again"))
    })
}

/// A copy's place with its site.
fn place(held: &Held) -> String {
    match held.at.site() {
        Some(site) => format!("{} at {site}", held.at),
        None => held.at.to_string(),
    }
}

struct Case<'a> {
    source: &'a Held,
    window: &'a Window,
}

impl Case<'_> {
    fn copy(&self, held: &Held) -> Option<Finding> {
        let finding = match &held.seen {
            Err(missing) => Finding::unobserved(missing),
            Ok(Seen::Missing { says }) => self.without(code::COPY_MISSING, held, says),
            Ok(Seen::Blank { says }) => self.without(code::COPY_EMPTY, held, says),
            Ok(Seen::Value(value)) => self.differing(held, value)?,
        };
        Some(match held.at.site() {
            Some(site) => finding.at(site),
            None => finding,
        })
    }

    fn without(&self, code: Code, held: &Held, says: &str) -> Finding {
        let written = held.written.map(|written| format!("; written {}", self.window.clock(written)));
        Finding::new(code, held.at.to_string())
            .expected(format_args!("a copy of {}", self.source.at))
            .seen(format_args!("{says}{}", written.unwrap_or_default()))
            .mended_by(self.copy_again(held))
    }

    fn differing(&self, held: &Held, value: &Value) -> Option<Finding> {
        let source = self.source.value()?;
        let likeness = value.likeness.unwrap_or(Likeness::Other);
        if value.number == source.number {
            return None;
        }
        let code = self.code(held);
        let remedy = match likeness {
            _ if code == code::CHANGED_MEANWHILE => Remedy::prose("look again in a minute"),
            Likeness::Other | Likeness::Same => self.copy_again(held),
            Likeness::LineBreak | Likeness::Space => Remedy::prose(
                "let what writes the copy add nothing to the value (`printf %s` in place of `echo`), then copy again",
            ),
            Likeness::Quotes => {
                Remedy::prose("let what writes the copy take the value without its quotes (`jq -r`), then copy again")
            }
            Likeness::Base64 => Remedy::prose("let what writes the copy encode the value once, then copy again"),
        };
        Some(
            Finding::new(code, held.at.to_string())
                .expected(format_args!("value 1, as at its source, {}", self.source.at))
                .seen(format_args!("value {}, {}{}", value.number, likeness.words(), self.explained(held)))
                .mended_by(remedy),
        )
    }

    fn code(&self, held: &Held) -> Code {
        // A second is the precision of the time at which a secret was written.
        let second = SignedDuration::from_secs(1);
        let changed_after = |one: &Held, other: &Held| {
            one.written.is_some_and(|written| written.saturating_add(second).is_ok_and(|end| end > other.asked_at))
        };
        if changed_after(held, self.source) || changed_after(self.source, held) {
            code::CHANGED_MEANWHILE
        } else if self.is_older(held) {
            code::COPY_OUTDATED
        } else {
            code::COPY_DIFFERS
        }
    }

    fn is_older(&self, held: &Held) -> bool {
        held.written.zip(self.source.written).is_some_and(|(copy, source)| copy < source)
    }

    /// What the times say of the difference.
    fn explained(&self, held: &Held) -> String {
        let by = held.writer.as_ref().map_or_else(String::new, |writer| format!(" by {writer}"));
        let Some(written) = held.written else { return String::new() };
        let at = self.window.clock(written);
        let Some(source) = self.source.written else { return format!("; written {at}{by}") };
        let apart = spoken(source.duration_since(written));
        let changed = self.window.clock(source);
        if written < source {
            format!("; written {at}{by}: not copied since the source changed {apart} later, {changed}")
        } else {
            format!("; written {at}{by}, {apart} after the source changed: copied from something else")
        }
    }

    fn copy_again(&self, held: &Held) -> Remedy {
        let Origin::Kubernetes { namespace, name, cronjob, .. } = &held.at else {
            return Remedy::prose("copy it again");
        };
        if self.source.value().is_none() && self.source.seen.is_ok() {
            return Remedy::prose("mend the source first: a copy of it would be no better");
        }
        let restart = "pods that have it in their environment hold the old one until they are restarted";
        match (cronjob, &held.cluster) {
            (Some(cronjob), Some(cluster)) => {
                let from = format!("--from=cronjob/{cronjob}");
                cluster
                    .change_in(namespace, &["create", "job", JOB, &from])
                    .saying(format!("copy it again; {restart}:"))
            }
            _ => {
                let who = held.writer.as_ref().map_or_else(String::new, |writer| format!(" ({writer} wrote it last)"));
                Remedy::prose(format!("let what writes secret {namespace}/{name}{who} run again; {restart}"))
            }
        }
    }
}
