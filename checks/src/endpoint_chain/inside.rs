//! Inside a cluster: the Service, what stands behind it, and what comes through the API server's proxy.

use super::{
    aims::Inside as Aim,
    evidence::{Answer, Asked, Endpoints, Evidence, Inside, Passed, Service},
};
use crate::{
    clients::{
        http::Response,
        kubernetes::{Api, Proxied, Selector, path, proxy_path},
    },
    contract::{Context, Unobserved, Why},
};
use futures::future::join_all;
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// The most bytes of one body that are kept.
const MOST_BODY: usize = 64 << 10;
/// What the API server may take besides: it gives up on a silent service only after 30 s.
const BESIDES: Duration = Duration::from_secs(2);

#[derive(Clone, Deserialize)]
struct ServiceObject {
    #[serde(default)]
    spec: ServiceSpec,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ServiceSpec {
    external_name: String,
    ports: Option<Vec<ServicePort>>,
}

#[derive(Clone, Deserialize)]
struct ServicePort {
    #[serde(default)]
    name: String,
    port: u16,
}

#[derive(Clone, Deserialize)]
struct Slice {
    #[serde(default)]
    endpoints: Option<Vec<Backend>>,
}

#[derive(Clone, Deserialize)]
struct Backend {
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    conditions: Conditions,
}

#[derive(Clone, Default, Deserialize)]
struct Conditions {
    /// Absent means ready (`k8s.io/api`, `discovery/v1`).
    #[serde(default)]
    ready: Option<bool>,
}

pub(super) async fn observe(aim: &Aim, cx: &Context) -> Result<Evidence, Unobserved> {
    let asked_at = cx.now();
    let api = cx.cluster(&aim.cluster).await?;
    let via = &aim.via;
    let path = proxy_path(&via.namespace, via.tls, &via.service, &via.port.0, &aim.path);
    let (service, endpoints) = futures::join!(service(&api, aim), endpoints(&api, aim));
    // The proxy of a Service that is not there is not asked; where that could not be seen, it is.
    let is_there = !matches!(service, Ok(None));
    let count = if is_there { aim.tries } else { 0 };
    let tries = join_all((0..count).map(|_| one(&api, &path, aim))).await;
    let asked = Asked {
        url: None,
        host: format!("{}.{}", via.service, via.namespace),
        port: via.port.0.clone(),
        is_secure: via.tls,
        limit_ms: u64::try_from(aim.limit.as_millis()).unwrap_or(u64::MAX),
    };
    let (cluster, namespace) = (api.kubectl().clone(), via.namespace.clone());
    let inside = Inside { cluster, namespace, path, asked_at, service, endpoints, tries };
    Ok(Evidence { asked, tries: Vec::new(), inside: Some(inside) })
}

async fn service(api: &Api, aim: &Aim) -> Result<Option<Service>, Unobserved> {
    let via = &aim.via;
    let path = path("v1", Some(&via.namespace), &["services", &via.service]);
    let seen = api.find::<ServiceObject>(&path).await?;
    Ok(seen.map(|seen| {
        let ports = seen.spec.ports.as_deref().unwrap_or_default();
        let named = |port: &ServicePort| match port.name.as_str() {
            "" => port.port.to_string(),
            name => format!("{name} ({})", port.port),
        };
        let has_port = ports.iter().any(|port| port.name == via.port.0 || port.port.to_string() == via.port.0);
        let external = Some(seen.spec.external_name.clone()).filter(|name| !name.is_empty());
        Service { ports: ports.iter().map(named).collect(), has_port, external }
    }))
}

async fn endpoints(api: &Api, aim: &Aim) -> Result<Endpoints, Unobserved> {
    let path = path("discovery.k8s.io/v1", Some(&aim.via.namespace), &["endpointslices"]);
    let labels = format!("kubernetes.io/service-name={}", aim.via.service);
    let seen = api.list::<Slice>(&path, &Selector::labels(&labels)).await?;
    let mut counts = Endpoints::default();
    for backend in seen.iter().flat_map(|slice| slice.endpoints.as_deref().unwrap_or_default()) {
        let count = u32::try_from(backend.addresses.len()).unwrap_or(u32::MAX);
        let sum = if backend.conditions.ready == Some(false) { &mut counts.unready } else { &mut counts.ready };
        *sum = sum.saturating_add(count);
    }
    Ok(counts)
}

async fn one(api: &Api, path: &str, aim: &Aim) -> Result<Passed, Unobserved> {
    let proxied = api.proxied(path, aim.limit + BESIDES).await?;
    let answer = match &proxied.server_says {
        Some(_) => None,
        None => Some(answer(&proxied)?),
    };
    Ok(Passed { asked_at: proxied.asked_at, server_says: proxied.server_says.clone(), answer })
}

/// The answer as it is kept. The URL stands for the service: where a redirect leads is seen from there.
fn answer(proxied: &Proxied) -> Result<Answer, Unobserved> {
    let url = Url::parse("http://service.invalid/")
        .map_err(|error| Unobserved::new(Why::Malformed, &proxied.asked, error))?;
    Ok(Answer::of(&Response {
        asked: proxied.asked.clone(),
        url,
        hops: Vec::new(),
        status: proxied.status,
        headers: proxied.headers.clone(),
        body: proxied.body.slice(..proxied.body.len().min(MOST_BODY)),
        length: proxied.body.len(),
        asked_at: proxied.asked_at,
        took: proxied.took,
        peer: None,
    }))
}
