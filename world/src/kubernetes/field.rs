//! Field selectors: the few fields that a server indexes for each kind; all others it refuses.

use serde_json::Value;

/// Conditions on fields; all must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String, bool)>);

impl Fields {
    /// The error is the server's message.
    pub(super) fn read(text: &str, resource: &str) -> Result<Self, String> {
        let terms = text.split(',').map(str::trim).filter(|term| !term.is_empty());
        let fields = terms.map(|term| {
            let (field, value, is_equal) = split(term).ok_or_else(|| {
                format!("invalid field selector: invalid selector: '{text}'; can't understand '{term}'")
            })?;
            if !is_known(resource, field) {
                return Err(format!("field label not supported: {field}"));
            }
            Ok((field.to_owned(), value.to_owned(), is_equal))
        });
        fields.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn fits(&self, object: &Value) -> bool {
        self.0.iter().all(|(field, value, is_equal)| (found(object, field) == *value) == *is_equal)
    }
}

fn split(term: &str) -> Option<(&str, &str, bool)> {
    if let Some((field, value)) = term.split_once("!=") {
        return Some((field, value, false));
    }
    let (field, value) = term.split_once("==").or_else(|| term.split_once('='))?;
    Some((field, value, true))
}

fn is_known(resource: &str, field: &str) -> bool {
    let own: &[&str] = match resource {
        "pods" => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.podIP",
        ],
        "nodes" => &["spec.unschedulable"],
        "secrets" => &["type"],
        "namespaces" => &["status.phase"],
        "replicasets.apps" => &["status.replicas"],
        "events" => &["involvedObject.kind", "involvedObject.name", "involvedObject.namespace", "reason", "type"],
        "events.events.k8s.io" => {
            &["regarding.kind", "regarding.name", "regarding.namespace", "reason", "reportingController", "type"]
        }
        _ => &[],
    };
    matches!(field, "metadata.name" | "metadata.namespace") || own.contains(&field)
}

/// A field as text; what is absent has the zero of its type.
fn found(object: &Value, field: &str) -> String {
    let value = field.split('.').fold(object, |value, part| &value[part]);
    match (value, field) {
        (Value::String(text), _) => text.clone(),
        (Value::Null, "spec.unschedulable") => "false".to_owned(),
        (Value::Null, "status.replicas") => "0".to_owned(),
        (Value::Null, _) => String::new(),
        (other, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pod_that_is_not_scheduled_has_an_empty_node() {
        let pod = json!({ "metadata": { "name": "p" }, "status": { "phase": "Pending" } });
        let fits = |text| Fields::read(text, "pods").expect("fields").fits(&pod);
        assert!(fits("spec.nodeName=,status.phase==Pending") && fits("status.phase!=Running"));
        assert!(!fits("spec.nodeName!="));
    }

    #[test]
    fn a_field_that_is_not_indexed_is_refused() {
        assert!(Fields::read("spec.replicas=3", "deployments.apps").is_err());
        assert!(Fields::read("metadata.name", "pods").is_err());
    }
}
