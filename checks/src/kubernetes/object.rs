//! An object as it is kept: without what nobody asks for, and without the values of environment variables.

use super::condition::Condition;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The annotation in which `kubectl` keeps the whole object once more.
const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Where containers stand, in a pod and in every template of one.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// An object of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Object(Value);

impl<'de> Deserialize<'de> for Object {
    /// Trims while it reads, so that what is dropped is never held for long.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Value::deserialize(deserializer)?;
        let is_named = object["metadata"]["name"].is_string();
        if !is_named {
            return Err(serde::de::Error::custom("an object without a name"));
        }
        trim(&mut object);
        Ok(Self(object))
    }
}

fn trim(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.shift_remove(APPLIED);
        }
    }
    hide_values(object);
}

/// Drops the values of environment variables, wherever there are containers.
fn hide_values(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide_values),
        Value::Object(entries) => {
            for (key, inner) in entries {
                if CONTAINERS.contains(&key.as_str()) {
                    let variables = inner.as_array_mut().into_iter().flatten().filter_map(|one| one.get_mut("env"));
                    for variable in variables.filter_map(Value::as_array_mut).flatten() {
                        variable.as_object_mut().and_then(|variable| variable.shift_remove("value"));
                    }
                }
                hide_values(inner);
            }
        }
        _ => {}
    }
}

impl Object {
    /// The object, as CEL sees it.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.0
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// Its namespace.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.0["metadata"]["namespace"].as_str().filter(|name| !name.is_empty())
    }

    /// When it was asked to go.
    pub(super) fn deleted(&self) -> Option<Timestamp> {
        self.0["metadata"]["deletionTimestamp"].as_str()?.parse().ok()
    }

    pub(super) fn is_deleting(&self) -> bool {
        !self.0["metadata"]["deletionTimestamp"].is_null()
    }

    /// How often its wishes were changed, and up to which of them its status speaks; where both are said.
    pub(super) fn generations(&self) -> Option<(i64, i64)> {
        Some((self.generation()?, self.0["status"]["observedGeneration"].as_i64()?))
    }

    pub(super) fn generation(&self) -> Option<i64> {
        self.0["metadata"]["generation"].as_i64()
    }

    /// True if and only if its status is from before its last change, as far as it says so.
    pub(super) fn is_stale(&self) -> bool {
        self.generations().is_some_and(|(generation, observed)| observed < generation)
    }

    /// Its condition of the type `kind`; an error where it cannot be read.
    pub(super) fn condition(&self, kind: &str) -> Result<Option<Condition>, serde_json::Error> {
        let all = self.0["status"]["conditions"].as_array().into_iter().flatten();
        all.filter(|condition| condition["type"] == kind).map(Condition::deserialize).next().transpose()
    }

    /// The value at a path, each step a key or an index.
    pub(super) fn at(&self, path: &[String]) -> Option<&Value> {
        path.iter().try_fold(&self.0, |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        })
    }

    /// Its size as JSON, in bytes.
    pub(super) fn size(&self) -> usize {
        serde_json::to_vec(&self.0).map_or(usize::MAX, |bytes| bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_has_no_managers_no_copy_and_no_values_of_variables() {
        let container =
            json!([{ "name": "a", "env": [{ "name": "KEY", "value": "sk-1" }, { "name": "B", "valueFrom": {} }] }]);
        let written = json!({
            "metadata": {
                "name": "a", "managedFields": [{ "manager": "x" }],
                "annotations": { APPLIED: "sk-1", "mine": "kept" },
            },
            "spec": { "template": { "spec": { "containers": container, "initContainers": container } } },
        });
        let object: Object = serde_json::from_value(written).expect("an object");
        let text = object.json().to_string();
        assert!(!text.contains("sk-1") && !text.contains("managedFields"), "{text}");
        assert_eq!(object.json()["metadata"]["annotations"], json!({ "mine": "kept" }));
        let container = &object.json()["spec"]["template"]["spec"]["initContainers"][0];
        assert_eq!(container["env"], json!([{ "name": "KEY" }, { "name": "B", "valueFrom": {} }]));
    }

    #[test]
    fn an_object_without_a_name_does_not_read() {
        assert!(serde_json::from_value::<Object>(json!({ "metadata": {} })).is_err());
        assert!(serde_json::from_value::<Object>(json!("text")).is_err());
    }
}
