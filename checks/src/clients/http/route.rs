//! How one URL is reached: by which client, under which authority, and what its `Host` header says.
//!
//! Only the socket is led elsewhere; the name that TLS proves and the `Host` that is told stay the URL's own.

use super::{Via, clients::Way};
use crate::{clients::Network, contract::Context};
use std::net::{IpAddr, SocketAddr};
use url::{Host, Url};

/// How one URL is reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) way: Way,
    /// What the client is given: the URL, its port and literal address as they are led.
    pub(super) url: Url,
    /// What the server is told, where that is not what the client would tell it.
    pub(super) host: Option<String>,
}

impl Context {
    pub(super) fn route(&self, url: &Url, via: &Via, is_fresh: bool, at: Option<IpAddr>) -> Route {
        let (name, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let way = Way { via: via.clone(), port: Some(port), is_secure: url.scheme() == "https", is_fresh, at };
        if at.is_none() && self.is_proxied(via, name, port) {
            return Route { way: Way { port: None, ..way }, url: url.clone(), host: None };
        }
        match url.host() {
            Some(Host::Domain(_)) => by_name(url, way),
            Some(Host::Ipv4(ip)) => by_address(self.network(), url, way, SocketAddr::new(IpAddr::V4(ip), port)),
            Some(Host::Ipv6(ip)) => by_address(self.network(), url, way, SocketAddr::new(IpAddr::V6(ip), port)),
            None => Route { way, url: url.clone(), host: None },
        }
    }
}

/// The resolver says the port, which a client overrides with the one in its URL: so the URL has none.
fn by_name(url: &Url, way: Way) -> Route {
    let mut bare = url.clone();
    let _ = bare.set_port(None);
    Route { way, url: bare, host: url.port().map(|_| authority(url)) }
}

/// A client asks no resolver about an address, so one that is led elsewhere is replaced in the URL.
fn by_address(network: &Network, url: &Url, mut way: Way, address: SocketAddr) -> Route {
    let to = network.leads(address);
    if to == address {
        return Route { way, url: url.clone(), host: None };
    }
    let mut led = url.clone();
    let _ = led.set_ip_host(to.ip());
    let _ = led.set_port(Some(to.port()));
    if way.is_secure && way.via.trust.server_name.is_none() {
        way.via.trust.server_name = Some(address.ip().to_string());
    }
    Route { way, url: led, host: Some(authority(url)) }
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
