//! A recursive resolver: what people ask. It reads the authoritative servers' state directly, in the order of the NS set, and
//! believes the first that is neither lame nor silent.
//!
//! Faults that a test injects into an authoritative server's socket are not seen here; a server's `conduct` and `lame` are.

use std::net::IpAddr;
use std::time::Instant;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::SOA;
use hickory_proto::rr::{Name, RData, Record, RecordType};
use indexmap::IndexMap;

use super::authority::{LONGEST_CHAIN, refuse};
use super::lookup::Found;
use super::ttl::Fetched;
use super::{Conduct, Dns, Server, Zone, ip, name};

/// One recursive resolver.
#[derive(Clone, Debug)]
pub struct Resolver {
    /// The address that it is known by.
    pub address: IpAddr,
    /// What it does whatever it is asked.
    pub conduct: Conduct,
    /// The address that it puts in the place of every "there is none", as a captive portal does.
    pub hijacks: Option<IpAddr>,
    /// Old addresses that it still answers, by name; `*.example.com` stands for everything below `example.com`.
    pub stale: IndexMap<Name, Vec<IpAddr>>,
    /// The name server that it asks before the others, where servers disagree.
    pub asks_first: Option<Name>,
}

/// What a resolver found out about one name.
enum Heard {
    Said(Found, Option<Box<Record>>),
    Nobody,
    Silence,
}

impl Resolver {
    /// A resolver that tells the truth.
    ///
    /// # Panics
    /// When the address is none.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self {
            address: ip(address),
            conduct: Conduct::Answers,
            hijacks: None,
            stale: IndexMap::new(),
            asks_first: None,
        }
    }

    /// Makes it answer old addresses for a name, or for everything below one (`*.example.com`).
    ///
    /// # Panics
    /// When the name or an address is none.
    pub fn keep_stale(&mut self, owner: &str, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| ip(address)).collect();
        self.stale.insert(name(owner), addresses);
    }

    /// Answers into `reply`, which already repeats the question; `false` when nothing is to be sent.
    pub(super) fn answer(
        &self,
        dns: &Dns,
        (asked, kind): (&Name, RecordType),
        reply: &mut Message,
        fetched: &mut Fetched,
    ) -> bool {
        reply.metadata.recursion_available = true;
        match self.conduct {
            Conduct::Silent => return false,
            Conduct::Servfail => return refuse(reply, ResponseCode::ServFail),
            Conduct::Refuses => return refuse(reply, ResponseCode::Refused),
            // A resolver that is asked not to resolve has nothing to say, as Unbound sees it.
            Conduct::Answers if !reply.metadata.recursion_desired => {
                return refuse(reply, ResponseCode::Refused);
            }
            Conduct::Answers => {}
        }
        if !self.resolve(dns, asked, kind, reply) {
            return false;
        }
        self.hijack(asked, kind, reply);
        let now = Instant::now();
        for record in reply.answers.iter_mut().chain(&mut reply.authorities) {
            let (owner, kind) = match record.record_type() {
                RecordType::SOA => (asked, kind),
                own => (&record.name, own),
            };
            record.ttl = fetched.left(owner, kind, record.ttl, now);
        }
        true
    }

    fn resolve(&self, dns: &Dns, asked: &Name, kind: RecordType, reply: &mut Message) -> bool {
        let mut name = asked.clone();
        let mut seen = Vec::new();
        loop {
            if seen.contains(&name) || seen.len() > LONGEST_CHAIN {
                reply.answers.clear();
                return refuse(reply, ResponseCode::ServFail);
            }
            seen.push(name.clone());
            if let Some(found) = self.stale_answer(&name, kind) {
                reply.answers.extend(found);
                return true;
            }
            match self.hear(dns, &name, kind) {
                Heard::Silence => return false,
                Heard::Nobody | Heard::Said(Found::Delegated(_), _) => {
                    reply.answers.clear();
                    return refuse(reply, ResponseCode::ServFail);
                }
                Heard::Said(Found::Records(records), _) => {
                    reply.answers.extend(records);
                    return true;
                }
                Heard::Said(Found::Alias(record, target), _) => {
                    reply.answers.push(*record);
                    name = *target;
                }
                Heard::Said(Found::NoData, soa) => {
                    reply.authorities.extend(soa.map(|soa| *soa));
                    return true;
                }
                Heard::Said(Found::NoName, soa) => {
                    reply.authorities.extend(soa.map(|soa| *soa));
                    return refuse(reply, ResponseCode::NXDomain);
                }
            }
        }
    }

    /// Asks whoever is responsible for the name.
    fn hear(&self, dns: &Dns, asked: &Name, kind: RecordType) -> Heard {
        let above = dns.zones.iter().filter(|zone| zone.origin.zone_of(asked));
        let Some(zone) = above.max_by_key(|zone| zone.origin.iter().count()) else {
            return root(dns, asked, kind);
        };
        let said = |zone: &Zone| Heard::Said(zone.look(asked, kind), Some(Box::new(zone.negative())));
        if zone.name_servers().next().is_none() {
            return said(zone);
        }
        let mut is_silent = false;
        for server in self.in_order(dns, zone) {
            let is_lame = server.lame.contains_key(&zone.origin);
            match server.conduct {
                Conduct::Answers if !is_lame => {
                    let copy = server.copies.iter().find(|copy| copy.origin == zone.origin);
                    return said(copy.unwrap_or(zone));
                }
                Conduct::Silent => is_silent = true,
                _ => {}
            }
        }
        if is_silent { Heard::Silence } else { Heard::Nobody }
    }

    fn in_order<'a>(&self, dns: &'a Dns, zone: &Zone) -> Vec<&'a Server> {
        let listed = zone.name_servers().filter_map(|name| dns.servers.iter().find(|server| server.name == *name));
        let mut servers: Vec<_> = listed.collect();
        servers.sort_by_key(|server| self.asks_first.as_ref() != Some(&server.name));
        servers
    }

    fn stale_answer(&self, asked: &Name, kind: RecordType) -> Option<Vec<Record>> {
        let covers = |pattern: &Name| {
            *pattern == *asked
                || (pattern.is_wildcard() && pattern.base_name() != *asked && pattern.base_name().zone_of(asked))
        };
        let (_, old) = self.stale.iter().find(|(pattern, _)| covers(pattern))?;
        let records: Vec<_> = addresses(asked, kind, 300, old).collect();
        (!records.is_empty()).then_some(records)
    }

    fn hijack(&self, asked: &Name, kind: RecordType, reply: &mut Message) {
        let is_none = reply.answers.iter().all(|record| record.record_type() == RecordType::CNAME);
        let is_said = matches!(reply.metadata.response_code, ResponseCode::NXDomain | ResponseCode::NoError);
        let Some(address) = self.hijacks.filter(|_| is_none && is_said && kind.is_ip_addr()) else {
            return;
        };
        reply.metadata.response_code = ResponseCode::NoError;
        reply.authorities.clear();
        reply.answers = addresses(asked, kind, 60, &[address]).collect();
    }
}

