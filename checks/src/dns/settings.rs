//! `with` and `expect` of the probe.

use crate::{
    contract::values::Period,
    dns_wildcard::settings::{Target, Viewpoint},
};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::fmt;

/// `with`: which names to ask whom for, and the provider of their zone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The names, each with where it must lead.
    #[serde(default)]
    pub names: Vec<Declared>,
    /// Whom to ask: `authoritative` (every name server of the zone), `system` (this machine's resolver), addresses.
    #[serde(default = "usual_resolvers")]
    pub resolvers: Vec<Viewpoint>,
    /// A domain without a wildcard, to recognise resolvers that answer for names that do not exist; `invalid` and each
    /// name's own top-level domain unless given.
    #[serde(default)]
    pub control: Option<String>,
    /// Whose addresses a wrong answer might be, by the name to call them: `us-west-2: lb.example.net`.
    #[serde(default)]
    pub others: IndexMap<String, Target>,
    /// The zone at Cloudflare, to compare its records with the declared ones.
    #[serde(default)]
    pub cloudflare: Option<AtCloudflare>,
}

/// One name and where it must lead.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The name: `ai.example.com`.
    pub name: String,
    /// A host, whose addresses are looked up at the same moment, or a list of addresses; `alias` where it is left out.
    #[serde(default)]
    pub target: Option<Target>,
    /// The name that it must be an alias (CNAME) of.
    #[serde(default)]
    pub alias: Option<String>,
    /// True for a name behind Cloudflare's proxy: its addresses are the proxy's, and say nothing of the origin.
    #[serde(default)]
    pub proxied: bool,
}

/// A zone at Cloudflare.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtCloudflare {
    /// The connection, of kind `cloudflare`.
    pub connection: String,
    /// The zone: `example.com`, not a name in it.
    pub zone: String,
    /// The records that it must have; others of the same names are a finding.
    pub records: Vec<Wanted>,
}

/// A record that the zone must have.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whose: `ai.example.com`, `*.ai.example.com`.
    pub name: String,
    /// Its type: `A`, `AAAA`, `CNAME`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says: an address, a name, a text.
    pub content: String,
    /// `auto`, or seconds; not compared unless given.
    #[serde(default)]
    pub ttl: Option<Ttl>,
    /// Whether Cloudflare stands before the origin.
    #[serde(default)]
    pub proxied: bool,
}

/// `expect`: what must hold beyond every name leading where it must.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The longest that resolvers may keep an answer, so that a mistake can be mended in time.
    #[serde(default)]
    pub ttl_at_most: Option<Period>,
}

fn usual_resolvers() -> Vec<Viewpoint> {
    vec![Viewpoint::Authoritative, Viewpoint::System]
}

/// A TTL as Cloudflare has it: seconds, of which 1 means automatic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttl(pub u32);

impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 1 { f.write_str("auto") } else { write!(f, "{} s", self.0) }
    }
}

impl<'de> Deserialize<'de> for Ttl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TtlVisitor)
    }
}

struct TtlVisitor;

impl de::Visitor<'_> for TtlVisitor {
    type Value = Ttl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`auto` or a number of seconds")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Ttl, E> {
        match text {
            "auto" => Ok(Ttl(1)),
            other => {
                Err(E::custom(format_args!("`{}` is neither `auto` nor a number of seconds", other.escape_debug())))
            }
        }
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Ttl, E> {
        let within = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0 && *seconds <= i32::MAX.unsigned_abs());
        within.map(Ttl).ok_or_else(|| E::custom(format_args!("{seconds} is no TTL in seconds")))
    }
}

impl JsonSchema for Ttl {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ttl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`auto` or a number of seconds",
            "anyOf": [{ "type": "string", "pattern": "^auto$" }, { "type": "integer", "minimum": 1, "maximum": 2_147_483_647 }],
        })
    }
}
