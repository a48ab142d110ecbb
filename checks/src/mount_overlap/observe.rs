//! Looks: at the list that is given, at a file, or at the workloads of a cluster.

use super::{
    evidence::{Evidence, Looked, Mount, Owner, Space},
    file,
    manifest::Object,
    settings::{From, Target, Workloads},
};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Api, Selector},
        looks::Question,
    },
    contract::{Context, Unobserved, Why},
};
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// What was found, wherever it was written.
pub(super) struct Found {
    pub(super) looked: Looked,
    pub(super) spaces: Vec<Space>,
    pub(super) objects: u32,
    pub(super) finished: u32,
    pub(super) unseen: Vec<Unobserved>,
    pub(super) no_namespaces: Vec<String>,
    pub(super) asked_at: Option<Timestamp>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            looked: Looked::List,
            spaces: Vec::new(),
            objects: 0,
            finished: 0,
            unseen: Vec::new(),
            no_namespaces: Vec::new(),
            asked_at: None,
        }
    }
}

pub(super) async fn observe(target: &Target, cx: &Context) -> Result<Evidence, Unobserved> {
    let now = cx.now();
    let found = match &target.from {
        From::List(paths) => {
            let mounts: Vec<Mount> = paths.iter().cloned().map(Mount::from).collect();
            Found { spaces: vec![Space { mounts, ..Space::default() }], ..Found::default() }
        }
        From::File { path, pointer } => of_file(cx, path, pointer.as_deref()).await?,
        From::Cluster(of) => of_cluster(cx, &of.0, &of.1).await?,
    };
    Ok(Evidence {
        looked: found.looked,
        asked_at: found.asked_at.unwrap_or(now),
        spaces: found.spaces,
        objects: found.objects,
        finished: found.finished,
        unseen: found.unseen,
        no_namespaces: found.no_namespaces,
        symlinks: target.symlinks.clone(),
        ignore_case: target.ignore_case,
    })
}

async fn of_file(cx: &Context, named: &str, pointer: Option<&str>) -> Result<Found, Unobserved> {
    let path = cx.reach().base.join(named);
    let asked = format!("file {named}");
    let key = format!("mounts in {} at {pointer:?}", path.display());
    let question = Question { host: asked.clone(), key, asked, limit: Duration::from_secs(10) };
    let (named, pointer) = (named.to_owned(), pointer.map(str::to_owned));
    let look = move || {
        let (path, named, pointer) = (path.clone(), named.clone(), pointer.clone());
        async move {
            let asked = named.clone();
            let read = tokio::task::spawn_blocking(move || file::look(&path, &named, pointer.as_deref())).await;
            read.unwrap_or_else(|error| Err(Unobserved::new(Why::Panicked, asked, error)))
        }
    };
    let found: Arc<Found> = cx.looks().once(cx.trace(), question, look).await?;
    let (looked, spaces) = (found.looked.clone(), found.spaces.clone());
    Ok(Found { looked, spaces, objects: found.objects, ..Found::default() })
}

async fn of_cluster(cx: &Context, cluster: &Cluster, workloads: &Workloads) -> Result<Found, Unobserved> {
    let api = cx.cluster(cluster).await?;
    let selector = Selector { labels: workloads.selector().map(str::to_owned), fields: None };
    let lists = workloads.lists();
    let seen = join_all(lists.iter().map(|(_, path)| api.list::<Value>(path, &selector))).await;
    let mut found = Found::default();
    let mut all: Vec<(&str, Value)> = Vec::new();
    for ((kind, _), seen) in lists.iter().zip(seen) {
        match seen {
            Ok(list) => {
                found.asked_at = found.asked_at.map_or(Some(list.asked_at), |first| Some(first.min(list.asked_at)));
                all.extend(list.value.into_iter().map(|object| (kind.name(), object)));
            }
            Err(missing) => found.unseen.push(missing),
        }
    }
    all.sort_by_cached_key(|(kind, object)| {
        let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
        (text("namespace"), (*kind).to_owned(), text("name"))
    });
    gather(&all, &mut found);
    if found.unseen.is_empty() {
        namespaces(&api, workloads, &mut found).await;
    }
    found.looked = Looked::Cluster { cluster: api.kubectl().clone(), of: workloads.words() };
    Ok(found)
}

/// A misspelt namespace is an empty list and no error: so one in which nothing was found is asked for.
async fn namespaces(api: &Api, workloads: &Workloads, found: &mut Found) {
    let has = |namespace: &str| {
        found.spaces.iter().any(|space| space.owner.as_ref().is_some_and(|owner| owner.namespace == namespace))
    };
    let empty: Vec<&str> = workloads.named().filter(|namespace| !has(namespace)).collect();
    for namespace in empty {
        match api.has_namespace(namespace).await {
            Ok(true) => {}
            Ok(false) => found.no_namespaces.push(namespace.to_owned()),
            Err(missing) => found.unseen.push(missing),
        }
    }
}

/// The filesystems of all objects; what another object that was found makes is told with that one, and the copies that
/// one object made as one.
fn gather(all: &[(&str, Value)], found: &mut Found) {
    let objects: Vec<Object> = all.iter().filter_map(|(kind, whole)| Object::of(whole, kind, "")).collect();
    let of = |owner: &Owner| (owner.namespace.clone(), owner.kind.clone(), owner.name.clone());
    let known: Vec<_> = objects.iter().map(|object| of(&object.owner)).collect();
    let mut made: BTreeMap<(String, String, String), Vec<Space>> = BTreeMap::new();
    for object in &objects {
        if object.is_finished() {
            found.finished += 1;
            continue;
        }
        found.objects += 1;
        let Some((kind, name)) = object.controller() else {
            found.spaces.extend(object.spaces());
            continue;
        };
        let at = &object.owner.namespace;
        let is_told = |(namespace, known_kind, known_name): &(String, String, String)| {
            // Between a Deployment and its pods stands a ReplicaSet, which has the Deployment's name and a hash.
            let deployment = name.rsplit_once('-').map_or("", |(name, _)| name);
            let is_it = known_kind == kind && known_name == name;
            let is_above = kind == "ReplicaSet" && known_kind == "Deployment" && known_name == deployment;
            namespace == at && (is_it || is_above)
        };
        if known.iter().any(is_told) {
            continue;
        }
        let spaces = made.entry((at.clone(), kind.to_owned(), name.to_owned())).or_insert_with(|| object.spaces());
        let count = spaces.first().and_then(|space| space.owner.as_ref()).map_or(0, |owner| owner.copies);
        let is_first = spaces.iter().all(|space| space.owner.as_ref() == Some(&object.owner));
        let copies = if is_first { 1 } else { count + 1 };
        let owner = Owner { kind: kind.to_owned(), name: name.to_owned(), copies, ..object.owner.clone() };
        for space in spaces {
            space.owner = Some(owner.clone());
        }
    }
    found.spaces.extend(made.into_values().flatten());
}
