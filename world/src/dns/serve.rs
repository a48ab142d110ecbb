//! The sockets: UDP and TCP under one loopback port for every server and resolver of the state.
//!
//! Which addresses are served is read once, at the start; a server that is taken out of the state later falls silent.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hickory_proto::op::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::datagram::Datagrams;
use super::message;
use super::spoil::{Done, Way, sent};
use super::ttl::Fetched;
use super::{Dns, name_text};
use crate::fault::System;
use crate::scene::{Asked, Scene};
use crate::serve::Gate;

/// How often another port is tried when a TCP port's UDP twin is taken.
const TRIES: usize = 32;
/// How long a TCP connection may be idle.
const IDLE: Duration = Duration::from_secs(30);

/// The name servers that are running; they stop with the scene.
#[derive(Debug)]
pub(crate) struct Running {
    ports: Vec<Arc<Port>>,
    default: SocketAddr,
}

/// One served address.
#[derive(Debug)]
struct Port {
    address: IpAddr,
    gate: Gate,
    datagrams: Datagrams,
    fetched: Mutex<Fetched>,
}

/// Starts everything that the state's DNS names, inside the caller's tokio runtime.
///
/// # Errors
/// When no port can be had, or the state has no resolver.
pub(crate) fn start(scene: &Arc<Scene>) -> io::Result<Running> {
    let addresses = served(&scene.state().dns);
    let ports = addresses.into_iter().map(Port::open).collect::<io::Result<Vec<_>>>()?;
    let first = ports.first().ok_or_else(|| io::Error::other("the world has no resolver"))?;
    let default = first.gate.socket();
    for port in &ports {
        tokio::spawn(datagrams(Arc::clone(scene), Arc::clone(port)));
        tokio::spawn(connections(Arc::clone(scene), Arc::clone(port)));
    }
    Ok(Running { ports, default })
}

impl Running {
    /// Every address of the world's DNS and where it really is.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (IpAddr, SocketAddr)> {
        self.ports.iter().map(|port| (port.address, port.gate.socket()))
    }

    /// The first resolver: the one for ordinary use.
    pub(crate) fn default_resolver(&self) -> SocketAddr {
        self.default
    }

    /// Shuts or opens the ports to suit the rules in force, before returning.
    pub(crate) fn obey(&self, scene: &Scene) -> io::Result<()> {
        for port in &self.ports {
            let names = names(&scene.state().dns, port.address);
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let is_refusing = scene.faults.is_refusing(System::Dns, &names);
            port.gate.set_refusing(is_refusing)?;
            port.datagrams.set_refusing(is_refusing)?;
        }
        Ok(())
    }
}

impl Port {
    fn open(address: IpAddr) -> io::Result<Arc<Self>> {
        let mut tries = 0;
        loop {
            let gate = Gate::open()?;
            tries += 1;
            match Datagrams::open(gate.socket()) {
                Ok(datagrams) => {
                    return Ok(Arc::new(Self { address, gate, datagrams, fetched: Mutex::default() }));
                }
                Err(error) if tries == TRIES => return Err(error),
                Err(_) => {}
            }
        }
    }

    /// Answers one packet. What is no question is left alone, as real servers leave it.
    fn answer(&self, scene: &Scene, way: Way, packet: &[u8]) -> Option<Done> {
        let request = Message::from_vec(packet).ok()?;
        let asked = request.queries.first().map(|query| name_text(query.name())).unwrap_or_default();
        let state = scene.state();
        let names = names(&state.dns, self.address);
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let fault = scene.faults.take(System::Dns, &names, &asked);
        let reply = {
            let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            message::answer(&state.dns, self.address, &request, &mut fetched)
        };
        drop(state);
        let done = sent(way, fault, &request, reply.as_ref());
        let kind = request.queries.first().map(|query| query.query_type().to_string());
        scene.note(Asked {
            system: System::Dns,
            instance: self.address.to_string(),
            method: kind.unwrap_or_default(),
            host: asked,
            path: String::new(),
            body: String::new(),
            status: status(&done),
        });
        Some(done)
    }
}

/// The response code of what was sent; `None` of what is no message.
fn status(done: &Done) -> Option<u16> {
    match done {
        Done::Sent(bytes) => Message::from_vec(bytes).ok().map(|sent| u16::from(sent.metadata.response_code)),
        _ => None,
    }
}

async fn datagrams(scene: Arc<Scene>, port: Arc<Port>) {
    loop {
        let (packet, peer) = tokio::select! {
            () = scene.over.cancelled() => return,
            received = port.datagrams.receive() => received,
        };
        if let Some(Done::Sent(bytes)) = port.answer(&scene, Way::Udp, &packet) {
            port.datagrams.send(&bytes, peer);
        }
    }
}

async fn connections(scene: Arc<Scene>, port: Arc<Port>) {
    loop {
        let stream = tokio::select! {
            () = scene.over.cancelled() => return,
            stream = port.gate.accept() => stream,
        };
        let Ok(stream) = stream else {
            tokio::task::yield_now().await;
            continue;
        };
        let (scene, port) = (Arc::clone(&scene), Arc::clone(&port));
        tokio::spawn(async move {
            let over = scene.over.clone();
            tokio::select! {
                () = over.cancelled() => {}
                ended = talk(&scene, &port, stream) => if let Err(error) = ended {
                    tracing::debug!(%error, address = %port.address, "connection ended early");
                },
            }
        });
    }
}

async fn talk(scene: &Scene, port: &Port, mut stream: TcpStream) -> io::Result<()> {
    loop {
        let length = timeout(IDLE, stream.read_u16()).await??;
        let mut packet = vec![0; usize::from(length)];
        timeout(IDLE, stream.read_exact(&mut packet)).await??;
        match port.answer(scene, Way::Tcp, &packet) {
            Some(Done::Sent(bytes)) => {
                let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
                stream.write_u16(length).await?;
                stream.write_all(&bytes).await?;
            }
            Some(Done::Hung) => std::future::pending().await,
            Some(Done::Reset) => return stream.set_zero_linger(),
            Some(Done::Closed) | None => return Ok(()),
        }
    }
}

/// Resolvers first; an address that is both is served once.
fn served(dns: &Dns) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    let resolvers = dns.resolvers.iter().map(|resolver| resolver.address);
    for address in resolvers.chain(dns.servers.iter().map(|server| server.address)) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// The names by which a rule may mean an address: itself, and its server's name.
fn names(dns: &Dns, address: IpAddr) -> Vec<String> {
    let servers = dns.servers.iter().filter(|server| server.address == address);
    let mut names = vec![address.to_string()];
    names.extend(servers.map(|server| name_text(&server.name)));
    names
}
