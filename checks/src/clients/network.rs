//! Where names and addresses lead: the checklist's `network:`, as curl's `--connect-to` and `--dns-servers`.
//!
//! Leading elsewhere changes the socket only: the name in the URL, in TLS and in `Host` stays, so what is proven is
//! proven of the name. An address may be led elsewhere too, so that a whole rehearsal network can stand on one machine.

use super::trust::Roots;
use crate::contract::{Unobserved, Why};
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

/// The checklist's `network:`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkSettings {
    /// The resolvers to ask instead of this machine's: `192.0.2.53` or `127.0.0.1:5353`.
    #[serde(default)]
    pub resolvers: Vec<String>,
    /// Where names and addresses lead: a host, `*.host` or an address, each with or without `:port`, to `address:port`.
    #[serde(default)]
    pub connect: IndexMap<String, SocketAddr>,
    /// A file of certificates, PEM, that are trusted besides this machine's.
    #[serde(default)]
    pub ca: Option<PathBuf>,
}

/// What is wrong with `network:`.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A resolver that is no address.
    #[error("`{0}` is not the address of a resolver")]
    Resolver(String),
    /// The file of certificates.
    #[error("cannot read the certificates in {path}: {reason}")]
    Certificates {
        /// Which file.
        path: String,
        /// Why not.
        reason: String,
    },
}

/// Where names and addresses lead, in one run.
pub struct Network {
    connect: IndexMap<String, SocketAddr>,
    resolvers: Vec<SocketAddr>,
    resolver: OnceLock<TokioResolver>,
    roots: Arc<Roots>,
}

impl Network {
    /// Reads the settings; files are relative to `base`.
    ///
    /// # Errors
    /// A resolver that is no address, or certificates that cannot be read.
    pub fn new(settings: &NetworkSettings, base: &Path) -> Result<Self, NetworkError> {
        let resolvers = settings.resolvers.iter().map(|text| resolver_address(text)).collect::<Result<_, _>>()?;
        let pem = settings.ca.as_ref().map(|path| {
            let path = base.join(path);
            std::fs::read(&path).map_err(|error| NetworkError::Certificates {
                path: path.display().to_string(),
                reason: error.to_string(),
            })
        });
        let roots = Roots::new(pem.transpose()?.as_deref()).map_err(|reason| NetworkError::Certificates {
            path: settings.ca.as_ref().map_or_else(String::new, |path| path.display().to_string()),
            reason,
        })?;
        let connect = settings.connect.iter().map(|(from, to)| (from.to_ascii_lowercase(), *to)).collect();
        Ok(Self { connect, resolvers, resolver: OnceLock::new(), roots: Arc::new(roots) })
    }

    /// The certificates that are trusted where a connection does not say otherwise.
    #[must_use]
    pub const fn roots(&self) -> &Arc<Roots> {
        &self.roots
    }

    /// The resolvers that `network:` names; empty means this machine's.
    #[must_use]
    pub fn resolvers(&self) -> &[SocketAddr] {
        &self.resolvers
    }

    /// Where `host:port` leads without asking any resolver, if anywhere else.
    #[must_use]
    pub fn leads_host(&self, host: &str, port: u16) -> Option<SocketAddr> {
        if self.connect.is_empty() {
            return None;
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let parents = host.match_indices('.').map(|(dot, _)| format!("*{}", &host[dot..]));
        std::iter::once(host.clone())
            .chain(parents)
            .find_map(|name| self.connect.get(&format!("{name}:{port}")).or_else(|| self.connect.get(&name)).copied())
    }

    /// Where the address leads: itself, unless `connect` says otherwise.
    #[must_use]
    pub fn leads(&self, to: SocketAddr) -> SocketAddr {
        let exact = self.connect.get(&to.to_string());
        exact.or_else(|| self.connect.get(&to.ip().to_string())).copied().unwrap_or(to)
    }

    /// True if and only if `connect` leads addresses elsewhere: then the network is a rehearsal, not the world.
    #[must_use]
    pub fn leads_addresses(&self) -> bool {
        let is_address = |from: &String| from.parse::<IpAddr>().is_ok() || from.parse::<SocketAddr>().is_ok();
        self.connect.keys().any(is_address)
    }

    /// The address that leads to `socket`: the reverse of [`leads`](Self::leads); its own where none does.
    #[must_use]
    pub fn stands_for(&self, socket: SocketAddr) -> IpAddr {
        let address = |from: &str| from.parse().or_else(|_| from.parse().map(|socket: SocketAddr| socket.ip())).ok();
        let found = self.connect.iter().filter(|(_, to)| **to == socket).find_map(|(from, _)| address(from));
        found.unwrap_or(socket.ip())
    }

    /// The sockets behind `host:port`, each led to where it leads; never empty.
    ///
    /// # Errors
    /// The name does not resolve, or its resolver does not answer.
    pub async fn sockets(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unobserved> {
        if let Some(socket) = self.leads_host(host, port) {
            return Ok(vec![socket]);
        }
        Ok(self.addresses(host).await?.into_iter().map(|ip| self.leads(SocketAddr::new(ip, port))).collect())
    }

    /// The addresses of `host`, as its resolver gives them, not led anywhere; never empty.
    ///
    /// # Errors
    /// The name does not resolve, or its resolver does not answer.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Unobserved> {
        if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse() {
            return Ok(vec![ip]);
        }
        let found = if self.resolvers.is_empty() { ask_machine(host).await } else { self.ask_resolvers(host).await };
        match found {
            Ok(found) if found.is_empty() => Err(unresolved(host, Why::Unresolved, NO_SUCH_NAME)),
            other => other,
        }
    }

    /// True if and only if `host` has an address, or `connect` leads it to one. False is the resolver's own word: one that
    /// fails, or does not answer, is an error.
    ///
    /// # Errors
    /// The resolver does not answer, or fails.
    pub async fn has_address(&self, host: &str) -> Result<bool, Unobserved> {
        if [443, 80].iter().any(|port| self.leads_host(host, *port).is_some()) {
            return Ok(true);
        }
        match self.addresses(host).await {
            Ok(_) => Ok(true),
            Err(missing) if is_denial(&missing.detail) => Ok(false),
            Err(missing) => Err(missing),
        }
    }

    async fn ask_resolvers(&self, host: &str) -> Result<Vec<IpAddr>, Unobserved> {
        let name = format!("{}.", host.trim_end_matches('.'));
        let resolver = self.resolver()?;
        match resolver.lookup_ip(name.as_str()).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(NetError::Timeout) => Err(unresolved(host, Why::TimedOut, "its resolver is silent")),
            Err(NetError::Dns(DnsError::NoRecordsFound(_))) => Err(unresolved(host, Why::Unresolved, NO_SUCH_NAME)),
            Err(error) => Err(unresolved(host, Why::Unresolved, error)),
        }
    }

