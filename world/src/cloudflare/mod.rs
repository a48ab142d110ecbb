//! Cloudflare's API v4, as far as it says of tokens, zones and their records.
//!
//! What a token may not see is left out of lists without a word, as it is there; a user's token and an account's are
//! verified at different paths, and each is unknown at the other's.

mod answer;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::fault::System;
use crate::serve::Stand;
use crate::state::State;

/// The host of the API.
pub const HOST: &str = "api.cloudflare.com";

/// An API token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    /// The account that owns it; `None` for a user's.
    pub account: Option<String>,
    /// True once it was switched off.
    pub is_disabled: bool,
    /// Before this it is not valid.
    pub not_before: Option<Timestamp>,
    /// When it ends; `None` for one that never does.
    pub expires: Option<Timestamp>,
    /// The zones that it may see, by name.
    pub zones: Vec<String>,
    /// True where it may not read their records.
    pub is_without_records: bool,
}

impl Token {
    /// A user's token that may read a zone and its records, and never ends.
    #[must_use]
    pub fn of(zone: &str) -> Self {
        Self { zones: vec![zone.to_owned()], ..Self::default() }
    }
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose it is.
    pub name: String,
    /// `A`, `CNAME`, …
    pub kind: String,
    /// What it says.
    pub content: String,
    /// Seconds; 1 is automatic.
    pub ttl: u32,
    /// True where Cloudflare stands before the origin.
    pub proxied: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
}

impl Record {
    /// A record with an automatic TTL that is not proxied, made then.
    #[must_use]
    pub fn new(name: &str, kind: &str, content: &str, created: Timestamp) -> Self {
        let (name, kind, content) = (name.to_owned(), kind.to_owned(), content.to_owned());
        Self { name, kind, content, ttl: 1, proxied: false, created, modified: created }
    }
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// `active`, `pending`, `moved`.
    pub status: String,
    /// True while Cloudflare answers names only.
    pub paused: bool,
    /// The servers that the world must ask.
    pub name_servers: Vec<String>,
    /// Its records, in the order of their making.
    pub records: Vec<Record>,
}

impl Zone {
    /// An active zone without records.
    #[must_use]
    pub fn new(name: &str, name_servers: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            status: "active".to_owned(),
            paused: false,
            name_servers: name_servers.iter().map(|server| (*server).to_owned()).collect(),
            records: Vec::new(),
        }
    }

    /// Adds a record.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }

    /// The first record of a name, to change it.
    ///
    /// # Panics
    /// When there is none: a test that edits nothing proves nothing.
    pub fn record_mut(&mut self, name: &str) -> &mut Record {
        self.records.iter_mut().find(|record| record.name == name).expect("the zone has no such record")
    }

    /// 32 hexadecimal digits that follow from the name.
    #[must_use]
    pub fn id(&self) -> String {
        let digits = self.name.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.chain(std::iter::repeat(0)).take(32);
        digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
    }
}

/// The API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cloudflare {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// By the token itself.
    pub tokens: BTreeMap<String, Token>,
    /// The zones of everybody.
    pub zones: Vec<Zone>,
    /// True for a release that does not know the filter `name` of records, and lists them all.
    pub ignores_filter: bool,
}

impl Cloudflare {
    /// The zone of this name, to change it.
    ///
    /// # Panics
    /// When there is none.
    pub fn zone_mut(&mut self, name: &str) -> &mut Zone {
        self.zones.iter_mut().find(|zone| zone.name == name).expect("Cloudflare has no such zone")
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.cloudflare.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::Cloudflare,
        hosts,
        |state, host, request| Some(state.cloudflare.get(host)?.answer(request)),
        |status, _| answer::refusal(status),
    )
}
