//! The JSON Schema of a checklist, made from the types that read it and from the catalogue's.
//!
//! One document without references to others, so that an editor needs no network. Where a number, a switch or a list
//! may stand, an expression may stand too.

use super::top::Top;
use gonogo_checks::{
    CATALOGUE,
    clients::connections::{CONNECTION_KINDS, cluster_schema, site_aws_schema},
};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a checklist.
#[must_use]
pub fn schema() -> Value {
    let mut root = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Top>().to_value();
    let mut defs = root["$defs"].take().as_object().cloned().unwrap_or_default();
    let mut probes = Vec::with_capacity(CATALOGUE.len());
    for kind in CATALOGUE {
        let mut settings = (kind.settings)().to_value();
        if kind.is_relation {
            let types = settings["$defs"].clone();
            name_sites(&mut settings, &types);
        }
        let with = adopt(kind.name, "with", settings, &mut defs);
        let expect = adopt(kind.name, "expect", (kind.expect)().to_value(), &mut defs);
        probes.push(choice("probe", kind.name, &json!({ "properties": { "with": with, "expect": expect } })));
    }
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
    let kubernetes = adopt("site", "kubernetes", cluster_schema().to_value(), &mut defs);
    let aws = adopt("site", "aws", site_aws_schema().to_value(), &mut defs);
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
        .map(|kind| choice("kind", kind.name, &adopt("connection", kind.name, (kind.schema)().to_value(), defs)))
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
fn adopt(owner: &str, part: &str, mut schema: Value, defs: &mut Map<String, Value>) -> Value {
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

/// The definition of what `sites` may say.
const SITES: &str = "Sites";

/// Where a relation reads a map from site to settings, a checklist writes the settings once, and `sites` beside them.
fn name_sites(schema: &mut Value, types: &Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(|value| name_sites(value, types));
            let each = object.get("additionalProperties").filter(|each| each.is_object());
            let each = each.map(|each| match each["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
                Some(name) => types[name].clone(),
                None => each.clone(),
            });
            if let Some(mut each) = each.filter(|each| each["properties"].is_object()) {
                each["properties"]["sites"] = json!({ "$ref": format!("#/$defs/{SITES}") });
                let by_site = Value::Object(std::mem::take(object));
                object.insert("anyOf".to_owned(), json!([each, by_site]));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_sites(item, types)),
        _ => {}
    }
}

fn rename(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/").filter(|name| *name != SITES)
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
    let is_free = !["enum", "const", "pattern", "format"].iter().any(|bound| object.contains_key(*bound));
    let is_other = match object.get("type") {
        Some(Value::String(name)) => name != "string" || !is_free,
        Some(Value::Array(names)) => !names.iter().any(|name| name == "string") || !is_free,
        _ => !is_free,
    };
    if is_other && !is_whole {
        let description = object.remove("description");
        let strict = std::mem::take(object);
        object.extend(description.map(|description| ("description".to_owned(), description)));
        let expression = json!({ "type": "string", "pattern": EXPRESSION });
        object.insert("anyOf".to_owned(), json!([strict, expression]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references<'a>(schema: &'a Value, found: &mut Vec<&'a str>) {
        match schema {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_refers_to_nothing_outside_itself() {
        let schema = schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 10);
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a reference into the schema itself");
            assert!(schema.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }

    #[test]
    fn every_probe_has_its_own_settings_and_bar() {
        let schema = schema();
        let cases = schema["$defs"]["Check"]["allOf"].as_array().expect("the cases");
        assert_eq!(cases.len(), CATALOGUE.len());
        for (case, kind) in cases.iter().zip(CATALOGUE) {
            assert_eq!(case["if"]["properties"]["probe"]["const"], kind.name);
            assert!(case["then"]["properties"]["with"].is_object() && case["then"]["properties"]["expect"].is_object());
        }
    }

    #[test]
    fn an_expression_may_stand_where_a_number_or_a_word_may() {
        let mut schema = json!({ "type": "object", "properties": {
            "count": { "type": "integer" }, "word": { "type": "string", "enum": ["a"] }, "text": { "type": "string" } } });
        or_expression(&mut schema, true);
        let properties = &schema["properties"];
        assert!(properties["count"]["anyOf"].is_array() && properties["word"]["anyOf"].is_array());
        assert_eq!(properties["text"], json!({ "type": "string" }));
        assert_eq!(schema["type"], "object", "the whole of `with` is a map");
    }

    #[test]
    fn a_relation_may_name_its_sites_beside_what_is_said_of_each() {
        let types =
            json!({ "Running": { "type": "object", "additionalProperties": false, "properties": { "n": {} } } });
        let mut schema = json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/Running" } });
        name_sites(&mut schema, &types);
        assert_eq!(schema["anyOf"][0]["properties"]["sites"]["$ref"], "#/$defs/Sites");
        assert_eq!(schema["anyOf"][1]["additionalProperties"]["$ref"], "#/$defs/Running");
    }
}
