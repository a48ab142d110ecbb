//! What was seen: each name in everybody's eyes, and the zone as its provider has it.

use crate::{clients::cloudflare::Record, contract::Unobserved, dns_wildcard::evidence as asked};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen of all names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// When the first question was put.
    pub at: Timestamp,
    /// Each name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameSeen>,
    /// The zone at its provider, where it was to be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<AtProvider>,
}

/// One name in everybody's eyes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameSeen {
    /// The name that it must be an alias of, where the checklist says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// True where it stands behind a proxy, whose addresses it has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_hidden: bool,
    /// Who was asked for it, and every answer.
    pub seen: asked::Evidence,
}

/// A zone at its provider, and what it must hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtProvider {
    /// The zone.
    pub zone: String,
    /// The records that it must have.
    pub declared: Vec<DeclaredRecord>,
    /// What it has, or why that was not seen.
    pub seen: Result<ZoneAtProvider, Unobserved>,
}

/// A record that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredRecord {
    /// Whose.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says, in the provider's spelling.
    pub content: String,
    /// Seconds, 1 is automatic; none where it does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Whether the provider's proxy stands before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proxied: bool,
}

/// A zone as its provider has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneAtProvider {
    /// `active`, `pending`, `moved`, …
    pub status: String,
    /// True while no proxy stands before any name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// The name servers that the world must ask.
    pub name_servers: Vec<String>,
    /// Those that the world asks, where that was found out.
    pub asked: Result<Vec<String>, Unobserved>,
    /// Every record of the declared names.
    pub records: Vec<Record>,
}
