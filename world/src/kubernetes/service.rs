//! Services, the endpoints behind them, and what the API server's proxy meets there.
//!
//! The proxy's own refusals are `Status` objects in the words of Kubernetes 1.36 (`pkg/registry/core/service/storage`, and
//! `apimachinery/pkg/util/proxy` as recorded of a kubelet); all else is the service's answer as it gave it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::status::{Status, no_object};
use super::{Cluster, Key};
use crate::serve::Reply;
use crate::web::Page;

/// What the API server meets behind a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A server that answers a path with a page, and any other path with the last.
    Pages(BTreeMap<String, Page>, Page),
    /// Nothing listens.
    Refuses,
    /// Nothing answers.
    Silent,
    /// It closes the connection before it answers.
    BreaksOff,
    /// It speaks no TLS, though it is asked to.
    Plain(Page),
}

impl Backend {
    /// Answers one path with this page, and any other with 404.
    #[must_use]
    pub fn page(path: &str, page: Page) -> Self {
        Self::Pages([(path.to_owned(), page)].into(), Page::text(404, "404 page not found\n"))
    }
}

impl Cluster {
    /// Adds a Service with one port, named `http`, with these addresses ready behind it.
    #[must_use]
    pub fn service(mut self, namespace: &str, name: &str, port: u16, ready: &[&str], backend: Backend) -> Self {
        self.put_service(namespace, name, port, ready, backend);
        self
    }

    /// Adds or replaces a Service with one port, named `http`, with these addresses ready behind it.
    pub fn put_service(&mut self, namespace: &str, name: &str, port: u16, ready: &[&str], backend: Backend) {
        self.put(json!({
            "kind": "Service",
            "apiVersion": "v1",
            "metadata": { "name": name, "namespace": namespace, "labels": { "app.kubernetes.io/name": name } },
            "spec": {
                "ports": [{ "name": "http", "protocol": "TCP", "port": port, "targetPort": "http" }],
                "selector": { "app.kubernetes.io/name": name },
                "type": "ClusterIP",
                "sessionAffinity": "None",
                "internalTrafficPolicy": "Cluster",
            },
            "status": { "loadBalancer": {} },
        }));
        let endpoint = |address: &&str| json!({ "addresses": [address], "conditions": { "ready": true, "serving": true, "terminating": false } });
        let endpoints: Vec<Value> = ready.iter().map(endpoint).collect();
        self.put(json!({
            "kind": "EndpointSlice",
            "apiVersion": "discovery.k8s.io/v1",
            "metadata": {
                "name": slice(name),
                "namespace": namespace,
                "labels": {
                    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                    "kubernetes.io/service-name": name,
                },
            },
            "addressType": "IPv4",
            "endpoints": endpoints,
            "ports": [{ "name": "http", "port": port, "protocol": "TCP" }],
        }));
        self.backends.insert((namespace.to_owned(), name.to_owned()), backend);
    }

    /// Makes every endpoint of a Service unready, as a rollout that goes wrong does.
    ///
    /// # Panics
    /// When there is no such Service.
    pub fn unready_service(&mut self, namespace: &str, name: &str) {
        let slice = self.object_mut("endpointslices.discovery.k8s.io", namespace, &slice(name));
        for endpoint in slice["endpoints"].as_array_mut().into_iter().flatten() {
            endpoint["conditions"] = json!({ "ready": false, "serving": false, "terminating": false });
        }
    }

    /// The ready addresses behind a Service.
    fn ready(&self, namespace: &str, name: &str) -> Vec<&str> {
        let slices = self.all("endpointslices.discovery.k8s.io").filter(|(key, slice)| {
            key.namespace == namespace && slice["metadata"]["labels"]["kubernetes.io/service-name"] == name
        });
        let endpoints = slices.flat_map(|(_, slice)| slice["endpoints"].as_array().into_iter().flatten());
        let ready = endpoints.filter(|endpoint| endpoint["conditions"]["ready"] != json!(false));
        ready.filter_map(|endpoint| endpoint["addresses"][0].as_str()).collect()
    }

    /// What comes through the proxy of `asked`, `[https:]NAME[:PORT]`, at a path.
    pub(super) fn pass(&self, namespace: &str, asked: &str, path: &str) -> Reply {
        let (is_secure, named) = asked.strip_prefix("https:").map_or((false, asked), |rest| (true, rest));
        let named = named.strip_prefix("http:").unwrap_or(named);
        let (name, port) = named.split_once(':').unwrap_or((named, ""));
        let Some(service) = self.objects.get(&Key::new("services", namespace, name)) else {
            return no_object("", "services", name);
        };
        let unavailable = |words: String| Status::new("ServiceUnavailable", words).reply(503);
        let ports = service["spec"]["ports"].as_array();
        let number = port.parse::<u64>().ok();
        let is_numbered = |own: &Value| number.is_some() && own["port"].as_u64() == number;
        let is_it = |own: &Value| port.is_empty() || own["name"] == port || is_numbered(own);
        let Some(own) = ports.into_iter().flatten().find(|own| is_it(own)) else {
            return unavailable(format!("no service port \"{port}\" found for service \"{name}\""));
        };
        let ready = self.ready(namespace, name);
        let Some(address) = ready.first() else {
            return unavailable(format!("no endpoints available for service \"{name}\""));
        };
        let backend = self.backends.get(&(namespace.to_owned(), name.to_owned()));
        self.meet(backend, &format!("{address}:{}", own["port"]), is_secure, path)
    }

    fn meet(&self, backend: Option<&Backend>, address: &str, is_secure: bool, path: &str) -> Reply {
        let code = self.version.unreachable_kubelet();
        let reason = if code == 503 { "ServiceUnavailable" } else { "" };
        let lost = |words: &str| Status::new(reason, format!("error trying to reach service: {words}")).reply(code);
        match backend {
            Some(Backend::Plain(_)) if is_secure => lost("http: server gave HTTP response to HTTPS client"),
            Some(Backend::Plain(page)) => page.reply(),
            Some(Backend::Pages(pages, otherwise)) => pages.get(path).unwrap_or(otherwise).reply(),
            Some(Backend::Silent) => lost(&format!("dial tcp {address}: i/o timeout")),
            Some(Backend::BreaksOff) => lost("EOF"),
            Some(Backend::Refuses) | None => lost(&format!("dial tcp {address}: connect: connection refused")),
        }
    }
}

/// The name of a Service's endpoint slice.
fn slice(service: &str) -> String {
    format!("{service}-{}", super::build::suffix(&["endpointslices", service], 5))
}
