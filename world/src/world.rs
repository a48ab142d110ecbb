//! A world that runs: its servers on loopback, their addresses, and the ways to change what they say.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::ca::Ca;
use crate::fault::{Rule, System};
use crate::scene::{Asked, Scene};
use crate::serve::{Listener, Stand};
use crate::state::State;
use crate::{
    alertmanager, aws, cloudflare, coder, dns, ecr, gcp, github, incident_io, kubeconfig, kubernetes, litellm,
    pagerduty, prometheus, registry, s3, web,
};

/// The servers of a state. They stop when this is dropped.
#[derive(Debug)]
pub struct World {
    scene: Arc<Scene>,
    listeners: Vec<Listener>,
    dns: dns::Running,
}

impl World {
    /// Opens a loopback port for every server of the state, inside the caller's tokio runtime.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened or a key cannot be made.
    #[expect(clippy::unused_async, reason = "its servers live in a runtime: who cannot await cannot start them")]
    pub async fn start(state: State) -> io::Result<Self> {
        let stands = stands(&state);
        unambiguous(&stands)?;
        let ca = Ca::new().map_err(io::Error::other)?;
        let scene = Arc::new(Scene::new(state, ca));
        let listeners = stands.into_iter().map(|stand| stand.open(&scene)).collect::<io::Result<_>>()?;
        let dns = dns::start(&scene)?;
        Ok(Self { scene, listeners, dns })
    }

    /// Changes anything that the servers say, from the next request on.
    pub fn edit<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.scene.state())
    }

    /// True where the estate is not what the code that the check `name` plans declares.
    #[must_use]
    pub fn is_drifted(&self, name: &str) -> bool {
        self.scene.state().drifted.contains(name)
    }

    /// True where nobody has confirmed what the check `name` asks of people.
    #[must_use]
    pub fn is_unattested(&self, name: &str) -> bool {
        self.scene.state().unattested.contains(name)
    }

    /// The certificate of the authority that signed every server's certificate.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        self.scene.ca.pem()
    }

    /// Where the names and addresses of the world outside really are, for a checklist's `network.connect`: an address
    /// (`203.0.113.10`, and `203.0.113.10:80` where another port is meant) or a host name. A host that stands behind a
    /// load balancer is not here by its name: it is found by asking the world's DNS.
    #[must_use]
    pub fn connect(&self) -> BTreeMap<String, SocketAddr> {
        let mut connect = BTreeMap::new();
        for listener in &self.listeners {
            let addresses = listener.address.map(|address| address.to_string());
            for name in addresses.iter().chain(&listener.hosts) {
                connect.insert(key(name, listener.port), listener.socket);
            }
        }
        for (address, socket) in self.dns.addresses() {
            connect.insert(key(&address.to_string(), 53), socket);
            // A name server that is a web server too is told apart by its port.
            connect.entry(address.to_string()).or_insert(socket);
        }
        connect
    }

    /// The recursive resolver to ask for names.
    #[must_use]
    pub fn resolvers(&self) -> Vec<SocketAddr> {
        vec![self.dns.default_resolver()]
    }

    /// A kubeconfig with a context for each cluster, its user's token, and the world's authority.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        let clusters = self.listeners.iter().filter(|listener| listener.system == System::Kubernetes);
        let servers = clusters.map(|listener| (listener.instance.as_str(), listener.socket));
        kubeconfig::text(&self.scene.state(), self.ca_pem(), servers)
    }

    /// Every request that was seen, in their order; the last hundred thousand.
    #[must_use]
    pub fn requests(&self) -> Vec<Asked> {
        self.scene.requests()
    }

    /// Puts a fault in force, before it returns.
    ///
    /// # Errors
    ///
    /// When a port cannot be shut or opened.
    pub fn inject(&self, rule: Rule) -> io::Result<()> {
        self.scene.faults.add(rule);
        self.obey()
    }

    /// Ends all faults; ports that refused are open again when it returns.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened again.
    pub fn clear_faults(&self) -> io::Result<()> {
        self.scene.faults.clear();
        self.obey()
    }

    fn obey(&self) -> io::Result<()> {
        self.listeners.iter().try_for_each(|listener| listener.obey(&self.scene))?;
        self.dns.obey(&self.scene)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.scene.over.cancel();
    }
}

/// Every HTTP server of the state.
fn stands(state: &State) -> Vec<Stand> {
    let systems = [
        registry::stands,
        ecr::stands,
        s3::stands,
        aws::stands,
        litellm::stands,
        coder::stands,
        gcp::stands,
        github::stands,
        web::stands,
        kubernetes::stands,
        alertmanager::stands,
        cloudflare::stands,
        pagerduty::stands,
        incident_io::stands,
        prometheus::stands,
    ];
    systems.iter().flat_map(|stands| stands(state)).collect()
}

fn key(name: &str, port: u16) -> String {
    match port {
        443 => name.to_owned(),
        port if name.contains(':') => format!("[{name}]:{port}"),
        port => format!("{name}:{port}"),
    }
}

fn unambiguous(stands: &[Stand]) -> io::Result<()> {
    let mut taken = BTreeMap::new();
    for stand in stands {
        let Some(address) = stand.address else {
            continue;
        };
        if let Some(other) = taken.insert((address, stand.port), &stand.instance) {
            let both = format!("{other} and {} both stand at {address}", stand.instance);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, both));
        }
    }
    Ok(())
}
