//! As much of JSON Schema (draft 2020-12) as gonogo's own schemas use; any other keyword is an error here.
//!
//! A whole validator would be two dozen crates more in every build of the tests.

use serde_json::{Map, Value};

/// Words that say something to a reader and nothing about the value.
const PROSE: [&str; 6] = ["$schema", "$defs", "title", "description", "default", "format"];

/// Everything that is wrong with `value`, each with its path.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let Value::Object(words) = schema else {
        assert!(schema.is_boolean(), "no schema: {schema}");
        if schema == &Value::Bool(false) {
            found.push(format!("{path}: nothing may stand here"));
        }
        return;
    };
    for (word, says) in words {
        if PROSE.contains(&word.as_str()) {
            continue;
        }
        let is_well = match word.as_str() {
            "type" => is_type(says, value),
            "enum" => says.as_array().expect("a list").contains(value),
            "const" => says == value,
            "pattern" => value.as_str().is_none_or(|text| matches(text, says.as_str().expect("a pattern"))),
            "minimum" => number(value).is_none_or(|number| number >= bound(says)),
            "maximum" => number(value).is_none_or(|number| number <= bound(says)),
            "exclusiveMinimum" => number(value).is_none_or(|number| number > bound(says)),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= count(says)),
            "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= count(says)),
            "minItems" => value.as_array().is_none_or(|items| items.len() >= count(says)),
            "maxItems" => value.as_array().is_none_or(|items| items.len() <= count(says)),
            "minProperties" => value.as_object().is_none_or(|keys| keys.len() >= count(says)),
            "maxProperties" => value.as_object().is_none_or(|keys| keys.len() <= count(says)),
            "anyOf" => holding(root, says, value) > 0,
            "oneOf" => holding(root, says, value) == 1,
            "not" => !holds(root, says, value),
            _ => {
                descend(root, words, word, says, (value, path), found);
                continue;
            }
        };
        if !is_well {
            found.push(format!("{path}: {value} is not {word} {says}"));
        }
    }
}

fn descend(
    root: &Value,
    words: &Map<String, Value>,
    word: &str,
    says: &Value,
    (value, path): (&Value, &str),
    found: &mut Vec<String>,
) {
    match word {
        "$ref" => {
            let pointer = says.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference within");
            let to = root.pointer(pointer).unwrap_or_else(|| panic!("{says} leads nowhere"));
            check(root, to, value, path, found);
        }
        "allOf" => says.as_array().expect("a list").iter().for_each(|each| check(root, each, value, path, found)),
        "if" => {
            let branch = if holds(root, says, value) { "then" } else { "else" };
            if let Some(branch) = words.get(branch) {
                check(root, branch, value, path, found);
            }
        }
        "then" | "else" => assert!(words.contains_key("if"), "{word} without if"),
        "items" => {
            for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                check(root, says, item, &format!("{path}/{i}"), found);
            }
        }
        "required" => {
            for key in says.as_array().expect("a list") {
                let key = key.as_str().expect("a key");
                if value.as_object().is_some_and(|keys| !keys.contains_key(key)) {
                    found.push(format!("{path}: {key} is missing"));
                }
            }
        }
        "properties" | "patternProperties" | "additionalProperties" => {
            for (key, inner) in value.as_object().into_iter().flatten() {
                let path = format!("{path}/{key}");
                let own = words.get("properties").and_then(|own| own.get(key));
                let alike: Vec<&Value> = words
                    .get("patternProperties")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                    .filter(|(pattern, _)| matches(key, pattern))
                    .map(|(_, schema)| schema)
                    .collect();
                match word {
                    "properties" => own.into_iter().for_each(|own| check(root, own, inner, &path, found)),
                    "patternProperties" => alike.iter().for_each(|alike| check(root, alike, inner, &path, found)),
                    _ if own.is_none() && alike.is_empty() => check(root, says, inner, &path, found),
                    _ => {}
                }
            }
        }
        _ => panic!("this checker does not know `{word}`"),
    }
}

fn holds(root: &Value, schema: &Value, value: &Value) -> bool {
    let mut found = Vec::new();
    check(root, schema, value, "", &mut found);
    found.is_empty()
}

fn holding(root: &Value, schemas: &Value, value: &Value) -> usize {
    schemas.as_array().expect("a list").iter().filter(|schema| holds(root, schema, value)).count()
}

fn is_type(says: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => number(value).is_some_and(|number| number.fract() == 0.0),
        _ => panic!("no type is called {name}"),
    };
    match says {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().any(|name| is(name.as_str().expect("a type"))),
        _ => panic!("{says} is no type"),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

fn bound(says: &Value) -> f64 {
    says.as_f64().expect("a number")
}

fn count(says: &Value) -> usize {
    says.as_u64().and_then(|count| count.try_into().ok()).expect("a count")
}

/// By the expression language, which has regular expressions and is there already.
fn matches(text: &str, pattern: &str) -> bool {
    let program = cel::Program::compile("text.matches(pattern)").expect("an expression");
    let mut context = cel::Context::default();
    context.add_variable_from_value("text", text.to_owned());
    context.add_variable_from_value("pattern", pattern.to_owned());
    program.execute(&context).expect("a pattern") == cel::Value::Bool(true)
}

#[test]
fn what_a_schema_forbids_is_found() {
    let schema = serde_json::json!({
        "$defs": { "name": { "type": "string", "pattern": "^[a-z]+$", "minLength": 2 } },
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": { "name": { "$ref": "#/$defs/name" }, "ages": { "items": { "type": "integer", "minimum": 0 } } },
        "patternProperties": { "^x-": {} },
        "if": { "required": ["ages"] },
        "then": { "properties": { "name": { "const": "ada" } } },
    });
    let faults = |value: Value| faults(&schema, &value).len();
    assert_eq!(faults(serde_json::json!({ "name": "ada", "ages": [1, 2], "x-own": [] })), 0);
    for wrong in [
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({ "name": "A" }),
        serde_json::json!({ "name": "ada", "other": 1 }),
        serde_json::json!({ "name": "ada", "ages": [-1] }),
        serde_json::json!({ "name": "ada", "ages": [1.5] }),
        serde_json::json!({ "name": "bob", "ages": [] }),
    ] {
        assert!(faults(wrong.clone()) > 0, "{wrong}");
    }
}
