//! Self reviews: what the asker may do, and who the asker is. Anyone who is known may ask.

use serde_json::{Map, Value, json};

use super::access::{Account, Wish};
use super::status::bad_request;
use super::{Version, build};
use crate::serve::{Reply, Request};

/// `SelfSubjectAccessReview`.
pub(super) fn access(account: &Account, version: &Version, request: &Request) -> Reply {
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return bad_request("the object provided is unrecognized (must be of type SelfSubjectAccessReview)");
    };
    let spec = &body["spec"];
    let is_allowed = is_allowed(account, spec);
    let mut status = json!({ "allowed": is_allowed });
    if is_allowed {
        let user = &account.user;
        status["reason"] = json!(format!(
            "RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\" to User \"{user}\""
        ));
    }
    let agent = request.header("user-agent").unwrap_or_default();
    let mut metadata = json!({ "managedFields": [{
        "manager": agent.split('/').next().unwrap_or_default(),
        "operation": "Update",
        "apiVersion": "authorization.k8s.io/v1",
        "time": build::second(request.now),
        "fieldsType": "FieldsV1",
        "fieldsV1": build::managed(&json!({ "spec": spec }), true),
    }] });
    if version.has_null_times() {
        metadata["creationTimestamp"] = Value::Null;
    }
    let review = json!({
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": metadata,
        "spec": spec,
        "status": status,
    });
    Reply::json(201, &review)
}

fn is_allowed(account: &Account, spec: &Value) -> bool {
    if let Some(path) = spec["nonResourceAttributes"]["path"].as_str() {
        let page = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        return matches!(page, "version" | "readyz" | "livez" | "healthz");
    }
    let wish = &spec["resourceAttributes"];
    let word = |name: &str| wish[name].as_str().filter(|word| !word.is_empty());
    let (Some(verb), Some(plural)) = (word("verb"), word("resource")) else {
        return false;
    };
    account.may(&Wish {
        verb,
        group: word("group").unwrap_or_default(),
        plural,
        subresource: word("subresource"),
        namespace: word("namespace"),
        name: word("name"),
    })
}

/// `SelfSubjectReview`.
pub(super) fn subject(account: &Account, request: &Request) -> Reply {
    let mut groups = account.groups.clone();
    groups.push("system:authenticated".to_owned());
    let mut user = Map::new();
    user.insert("username".to_owned(), json!(account.user));
    user.insert("uid".to_owned(), json!("1002"));
    user.insert("groups".to_owned(), json!(groups));
    Reply::json(
        201,
        &json!({
            "kind": "SelfSubjectReview",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": { "creationTimestamp": build::second(request.now) },
            "status": { "userInfo": user },
        }),
    )
}
