//! What an App must be allowed: a map from permission to level, or a list of those that it must have at any level.
//!
//! Read by a visitor: an untagged enum loses the place of a mistake.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// How much a permission allows; each level holds those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Looking.
    Read,
    /// Changing.
    Write,
    /// Governing.
    Admin,
}

/// Permissions by name, with the least level of each; `None` for any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(pub BTreeMap<String, Option<Level>>);

impl Level {
    /// The level that GitHub writes so; `None` for one that is not known.
    pub(in super::super) fn of(text: &str) -> Option<Self> {
        match text {
            "read" => Some(Self::Read),
            "write" => Some(Self::Write),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        })
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Permissions;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of permissions, or `{ contents: write }`")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Permissions, A::Error> {
        let mut all = BTreeMap::new();
        while let Some(name) = items.next_element::<String>()? {
            all.insert(name, None);
        }
        Ok(Permissions(all))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Permissions, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((name, level)) = map.next_entry::<String, Level>()? {
            all.insert(name, Some(level));
        }
        Ok(Permissions(all))
    }
}

impl JsonSchema for Permissions {
    fn schema_name() -> Cow<'static, str> {
        "Permissions".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Level>();
        json_schema!({
            "description": "permissions at any level, or each with its least level",
            "anyOf": [
                { "type": "array", "items": { "type": "string" } },
                { "type": "object", "additionalProperties": level },
            ],
        })
    }
}
