//! The way to a cluster's API server: its address, whom to believe there, which proxy, and who asks.

use super::{
    Kubectl, credential,
    kubeconfig::{Chosen, choose},
};
use crate::{
    clients::{Network, connections::Cluster, trust::Named},
    contract::{Context, Unobserved, Why},
};
use http::{HeaderValue, header::HOST};
use kube::{client::ConfigExt as _, config::Config};
use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::ring::default_provider,
};
use rustls_pki_types::CertificateDer;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::Url;

const CONNECT: Duration = Duration::from_secs(5);

/// The way to one cluster, found once in a run.
pub(super) struct Way {
    pub(super) client: reqwest::Client,
    /// Where requests go; differs from `server` where that is led elsewhere.
    pub(super) target: Url,
    /// The API server as the kubeconfig writes it, without a `/` at its end.
    pub(super) server: String,
    /// `host:port` of `server`.
    pub(super) host: String,
    pub(super) kubectl: Kubectl,
}

impl Way {
    pub(super) async fn find(cx: &Context, cluster: &Cluster) -> Result<Self, Unobserved> {
        let mut chosen = choose(cluster, &cx.reach().base).await?;
        credential::settle(&mut chosen.config.auth_info).await?;
        let server = chosen.config.cluster_url.to_string().trim_end_matches('/').to_owned();
        let unfit = |reason: &dyn std::fmt::Display| Unobserved::new(Why::Unconfigured, &server, reason);
        let url = Url::parse(&server).map_err(|error| unfit(&error))?;
        let road = Road::to(&url, chosen.config.tls_server_name.as_deref(), cx.network()).map_err(|why| unfit(&why))?;
        let tls = road.tls(&mut chosen.config, cx.network()).map_err(|why| unfit(&why))?;
        let mut headers = credential::headers(&chosen.config.auth_info)?;
        headers.values().filter(|value| value.is_sensitive()).for_each(|value| cx.reach().vault.learn_shown(value));
        headers.insert(HOST, HeaderValue::from_str(&road.host).map_err(|error| unfit(&error))?);
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .default_headers(headers)
            .dns_resolver(road.names(cx.network()))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .http1_only()
            .user_agent(concat!("gonogo/", env!("CARGO_PKG_VERSION")));
        let client = road.proxied(builder, cluster, &chosen)?.build().map_err(|error| unfit(&error))?;
        let kubectl = Kubectl::of(cluster, &cx.reach().base, chosen.context.as_deref());
        Ok(Self { client, target: road.target, host: road.host, server, kubectl })
    }
}

/// How the socket is reached, and which name is proven there.
struct Road {
    target: Url,
    host: String,
    /// The name to resolve in place of the target's.
    resolves: String,
    led: Option<SocketAddr>,
    /// The name that the server must prove, where it is not the target's.
    proves: Option<String>,
    is_direct: bool,
}

impl Road {
    fn to(server: &Url, tls_name: Option<&str>, network: &Network) -> Result<Self, String> {
        let (Some(host), Some(port)) = (server.host_str(), server.port_or_known_default()) else {
            return Err("it has no host".to_owned());
        };
        let bare = host.trim_matches(['[', ']']);
        let ip = bare.parse::<IpAddr>().ok();
        let led = network.leads_host(bare, port).or_else(|| {
            let from = SocketAddr::new(ip?, port);
            Some(network.leads(from)).filter(|to| *to != from)
        });
        let mut target = server.clone();
        let mut proves = tls_name.filter(|_| ip.is_some()).map(str::to_owned);
        let wrong = || format!("`{host}` cannot be led elsewhere");
        if let Some(socket) = led {
            target.set_port(Some(socket.port())).map_err(|()| wrong())?;
            if ip.is_some() {
                target.set_ip_host(socket.ip()).map_err(|()| wrong())?;
                proves = Some(tls_name.unwrap_or(bare).to_owned());
            }
        }
        // The URL's name is what is asked for in TLS, so that a server with several certificates picks the right one.
        if let Some(name) = tls_name.filter(|_| ip.is_none()) {
            target.set_host(Some(name)).map_err(|error| format!("tls-server-name `{name}`: {error}"))?;
        }
        let authority = server.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let is_direct = led.is_some() || tls_name.is_some();
        Ok(Self { target, host: authority, resolves: bare.to_owned(), led, proves, is_direct })
    }

    /// As the kubeconfig says; where it names no authority, as the checklist's network says.
    fn tls(&self, config: &mut Config, network: &Network) -> Result<ClientConfig, String> {
        let own = config.root_cert.clone();
        // Without this, `kube` would look for the machine's certificates itself, and fail where there are none.
        config.root_cert.get_or_insert_default();
        let mut tls = config.rustls_client_config().map_err(|error| error.to_string())?;
        if config.accept_invalid_certs || (own.is_some() && self.proves.is_none()) {
            return Ok(tls);
        }
        let store = match own {
            None => network.roots().store(),
            Some(certificates) => {
                let mut store = RootCertStore::empty();
                store.add_parsable_certificates(certificates.into_iter().map(CertificateDer::from));
                Arc::new(store)
            }
        };
        let provider = Arc::new(default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match &self.proves {
            Some(name) => Arc::new(Named::new(name, store, provider).map_err(|error| error.detail)?),
            None => WebPkiServerVerifier::builder_with_provider(store, provider)
                .build()
                .map_err(|error| error.to_string())?,
        };
        tls.dangerous().set_certificate_verifier(verifier);
        Ok(tls)
    }

    fn names(&self, network: &Arc<Network>) -> Names {
        let own = self.target.host_str().unwrap_or_default().to_owned();
        Names { network: network.clone(), own, resolves: self.resolves.clone(), led: self.led }
    }

    /// A server that is led elsewhere, or that must prove another name, is asked directly: a proxy would be told that name.
    fn proxied(
        &self,
        builder: reqwest::ClientBuilder,
        cluster: &Cluster,
        chosen: &Chosen,
    ) -> Result<reqwest::ClientBuilder, Unobserved> {
        let proxy = cluster.proxy.as_deref().filter(|proxy| *proxy != "env").or(chosen.proxy.as_deref());
        match proxy {
            Some("none") => Ok(builder.no_proxy()),
            _ if self.is_direct => Ok(builder.no_proxy()),
            None => Ok(builder),
            Some(url) => reqwest::Proxy::all(url)
                .map(|proxy| builder.proxy(proxy))
                .map_err(|error| Unobserved::new(Why::Unconfigured, format!("proxy of site {}", cluster.site), error)),
        }
    }
}

/// Resolves the API server's name as the road says, and a proxy's name as the checklist's network says.
struct Names {
    network: Arc<Network>,
    own: String,
    resolves: String,
    led: Option<SocketAddr>,
}

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let is_own = name.as_str() == self.own;
        let wanted = if is_own { self.resolves.clone() } else { name.as_str().to_owned() };
        let (network, led) = (self.network.clone(), self.led.filter(|_| is_own));
        Box::pin(async move {
            let sockets = match led {
                Some(socket) => vec![socket],
                // Port 0 lets the URL's own port stand.
                None => network.addresses(&wanted).await?.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect(),
            };
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
