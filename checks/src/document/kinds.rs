//! Kinds of object by the names that `kubectl` takes: Kubernetes' own from a table, any other as the cluster has it.
//!
//! Source of the table: `kubectl api-resources` of Kubernetes 1.34. The table spares a round of discovery where no name of a
//! custom kind is used, which is most documents.

use crate::{
    clients::kubernetes::{Api, or_default},
    contract::{Unobserved, Why},
};
use serde::Deserialize;

/// The most groups of a cluster that are searched.
const MOST_GROUPS: usize = 200;

/// One of Kubernetes' own kinds: its singular, its plural, its short names.
struct Known(&'static str, &'static str, &'static [&'static str], &'static str, bool);

const KNOWN: &[Known] = &[
    Known("configmap", "configmaps", &["cm"], "v1", true),
    Known("endpoints", "endpoints", &["ep"], "v1", true),
    Known("event", "events", &["ev"], "v1", true),
    Known("limitrange", "limitranges", &["limits"], "v1", true),
    Known("namespace", "namespaces", &["ns"], "v1", false),
    Known("node", "nodes", &["no"], "v1", false),
    Known("persistentvolumeclaim", "persistentvolumeclaims", &["pvc"], "v1", true),
    Known("persistentvolume", "persistentvolumes", &["pv"], "v1", false),
    Known("pod", "pods", &["po"], "v1", true),
    Known("replicationcontroller", "replicationcontrollers", &["rc"], "v1", true),
    Known("resourcequota", "resourcequotas", &["quota"], "v1", true),
    Known("secret", "secrets", &[], "v1", true),
    Known("serviceaccount", "serviceaccounts", &["sa"], "v1", true),
    Known("service", "services", &["svc"], "v1", true),
    Known("daemonset", "daemonsets", &["ds"], "apps/v1", true),
    Known("deployment", "deployments", &["deploy"], "apps/v1", true),
    Known("replicaset", "replicasets", &["rs"], "apps/v1", true),
    Known("statefulset", "statefulsets", &["sts"], "apps/v1", true),
    Known("horizontalpodautoscaler", "horizontalpodautoscalers", &["hpa"], "autoscaling/v2", true),
    Known("cronjob", "cronjobs", &["cj"], "batch/v1", true),
    Known("job", "jobs", &[], "batch/v1", true),
    Known("lease", "leases", &[], "coordination.k8s.io/v1", true),
    Known("endpointslice", "endpointslices", &[], "discovery.k8s.io/v1", true),
    Known("ingressclass", "ingressclasses", &[], "networking.k8s.io/v1", false),
    Known("ingress", "ingresses", &["ing"], "networking.k8s.io/v1", true),
    Known("networkpolicy", "networkpolicies", &["netpol"], "networking.k8s.io/v1", true),
    Known("poddisruptionbudget", "poddisruptionbudgets", &["pdb"], "policy/v1", true),
    Known("clusterrolebinding", "clusterrolebindings", &[], "rbac.authorization.k8s.io/v1", false),
    Known("clusterrole", "clusterroles", &[], "rbac.authorization.k8s.io/v1", false),
    Known("rolebinding", "rolebindings", &[], "rbac.authorization.k8s.io/v1", true),
    Known("role", "roles", &[], "rbac.authorization.k8s.io/v1", true),
    Known("priorityclass", "priorityclasses", &["pc"], "scheduling.k8s.io/v1", false),
    Known("storageclass", "storageclasses", &["sc"], "storage.k8s.io/v1", false),
    Known("customresourcedefinition", "customresourcedefinitions", &["crd", "crds"], "apiextensions.k8s.io/v1", false),
];

/// Where the objects of a kind are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) api: String,
    pub(super) plural: String,
    pub(super) is_namespaced: bool,
}

fn known(word: &str) -> Option<&'static Known> {
    let (name, group) = parts(word);
    KNOWN.iter().find(|Known(singular, plural, short, api, _)| {
        let own = api.split_once('/').map_or("", |(group, _)| group);
        (name == *singular || name == *plural || short.contains(&name)) && (group.is_empty() || group == own)
    })
}

/// `deployments.apps` and `deployments.v1.apps`: the name, and the group where one is named.
fn parts(word: &str) -> (&str, &str) {
    let (name, rest) = word.split_once('.').unwrap_or((word, ""));
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
    };
    match rest.split_once('.') {
        Some((version, group)) if is_version(version) => (name, group),
        _ => (name, rest),
    }
}

