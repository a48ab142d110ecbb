//! What was seen: who was asked, and every answer whole.

use crate::{
    clients::dns::{Reply, Zone},
    contract::Unobserved,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// One answer, or why there is none.
pub type Answer = Result<Reply, Unobserved>;

/// What was seen of a domain's wildcard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// When the first question was put.
    pub at: Timestamp,
    /// The domain, in lower case and without a last dot.
    pub domain: String,
    /// Where names must lead.
    pub target: TargetSeen,
    /// Whose addresses a wrong answer might be.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub others: IndexMap<String, TargetSeen>,
    /// The zone of the domain, where its servers were to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Result<ZoneSeen, Unobserved>>,
    /// Everyone who was asked.
    pub views: Vec<View>,
    /// The ends of aliases that lead out of the authoritative servers' own zones, as a recursive resolver knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<Reading>,
    /// For each name without an address, the names at it or below it that were found to have records.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub beneath: IndexMap<String, Vec<String>>,
}

/// A target and its addresses.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSeen {
    /// The host; none where the checklist gives addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The addresses that the checklist gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<IpAddr>,
    /// What resolvers say of the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
}

/// What one resolver says of a host.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The resolver.
    pub by: String,
    /// Its IPv4 addresses.
    pub a: Answer,
    /// Its IPv6 addresses.
    pub aaaa: Answer,
}

/// A zone, and the listed servers of it that could not even be asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneSeen {
    /// Its name.
    pub name: String,
    /// Servers without any address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub homeless: Vec<String>,
    /// Servers whose address could not be looked up.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub unseen: IndexMap<String, Unobserved>,
}

impl ZoneSeen {
    /// What is left to say of a zone once its servers are asked: which of them could not be.
    pub(super) fn of(zone: Zone) -> Self {
        let mut seen = Self { name: zone.name, homeless: Vec::new(), unseen: IndexMap::new() };
        for server in zone.servers {
            match server.addresses {
                Ok(addresses) if addresses.is_empty() => seen.homeless.push(server.name),
                Ok(_) => {}
                Err(missing) => {
                    seen.unseen.insert(server.name, missing);
                }
            }
        }
        seen
    }
}

/// One server and what it says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// What it is called: `1.1.1.1`, `ns1.example.com`.
    pub server: String,
    /// Where it was asked.
    pub address: SocketAddr,
    /// True for a name server of the zone, false for a recursive resolver.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authoritative: bool,
    /// Of a name server: what it says of its zone (SOA). Of a resolver: what it says of names that do not exist.
    pub controls: Vec<Control>,
    /// Random names right below the domain; empty where a control gave nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub random: Vec<Reading>,
    /// A random name two labels below the domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deep: Option<Reading>,
    /// The names that the checklist gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Named>,
    /// Of a resolver that failed: what it says of the same name without DNSSEC validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchecked: Option<Answer>,
}

/// A question that shows whether a server's answers mean anything.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// What was asked for: `SOA example.com`, `a random name below invalid`.
    pub of: String,
    /// What came.
    pub answer: Answer,
}

/// What a server says of one name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The name.
    pub name: String,
    /// Of its IPv4 addresses.
    pub a: Answer,
    /// Of its IPv6 addresses.
    pub aaaa: Answer,
}

/// What a server says of a name that the checklist gives, and of a random one below it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Of the name itself.
    pub own: Reading,
    /// Of a random name below; not asked of the domain itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Reading>,
}
