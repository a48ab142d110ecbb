//! `with` and `expect` of the probe.
//!
//! What must be asked stands in `with`, the target among it: its addresses are looked up in the same moment as the
//! names, since a load balancer's rotate. An `expect: { resolves_to: … }` would have to be judged without them.

use crate::contract::values::Period;
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// `with`: which names to ask whom for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The domain whose wildcard is looked at: `ai.example.com` for `*.ai.example.com`.
    pub domain: String,
    /// Where every name must lead: a host, whose addresses are looked up at the same moment, or a list of addresses.
    pub target: Target,
    /// Names below the domain that must lead there too, such as those of users and workspaces; `@` is the domain itself.
    #[serde(default)]
    pub names: Vec<String>,
    /// Whom to ask: `authoritative` (every name server of the zone), `system` (this machine's resolver), addresses.
    #[serde(default = "usual_resolvers")]
    pub resolvers: Vec<Viewpoint>,
    /// A domain without a wildcard, to recognise resolvers that answer for names that do not exist; `invalid` and the
    /// domain's own top-level domain unless given.
    #[serde(default)]
    pub control: Option<String>,
    /// Whose addresses a wrong answer might be, by the name to call them: `us-west-2: lb.example.net`.
    #[serde(default)]
    pub others: IndexMap<String, Target>,
}

/// `expect`: what must hold beyond every name leading to the target.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Names two labels below the domain, and one below each of `names`, must lead to the target too.
    #[serde(default)]
    pub deep: bool,
    /// The longest that resolvers may keep an answer, so that a mistake can be mended in time.
    #[serde(default)]
    pub ttl_at_most: Option<Period>,
}

fn usual_resolvers() -> Vec<Viewpoint> {
    vec![Viewpoint::Authoritative, Viewpoint::System]
}

/// Where names must lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To the addresses of a host.
    Host(String),
    /// To some of these addresses; never empty.
    Addresses(Vec<IpAddr>),
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

struct TargetVisitor;

impl<'de> de::Visitor<'de> for TargetVisitor {
    type Value = Target;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a host name, an address or a list of addresses")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Target, E> {
        Ok(text.parse().map_or_else(|_| Target::Host(text.to_owned()), |ip| Target::Addresses(vec![ip])))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Target, A::Error> {
        let mut addresses = Vec::new();
        while let Some(address) = list.next_element::<Address>()? {
            addresses.push(address.0);
        }
        if addresses.is_empty() {
            return Err(de::Error::custom("an empty list of addresses: nothing could lead there"));
        }
        Ok(Target::Addresses(addresses))
    }
}

struct Address(IpAddr);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map(Self)
            .map_err(|_| de::Error::custom(format_args!("`{}` is not an address", text.escape_debug())))
    }
}

impl JsonSchema for Target {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a host name, an address or a list of addresses",
            "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 2 } },
            ],
        })
    }
}

/// Whom to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewpoint {
    /// Every name server of the zone.
    Authoritative,
    /// This machine's resolver.
    System,
    /// The recursive resolver at this address.
    Resolver(SocketAddr),
}

impl FromStr for Viewpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "authoritative" => Ok(Self::Authoritative),
            "system" => Ok(Self::System),
            _ => {
                let address = text.parse().map(|ip: IpAddr| SocketAddr::new(ip, 53)).or_else(|_| text.parse());
                address.map(Self::Resolver).map_err(|_| {
                    format!("`{}` is not `authoritative`, `system` or a resolver's address", text.escape_debug())
                })
            }
        }
    }
}

impl fmt::Display for Viewpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authoritative => f.write_str("authoritative"),
            Self::System => f.write_str("system"),
            Self::Resolver(address) if address.port() == 53 => address.ip().fmt(f),
            Self::Resolver(address) => address.fmt(f),
        }
    }
}

crate::contract::values::written_as_text!(
    Viewpoint,
    "Viewpoint",
    "^(authoritative|system|[0-9a-fA-F:.\\[\\]]+)$",
    "`authoritative`, `system` or the address of a resolver"
);
