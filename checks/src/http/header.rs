//! What a header must be: its text, or one of `equals`, `contains`, `absent`.

use super::{WRONG_HEADER, answer::Flaw, evidence::Answer};
use crate::contract::core;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// What a header must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderBar {
    /// One of its values is this.
    Equals(String),
    /// One of its values holds this.
    Contains(String),
    /// It is there, or not.
    Absent(bool),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Written {
    /// One of its values is this.
    Equals(String),
    /// One of its values holds this.
    Contains(String),
    /// True: it must not be there. False: it must, whatever it says.
    Absent(bool),
}

impl HeaderBar {
    pub(crate) fn judge(&self, name: &str, answer: &Answer) -> Option<Flaw> {
        let values = answer.headers.get(&name.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        let is_good = match self {
            Self::Equals(wanted) => values.iter().any(|value| value.trim() == wanted.trim()),
            Self::Contains(wanted) => values.iter().any(|value| value.contains(wanted.as_str())),
            Self::Absent(absent) => values.is_empty() == *absent,
        };
        // A header that may be among those that were not kept proves nothing.
        let is_unseen = answer.has_more_headers && values.is_empty();
        if is_unseen {
            return Some(Flaw::new(core::TOO_LARGE, self.wanted(name), "more headers than are kept"));
        }
        let seen = if values.is_empty() { format!("no {name}") } else { format!("{name}: {}", values.join(", ")) };
        (!is_good).then(|| Flaw::new(WRONG_HEADER, self.wanted(name), seen))
    }

    fn wanted(&self, name: &str) -> String {
        match self {
            Self::Equals(wanted) => format!("{name}: {wanted}"),
            Self::Contains(wanted) => format!("{name} with `{wanted}` in it"),
            Self::Absent(true) => format!("no {name}"),
            Self::Absent(false) => format!("some {name}"),
        }
    }
}

impl<'de> Deserialize<'de> for HeaderBar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = HeaderBar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, `{ equals: … }`, `{ contains: … }` or `{ absent: true }`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<HeaderBar, E> {
        Ok(HeaderBar::Equals(text.to_owned()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<HeaderBar, A::Error> {
        match Written::deserialize(de::value::MapAccessDeserializer::new(map))? {
            Written::Equals(text) => Ok(HeaderBar::Equals(text)),
            Written::Contains(text) if text.is_empty() => {
                Err(de::Error::custom("every header contains the empty text"))
            }
            Written::Contains(text) => Ok(HeaderBar::Contains(text)),
            Written::Absent(absent) => Ok(HeaderBar::Absent(absent)),
        }
    }
}

impl JsonSchema for HeaderBar {
    fn schema_name() -> Cow<'static, str> {
        "HeaderBar".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let map = generator.subschema_for::<Written>();
        json_schema!({
            "description": "the header's text, or what it must be",
            "anyOf": [{ "type": "string" }, map],
        })
    }
}
