//! What a body must be: its text, what it holds, what it must not hold, and values within JSON.
//!
//! What lies beyond the part that was kept is unknown: neither there nor absent.

use super::{WRONG_BODY, answer::Flaw, evidence::Body};
use crate::contract::core;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// What a body must be. At least one of its keys.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub struct BodyBar(Written);

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The whole body is this; line breaks at its end do not count.
    #[serde(default)]
    equals: Option<String>,
    /// The body holds this.
    #[serde(default)]
    contains: Option<String>,
    /// The body does not hold this.
    #[serde(default)]
    not_contains: Option<String>,
    /// The body is JSON, and these of its values are right.
    #[serde(default)]
    json: Vec<ValueBar>,
}

/// What one value within JSON must be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenValue")]
#[schemars(with = "WrittenValue")]
pub struct ValueBar {
    pointer: String,
    is: Wanted,
}

#[derive(Clone, Debug)]
enum Wanted {
    Equals(Value),
    Contains(String),
    There(bool),
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenValue {
    /// Where the value is: a JSON pointer such as `/status` or `/items/0/name` (RFC 6901).
    pointer: String,
    /// It is this: a text, a number, a switch, `null`, a list or a map.
    #[serde(default, deserialize_with = "some")]
    equals: Option<Value>,
    /// It is a text that holds this, or a list that holds this text.
    #[serde(default)]
    contains: Option<String>,
    /// True (also when nothing else is written): it is there. False: it is not.
    #[serde(default)]
    exists: Option<bool>,
}

/// `equals: null` means the value null, not that nothing is expected.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl TryFrom<Written> for BodyBar {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let texts = [&written.contains, &written.not_contains];
        if texts.into_iter().flatten().any(String::is_empty) {
            return Err("every body contains the empty text".to_owned());
        }
        let is_bar = written.equals.is_some() || texts.into_iter().any(Option::is_some) || !written.json.is_empty();
        if is_bar { Ok(Self(written)) } else { Err("nothing is expected of the body".to_owned()) }
    }
}

impl TryFrom<WrittenValue> for ValueBar {
    type Error = String;

    fn try_from(written: WrittenValue) -> Result<Self, String> {
        let WrittenValue { pointer, equals, contains, exists } = written;
        if !(pointer.is_empty() || pointer.starts_with('/')) {
            return Err(format!("`{pointer}` is no JSON pointer: write `/{pointer}`"));
        }
        let is = match (equals, contains, exists) {
            (Some(value), None, None | Some(true)) => Wanted::Equals(value),
            (None, Some(text), None | Some(true)) if !text.is_empty() => Wanted::Contains(text),
            (None, None, exists) => Wanted::There(exists.unwrap_or(true)),
            _ => return Err("write one of `equals`, `contains` (a text) and `exists`".to_owned()),
        };
        Ok(Self { pointer, is })
    }
}

impl BodyBar {
    pub(crate) fn judge(&self, body: &Body) -> Vec<Flaw> {
        let Written { equals, contains, not_contains, json } = &self.0;
        let equals = equals.as_ref().and_then(|wanted| is_text(wanted, body));
        let contains = contains.as_ref().and_then(|wanted| has(wanted, body));
        let lacks = not_contains.as_ref().and_then(|unwanted| lacks(unwanted, body));
        let values = if json.is_empty() { Vec::new() } else { values(json, body) };
        equals.into_iter().chain(contains).chain(lacks).chain(values).collect()
    }
}

fn is_text(wanted: &str, body: &Body) -> Option<Flaw> {
    let end = ['\r', '\n'];
    let expected = || if wanted.is_empty() { "an empty body".to_owned() } else { format!("body `{wanted}`") };
    let is_good = !body.is_cut && body.text.trim_end_matches(end) == wanted.trim_end_matches(end);
    (!is_good).then(|| Flaw::new(WRONG_BODY, expected(), body.words()))
}

fn has(wanted: &str, body: &Body) -> Option<Flaw> {
    let expected = || format!("`{wanted}` in the body");
    match body.text.contains(wanted) {
        true => None,
        false if body.is_cut => Some(cut(expected(), body)),
        false => Some(Flaw::new(WRONG_BODY, expected(), body.words())),
    }
}

fn lacks(unwanted: &str, body: &Body) -> Option<Flaw> {
    let expected = || format!("no `{unwanted}` in the body");
    match body.text.contains(unwanted) {
        true => Some(Flaw::new(WRONG_BODY, expected(), format!("it is there: {}", around(unwanted, &body.text)))),
        false if body.is_cut => Some(cut(expected(), body)),
        false if !body.is_text => Some(Flaw::new(core::MALFORMED, expected(), "a body that is not UTF-8")),
        false => None,
    }
}

/// The text with a few words on both its sides.
fn around(text: &str, whole: &str) -> String {
    let at = whole.find(text).unwrap_or_default();
    let before: String = whole[..at].chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = whole[at + text.len()..].chars().take(20).collect();
    format!("`{}`", format!("{before}{text}{after}").split_whitespace().collect::<Vec<_>>().join(" "))
}

fn cut(expected: String, body: &Body) -> Flaw {
    let seen = format!("{} of {} bytes of the body are kept, and it is not among them", body.text.len(), body.bytes);
    Flaw::new(core::TOO_LARGE, expected, seen)
}

fn values(bars: &[ValueBar], body: &Body) -> Vec<Flaw> {
    if body.is_cut {
        return vec![cut("JSON".to_owned(), body)];
    }
    match serde_json::from_str::<Value>(&body.text) {
        Ok(whole) => bars.iter().filter_map(|bar| bar.judge(&whole)).collect(),
        Err(_) => vec![Flaw::new(WRONG_BODY, "JSON", body.words())],
    }
}

impl ValueBar {
    fn judge(&self, whole: &Value) -> Option<Flaw> {
        let found = whole.pointer(&self.pointer);
        let is_good = match &self.is {
            Wanted::Equals(wanted) => found.is_some_and(|found| is_same(found, wanted)),
            Wanted::Contains(wanted) => found.is_some_and(|found| holds(found, wanted)),
            Wanted::There(wanted) => found.is_some() == *wanted,
        };
        let seen = || found.map_or_else(|| format!("no {}", self.pointer), |found| short(&self.pointer, found));
        (!is_good).then(|| Flaw::new(WRONG_BODY, self.wanted(), seen()))
    }

    fn wanted(&self) -> String {
        let pointer = &self.pointer;
        match &self.is {
            Wanted::Equals(value) => short(pointer, value),
            Wanted::Contains(text) => format!("{pointer} with `{text}` in it"),
            Wanted::There(true) => format!("some {pointer}"),
            Wanted::There(false) => format!("no {pointer}"),
        }
    }
}

fn short(pointer: &str, value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        None => format!("{pointer} is {text}"),
        Some((end, _)) => format!("{pointer} is {}…", &text[..end]),
    }
}

/// As JSON means it: `1` and `1.0` are one number.
fn is_same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        _ => found == wanted,
    }
}

fn holds(found: &Value, wanted: &str) -> bool {
    match found {
        Value::String(text) => text.contains(wanted),
        Value::Array(items) => items.iter().any(|item| item == wanted),
        _ => false,
    }
}
