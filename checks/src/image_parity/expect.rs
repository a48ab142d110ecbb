//! `expect`: how equal the images must be, for which platforms, and in how many pods.

use crate::{clients::registry::Platform, contract::values::Digest};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{fmt, num::NonZeroU32};

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The platform, or the list of platforms, that nodes run. Equal digests are equal for every platform.
    #[serde(default)]
    pub platform: Platforms,
    /// How equal: the same `index`, the same `platform` manifest, or the same `config` (the same files and settings).
    #[serde(default)]
    pub level: Level,
    /// The least ready pods at each site.
    #[serde(default = "one")]
    pub pods: NonZeroU32,
    /// The digest that the source's tag must point at; then everything is compared with it.
    #[serde(default)]
    pub digest: Option<Digest>,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// How equal two images are, or must be; a later one includes the earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The same config: the same files and settings, however they are packed.
    #[default]
    Config,
    /// The same platform manifest: the same bytes for this platform.
    Platform,
    /// The same index: the same bytes for every platform.
    Index,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "config",
            Self::Platform => "platform",
            Self::Index => "index",
        })
    }
}

/// One platform or several, never none: `linux/amd64`, `[linux/amd64, linux/arm64]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platforms(Vec<Platform>);

impl Platforms {
    /// In the order given.
    pub fn iter(&self) -> impl Iterator<Item = &Platform> {
        self.0.iter()
    }
}

impl Default for Platforms {
    fn default() -> Self {
        Self(vec![Platform { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: None }])
    }
}

impl<'de> Deserialize<'de> for Platforms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMore)
    }
}

struct OneOrMore;

impl<'de> de::Visitor<'de> for OneOrMore {
    type Value = Platforms;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a platform (`linux/amd64`) or a list of platforms")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Platforms, E> {
        text.parse().map(|platform| Platforms(vec![platform])).map_err(E::custom)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Platforms, A::Error> {
        let mut platforms = Vec::new();
        while let Some(platform) = items.next_element()? {
            platforms.push(platform);
        }
        if platforms.is_empty() {
            return Err(de::Error::custom("an empty list of platforms would compare nothing"));
        }
        Ok(Platforms(platforms))
    }
}

impl JsonSchema for Platforms {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Platforms".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Platform>();
        json_schema!({ "oneOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}
