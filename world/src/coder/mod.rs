//! A Coder deployment: the server, its workspace proxies, and the sub-domains that workspaces' applications live on.
//!
//! Workspaces themselves are left out: what is asked before an event is who is up, whose token lives, and whether a
//! wildcard host reaches Coder at all.

mod answer;
mod api;
pub(crate) mod bridge;
mod estate;
mod people;
pub mod provisioning;
mod proxying;
mod rights;
mod routes;
mod tags;

use std::net::IpAddr;

use crate::ca::Leaf;
use crate::fault::System;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

pub use bridge::Bridge;
pub use estate::{Estate, Feature, Licence, Provider};
pub use people::{Token, User};
pub use provisioning::Provisioning;
pub use proxying::Registration;

/// The server or a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name in `/regions`: `primary`, `oregon`.
    pub name: String,
    /// Its host: `oregon-proxy.ai.coder.com`. Its wildcard is one label below.
    pub host: String,
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// Whether it is a workspace proxy rather than the server.
    pub is_proxy: bool,
    /// Its release: `v2.20.0-devel+0123abc`.
    pub version: String,
    /// What the server thinks of it.
    pub is_healthy: bool,
    /// Whether its wildcard hosts reach workspaces. A stale proxy image answers them with the dashboard instead.
    pub routes_wildcard: bool,
    /// What it presents, for its host and its wildcard.
    pub certificate: Leaf,
    /// How the server knows it.
    pub registration: Registration,
}

impl Region {
    /// A healthy one that routes, under a certificate for its host and its wildcard.
    #[must_use]
    pub fn new(name: &str, host: &str, addresses: &[IpAddr]) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            addresses: addresses.to_vec(),
            is_proxy: name != "primary",
            version: "v2.20.0-devel+4b2f1c9".to_owned(),
            is_healthy: true,
            routes_wildcard: true,
            certificate: Leaf::for_names([host.to_owned(), format!("*.{host}")]),
            registration: Registration::of(host),
        }
    }
}

/// The deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The server first, then the proxies.
    pub regions: Vec<Region>,
    /// The organisations, their provisioners and their jobs.
    pub provisioning: Provisioning,
    /// The people.
    pub users: Vec<User>,
    /// Their tokens.
    pub tokens: Vec<Token>,
    /// What the deployment says of itself.
    pub estate: Estate,
}

impl Deployment {
    /// The region at a host, to change it.
    pub fn region_mut(&mut self, host: &str) -> Option<&mut Region> {
        self.regions.iter_mut().find(|region| region.host == host)
    }

    /// The token of this name, to change it.
    pub fn token_mut(&mut self, name: &str) -> Option<&mut Token> {
        self.tokens.iter_mut().find(|token| token.name == name)
    }
}

struct Front {
    host: String,
}

impl Behind for Front {
    fn certificate(&self, state: &State) -> Option<Leaf> {
        let region = state.coder.regions.iter().find(|region| region.host == self.host);
        Some(region.map_or_else(|| Leaf::for_names([self.host.as_str()]), |region| region.certificate.clone()))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        // What it says happened a while ago it says by the clock that its `Date` shows.
        let now = request.now.checked_add(state.date_skew).unwrap_or(request.now);
        answer::answer(&state.coder, &self.host, &Request { now, ..request.clone() })
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        api::refusal(status)
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let regions = state.coder.regions.iter();
    let stands = regions.flat_map(|region| {
        let front = Front { host: region.host.clone() };
        Stand::of_addresses(System::Coder, &region.host, &region.addresses, front)
    });
    stands.collect()
}
