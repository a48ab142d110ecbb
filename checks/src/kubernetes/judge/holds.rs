//! What must hold of each object, and of all of them: sentences, decided by CEL on one thread with a large stack.

use super::super::{DOES_NOT_HOLD, Evidence, Expect, FAILED, NO_FIELD, Object, OfEach};
use crate::contract::{
    Finding, Window,
    cel::{Expression, Failed, Variables, on_large_stack},
};
use serde_json::Value;

/// The most letters of one line of what was seen.
const LINE: usize = 240;
/// The most letters of one value in it.
const VALUE: usize = 80;
/// The most values that are shown.
const VALUES: usize = 4;

pub(super) fn holds(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    if expect.each.is_empty() && expect.all.is_empty() {
        return Vec::new();
    }
    let judged = on_large_stack(|| {
        let event = Variables::of_event(window);
        let mut findings = Vec::new();
        each(expect, evidence, &event, &mut findings);
        all(expect, evidence, &event, &mut findings);
        findings
    });
    judged.unwrap_or_else(|error| {
        let seen = format!("cannot start a thread: {error}");
        vec![Finding::new(FAILED, evidence.asked_for()).expected("an answer").seen(seen).mended_by(evidence.list())]
    })
}

/// True if and only if an expression speaks of the object's status.
pub(super) fn reads_status(expression: &Expression<OfEach>) -> bool {
    expression.paths("object").any(|path| path.first().is_some_and(|step| step == "status"))
}

fn each(expect: &Expect, evidence: &Evidence, event: &Variables<'_>, findings: &mut Vec<Finding>) {
    for object in &evidence.objects {
        let variables = event.and("object", object.json());
        for (sentence, expression) in &expect.each {
            // A status that is behind is said to be so already, and decides nothing.
            if object.is_stale() && reads_status(expression) {
                continue;
            }
            let finding = match expression.holds(&variables) {
                Ok(true) => continue,
                Ok(false) => Finding::new(DOES_NOT_HOLD, evidence.subject(object)).seen(values(expression, object)),
                Err(failed) => {
                    let code = if matches!(failed, Failed::Absent(_)) { NO_FIELD } else { FAILED };
                    let seen = format!("{failed}; {}", values(expression, object));
                    Finding::new(code, evidence.subject(object)).seen(short(seen.trim_end_matches("; ")))
                }
            };
            findings.push(finding.expected(sentence).mended_by(evidence.show(object)));
        }
    }
}

fn all(expect: &Expect, evidence: &Evidence, event: &Variables<'_>, findings: &mut Vec<Finding>) {
    if expect.all.is_empty() {
        return;
    }
    let objects = Value::Array(evidence.objects.iter().map(|object| object.json().clone()).collect());
    let variables = event.and("objects", &objects);
    for (sentence, expression) in &expect.all {
        let names: Vec<String> = evidence.objects.iter().map(|object| evidence.subject(object)).collect();
        let there = if names.is_empty() { "none is there".to_owned() } else { format!("of {}", names.join(", ")) };
        let (code, seen) = match expression.holds(&variables) {
            Ok(true) => continue,
            Ok(false) => (DOES_NOT_HOLD, there),
            Err(failed @ Failed::Absent(_)) => (NO_FIELD, format!("{failed}; {there}")),
            Err(failed) => (FAILED, format!("{failed}; {there}")),
        };
        let finding = Finding::new(code, evidence.asked_for());
        findings.push(finding.expected(sentence).seen(short(&seen)).mended_by(evidence.list()));
    }
}

/// The values that decided: those that the expression reads by a fixed path.
fn values(expression: &Expression<OfEach>, object: &Object) -> String {
    let shown: Vec<String> = expression
        .paths("object")
        .take(VALUES)
        .map(|path| format!("{} is {}", path.join("."), value(object.at(path))))
        .collect();
    if shown.is_empty() { format!("`{}` is false", expression.text()) } else { short(&shown.join(", ")) }
}

fn value(value: Option<&Value>) -> String {
    let text = match value {
        None => "absent".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "empty".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => format!("a list of {}", items.len()),
        Some(Value::Object(entries)) => {
            format!("a map of {}", entries.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
        Some(other) => other.to_string(),
    };
    cut(&text, VALUE)
}

/// One line, bounded.
pub(super) fn short(text: &str) -> String {
    cut(text, LINE)
}

fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most - 1).chain(['…']).collect() }
}
