//! Looks: what the cluster serves, then the objects, and where something is missing, whether that can be believed.

use super::{Evidence, Kubernetes, Object, Range, Served, Which};
use crate::{
    clients::kubernetes::{Api, Seen, Selector, path},
    contract::{Context, Unobserved, Why},
};
use jiff::Timestamp;
use serde::Deserialize;

/// The most objects that are kept as evidence.
const MOST_OBJECTS: usize = 2_000;
/// The most bytes of JSON that are kept as evidence.
const MOST_BYTES: usize = 2 << 20;
/// The most names of kinds that are kept where the kind that is meant is not there.
const MOST_KINDS: usize = 60;

#[derive(Deserialize)]
struct Resources {
    resources: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    /// The plural; `deployments/scale` is a part of another.
    name: String,
    kind: String,
    namespaced: bool,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    group_version: String,
}

pub(super) async fn observe(probe: &Kubernetes, cx: &Context) -> Result<Evidence, Unobserved> {
    let asked_at = cx.now();
    let api = cx.cluster(&probe.cluster).await?;
    let served = discover(&api, probe).await?;
    let collection = match &served {
        Served::As(plural) => path(&probe.resource.api, probe.range.namespace(), &[plural]),
        Served::OtherKinds(_) | Served::OtherVersions(_) => probe.resource.discovery(),
    };
    let mut evidence = Evidence {
        cluster: api.kubectl().clone(),
        resource: probe.resource.clone(),
        range: probe.range.clone(),
        which: probe.which.clone(),
        asked: format!("GET {collection}"),
        asked_at,
        served,
        objects: Vec::new(),
        missing: Vec::new(),
        unseen: Vec::new(),
        has_namespace: None,
        among: None,
    };
    if matches!(evidence.served, Served::As(_)) {
        look(&api, &collection, &mut evidence).await?;
    }
    Ok(evidence)
}

/// What the cluster calls the kind. Whoever is known may ask; so a missing group is not taken for a missing right, which is what
/// the objects' own path says of a group that nobody serves.
async fn discover(api: &Api, probe: &Kubernetes) -> Result<Served, Unobserved> {
    let resource = &probe.resource;
    if let Some(plural) = resource.known_plural() {
        return Ok(Served::As(plural));
    }
    let list = match api.get::<Resources>(&resource.discovery()).await {
        Ok(list) => list,
        Err(missing) if missing.why == Why::NotFound && !resource.group().is_empty() => {
            return versions(api, probe, missing).await;
        }
        Err(missing) => return Err(missing),
    };
    let own = || list.resources.iter().filter(|listed| !listed.name.contains('/'));
    let Some(listed) = own().find(|listed| listed.kind == resource.kind) else {
        let mut kinds: Vec<String> = own().map(|listed| listed.kind.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds.truncate(MOST_KINDS);
        return Ok(Served::OtherKinds(kinds));
    };
    let wrong = |detail: String| Err(Unobserved::new(Why::Unconfigured, &list.asked, detail));
    match (&probe.range, listed.namespaced) {
        (Range::Cluster, true) => wrong(format!(
            "a {} lives in a namespace, and the checklist says none: add `namespace: …` or `all_namespaces: true`",
            resource.kind
        )),
        (Range::Namespace(_), false) => {
            wrong(format!("a {} belongs to the whole cluster: leave `namespace` out", resource.kind))
        }
        _ => Ok(Served::As(listed.name.clone())),
    }
}

/// Which versions of the group there are: the control read behind an unknown path. A server that does not list its groups, or
/// that lists this very version, has not said that it is missing.
async fn versions(api: &Api, probe: &Kubernetes, missing: Unobserved) -> Result<Served, Unobserved> {
    let groups = api.get::<Groups>("/apis").await?;
    let own = groups.groups.iter().filter(|group| group.name == probe.resource.group());
    let versions: Vec<String> =
        own.flat_map(|group| &group.versions).map(|version| version.group_version.clone()).collect();
    if versions.contains(&probe.resource.api) { Err(missing) } else { Ok(Served::OtherVersions(versions)) }
}

async fn look(api: &Api, collection: &str, evidence: &mut Evidence) -> Result<(), Unobserved> {
    match evidence.which.clone() {
        Which::Named(names) => named(api, &names, evidence).await,
        Which::All => all(api, collection, &Selector::default(), evidence).await?,
        Which::Selected { labels, fields } => all(api, collection, &Selector { labels, fields }, evidence).await?,
    }
    let sizes = evidence.objects.iter().map(Object::size);
    let bytes: usize = sizes.fold(0, usize::saturating_add);
    if bytes > MOST_BYTES || evidence.objects.len() > MOST_OBJECTS {
        let detail = format!(
            "{} objects of {bytes} bytes, and at most {MOST_OBJECTS} of {MOST_BYTES} are kept: narrow them by `namespace`, \
             `selector` or `fields`",
            evidence.objects.len()
        );
        return Err(Unobserved::new(Why::TooLarge, &evidence.asked, detail));
    }
    let key = |object: &Object| (object.namespace().map(str::to_owned), object.name().to_owned());
    evidence.objects.sort_by_key(key);
    if evidence.objects.is_empty() || !evidence.missing.is_empty() {
        doubt(api, collection, evidence).await;
    }
    Ok(())
}

async fn all(api: &Api, collection: &str, selector: &Selector, evidence: &mut Evidence) -> Result<(), Unobserved> {
    let seen = api.list::<Object>(collection, selector).await?;
    evidence.note(&seen.asked, seen.asked_at);
    evidence.objects = seen.value;
    Ok(())
}

async fn named(api: &Api, names: &[String], evidence: &mut Evidence) {
    let Served::As(plural) = &evidence.served else { return };
    let path = |name: &str| path(&evidence.resource.api, evidence.range.namespace(), &[plural, name]);
    let looks = names.iter().map(async |name| api.find::<Object>(&path(name)).await);
    let looks = futures::future::join_all(looks).await;
    for (i, (name, seen)) in names.iter().zip(looks).enumerate() {
        match seen {
            Ok(Some(seen)) => {
                if i == 0 {
                    evidence.note(&seen.asked, seen.asked_at);
                }
                evidence.asked_at = evidence.asked_at.min(seen.asked_at);
                evidence.objects.push(seen.value.clone());
            }
            Ok(None) => evidence.missing.push(name.clone()),
            Err(missing) => evidence.unseen.push(missing),
        }
    }
}

/// An empty answer is believed only with what stands behind it: the namespace, and that a selector had something to choose from.
async fn doubt(api: &Api, collection: &str, evidence: &mut Evidence) {
    if let Some(namespace) = evidence.range.namespace() {
        evidence.has_namespace = Some(api.has_namespace(namespace).await);
    }
    let is_gone = matches!(evidence.has_namespace, Some(Ok(false)));
    if evidence.objects.is_empty() && !is_gone && matches!(evidence.which, Which::Selected { .. }) {
        evidence.among = Some(api.count(collection).await.map(|seen: Seen<u64>| seen.value));
    }
}

impl Evidence {
    fn note(&mut self, asked: &str, asked_at: Timestamp) {
        asked.clone_into(&mut self.asked);
        self.asked_at = asked_at;
    }
}