    fn resolver(&self) -> Result<&TokioResolver, Unobserved> {
        if let Some(resolver) = self.resolver.get() {
            return Ok(resolver);
        }
        let servers = self.resolvers.iter().map(|address| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = address.port();
                connection
            });
            NameServerConfig::new(address.ip(), true, connections.to_vec())
        });
        let config = ResolverConfig::from_name_servers(servers.collect());
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        builder.options_mut().timeout = Duration::from_secs(3);
        builder.options_mut().attempts = 1;
        let resolver = builder.build().map_err(|error| unresolved("", Why::Unconfigured, error))?;
        Ok(self.resolver.get_or_init(|| resolver))
    }
}

fn resolver_address(text: &str) -> Result<SocketAddr, NetworkError> {
    let ip = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    ip.or_else(|_| text.parse()).map_err(|_| NetworkError::Resolver(text.to_owned()))
}

async fn ask_machine(host: &str) -> Result<Vec<IpAddr>, Unobserved> {
    match tokio::net::lookup_host((host, 0)).await {
        Ok(found) => Ok(found.map(|socket| socket.ip()).collect()),
        Err(error) => Err(unresolved(host, Why::Unresolved, error)),
    }
}

/// What a resolver says of a name that is not there, or has no address.
const NO_SUCH_NAME: &str = "no such name, or no address";

/// True for a resolver's word that there is no such name or address: ours, glibc's, musl's and Apple's.
fn is_denial(detail: &str) -> bool {
    let denials = [
        NO_SUCH_NAME,
        "Name or service not known",
        "No address associated with hostname",
        "Name does not resolve",
        "nodename nor servname provided",
    ];
    denials.iter().any(|words| detail.contains(words))
}

fn unresolved(host: &str, why: Why, detail: impl std::fmt::Display) -> Unobserved {
    Unobserved::new(why, host, detail).by_hand(crate::contract::Remedy::run(["dig", host]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(pairs: &[(&str, &str)]) -> Network {
        let connect = pairs.iter().map(|(from, to)| ((*from).to_owned(), to.parse().expect("a socket"))).collect();
        Network::new(&NetworkSettings { connect, ..NetworkSettings::default() }, Path::new(".")).expect("settings")
    }

    #[test]
    fn the_closest_name_leads_and_a_port_may_be_named() {
        let network = network(&[
            ("*.ai.example", "127.0.0.1:1"),
            ("b.ai.example", "127.0.0.1:2"),
            ("b.ai.example:8443", "127.0.0.1:3"),
        ]);
        let leads = |host: &str, port| network.leads_host(host, port).map(|socket| socket.port());
        assert_eq!(leads("x.ai.example", 443), Some(1));
        assert_eq!(leads("x.y.AI.example.", 443), Some(1));
        assert_eq!((leads("b.ai.example", 443), leads("b.ai.example", 8443)), (Some(2), Some(3)));
        assert_eq!((leads("ai.example", 443), leads("other.example", 443)), (None, None));
    }

    #[test]
    fn an_address_may_be_led_elsewhere_and_others_stay() {
        let network = network(&[
            ("203.0.113.10", "127.0.0.1:9"),
            ("203.0.113.10:53", "127.0.0.1:8"),
            ("[2001:db8::1]:443", "127.0.0.1:7"),
        ]);
        let leads = |to: &str| network.leads(to.parse().expect("a socket")).to_string();
        assert_eq!(leads("203.0.113.10:443"), "127.0.0.1:9");
        assert_eq!(leads("203.0.113.10:53"), "127.0.0.1:8");
        assert_eq!(leads("[2001:db8::1]:443"), "127.0.0.1:7");
        assert_eq!(leads("203.0.113.11:443"), "203.0.113.11:443");
    }
}
