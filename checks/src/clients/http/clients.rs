//! The HTTP clients of a run: one for each way to go, made when first needed.
//!
//! A client of reqwest's knows one resolver, and a resolver is not told the port: so a client serves one port, and its
//! resolver hands out whole sockets. That leads names elsewhere whether or not a URL writes its port.

use super::Via;
use crate::{
    clients::Network,
    contract::{Context, Unobserved, Why},
};
use rustls::{ClientConfig, RootCertStore, client::Resumption, crypto::ring};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

const CONNECT: Duration = Duration::from_secs(5);

/// What two requests must share to share a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) via: Via,
    /// The port at the names that it resolves; `None` through a proxy, which resolves them itself.
    pub(super) port: Option<u16>,
    /// Plain HTTP needs no certificates, and reading them takes longer than many a whole run.
    pub(super) is_secure: bool,
    /// A connection and a TLS session for each request.
    pub(super) is_fresh: bool,
    /// The one address to which its names lead.
    pub(super) at: Option<IpAddr>,
}

/// The HTTP clients of one run.
#[derive(Default)]
pub struct Clients {
    made: Mutex<HashMap<Way, reqwest::Client>>,
}

impl Context {
    /// The client that goes this way.
    pub(super) fn http_client(&self, way: &Way) -> Result<reqwest::Client, Unobserved> {
        let mut made = self.reach().http.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(way) {
            return Ok(client.clone());
        }
        let client = self.make_client(way)?;
        made.insert(way.clone(), client.clone());
        Ok(client)
    }

    fn make_client(&self, way: &Way) -> Result<reqwest::Client, Unobserved> {
        let unfit = |error: reqwest::Error| Unobserved::new(Why::Unconfigured, "HTTP client", error);
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls(way)?)
            .dns_resolver(Names::new(self.network().clone(), way))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .http1_only()
            .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")));
        if way.is_fresh {
            builder = builder.pool_max_idle_per_host(0);
        }
        builder = match (way.port, way.via.proxy.as_deref()) {
            (Some(_), _) => builder.no_proxy(),
            (None, None | Some("env")) => builder,
            (None, Some(url)) => builder.proxy(reqwest::Proxy::all(url).map_err(unfit)?),
        };
        builder.build().map_err(unfit)
    }

    fn tls(&self, way: &Way) -> Result<ClientConfig, Unobserved> {
        // A proxy may itself be asked by TLS.
        if !way.is_secure && way.port.is_some() {
            return ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map(|builder| builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
                .map_err(|error| Unobserved::new(Why::Unconfigured, "TLS", error));
        }
        let mut config = self.reach().trusted(&way.via.trust)?.client.clone();
        if way.is_fresh {
            config.resumption = Resumption::disabled();
        }
        Ok(config)
    }
}

/// Resolves as the checklist's network says.
struct Names {
    network: Arc<Network>,
    port: Option<u16>,
    at: Option<IpAddr>,
    /// How many names were resolved so far, where each connection is to begin at another address.
    turn: Option<Arc<AtomicUsize>>,
}

impl Names {
    fn new(network: Arc<Network>, way: &Way) -> Self {
        Self { network, port: way.port, at: way.at, turn: way.is_fresh.then(Arc::default) }
    }
}

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let (network, port, at, turn) = (self.network.clone(), self.port, self.at, self.turn.clone());
        Box::pin(async move {
            // Port 0 lets the URL's own port stand.
            let unled = |found: Vec<IpAddr>| found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            let mut sockets: Vec<SocketAddr> = match port {
                Some(port) if at.is_some() => {
                    at.into_iter().map(|ip| network.leads(SocketAddr::new(ip, port))).collect()
                }
                Some(port) => network.sockets(name.as_str(), port).await?,
                None => network.addresses(name.as_str()).await.map(unled)?,
            };
            if let Some(turn) = turn {
                let first = turn.fetch_add(1, Relaxed) % sockets.len().max(1);
                sockets.rotate_left(first);
            }
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
