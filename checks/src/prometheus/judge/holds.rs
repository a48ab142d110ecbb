//! What must hold of each series, and of all of them: sentences, decided by CEL on one thread with a large stack.

use super::{
    super::{Evidence, Expect, Query, Sample, codes},
    mended, series,
};
use crate::contract::{
    Finding, Remedy, Window,
    cel::{Failed, Variables, on_large_stack},
};
use serde_json::{Map, Value, json};

/// The most letters of one line of what was seen.
const LINE: usize = 240;

pub(super) fn each(expect: &Expect, query: &Query, samples: &[Sample], window: &Window) -> Vec<Finding> {
    if expect.each.is_empty() {
        return Vec::new();
    }
    let judged = on_large_stack(|| {
        let event = Variables::of_event(window);
        let mut findings = Vec::new();
        // One without a value is said to be so already, and decides nothing.
        for sample in samples.iter().filter(|sample| sample.value.is_some()) {
            let object = object(query, sample);
            let variables = event.and("object", &object);
            for (sentence, expression) in &expect.each {
                let value = short(&format!("its value is {}", object["value"]));
                let (code, seen) = match expression.holds(&variables) {
                    Ok(true) => continue,
                    Ok(false) => (codes::DOES_NOT_HOLD, value),
                    Err(failed @ Failed::Absent(_)) => (codes::NO_FIELD, format!("{failed}; {value}")),
                    Err(failed) => (codes::FAILED, format!("{failed}; {value}")),
                };
                let says = "see its series; the sentence says what must hold of them";
                let finding = Finding::new(code, short(&series::subject(query, sample)));
                findings.push(finding.expected(sentence).seen(seen).mended_by(mended(query.by_hand.as_ref(), says)));
            }
        }
        findings
    });
    judged.unwrap_or_else(|error| vec![stuck(&query.name, &error)])
}

pub(super) fn all(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    if evidence.rules.is_some() {
        let misplaced = expect.speaks_of_series().then(|| {
            Finding::new(codes::FAILED, evidence.server.clone())
                .expected("series, which `at_least`, `each` and `all` speak of")
                .seen("rules alone were looked at")
                .mended_by(Remedy::prose("put what is expected of series into a check of `queries`"))
        });
        return misplaced.into_iter().collect();
    }
    // Where one query gave nothing to judge, all of them together are not there.
    if expect.all.is_empty() || evidence.queries.iter().any(|query| query.gave.is_err()) {
        return Vec::new();
    }
    let of = |query: &Query| -> Vec<Value> {
        let samples = query.gave.iter().flatten().filter(|sample| sample.value.is_some());
        samples.map(|sample| object(query, sample)).collect()
    };
    let objects = Value::Array(evidence.queries.iter().flat_map(of).collect());
    let count = objects.as_array().map_or(0, Vec::len);
    let judged = on_large_stack(|| {
        let event = Variables::of_event(window);
        let variables = event.and("objects", &objects);
        let mut findings = Vec::new();
        for (sentence, expression) in &expect.all {
            let (code, seen) = match expression.holds(&variables) {
                Ok(true) => continue,
                Ok(false) => (codes::DOES_NOT_HOLD, format!("of {count} series it does not")),
                Err(failed @ Failed::Absent(_)) => (codes::NO_FIELD, failed.to_string()),
                Err(failed) => (codes::FAILED, failed.to_string()),
            };
            let names: Vec<&str> = evidence.queries.iter().map(|query| query.name.as_str()).collect();
            let by_hand = evidence.queries.first().and_then(|query| query.by_hand.as_ref());
            let says = "see the series; the sentence says what must hold of all of them";
            let finding = Finding::new(code, short(&names.join(", ")));
            findings.push(finding.expected(sentence).seen(short(&seen)).mended_by(mended(by_hand, says)));
        }
        findings
    });
    judged.unwrap_or_else(|error| vec![stuck(&evidence.server, &error)])
}

fn stuck(subject: &str, error: &std::io::Error) -> Finding {
    let seen = format!("cannot start a thread: {error}");
    Finding::new(codes::FAILED, subject).expected("an answer").seen(seen).mended_by(Remedy::prose("run it again"))
}

/// A series as CEL sees it.
fn object(query: &Query, sample: &Sample) -> Value {
    let mut object = Map::new();
    object.insert("query".to_owned(), json!(query.name));
    object.insert("labels".to_owned(), json!(sample.labels));
    object.extend(sample.value.map(|value| ("value".to_owned(), json!(value))));
    object.extend(sample.time.map(|time| ("time".to_owned(), json!(time))));
    if query.points.is_some() {
        let points =
            sample.values.iter().filter_map(|point| Some(json!({ "time": point.time, "value": point.value? })));
        object.insert("values".to_owned(), points.collect());
    }
    Value::Object(object)
}

/// One line, bounded, without control characters.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = line.chars().filter(|letter| !letter.is_control());
    let mut short: String = letters.by_ref().take(LINE).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
