//! An authoritative server: which zones it is listed for, which of them it really holds, and what it answers.
//!
//! Only what a prober sees is modelled: positive and negative answers with AA, referrals at a cut, REFUSED outside its zones. Positive
//! answers carry no NS set in the authority section, as BIND and Knot leave it out.

use std::net::IpAddr;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use indexmap::IndexMap;

use super::lookup::Found;
use super::{Conduct, Dns, Zone, ip, name};

/// The longest chain of aliases that is followed.
pub(super) const LONGEST_CHAIN: usize = 16;

/// A server that is listed for a zone and does not serve it: in which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lame {
    /// It answers REFUSED, as a server that never heard of the zone.
    Refuses,
    /// It answers SERVFAIL, as a secondary whose copy expired.
    Servfail,
    /// It answers with data and without AA, as one that only passes on what it keeps.
    NotAuthoritative,
}

/// One authoritative server. It serves every zone that lists its name, but for `lame` and `copies`.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its name, as NS sets list it.
    pub name: Name,
    /// The address that the name leads to.
    pub address: IpAddr,
    /// What it does whatever it is asked.
    pub conduct: Conduct,
    /// Zones that list it and that it does not serve.
    pub lame: IndexMap<Name, Lame>,
    /// Zones of which it has a content of its own: an old serial, a record that was never transferred.
    pub copies: Vec<Zone>,
}

impl Server {
    /// A server that answers for every zone that lists it.
    ///
    /// # Panics
    /// When the name or the address is none.
    #[must_use]
    pub fn new(server: &str, address: &str) -> Self {
        Self {
            name: name(server),
            address: ip(address),
            conduct: Conduct::Answers,
            lame: IndexMap::new(),
            copies: Vec::new(),
        }
    }

    /// Makes it lame for one zone.
    #[must_use]
    pub fn lame(mut self, zone: &str, how: Lame) -> Self {
        self.lame.insert(name(zone), how);
        self
    }

    /// Gives it its own content of a zone.
    #[must_use]
    pub fn copy(mut self, zone: Zone) -> Self {
        self.copies.push(zone);
        self
    }

    /// What this server holds of the zone that is deepest above the name.
    fn zone_for<'a>(&'a self, dns: &'a Dns, asked: &Name) -> Option<&'a Zone> {
        let listed = dns.zones.iter().filter(|zone| zone.name_servers().any(|server| *server == self.name));
        let copied = |zone: &&Zone| self.copies.iter().any(|copy| copy.origin == zone.origin);
        let held = self.copies.iter().chain(listed.filter(|zone| !copied(zone)));
        held.filter(|zone| zone.origin.zone_of(asked)).max_by_key(|zone| zone.origin.iter().count())
    }

    /// Answers into `reply`, which already repeats the question; `false` when nothing is to be sent.
    pub(super) fn answer(&self, dns: &Dns, asked: &Name, kind: RecordType, reply: &mut Message) -> bool {
        match self.conduct {
            Conduct::Silent => return false,
            Conduct::Servfail => return refuse(reply, ResponseCode::ServFail),
            Conduct::Refuses => return refuse(reply, ResponseCode::Refused),
            Conduct::Answers => {}
        }
        let Some(zone) = self.zone_for(dns, asked) else {
            return refuse(reply, ResponseCode::Refused);
        };
        match self.lame.get(&zone.origin) {
            Some(Lame::Refuses) => return refuse(reply, ResponseCode::Refused),
            Some(Lame::Servfail) => return refuse(reply, ResponseCode::ServFail),
            Some(Lame::NotAuthoritative) => {}
            None => reply.metadata.authoritative = true,
        }
        self.follow(dns, zone, asked, kind, reply);
        true
    }

    /// Follows aliases as far as this server's own zones lead. A loop is given as far as it goes, with NOERROR, as Knot and NSD do.
    fn follow(&self, dns: &Dns, first: &Zone, asked: &Name, kind: RecordType, reply: &mut Message) {
        let (mut zone, mut name) = (first, asked.clone());
        let mut seen = vec![name.clone()];
        loop {
            match zone.look(&name, kind) {
                Found::Records(records) => return reply.answers.extend(records),
                Found::NoData => return reply.authorities.push(zone.negative()),
                Found::NoName => {
                    reply.metadata.response_code = ResponseCode::NXDomain;
                    return reply.authorities.push(zone.negative());
                }
                Found::Delegated(cut) => {
                    reply.metadata.authoritative &= !reply.answers.is_empty();
                    reply.additionals.extend(glue(zone, &cut));
                    return reply.authorities.extend(cut);
                }
                Found::Alias(record, target) => {
                    reply.answers.push(*record);
                    let next = self.zone_for(dns, &target).filter(|zone| !self.lame.contains_key(&zone.origin));
                    let Some(next) = next.filter(|_| !seen.contains(&target) && seen.len() < LONGEST_CHAIN) else {
                        return;
                    };
                    seen.push((*target).clone());
                    (zone, name) = (next, *target);
                }
            }
        }
    }
}

/// Makes a bare refusal of the reply.
pub(super) fn refuse(reply: &mut Message, code: ResponseCode) -> bool {
    reply.metadata.response_code = code;
    true
}

fn glue(zone: &Zone, cut: &[Record]) -> Vec<Record> {
    let servers = cut.iter().filter_map(|record| match &record.data {
        RData::NS(server) => Some(server),
        _ => None,
    });
    servers.flat_map(|server| zone.addresses(&server.0)).cloned().collect()
}
