//! Recordings of real servers, and what it means to answer like one: the same status, the headers that matter, and JSON
//! of the same keys in which each value has the same type.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::client::Answer;

const HEADERS: [&str; 5] =
    ["content-type", "www-authenticate", "docker-distribution-api-version", "vary", "x-amzn-errortype"];

/// A recorded answer.
pub fn recorded(file: &str) -> Answer {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(file);
    let text = std::fs::read_to_string(&path).expect("the recording");
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.expect("a status line"),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.trim_end().to_owned(),
    }
}

/// Asserts that an answer is like the recorded one.
pub fn assert_like(answer: &Answer, file: &str) {
    let recorded = recorded(file);
    assert_eq!(answer.status, recorded.status, "{file}: status");
    for name in HEADERS {
        assert_eq!(answer.header(name), recorded.header(name), "{file}: {name}");
    }
    let ours = serde_json::from_str::<Value>(&answer.body);
    match serde_json::from_str::<Value>(&recorded.body) {
        Ok(theirs) => assert_eq!(shape(&ours.expect("JSON too")), shape(&theirs), "{file}: body"),
        Err(_) => assert_eq!(answer.body.is_empty(), recorded.body.is_empty(), "{file}: body"),
    }
}

/// Asserts that an answer's JSON is the recorded one.
pub fn assert_same(answer: &Answer, file: &str) {
    assert_like(answer, file);
    let theirs: Value = serde_json::from_str(&recorded(file).body).expect("recorded JSON");
    assert_eq!(answer.json(), theirs, "{file}: body");
}

fn shape(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let fields = object.iter().map(|(name, value)| (name.clone(), shape(value)));
            let mut sorted: Vec<_> = fields.collect();
            sorted.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(sorted.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().take(1).map(shape).collect()),
        Value::String(_) => json!("text"),
        Value::Number(number) if number.is_f64() => json!("fraction"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("switch"),
        Value::Null => Value::Null,
    }
}
