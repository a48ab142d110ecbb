//! HTTP and HTTPS on loopback: what every simulated system but DNS stands behind.
//!
//! A system says what it answers (`Behind`) as a function of the state and a request; all waiting, TLS, limits, faults
//! and the log are here. The accept loop is our own, because a fault has to reach the connection: no framework lets a
//! handler refuse, reset or hang it.

mod connection;
mod gate;
mod hosted;
mod reply;
mod request;
mod spoil;
mod wire;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub use reply::Reply;
pub use request::Request;

pub(crate) use gate::Gate;

use crate::ca::Leaf;
use crate::fault::System;
use crate::scene::Scene;
use crate::state::State;

/// What stands behind a listener. Bounded and synchronous: it sees one whole request and the state, and nothing else.
pub(crate) trait Behind: Send + Sync + 'static {
    /// The certificate to present; `None` speaks plain HTTP. Read anew for each connection.
    fn certificate(&self, state: &State) -> Option<Leaf>;

    /// The answer. May change the state (a token that was issued, a lease that was taken).
    fn answer(&self, state: &mut State, request: &Request) -> Reply;

    /// The system's own error body for a status that a fault asks for.
    fn refusal(&self, status: u16, request: &Request) -> Reply {
        let _ = request;
        Reply::text(status, "")
    }
}

/// A listener to be opened.
pub(crate) struct Stand {
    /// The system, for faults and the log.
    pub(crate) system: System,
    /// The host or the cluster, for faults and the log.
    pub(crate) instance: String,
    /// The documentation address that leads here, if any.
    pub(crate) address: Option<IpAddr>,
    /// The host names that lead here without DNS.
    pub(crate) hosts: Vec<String>,
    /// The port at which the world outside believes this to be: 443, 80.
    pub(crate) port: u16,
    /// What answers.
    pub(crate) behind: Arc<dyn Behind>,
}

/// A listener that is open.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) system: System,
    pub(crate) instance: String,
    pub(crate) address: Option<IpAddr>,
    pub(crate) hosts: Vec<String>,
    pub(crate) port: u16,
    pub(crate) socket: SocketAddr,
    gate: Arc<Gate>,
}

impl Stand {
    /// Opens a listener on a free loopback port and serves it until the scene is over.
    pub(crate) fn open(self, scene: &Arc<Scene>) -> io::Result<Listener> {
        let gate = Arc::new(Gate::open()?);
        let listener = Listener {
            system: self.system,
            instance: self.instance.clone(),
            address: self.address,
            hosts: self.hosts.clone(),
            port: self.port,
            socket: gate.socket(),
            gate: Arc::clone(&gate),
        };
        tokio::spawn(connection::accept(Arc::clone(scene), Arc::new(self), gate));
        Ok(listener)
    }

    /// The listeners of one host: one for each address, and the host's name led to the first of them.
    pub(crate) fn of_api(system: System, host: &str, addresses: &[IpAddr], behind: impl Behind) -> Vec<Self> {
        let mut stands = Self::of_addresses(system, host, addresses, behind);
        if let Some(first) = stands.first_mut() {
            first.hosts = vec![host.to_owned()];
        }
        stands
    }

    /// The listeners of one host that is found by its addresses alone; by its name where it has none.
    pub(crate) fn of_addresses(system: System, host: &str, addresses: &[IpAddr], behind: impl Behind) -> Vec<Self> {
        let behind: Arc<dyn Behind> = Arc::new(behind);
        let stand = |address: Option<IpAddr>| Self {
            system,
            instance: host.to_owned(),
            address,
            hosts: if address.is_none() { vec![host.to_owned()] } else { Vec::new() },
            port: 443,
            behind: Arc::clone(&behind),
        };
        if addresses.is_empty() {
            return vec![stand(None)];
        }
        addresses.iter().map(|address| stand(Some(*address))).collect()
    }

    /// The names by which a rule may mean this listener.
    fn names(&self) -> Vec<String> {
        let mut names = vec![self.instance.clone()];
        names.extend(self.address.map(|address| address.to_string()));
        names
    }
}

impl Listener {
    /// Shuts or opens the port to suit the rules in force, before returning.
    pub(crate) fn obey(&self, scene: &Scene) -> io::Result<()> {
        let address = self.address.map(|address| address.to_string());
        let mut names = vec![self.instance.as_str()];
        names.extend(address.as_deref());
        self.gate.set_refusing(scene.faults.is_refusing(self.system, &names))
    }
}
