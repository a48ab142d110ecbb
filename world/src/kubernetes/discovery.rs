//! What there is to ask for: groups, their versions, and the resources of each. Anyone who is known may read it.
//!
//! The aggregated form is left out: a client that prefers it takes the plain one when that is what comes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Cluster, Kind};

/// The answer for a discovery path; `None` for any other, and for a group that is not served.
pub(super) fn answer(cluster: &Cluster, path: &[&str]) -> Option<Value> {
    match path {
        ["api"] => Some(json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] })),
        ["apis"] => Some(groups(cluster)),
        ["apis", name] => group_alone(cluster, name),
        ["api", version] => resources(cluster, "", version),
        ["apis", group, version] => resources(cluster, group, version),
        _ => None,
    }
}

fn groups(cluster: &Cluster) -> Value {
    let names: BTreeSet<_> = cluster.kinds.iter().map(|kind| kind.group).filter(|group| !group.is_empty()).collect();
    let groups: Vec<_> = names.into_iter().map(|name| group(cluster, name)).collect();
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

/// A group with its versions, the newest that is stable first, as the real one has it.
fn group(cluster: &Cluster, name: &str) -> Value {
    let own = cluster.kinds.iter().filter(|kind| kind.group == name);
    let mut versions: Vec<_> = own.map(|kind| (kind.api_version(), kind.version)).collect();
    versions.sort_by_key(|(_, short)| (!is_stable(short), std::cmp::Reverse(*short)));
    versions.dedup();
    let version = |(full, short): &(String, &str)| json!({ "groupVersion": full, "version": short });
    let versions: Vec<_> = versions.iter().map(version).collect();
    json!({ "name": name, "versions": versions, "preferredVersion": versions.first() })
}

fn is_stable(version: &str) -> bool {
    !version.contains("alpha") && !version.contains("beta")
}

fn group_alone(cluster: &Cluster, name: &str) -> Option<Value> {
    let is_served = !name.is_empty() && cluster.kinds.iter().any(|kind| kind.group == name);
    let mut group = is_served.then(|| group(cluster, name))?;
    group["kind"] = json!("APIGroup");
    group["apiVersion"] = json!("v1");
    Some(group)
}

fn resources(cluster: &Cluster, group: &str, version: &str) -> Option<Value> {
    let own = || cluster.kinds.iter().filter(|kind| kind.group == group && kind.version == version);
    let api_version = own().next()?.api_version();
    let resource = |kind: &Kind| {
        json!({
            "name": kind.plural,
            "singularName": kind.name.to_lowercase(),
            "namespaced": kind.is_namespaced,
            "kind": kind.name,
            "verbs": ["get", "list"],
            "categories": kind.categories,
        })
    };
    let resources: Vec<_> = own().map(resource).collect();
    Some(json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": api_version,
        "resources": resources,
    }))
}
