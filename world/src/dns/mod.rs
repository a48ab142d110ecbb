//! The world's DNS: zones, the authoritative servers that answer for them, and the recursive resolvers that people ask.
//!
//! Everything here is a plain value that may change while the sockets are open. Messages are read and written with
//! hickory-proto over sockets of our own: a catalogue of zone handlers cannot say garbage, another question's id, or nothing.

mod authority;
mod datagram;
mod lookup;
mod message;
mod recursion;
mod serve;
mod spoil;
mod ttl;
mod zone;

use std::net::IpAddr;

use hickory_proto::rr::Name;

pub use authority::{Lame, Server};
pub use recursion::Resolver;
pub use zone::Zone;

pub(crate) use serve::{Running, start};

/// The address that the world's default resolver is known by.
pub const DEFAULT_RESOLVER: &str = "192.0.2.53";

/// All the DNS there is in the world. Names that no zone holds do not exist, as the root says.
#[derive(Clone, Debug)]
pub struct Dns {
    /// What is true of each zone, as its owner published it last.
    pub zones: Vec<Zone>,
    /// Authoritative servers. A zone whose name servers are not among them is lame.
    pub servers: Vec<Server>,
    /// Recursive resolvers; the first is the one that the world gives for ordinary use.
    pub resolvers: Vec<Resolver>,
}

/// How a server behaves, whatever it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conduct {
    /// It answers what it knows.
    #[default]
    Answers,
    /// It takes the question and never answers.
    Silent,
    /// It answers SERVFAIL.
    Servfail,
    /// It answers REFUSED.
    Refuses,
}

impl Default for Dns {
    fn default() -> Self {
        let addresses = [DEFAULT_RESOLVER, "1.1.1.1", "8.8.8.8", "9.9.9.9"];
        Self { zones: Vec::new(), servers: Vec::new(), resolvers: addresses.into_iter().map(Resolver::new).collect() }
    }
}

impl Dns {
    /// Adds a zone.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zones.push(zone);
        self
    }

    /// Adds an authoritative server.
    #[must_use]
    pub fn server(mut self, server: Server) -> Self {
        self.servers.push(server);
        self
    }

    /// The zone of exactly this name, to change it.
    ///
    /// # Panics
    /// When there is none: a test that edits nothing proves nothing.
    pub fn zone_mut(&mut self, origin: &str) -> &mut Zone {
        let origin = name(origin);
        let found = self.zones.iter_mut().find(|zone| zone.origin == origin);
        found.expect("the world has no such zone")
    }

    /// The authoritative server of this name, to change it.
    ///
    /// # Panics
    /// When there is none.
    pub fn server_mut(&mut self, server: &str) -> &mut Server {
        let wanted = name(server);
        let found = self.servers.iter_mut().find(|server| server.name == wanted);
        found.expect("the world has no such name server")
    }

    /// The resolver at this address, to change it.
    ///
    /// # Panics
    /// When there is none.
    pub fn resolver_mut(&mut self, address: &str) -> &mut Resolver {
        let wanted = ip(address);
        let found = self.resolvers.iter_mut().find(|resolver| resolver.address == wanted);
        found.expect("the world has no such resolver")
    }
}

/// A name from its text, absolute with or without the last dot. Panics on one that is no name: states are written by hand.
fn name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).expect("not a domain name");
    name.set_fqdn(true);
    name
}

/// A name's text without the last dot, in lower case: how rules and logs write it.
fn name_text(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("not an IP address")
}
