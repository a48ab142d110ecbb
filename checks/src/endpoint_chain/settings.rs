//! What to reach, as it is written.

use crate::contract::values::Period;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to reach: `url`, `host` with `port`, or `via`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The service's URL, `https://registry.example.com/v2/`; with a `connection`, a path of it.
    #[serde(default)]
    pub(super) url: Option<String>,
    /// A connection of kind `http`: where a relative `url` starts, and whom to believe. No credential is sent.
    #[serde(default)]
    pub(super) connection: Option<String>,
    /// A host, for a service that does not speak HTTP.
    #[serde(default)]
    pub(super) host: Option<String>,
    /// The host's port.
    #[serde(default)]
    pub(super) port: Option<u16>,
    /// True: TLS is spoken at `host` and `port`.
    #[serde(default)]
    pub(super) tls: bool,
    /// A Service in the site's cluster, through its API server's proxy.
    #[serde(default)]
    pub(super) via: Option<Via>,
    /// How often to try, each time afresh; 3 unless it says otherwise, at most 10.
    #[serde(default)]
    pub(super) tries: Option<u8>,
    /// At which of the name's addresses: `every` (the default), `ipv4` or `ipv6`.
    #[serde(default)]
    pub(super) addresses: Family,
    /// How long one link may take; `5s` unless it says otherwise, at most `30s`.
    #[serde(default)]
    pub(super) timeout: Option<Period>,
}

/// At which addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Family {
    /// All of them.
    #[default]
    Every,
    /// Those of IPv4: where this machine has no way to the others.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
}

/// A Service of the site's cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Via {
    /// Its namespace.
    pub(super) namespace: String,
    /// Its name.
    pub(super) service: String,
    /// Its port, by name or number.
    pub(super) port: PortName,
    /// The path to ask for; `/` unless it says otherwise.
    #[serde(default)]
    pub(super) path: Option<String>,
    /// True: the service speaks TLS. The API server believes any certificate.
    #[serde(default)]
    pub(super) tls: bool,
}

/// A port's name or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PortName(pub(super) String);

impl<'de> Deserialize<'de> for PortName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = PortName;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a port's name or number")
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<PortName, E> {
                match u16::try_from(number) {
                    Ok(number) if number > 0 => Ok(PortName(number.to_string())),
                    _ => Err(E::custom(format!("{number} is no port: write one from 1 to 65535"))),
                }
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<PortName, E> {
                self.visit_u64(u64::try_from(number).unwrap_or(0))
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<PortName, E> {
                let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                if !name.is_empty() && name.len() <= 63 && name.bytes().all(is_name) {
                    Ok(PortName(name.to_owned()))
                } else {
                    Err(E::custom(format!("`{name}` is no name of a port")))
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for PortName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PortName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "a port's name or number", "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 65535 },
            { "type": "string", "pattern": "^[a-z0-9-]{1,63}$" },
        ] })
    }
}
