//! What the conditions of the objects say: their own opinion, with its age, and only of the last change.

use super::super::{
    Evidence, Expect, NO_CONDITION, NOT_MET, Object, STALE, TOO_YOUNG, Wanted, Which, condition::Condition,
};
use super::{about, holds::short, wait};
use crate::contract::{Finding, Unobserved, Why, Window, spoken, values::Period};

pub(super) fn conditions(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let reads_status =
        !expect.conditions.is_empty() || !expect.all.is_empty() || expect.each.values().any(super::holds::reads_status);
    let mut findings = Vec::new();
    // What is on its way out is counted nowhere, unless it was named: then that is said already.
    let is_named = matches!(evidence.which, Which::Named(_));
    for object in evidence.objects.iter().filter(|object| is_named || !object.is_deleting()) {
        if object.is_stale() {
            findings.extend(reads_status.then(|| stale(evidence, object, object.generations())));
            continue;
        }
        for (kind, wanted) in &expect.conditions {
            findings.extend(condition(evidence, object, (kind, wanted), window));
        }
    }
    findings
}

fn condition(
    evidence: &Evidence,
    object: &Object,
    (kind, wanted): (&str, &Wanted),
    window: &Window,
) -> Option<Finding> {
    let found = match object.condition(kind) {
        Ok(Some(found)) => found,
        Ok(None) if wanted.or_absent => return None,
        Ok(None) => return Some(absent(evidence, object, kind, wanted)),
        Err(error) => {
            let detail = format!("the condition {kind} of {} cannot be read: {error}", evidence.subject(object));
            return Some(Finding::unobserved(&Unobserved::new(Why::Malformed, evidence.subject(object), detail)));
        }
    };
    let observed = found.observed_generation.zip(object.generation());
    if let Some((observed, generation)) = observed.filter(|(observed, generation)| observed < generation) {
        return Some(
            stale(evidence, object, Some((generation, observed))).expected(format_args!("{kind} of the last change")),
        );
    }
    if !found.is(wanted) {
        return Some(about(evidence, NOT_MET, object).expected(words(kind, wanted)).seen(says(kind, &found, window)));
    }
    wanted.held_for.and_then(|length| young(evidence, object, (kind, &found, length), window))
}

fn words(kind: &str, wanted: &Wanted) -> String {
    let unknown = if wanted.or_unknown { " or Unknown" } else { "" };
    format!("{kind} {}{unknown}", wanted.is.word())
}

/// What a condition says, since when, and why.
fn says(kind: &str, found: &Condition, window: &Window) -> String {
    let since = found.last_transition_time.map_or_else(String::new, |at| format!(" since {}", window.clock(at)));
    let why: Vec<&str> =
        found.reason.iter().chain(&found.message).map(String::as_str).filter(|words| !words.is_empty()).collect();
    let why = if why.is_empty() { String::new() } else { format!(": {}", why.join(": ")) };
    short(&format!("{kind} {}{since}{why}", found.status))
}

fn absent(evidence: &Evidence, object: &Object, kind: &str, wanted: &Wanted) -> Finding {
    let all = object.json()["status"]["conditions"].as_array().into_iter().flatten();
    let there: Vec<&str> = all.filter_map(|condition| condition["type"].as_str()).collect();
    let seen = if there.is_empty() { "no conditions at all".to_owned() } else { format!("only {}", there.join(", ")) };
    about(evidence, NO_CONDITION, object).expected(words(kind, wanted)).seen(short(&seen))
}

fn stale(evidence: &Evidence, object: &Object, generations: Option<(i64, i64)>) -> Finding {
    let (generation, observed) = generations.unwrap_or_default();
    about(evidence, STALE, object)
        .expected("a status of the last change")
        .seen(format_args!("the status is of generation {observed}, and the object is at {generation}"))
        .mended_by(wait(evidence, object))
}

fn young(
    evidence: &Evidence,
    object: &Object,
    (kind, found, length): (&str, &Condition, Period),
    window: &Window,
) -> Option<Finding> {
    let age = found.last_transition_time.map(|since| window.now.duration_since(since));
    if age.is_some_and(|age| age >= length.signed()) {
        return None;
    }
    let seen = age.map_or_else(|| "it does not say since when".to_owned(), |age| format!("for {}", spoken(age)));
    let finding = about(evidence, TOO_YOUNG, object);
    Some(
        finding
            .expected(format_args!("{kind} {} for {length}", found.status))
            .seen(seen)
            .mended_by(evidence.describe(object).saying("look again shortly")),
    )
}
