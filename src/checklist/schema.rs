//! The JSON Schema of a checklist, made from the types that read it and from the catalogue's.
//!
//! One document without references to others, so that an editor needs no network. Where a number, a switch or a list
//! may stand, an expression may stand too.

use super::top::Top;
use gonogo_checks::{
    CATALOGUE,
    clients::connections::{CONNECTION_KINDS, cluster_schema, site_aws_schema},
};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a checklist.
#[must_use]
pub fn schema() -> Value {
    let mut root = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Top>().to_value();
    let mut defs = root["$defs"].take().as_object().cloned().unwrap_or_default();
    let probes = CATALOGUE.iter().map(|kind| {
        let with = adopt(kind.name, "with", (kind.settings)(), &mut defs);
        let expect = adopt(kind.name, "expect", (kind.expect)(), &mut defs);
        let then = json!({ "properties": { "with": with, "expect": expect } });
        choice("probe", kind.name, &then)
    });
    let probes: Vec<Value> = probes.collect();
    let check = &mut defs["Check"];
    check["allOf"] = Value::Array(probes);
    check["properties"]["probe"] = json!({ "enum": CATALOGUE.iter().map(|kind| kind.name).collect::<Vec<_>>() });
    check["properties"]["per_site"] = json!({ "type": "object" });
    let mut defaults = check.clone();
    for strict in ["required", "allOf"] {
        defaults.as_object_mut().map(|schema| schema.remove(strict));
    }
    root["properties"]["defaults"] = defaults;
    root["properties"]["vars"] = json!({ "type": "object" });
    root["properties"]["checks"]["minProperties"] = json!(1);
    root["properties"]["connections"] = connections(&mut defs);
    let kubernetes = adopt("site", "kubernetes", cluster_schema(), &mut defs);
    let aws = adopt("site", "aws", site_aws_schema(), &mut defs);
    defs["Site"]["properties"]["kubernetes"] = kubernetes;
    defs["Site"]["properties"]["aws"] = aws;
    defs["Site"]["properties"]["vars"] = json!({ "type": "object" });
    for own in ["Event", "Check", "Site", "Limits"] {
        allow_own_keys(&mut defs[own]);
    }
    allow_own_keys(&mut root);
    allow_own_keys(&mut root["properties"]["defaults"]);
    root["$defs"] = Value::Object(defs);
    root
}

fn connections(defs: &mut Map<String, Value>) -> Value {
    let kinds: Vec<&str> = CONNECTION_KINDS.iter().map(|kind| kind.name).collect();
    let each: Vec<Value> = CONNECTION_KINDS
        .iter()
        .map(|kind| choice("kind", kind.name, &adopt("connection", kind.name, (kind.schema)(), defs)))
        .collect();
    json!({ "type": "object", "additionalProperties": {
        "type": "object", "required": ["kind"], "properties": { "kind": { "enum": kinds } }, "allOf": each } })
}

/// `then`, where the key `key` is the word `word`.
fn choice(key: &str, word: &str, then: &Value) -> Value {
    json!({ "if": { "properties": { key: { "const": word } }, "required": [key] }, "then": then })
}

/// Keys that begin with `x-` are the user's own.
fn allow_own_keys(schema: &mut Value) {
    schema["patternProperties"] = json!({ "^x-": true });
}

/// Takes a whole schema into this one: its definitions get names of their own, and it may hold expressions.
fn adopt(owner: &str, part: &str, schema: Schema, defs: &mut Map<String, Value>) -> Value {
    let mut schema = schema.to_value();
    let prefix = format!("{owner}.{part}");
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
    }
    let own = schema.as_object_mut().and_then(|object| object.remove("$defs"));
    rename(&mut schema, &prefix);
    or_expression(&mut schema, true);
    for (name, mut definition) in own.as_ref().and_then(Value::as_object).cloned().unwrap_or_default() {
        rename(&mut definition, &prefix);
        or_expression(&mut definition, false);
        defs.insert(format!("{prefix}.{name}"), definition);
    }
    schema
}

fn rename(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/$defs/{prefix}.{name}");
            }
            object.values_mut().for_each(|value| rename(value, prefix));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, prefix)),
        _ => {}
    }
}

/// Lets an expression stand for whatever is not a text. The whole of `with` and `expect` is always a map.
fn or_expression(schema: &mut Value, is_whole: bool) {
    const EXPRESSION: &str = r"\$\{.+\}";
    let Some(object) = schema.as_object_mut() else { return };
    for key in ["properties", "patternProperties"] {
        if let Some(Value::Object(properties)) = object.get_mut(key) {
            properties.values_mut().for_each(|schema| or_expression(schema, false));
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(schema) = object.get_mut(key) {
            or_expression(schema, false);
        }
    }
    let is_text = |schema: &Value| schema["type"] == "string";
    if let Some(Value::Array(choices)) = object.get_mut("oneOf") {
        // An expression matches every choice that allows one, and `oneOf` refuses what matches twice.
        let choices = std::mem::take(choices);
        object.remove("oneOf");
        object.insert("anyOf".to_owned(), Value::Array(choices));
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        for choice in choices.iter_mut() {
            or_expression(choice, is_whole);
        }
    }
    let is_other = match object.get("type") {
        Some(Value::String(_)) => !is_text(&Value::Object(object.clone())),
        Some(Value::Array(types)) => !types.iter().any(|name| name == "string"),
        _ => object.contains_key("enum"),
    };
    if is_other && !is_whole {
        let description = object.remove("description");
        let strict = std::mem::take(object);
        object.extend(description.map(|description| ("description".to_owned(), description)));
        let expression = json!({ "type": "string", "pattern": EXPRESSION });
        object.insert("anyOf".to_owned(), json!([strict, expression]));
    }
}