/// The root's word on names that no zone of the world holds: name servers have addresses, parents of zones exist, all else does not.
fn root(dns: &Dns, asked: &Name, kind: RecordType) -> Heard {
    let here = dns.servers.iter().filter(|server| server.name == *asked).map(|server| server.address);
    let records: Vec<_> = addresses(asked, kind, 3600, &here.collect::<Vec<_>>()).collect();
    if !records.is_empty() {
        return Heard::Said(Found::Records(records), None);
    }
    let zones = dns.zones.iter().map(|zone| &zone.origin);
    let is_known = zones.chain(dns.servers.iter().map(|server| &server.name)).any(|known| asked.zone_of(known));
    let found = if is_known { Found::NoData } else { Found::NoName };
    let soa =
        SOA::new(name("a.root-servers.net"), name("nstld.verisign-grs.com"), 2_026_112_200, 1800, 900, 604_800, 86_400);
    Heard::Said(found, Some(Box::new(Record::from_rdata(Name::root(), 86_400, RData::SOA(soa)))))
}

fn addresses(owner: &Name, kind: RecordType, ttl: u32, given: &[IpAddr]) -> impl Iterator<Item = Record> {
    let data = given.iter().filter_map(move |address| match (address, kind) {
        (IpAddr::V4(v4), RecordType::A) => Some(RData::A((*v4).into())),
        (IpAddr::V6(v6), RecordType::AAAA) => Some(RData::AAAA((*v6).into())),
        _ => None,
    });
    data.map(move |data| Record::from_rdata(owner.clone(), ttl, data))
}
