//! Objects of clusters: each is looked for at every site where it may be, and of each only its metadata is read.

use super::{Fact, Sight, What, kinds};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{Api, Selector, path},
    },
    contract::{Context, Unobserved},
};

/// A cluster that is open, or why it is not.
pub(super) struct Opened {
    site: String,
    api: Result<Api, Unobserved>,
}

/// Opens the clusters.
pub(super) async fn open(clusters: &[Cluster], cx: &Context) -> Vec<Opened> {
    let open = |cluster: &Cluster| {
        let cluster = cluster.clone();
        async move { Opened { site: cluster.site.clone(), api: cx.cluster(&cluster).await } }
    };
    futures::future::join_all(clusters.iter().map(open)).await
}

/// What is seen of it: in the one site that its command names, or in each.
pub(super) async fn look(what: &What, site: Option<&String>, clusters: &[Opened]) -> Vec<Sight> {
    let wanted = clusters.iter().filter(|opened| site.is_none_or(|site| opened.site == *site));
    let look = |opened: &Opened| {
        let (site, api) = (opened.site.clone(), opened.api.clone());
        async move {
            match api {
                Err(missing) => Sight { site: Some(site), cluster: None, fact: Err(missing) },
                Ok(api) => {
                    let fact = fact(&api, what).await;
                    Sight { site: Some(site), cluster: Some(api.kubectl().clone()), fact }
                }
            }
        }
    };
    futures::future::join_all(wanted.map(look)).await
}

async fn fact(api: &Api, what: &What) -> Result<Fact, Unobserved> {
    match what {
        What::Namespace(name) => Ok(here(api.has_namespace(name).await?)),
        What::Kind(kind) => Ok(if kinds::resources(api, kind).await?.is_empty() { Fact::NoKind } else { Fact::Here }),
        What::Object { kind, name, namespace } => object(api, kind, name, namespace).await,
        What::Labels { kind, selector, namespace } => labels(api, kind, selector, namespace.as_deref()).await,
        What::Release { name, namespace } => {
            let selector = format!("owner=helm,name={name}");
            labels(api, "secret", &selector, Some(namespace)).await
        }
        // These are not looked for in clusters.
        What::Context(_) | What::Url(_) | What::Host(_) | What::Anchor(_) | What::File(_) => Ok(Fact::Absent),
    }
}

const fn here(is_here: bool) -> Fact {
    if is_here { Fact::Here } else { Fact::Absent }
}

async fn object(api: &Api, kind: &str, name: &str, namespace: &str) -> Result<Fact, Unobserved> {
    let mut fact = Fact::NoKind;
    for resource in kinds::resources(api, kind).await? {
        let within = Some(namespace).filter(|namespace| resource.is_namespaced && !namespace.is_empty());
        if api.find_metadata(&path(&resource.api, within, &[&resource.plural, name])).await?.is_some() {
            return Ok(Fact::Here);
        }
        fact = absent(api, within).await;
    }
    Ok(fact)
}

async fn labels(api: &Api, kinds: &str, selector: &str, namespace: Option<&str>) -> Result<Fact, Unobserved> {
    let mut fact = Fact::NoKind;
    for kind in kinds.split(',') {
        for resource in kinds::resources(api, kind).await? {
            let within = namespace.filter(|_| resource.is_namespaced);
            let path = path(&resource.api, within, &[&resource.plural]);
            if !api.list_metadata(&path, &Selector::labels(selector)).await?.value.is_empty() {
                return Ok(Fact::Here);
            }
            fact = absent(api, within).await;
        }
    }
    Ok(fact)
}

/// Not there, and perhaps its namespace neither: the API has said that it is not, so that a right that is missing for the
/// namespace alone is no matter.
async fn absent(api: &Api, namespace: Option<&str>) -> Fact {
    match namespace {
        Some(namespace) if matches!(api.has_namespace(namespace).await, Ok(false)) => Fact::NoNamespace,
        _ => Fact::Absent,
    }
}
