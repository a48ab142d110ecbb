//! Workloads and their configuration, by their metadata alone: who wrote them last, and when they were made.
//!
//! `managedFields` name each writer and when it last wrote; `status` is not theirs. Kubernetes' own controllers write by themselves and are
//! left out. A ReplicaSet is made whenever a Deployment's pods change, by whomever.

use super::watched::{Change, Watched};
use crate::{
    clients::kubernetes::{Api, Meta, Selector, is_name, path},
    contract::{Invalid, short},
    drift::{pattern::any, settings::Workloads},
};
use jiff::Timestamp;

/// What is watched: its API, its plural, and the word before a name.
const KINDS: [(&str, &str, &str); 5] = [
    ("apps/v1", "deployments", "deployment"),
    ("apps/v1", "statefulsets", "statefulset"),
    ("apps/v1", "daemonsets", "daemonset"),
    ("apps/v1", "replicasets", "replicaset"),
    ("v1", "configmaps", "configmap"),
];
/// Who writes by itself.
const CONTROLLERS: [&str; 4] = ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver"];
/// What every namespace gets from Kubernetes.
const OWN: &str = "kube-root-ca.crt";

pub(super) fn checked(which: &Workloads) -> Result<(), Invalid> {
    if which.namespaces.is_empty() {
        return Err(Invalid::new("unchanged.workloads.namespaces", "an empty list names nothing"));
    }
    match which.namespaces.iter().position(|name| !is_name(name)) {
        Some(i) => Err(Invalid::new(
            &format!("unchanged.workloads.namespaces.{i}"),
            format!("`{}` is no name of Kubernetes", which.namespaces[i]),
        )),
        None => Ok(()),
    }
}

/// Every list that is asked.
pub(super) fn paths(which: &Workloads) -> impl Iterator<Item = String> {
    let each = |namespace: &String| {
        let namespace = namespace.clone();
        KINDS.iter().map(move |(api, plural, _)| path(api, Some(&namespace), &[plural]))
    };
    which.namespaces.iter().flat_map(each)
}

/// What was seen in each namespace. There are workloads in each, and of a single kind there may be none.
pub(super) async fn watched(api: &Api, which: &Workloads) -> Vec<Watched> {
    let mut all = Vec::new();
    for namespace in &which.namespaces {
        let what = format!("workloads in {namespace}");
        let (mut found, mut changes, mut asked, mut is_whole) = (0, Vec::new(), String::new(), true);
        for (group, plural, word) in KINDS {
            let path = path(group, Some(namespace), &[plural]);
            match api.list_metadata(&path, &Selector::default()).await {
                Ok(seen) => {
                    let meant = seen.iter().filter(|object| is_meant(which, word, object));
                    let of_kind: Vec<Change> = meant.map(|object| change(which, word, namespace, object)).collect();
                    found += if word == "configmap" { 0 } else { of_kind.len() };
                    changes.extend(of_kind);
                    if asked.is_empty() {
                        asked.clone_from(&seen.asked);
                    }
                }
                Err(missing) => {
                    is_whole = false;
                    all.push(Watched::unseen(format!("{plural} in {namespace}"), missing));
                }
            }
        }
        // Where a kind could not be seen, none of the others is no emptiness.
        all.push(Watched { may_be_none: !is_whole, ..Watched::of(what, asked, found, changes) });
    }
    all
}

fn is_meant(which: &Workloads, word: &str, object: &Meta) -> bool {
    object.name != OWN && !any(&which.ignore, &format!("{word}/{}", object.name))
}

fn change(which: &Workloads, word: &str, namespace: &str, object: &Meta) -> Change {
    let mut last: Option<(Timestamp, &str)> = object.creation_timestamp.map(|at| (at, "made"));
    for writer in &object.managed_fields {
        let is_own = CONTROLLERS.contains(&writer.manager.as_str()) || any(&which.ignore_writers, &writer.manager);
        if writer.subresource == "status" || is_own {
            continue;
        }
        if let Some(at) = writer.time.filter(|at| last.is_none_or(|(known, _)| *at > known)) {
            last = Some((at, &writer.manager));
        }
    }
    let is_told = !object.managed_fields.is_empty() || word == "replicaset";
    let (at, by) = match last {
        // Without writers only its making is known, and not what was done to it since.
        Some((at, by)) if is_told => {
            (Some(at), if by == "made" { by.to_owned() } else { format!("written by {}", short(by, 80)) })
        }
        _ => (None, String::new()),
    };
    Change { subject: format!("{word}/{}", object.name), namespace: namespace.to_owned(), at, by }
}
