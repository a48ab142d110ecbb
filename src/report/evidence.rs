//! Evidence for a person who asks for more: one line for each value, its path before it.

use super::shown;
use serde_json::Value;

/// The most lines that are shown; the JSON report has them all.
const MOST: usize = 30;

/// `path: value` for each value, outside text made harmless; what is beyond the bound is counted.
#[must_use]
pub fn lines(evidence: &Value) -> Vec<String> {
    let mut all = Vec::new();
    walk(evidence, "", &mut all);
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if more > 0 {
        all.push(format!("{more} more lines in -o json"));
    }
    all
}

fn walk(value: &Value, path: &str, out: &mut Vec<String>) {
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| walk(item, &below(&i.to_string()), out)),
        Value::Object(entries) => entries.iter().for_each(|(key, item)| walk(item, &below(key), out)),
        Value::String(text) => out.push(shown::line(&format!("{path}: {text}")).into_owned()),
        other => out.push(shown::line(&format!("{path}: {other}")).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_value_has_its_path_and_what_is_too_much_is_counted() {
        let evidence = json!({ "node": { "used": 0.88, "name": "a\u{1b}b", "inodes": null }, "asked": ["GET /"] });
        assert_eq!(lines(&evidence), ["node.used: 0.88", "node.name: a\\u{1b}b", "asked.0: GET /"]);
        let long = lines(&json!((0..100).collect::<Vec<_>>()));
        assert_eq!((long.len(), long.last().map(String::as_str)), (MOST + 1, Some("70 more lines in -o json")));
    }
}
