//! What a condition must be, and what the conditions of an object are.
//!
//! Visitors written by hand, since an untagged enum loses the place of a mistake, and since YAML makes a switch of the `True`
//! that conditions are written with.

use crate::contract::values::Period;
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// What a condition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It is so.
    #[default]
    True,
    /// It is not.
    False,
    /// Its controller does not know.
    Unknown,
}

impl Status {
    /// As conditions have it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::True, Self::False, Self::Unknown].into_iter().find(|status| status.word() == text)
    }
}

/// What a condition must be: `"True"`, or a map that says more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What it must say.
    pub is: Status,
    /// `true`: it need not be there.
    pub or_absent: bool,
    /// `true`: its controller need not know.
    pub or_unknown: bool,
    /// For how long it must have said so.
    pub held_for: Option<Period>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What it must say: `"True"` (unless said), `"False"` or `"Unknown"`.
    #[serde(default)]
    is: Status,
    /// `true`: it need not be there.
    #[serde(default)]
    or_absent: bool,
    /// `true`: its controller need not know.
    #[serde(default)]
    or_unknown: bool,
    /// For how long it must have said so.
    #[serde(default, rename = "for")]
    held_for: Option<Period>,
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl de::Visitor<'_> for Word {
            type Value = Status;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"True\", \"False\" or \"Unknown\"")
            }
            fn visit_bool<E>(self, is: bool) -> Result<Status, E> {
                Ok(if is { Status::True } else { Status::False })
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Status, E> {
                Status::of(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Word)
    }
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrMap;
        impl<'de> de::Visitor<'de> for WordOrMap {
            type Value = Wanted;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"True\", \"False\", \"Unknown\" or a map such as `{ is: \"True\", for: 2m }`")
            }
            fn visit_bool<E>(self, is: bool) -> Result<Wanted, E> {
                Ok(Wanted { is: if is { Status::True } else { Status::False }, ..Wanted::default() })
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Wanted, E> {
                let is = Status::of(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))?;
                Ok(Wanted { is, ..Wanted::default() })
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Wanted, A::Error> {
                let Written { is, or_absent, or_unknown, held_for } =
                    Written::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Wanted { is, or_absent, or_unknown, held_for })
            }
        }
        deserializer.deserialize_any(WordOrMap)
    }
}

const WORDS: [&str; 3] = ["True", "False", "Unknown"];

impl JsonSchema for Status {
    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "oneOf": [{ "type": "string", "enum": WORDS }, { "type": "boolean" }] })
    }
}

impl JsonSchema for Wanted {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let written = generator.subschema_for::<Written>();
        json_schema!({
            "description": "what a condition must be",
            "oneOf": [{ "type": "string", "enum": WORDS }, { "type": "boolean" }, written]
        })
    }
}

/// A condition as an object has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition {
    pub(super) status: String,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) message: Option<String>,
    #[serde(default)]
    pub(super) last_transition_time: Option<Timestamp>,
    #[serde(default)]
    pub(super) observed_generation: Option<i64>,
}

impl Condition {
    pub(super) fn is(&self, wanted: &Wanted) -> bool {
        self.status == wanted.is.word() || (wanted.or_unknown && self.status == Status::Unknown.word())
    }
}
