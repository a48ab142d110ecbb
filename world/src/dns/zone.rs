//! A zone: what its owner published, as records under one origin, with the SOA held apart because every negative answer needs it.
//!
//! Names are written whole (`*.ai.example.com`), never relative to the origin: a state is read by people. How names are found is in `lookup`.

use std::net::IpAddr;

use hickory_proto::rr::rdata::{CNAME, NS, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::{ip, name};

/// Seconds for which a record of a new zone may be kept.
const TTL: u32 = 300;

/// One zone's content.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The zone's own name.
    pub origin: Name,
    /// Its start of authority; `serial` and `minimum` are the parts that tests turn.
    pub soa: SOA,
    /// Seconds for which the SOA itself may be kept; a negative answer is kept for the lesser of this and `soa.minimum`.
    pub soa_ttl: u32,
    /// Seconds given to records that are added from now on.
    pub ttl: u32,
    /// Everything else, NS records included. Without any NS record the zone is hosted out of sight: resolvers know it, no server of the world answers for it.
    pub records: Vec<Record>,
}

impl Zone {
    /// An empty zone.
    ///
    /// # Panics
    /// When the name is none; so do all methods that take names or addresses as text.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let origin = name(origin);
        let below = |label: &str| origin.prepend_label(label).expect("not a domain name");
        let soa = SOA::new(below("ns1"), below("hostmaster"), 2_026_112_001, 7200, 900, 1_209_600, 300);
        Self { origin, soa, soa_ttl: 1800, ttl: TTL, records: Vec::new() }
    }

    /// The serial of what was published.
    #[must_use]
    pub fn serial(mut self, serial: u32) -> Self {
        self.soa.serial = serial;
        self
    }

    /// Seconds for which "there is none" may be kept.
    #[must_use]
    pub fn minimum(mut self, seconds: u32) -> Self {
        self.soa.minimum = seconds;
        self
    }

    /// Seconds for the records that follow.
    #[must_use]
    pub fn ttl(mut self, seconds: u32) -> Self {
        self.ttl = seconds;
        self
    }

    /// Lists a name server in the zone's NS set; the first becomes the SOA's primary.
    #[must_use]
    pub fn name_server(mut self, server: &str) -> Self {
        if self.name_servers().next().is_none() {
            self.soa.mname = name(server);
        }
        let origin = self.origin.clone();
        self.push(origin, RData::NS(NS(name(server))));
        self
    }

    /// Cuts off a part of the zone and lists a server for it.
    #[must_use]
    pub fn delegation(mut self, child: &str, server: &str) -> Self {
        self.push(name(child), RData::NS(NS(name(server))));
        self
    }

    /// Adds an address, A or AAAA as it is.
    #[must_use]
    pub fn address(mut self, owner: &str, address: &str) -> Self {
        self.add_address(owner, ip(address));
        self
    }

    /// Adds an alias.
    #[must_use]
    pub fn alias(mut self, owner: &str, target: &str) -> Self {
        self.add(owner, RData::CNAME(CNAME(name(target))));
        self
    }

    /// Adds a TXT record.
    #[must_use]
    pub fn text(mut self, owner: &str, text: &str) -> Self {
        self.add(owner, RData::TXT(TXT::new(vec![text.to_owned()])));
        self
    }

    /// Adds an address to a zone that is already there.
    pub fn add_address(&mut self, owner: &str, address: IpAddr) {
        let data = match address {
            IpAddr::V4(v4) => RData::A(v4.into()),
            IpAddr::V6(v6) => RData::AAAA(v6.into()),
        };
        self.add(owner, data);
    }

    /// Adds any record to a zone that is already there.
    ///
    /// # Panics
    /// When the name is outside the zone: it would never be found.
    pub fn add(&mut self, owner: &str, data: RData) {
        let owner = name(owner);
        assert!(self.origin.zone_of(&owner), "{owner} is not in {}", self.origin);
        self.push(owner, data);
    }

    /// Takes every record of a name away.
    ///
    /// # Panics
    /// When there was none: an edit that changes nothing proves nothing.
    pub fn remove(&mut self, owner: &str) {
        let owner = name(owner);
        let before = self.records.len();
        self.records.retain(|record| record.name != owner);
        assert!(self.records.len() < before, "{owner} has no records");
    }

    /// Puts one address in the place of all records of a name.
    pub fn repoint(&mut self, owner: &str, address: &str) {
        self.remove(owner);
        self.add_address(owner, ip(address));
    }

    /// The names in the zone's own NS set, in order.
    pub fn name_servers(&self) -> impl Iterator<Item = &Name> {
        self.records.iter().filter(|record| record.name == self.origin).filter_map(|record| match &record.data {
            RData::NS(server) => Some(&server.0),
            _ => None,
        })
    }

    /// The SOA as it is asked for.
    #[must_use]
    pub fn soa_record(&self) -> Record {
        Record::from_rdata(self.origin.clone(), self.soa_ttl, RData::SOA(self.soa.clone()))
    }

    /// The SOA as it stands under "there is none", with the seconds for which that may be kept.
    #[must_use]
    pub fn negative(&self) -> Record {
        let seconds = self.soa_ttl.min(self.soa.minimum);
        Record::from_rdata(self.origin.clone(), seconds, RData::SOA(self.soa.clone()))
    }

    /// The addresses that the zone holds for exactly this name.
    pub(super) fn addresses(&self, owner: &Name) -> impl Iterator<Item = &Record> {
        let is_address = |record: &&Record| matches!(record.record_type(), RecordType::A | RecordType::AAAA);
        self.records.iter().filter(move |record| record.name == *owner).filter(is_address)
    }

    fn push(&mut self, owner: Name, data: RData) {
        self.records.push(Record::from_rdata(owner, self.ttl, data));
    }
}
