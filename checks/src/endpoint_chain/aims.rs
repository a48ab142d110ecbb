//! What will be reached, and how: from this machine, or inside a cluster.

use super::settings::{Family, Settings, Via};
use crate::{
    clients::{
        connections::{Cluster, Endpoint},
        http::Via as Way,
        kubernetes::{is_name, path, right},
    },
    contract::{Access, Invalid, Place, values::Period},
};
use std::time::Duration;
use url::{Host, Url};

/// What will be reached.
pub(super) enum Aim {
    Here(Here),
    Inside(Inside),
}

/// From this machine.
pub(super) struct Here {
    /// What to ask for; `None` where nothing speaks HTTP.
    pub(super) url: Option<Url>,
    /// The host, an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_secure: bool,
    pub(super) way: Way,
    pub(super) tries: u8,
    pub(super) family: Family,
    pub(super) limit: Duration,
}

/// Inside a cluster.
pub(super) struct Inside {
    pub(super) cluster: Cluster,
    pub(super) via: Via,
    pub(super) path: String,
    pub(super) tries: u8,
    pub(super) limit: Duration,
}

impl Aim {
    pub(super) fn new(settings: &Settings, place: &Place) -> Result<Self, Invalid> {
        let tries = settings.tries.unwrap_or(3);
        if !(1..=10).contains(&tries) {
            return Err(Invalid::new("tries", format!("{tries} is not from 1 to 10")));
        }
        let limit = settings.timeout.unwrap_or(Period::seconds(5));
        if limit == Period::default() || limit > Period::seconds(30) {
            return Err(Invalid::new("timeout", format!("{limit} is not from 1ms to 30s")));
        }
        let has_url = settings.url.is_some() || settings.connection.is_some();
        match (has_url, settings.host.is_some(), &settings.via) {
            (true, false, None) => of_url(settings, place, tries, limit.0).map(Self::Here),
            (false, true, None) => of_host(settings, tries, limit.0).map(Self::Here),
            (false, false, Some(via)) => inside(via, settings, place, tries, limit.0).map(Self::Inside),
            _ => Err(Invalid::new("", "exactly one of `url`, `host` and `via` is needed")),
        }
    }

    pub(super) fn access(&self) -> Vec<Access> {
        match self {
            Self::Here(here) => vec![Access::new("network", format!("{}:{}", here.host, here.port))],
            Self::Inside(inside) => {
                let namespace = Some(inside.via.namespace.as_str());
                let service = inside.via.service.as_str();
                let rights = [
                    right("get", &path("v1", namespace, &["services", service])),
                    right("list", &path("discovery.k8s.io/v1", namespace, &["endpointslices"])),
                    right("get", &path("v1", namespace, &["services", service, "proxy"])),
                ];
                rights.into_iter().map(|right| Access::new("kubernetes", right)).collect()
            }
        }
    }
}

fn of_url(settings: &Settings, place: &Place, tries: u8, limit: Duration) -> Result<Here, Invalid> {
    if settings.port.is_some() || settings.tls {
        return Err(Invalid::new("", "`port` and `tls` belong to `host`; a `url` says both itself"));
    }
    let connection = settings.connection.as_deref();
    let endpoint = connection.map(|name| place.endpoint(name, "http", "connection")).transpose()?;
    let url = url(settings.url.as_deref(), endpoint.as_ref())?;
    let host = match url.host() {
        Some(Host::Ipv6(ip)) => ip.to_string(),
        Some(host) => host.to_string(),
        None => return Err(Invalid::new("url", format!("`{url}` has no host"))),
    };
    let mut way = endpoint.map_or_else(Way::default, |endpoint| endpoint.via);
    // A proxy would resolve the name and knock at the port in place of this machine.
    way.proxy = Some("none".to_owned());
    Ok(Here {
        host,
        port: url.port_or_known_default().unwrap_or_default(),
        is_secure: url.scheme() == "https",
        way,
        url: Some(url),
        tries,
        family: settings.addresses,
        limit,
    })
}

fn url(written: Option<&str>, endpoint: Option<&Endpoint>) -> Result<Url, Invalid> {
    let parsed = match (written, endpoint) {
        (Some(text), Some(endpoint)) => endpoint.at(text),
        (Some(text), None) => Url::parse(text),
        (None, Some(endpoint)) => Ok(endpoint.url.clone()),
        (None, None) => return Err(Invalid::new("", "there is nothing to reach").help("add `url: https://host/path`")),
    };
    let text = written.unwrap_or_default();
    let url = parsed.map_err(|error| Invalid::new("url", format!("`{text}` is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(Invalid::new("url", format!("`{url}` is no http or https URL"))
            .help("write `https://host/path`, or `host` and `port` for what does not speak HTTP"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Invalid::new("url", "a URL in a checklist holds no user or password"));
    }
    match endpoint.filter(|endpoint| endpoint.url.origin() != url.origin()) {
        Some(endpoint) => Err(Invalid::new("url", format!("`{url}` is not at the connection `{}`", endpoint.name))),
        None => Ok(url),
    }
}

fn of_host(settings: &Settings, tries: u8, limit: Duration) -> Result<Here, Invalid> {
    let written = settings.host.as_deref().unwrap_or_default();
    let host = match Host::parse(written) {
        Ok(Host::Ipv6(ip)) => ip.to_string(),
        Ok(host) => host.to_string(),
        Err(_) if written.parse::<std::net::Ipv6Addr>().is_ok() => written.to_owned(),
        Err(error) => {
            return Err(Invalid::new("host", format!("`{written}` is no host: {error}"))
                .help("write a name or an address, and the port by itself"));
        }
    };
    let Some(port) = settings.port.filter(|port| *port > 0) else {
        return Err(Invalid::new("port", "a `host` needs a `port`, from 1 to 65535"));
    };
    let is_secure = settings.tls;
    let way = Way { proxy: Some("none".to_owned()), ..Way::default() };
    Ok(Here { url: None, host, port, is_secure, way, tries, family: settings.addresses, limit })
}

fn inside(via: &Via, settings: &Settings, place: &Place, tries: u8, limit: Duration) -> Result<Inside, Invalid> {
    if settings.port.is_some() || settings.tls || settings.addresses != Family::Every {
        return Err(Invalid::new("", "`port` and `tls` stand within `via`, and the API server chooses the address"));
    }
    for (at, name) in [("via.namespace", &via.namespace), ("via.service", &via.service)] {
        // Neither name of the two may hold a dot: they are labels of DNS.
        if !is_name(name) || name.contains('.') {
            return Err(Invalid::new(at, format!("`{name}` is no name of Kubernetes")));
        }
    }
    let path = via.path.clone().unwrap_or_else(|| "/".to_owned());
    let is_sound = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    // What leads up would leave the proxy, and ask the API server for something else.
    if !is_sound || path.contains("..") || path.to_ascii_lowercase().contains("%2e") || path.contains('#') {
        return Err(Invalid::new("via.path", format!("`{path}` is no path below the service")).help("write `/v2/`"));
    }
    Ok(Inside { cluster: place.cluster()?, via: via.clone(), path, tries, limit })
}
