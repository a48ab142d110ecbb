//! Makes ordinary objects as JSON, the way a real server gives them: zeros left out, UIDs and times filled in.
//!
//! UIDs and suffixes come from names by hashing, never from chance: two runs over the same state give the same bytes.

mod cluster;
mod daemonset;
mod deployment;
mod hpa;
mod node;
mod nodepool;
mod pod;
mod statefulset;
mod stock;
mod workload;

use std::fmt::Write as _;

use jiff::{Timestamp, Unit};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Key;

pub use hpa::Hpa;
pub use node::Node;
pub use nodepool::NodePool;
pub use pod::{Image, Unready};
pub use workload::{Progress, Workload};

/// Fills in what the server itself writes, where it is not there yet.
pub(super) fn complete(object: &mut Value, key: &Key, version: u64, since: Timestamp) {
    let is_api = object["apiVersion"].clone();
    let fields = managed(object, false);
    let made = second(since);
    let metadata = &mut object["metadata"];
    let kept = metadata["managedFields"].take();
    let given = json!({
        "uid": uid(&[&key.resource, &key.namespace, &key.name]),
        "creationTimestamp": made,
        "managedFields": [{
            "manager": "kubectl",
            "operation": "Apply",
            "apiVersion": is_api,
            "time": made,
            "fieldsType": "FieldsV1",
            "fieldsV1": fields,
        }],
    });
    metadata["managedFields"] = kept;
    metadata["resourceVersion"] = json!(version.to_string());
    if let Value::Object(given) = given {
        for (name, value) in given {
            if metadata[&name].is_null() {
                metadata[&name] = value;
            }
        }
    }
}

/// The names of the fields that somebody manages. A review marks each object of fields with a dot.
pub(super) fn managed(object: &Value, is_dotted: bool) -> Value {
    let mut fields = Map::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if matches!(name.as_str(), "apiVersion" | "kind" | "uid" | "creationTimestamp" | "managedFields") {
            continue;
        }
        let mut below = managed(value, is_dotted);
        if let Value::Object(inner) = &mut below
            && is_dotted
            && name != "spec"
            && !inner.is_empty()
        {
            inner.insert(".".to_owned(), json!({}));
        }
        fields.insert(format!("f:{name}"), below);
    }
    Value::Object(fields)
}

/// The scale of a workload.
pub(super) fn scale(object: &Value) -> Value {
    let metadata = &object["metadata"];
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let selector: Vec<_> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    let kept = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];
    let metadata: Map<_, _> = kept.into_iter().map(|name| (name.to_owned(), metadata[name].clone())).collect();
    let mut spec = Map::new();
    put_count(&mut spec, "replicas", object["spec"]["replicas"].as_u64().unwrap_or_default());
    json!({
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": spec,
        "status": { "replicas": object["status"]["replicas"].as_u64().unwrap_or_default(), "selector": selector.join(",") },
    })
}

/// A count as the API writes it: zero is left out.
fn put_count(fields: &mut Map<String, Value>, name: &str, count: u64) {
    if count > 0 {
        fields.insert(name.to_owned(), json!(count));
    }
}

/// A time as the API writes it: whole seconds, UTC.
pub(super) fn second(time: Timestamp) -> String {
    let whole = time.round(Unit::Second).unwrap_or(time);
    whole.to_string()
}

/// A UID made of names.
pub(super) fn uid(names: &[&str]) -> String {
    let hex = hash(names);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

/// The suffix that the API gives to names it makes: its own alphabet, without letters that spell words.
pub(super) fn suffix(names: &[&str], length: usize) -> String {
    let digest = Sha256::digest(names.join("/"));
    let letters = b"bcdfghjklmnpqrstvwxz2456789";
    digest.iter().take(length).map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
}

/// SHA-256 of some names, in hexadecimal.
fn hash(names: &[&str]) -> String {
    let digest = Sha256::digest(names.join("/"));
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
