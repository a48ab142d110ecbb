//! A file of this machine: manifests, or paths where a pointer says.

use super::{
    Listed,
    evidence::{Looked, Mount, Space},
    manifest::Object,
    observe::Found,
};
use crate::{
    clients::file::text,
    contract::{Remedy, Unobserved, Why},
};
use serde_json::Value;
use std::path::Path;

/// The longest file that is read, in bytes.
const MOST_BYTES: u64 = 8 << 20;
/// The most documents in one file.
const MOST_DOCUMENTS: usize = 2_000;
/// The names that lists give a path and what is put there: Kubernetes, Compose and the habit of most.
const PATH_KEYS: [&str; 6] = ["path", "mountPath", "mount_path", "mountpoint", "target", "destination"];
const NAME_KEYS: [&str; 4] = ["name", "volume", "storage", "source"];

/// Reads the file at `path`, and what is meant of it.
pub(super) fn look(path: &Path, named: &str, pointer: Option<&str>) -> Result<Found, Unobserved> {
    let asked = format!("file {named}");
    let by_hand = || Remedy::run(["cat", &path.display().to_string()]);
    let missing = |why, detail: &dyn std::fmt::Display| Unobserved::new(why, &asked, detail).by_hand(by_hand());
    let text = text(path, MOST_BYTES).map_err(|(why, detail)| missing(why, &detail))?;
    let documents = documents(&text).map_err(|error| missing(Why::Malformed, &error))?;
    let looked = Looked::File(named.to_owned());
    let Some(pointer) = pointer else { return Ok(Found { looked, ..manifests(&documents) }) };
    let mounts = documents.iter().map(|document| paths(document, pointer)).collect::<Result<Vec<_>, _>>();
    let mounts: Vec<Mount> = mounts.map_err(|detail| missing(Why::Malformed, &detail))?.into_iter().flatten().collect();
    Ok(Found { looked, spaces: vec![Space { mounts, ..Space::default() }], ..Found::default() })
}

fn documents(text: &str) -> Result<Vec<Value>, String> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        reject_unsupported_tags: true,
        budget: serde_saphyr::budget! { max_depth: 64, flow_nesting_limit: 64, max_documents: MOST_DOCUMENTS },
    };
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| format!("it is no YAML: {error}"))
}

/// Every object of the documents, those within a `List` too.
fn manifests(documents: &[Value]) -> Found {
    let mut found = Found::default();
    for (i, document) in documents.iter().enumerate() {
        let is_list = document["kind"].as_str().is_some_and(|kind| kind.ends_with("List"));
        let items = document["items"].as_array().filter(|_| is_list);
        let objects: Vec<&Value> = items.map_or_else(|| vec![document], |items| items.iter().collect());
        for whole in objects {
            let Some(object) = Object::of(whole, "Pod", &format!("document {}", i + 1)) else { continue };
            found.objects += 1;
            found.spaces.extend(object.spaces());
        }
    }
    found
}

/// The paths at `pointer`; where nothing is there, none, which is too few to compare.
fn paths(document: &Value, pointer: &str) -> Result<Vec<Mount>, String> {
    let mut at = vec![document];
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        at = at.into_iter().flat_map(|value| below(value, &step)).collect();
    }
    let mut mounts = Vec::new();
    for value in at {
        match value {
            Value::Array(items) => {
                for item in items {
                    mounts.push(mount(item).ok_or_else(|| format!("{pointer} holds what is no path: {}", kind(item)))?);
                }
            }
            Value::Object(entries) => {
                for (name, path) in entries {
                    let path = path.as_str().ok_or_else(|| format!("{pointer}/{name} is no path: {}", kind(path)))?;
                    mounts.push(Mount { name: name.clone(), path: path.to_owned(), ..Mount::default() });
                }
            }
            Value::Null => {}
            other => mounts.push(mount(other).ok_or_else(|| format!("{pointer} is no path: {}", kind(other)))?),
        }
    }
    Ok(mounts)
}

fn below<'a>(value: &'a Value, step: &str) -> Vec<&'a Value> {
    match (value, step) {
        (Value::Array(items), "*") => items.iter().collect(),
        (Value::Object(entries), "*") => entries.values().collect(),
        (Value::Array(items), index) => {
            index.parse().ok().and_then(|index: usize| items.get(index)).into_iter().collect()
        }
        (Value::Object(entries), key) => entries.get(key).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn mount(item: &Value) -> Option<Mount> {
    let named = |keys: &[&str]| keys.iter().find_map(|key| item[*key].as_str()).map(str::to_owned);
    match item {
        Value::String(text) => Some(Listed::of(text).into()),
        Value::Object(_) => {
            Some(Mount { path: named(&PATH_KEYS)?, name: named(&NAME_KEYS).unwrap_or_default(), ..Mount::default() })
        }
        _ => None,
    }
}

impl From<Listed> for Mount {
    fn from(listed: Listed) -> Self {
        Self { name: listed.name, path: listed.path, ..Self::default() }
    }
}

/// What a value is, and never what it says: a pointer that misses may lead to a secret.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a switch",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map without a path",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str, pointer: &str) -> Result<Vec<(String, String)>, String> {
        let documents = documents(text)?;
        let mounts = documents.iter().map(|document| paths(document, pointer)).collect::<Result<Vec<_>, _>>()?;
        Ok(mounts.into_iter().flatten().map(|mount| (mount.name, mount.path)).collect())
    }

    #[test]
    fn a_pointer_finds_paths_in_lists_and_maps_of_any_habit() {
        let pair = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        let text = "jobs:\n- storages: [ 'cache:/a', { name: b, mount_path: /b } ]\n- storages: { c: /c }\n";
        let wanted = vec![pair("cache", "/a"), pair("b", "/b"), pair("c", "/c")];
        assert_eq!(read(text, "/jobs/*/storages"), Ok(wanted));
        assert_eq!(read(text, "/jobs/1/storages/c"), Ok(vec![pair("", "/c")]));
        assert_eq!(read(text, "/nothing"), Ok(Vec::new()));
        assert!(read("a: [{ size: 3 }]", "/a").is_err() && read("a: [3]", "/a").is_err());
    }

    #[test]
    fn several_documents_and_lists_of_objects_are_manifests() {
        let pod = json!({ "kind": "Pod", "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "m" }] } });
        let text = format!("---\n{pod}\n---\n---\nkind: List\nitems: [{pod}, {{ kind: Service }}]\n");
        let found = manifests(&documents(&text).expect("YAML"));
        assert_eq!((found.objects, found.spaces.len()), (2, 2));
    }
}