/// One name for all that mean the same kind: `deployment` for `deploy` and `deployments.apps`.
pub(super) fn singular(word: &str) -> String {
    let word = word.to_lowercase();
    known(&word).map_or(word, |Known(singular, ..)| (*singular).to_owned())
}

/// True for one of Kubernetes' own kinds that is in no namespace.
pub(super) fn is_clusterwide(word: &str) -> bool {
    known(word).is_some_and(|Known(.., is_namespaced)| !is_namespaced)
}

/// The kind of which a cluster holds no objects of its own: `all` and the like.
pub(super) fn is_category(word: &str) -> bool {
    matches!(word, "all" | "api-extensions" | "knative" | "managed")
}

/// Where the cluster keeps the objects of the kind that a command calls `word`, or of each kind of the category; none where it
/// knows no such word.
///
/// # Errors
/// What it knows could not be read, or a part of it.
pub(super) async fn resources(api: &Api, word: &str) -> Result<Vec<Resource>, Unobserved> {
    if let Some(Known(_, plural, _, version, is_namespaced)) = known(word) {
        let (api, plural) = ((*version).to_owned(), (*plural).to_owned());
        return Ok(vec![Resource { api, plural, is_namespaced: *is_namespaced }]);
    }
    let (name, group) = parts(word);
    let groups = api.get::<Groups>("/apis").await?;
    let fits = |found: &&Group| group.is_empty() || found.name == group || found.name.starts_with(&format!("{group}."));
    let wanted: Vec<&Group> = groups.groups.iter().filter(fits).take(MOST_GROUPS).collect();
    let path = |version: &Version| format!("/apis/{}", version.group_version);
    let first = listed(api, wanted.iter().map(|group| path(&group.preferred_version)).collect(), name).await;
    if matches!(&first, Ok(found) if !found.is_empty()) {
        return first;
    }
    // Some kinds are in a version alone that their group does not prefer, and some of the core are not in the table.
    let is_other = |group: &&&Group, version: &&Version| version.group_version != group.preferred_version.group_version;
    let others = wanted.iter().flat_map(|group| group.versions.iter().filter(move |version| is_other(&group, version)));
    let core = group.is_empty().then(|| "/api/v1".to_owned());
    let others = core.into_iter().chain(others.take(MOST_GROUPS).map(path)).collect();
    let others = listed(api, others, name).await?;
    if others.is_empty() { first } else { Ok(others) }
}

/// What of these lists is called `name`: one kind, or all of a category.
async fn listed(api: &Api, paths: Vec<String>, name: &str) -> Result<Vec<Resource>, Unobserved> {
    let lists =
        futures::future::join_all(paths.into_iter().map(|path| async move { (api.get::<Listed>(&path).await, path) }))
            .await;
    let (mut category, mut missing) = (Vec::new(), None);
    for (list, path) in lists {
        match list {
            Ok(listed) => {
                let version = path.trim_start_matches("/apis/").trim_start_matches("/api/").to_owned();
                if let Some(found) = listed.resources.iter().find(|row| row.is(name)) {
                    return Ok(vec![found.resource(&version)]);
                }
                let own = listed.resources.iter().filter(|row| row.categories.iter().any(|own| own == name));
                category.extend(own.map(|row| row.resource(&version)));
            }
            // A group that went away meanwhile; any other reason may hide the kind.
            Err(unseen) if unseen.why == Why::NotFound => {}
            Err(unseen) => missing = Some(unseen),
        }
    }
    missing.map_or(Ok(category), Err)
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    name: String,
    #[serde(default)]
    versions: Vec<Version>,
    preferred_version: Version,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    group_version: String,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(deserialize_with = "or_default")]
    resources: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    #[serde(default)]
    singular_name: String,
    namespaced: bool,
    kind: String,
    #[serde(default)]
    short_names: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
}

impl Row {
    fn resource(&self, version: &str) -> Resource {
        Resource { api: version.to_owned(), plural: self.name.clone(), is_namespaced: self.namespaced }
    }

    fn is(&self, name: &str) -> bool {
        let is_whole = !self.name.contains('/');
        let is_named = self.name == name || self.singular_name == name || self.kind.to_lowercase() == name;
        is_whole && (is_named || self.short_names.iter().any(|short| short == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_has_many_names() {
        for (word, name) in [
            ("deploy", "deployment"),
            ("Deployments", "deployment"),
            ("deployments.apps", "deployment"),
            ("deployment.v1.apps", "deployment"),
            ("deployments.example.com", "deployments.example.com"),
            ("nodepools", "nodepools"),
        ] {
            assert_eq!(singular(word), name, "{word}");
        }
    }
}
