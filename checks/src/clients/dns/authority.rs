//! Who speaks for a name: the zone that it lies in, and the addresses of the zone's name servers.
//!
//! The zone is found by asking a recursive resolver for NS from the name upwards. Where the resolver fails below a zone
//! that it can reach (a lame delegation), that zone's own servers are asked to whom they delegate. The SOA of the name
//! alone is not taken for the zone: where the name is an alias, it is that of the alias's end.

use super::{
    Question, Reply,
    reply::{listed, plain},
};
use crate::contract::{Context, Unobserved, Why};
use futures::future::join_all;
use hickory_proto::rr::{Name, RecordType};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The most name servers of a zone that are asked; the largest real sets have 13.
const MOST_SERVERS: usize = 16;

/// A zone and who speaks for it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name, in lower case and without its last dot.
    pub name: String,
    /// Its name servers, by name.
    pub servers: Vec<NameServer>,
}

/// One name server of a zone.
#[derive(Clone, Debug)]
pub struct NameServer {
    /// Its name.
    pub name: String,
    /// Its addresses; the IPv6 ones only where it has no other. Empty when it has none at all.
    pub addresses: Result<Vec<IpAddr>, Unobserved>,
}

impl Context {
    /// The zone of `name` and its servers, as the resolver at `resolver` knows them.
    ///
    /// # Errors
    /// The resolver does not answer, or fails at every ancestor of the name.
    pub async fn zone_of(&self, resolver: SocketAddr, name: &Name) -> Result<Zone, Unobserved> {
        let (at, listed, is_below_failing) = self.closest(resolver, name).await?;
        let zone = self.with_addresses(resolver, plain(&at), listed, &[]).await;
        if is_below_failing && let Some((child, servers, reply)) = self.delegated(&zone, name).await {
            return Ok(self.with_addresses(resolver, child, servers, &reply.additional).await);
        }
        Ok(zone)
    }

    /// The closest ancestor with name servers, those, and whether the resolver failed below it.
    async fn closest(&self, resolver: SocketAddr, name: &Name) -> Result<(Name, Vec<String>, bool), Unobserved> {
        let (mut at, mut failed) = (name.clone(), None);
        while !at.is_root() {
            let question = Question::recursive(resolver, at.clone(), RecordType::NS);
            let asked = question.clone();
            let reply = self.dns(question).await?;
            if !reply.is_definite() {
                let detail = format!("the resolver answered {}", reply.rcode);
                failed.get_or_insert_with(|| {
                    Unobserved::new(Why::ServerError, asked.asked(), detail).by_hand(asked.by_hand())
                });
                at = at.base_name();
                continue;
            }
            let servers = reply.name_servers(&plain(&at));
            if !servers.is_empty() {
                return Ok((at, servers, failed.is_some()));
            }
            at = above(&at, &reply);
        }
        Err(failed.unwrap_or_else(|| nobody(resolver, name)))
    }

    /// To whom the zone's own servers delegate the part that `name` is in.
    async fn delegated(&self, zone: &Zone, name: &Name) -> Option<(String, Vec<String>, Arc<Reply>)> {
        let addresses: Vec<_> =
            zone.servers.iter().filter_map(|server| server.addresses.as_ref().ok()).flatten().collect();
        for address in addresses {
            let question = Question::authoritative(SocketAddr::new(*address, 53), name.clone(), RecordType::NS);
            let Ok(reply) = self.dns(question).await else { continue };
            let mut cut = name.clone();
            while plain(&cut) != zone.name && !cut.is_root() {
                let child = plain(&cut);
                let servers = [reply.name_servers(&child), listed(&reply.authority, &child)].concat();
                if !servers.is_empty() {
                    return Some((child, servers, reply));
                }
                cut = cut.base_name();
            }
        }
        None
    }

    async fn with_addresses(
        &self,
        resolver: SocketAddr,
        zone: String,
        mut names: Vec<String>,
        glue: &[super::Record],
    ) -> Zone {
        names.sort();
        names.dedup();
        names.truncate(MOST_SERVERS);
        let servers = names.into_iter().map(|name| async {
            let known: Vec<_> =
                glue.iter().filter(|record| record.name == name).filter_map(super::Record::address).collect();
            let addresses = if known.is_empty() { self.server_addresses(resolver, &name).await } else { Ok(known) };
            NameServer { name, addresses }
        });
        Zone { name: zone, servers: join_all(servers).await }
    }

    async fn server_addresses(&self, resolver: SocketAddr, server: &str) -> Result<Vec<IpAddr>, Unobserved> {
        let Ok(mut name) = Name::from_str_relaxed(server) else { return Ok(Vec::new()) };
        name.set_fqdn(true);
        for kind in [RecordType::A, RecordType::AAAA] {
            let question = Question::recursive(resolver, name.clone(), kind);
            let asked = question.clone();
            let reply = self.dns(question).await?;
            if !reply.is_definite() {
                let detail = format!("the resolver answered {}", reply.rcode);
                return Err(Unobserved::new(Why::ServerError, asked.asked(), detail).by_hand(asked.by_hand()));
            }
            let found: Vec<_> = reply.addresses().collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

/// Where to look next: at the zone that the answer says it comes from, where that is above; else one label higher.
fn above(at: &Name, reply: &Reply) -> Name {
    let parent = at.base_name();
    let said = reply.soa().filter(|_| reply.answers.is_empty()).and_then(|(zone, _)| Name::from_str_relaxed(zone).ok());
    match said {
        Some(mut zone) => {
            zone.set_fqdn(true);
            if zone.zone_of(&parent) { zone } else { parent }
        }
        None => parent,
    }
}

fn nobody(resolver: SocketAddr, name: &Name) -> Unobserved {
    let question = Question::recursive(resolver, name.clone(), RecordType::NS);
    Unobserved::new(Why::NotFound, question.asked(), "no name servers for the name or anything above it")
        .by_hand(question.by_hand())
}
