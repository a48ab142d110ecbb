//! A path as a list writes it: `/data/cache`, `cache:/data/cache`, or a map with its name and where a symlink leads.
//!
//! Read by a visitor: an untagged enum loses the place of a mistake.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// One path of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What is put there; empty where only the path is written.
    pub name: String,
    /// The path, as it is written.
    pub path: String,
    /// Where the path leads, if it is a symlink.
    pub symlink_to: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What is put there.
    #[serde(default)]
    name: String,
    /// The path.
    path: String,
    /// Where the path leads, if it is a symlink.
    #[serde(default)]
    symlink_to: Option<String>,
}

impl Listed {
    /// `/path`, `name:/path` or `name:/path:options`; a path that is none stays as it is, to be judged.
    pub(super) fn of(text: &str) -> Self {
        let (name, path) = match text.split_once(":/") {
            Some((name, path)) => (name.to_owned(), format!("/{}", path.split(':').next().unwrap_or_default())),
            None => (String::new(), text.to_owned()),
        };
        Self { name, path, symlink_to: None }
    }
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path, `name:/path` or `{ name: …, path: /… }`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Listed, E> {
        Ok(Listed::of(text))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Listed, A::Error> {
        let Written { name, path, symlink_to } = Written::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Listed { name, path, symlink_to })
    }
}

impl JsonSchema for Listed {
    fn schema_name() -> Cow<'static, str> {
        "Listed".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let map = generator.subschema_for::<Written>();
        json_schema!({
            "description": "a path, `name:/path`, or a map with `name`, `path` and `symlink_to`",
            "anyOf": [{ "type": "string" }, map],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_carry_the_name_of_what_is_put_there() {
        let read = |text: &str| {
            let listed = Listed::of(text);
            (listed.name, listed.path)
        };
        let pair = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        assert_eq!(read("/a/b"), pair("", "/a/b"));
        assert_eq!(read("cache:/a/b"), pair("cache", "/a/b"));
        assert_eq!(read("/srv/cache:/a/b:ro"), pair("/srv/cache", "/a/b"));
        assert_eq!(read("a/b"), pair("", "a/b"));
    }
}
