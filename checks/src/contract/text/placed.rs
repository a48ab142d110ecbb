//! A value that knows where it was written, inside any type that is read from a checklist.
//!
//! The place comes through serde under a private name, as in `toml::Spanned`: a second tree beside the types, which
//! would have to be searched by path, was rejected because layers and expressions change the paths.

use super::node::At;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// The name by which the reader knows that a place is asked for.
pub(super) const NAME: &str = "$gonogo::Placed";
/// What it then gives, in this order.
pub(super) const FIELDS: &[&str] = &["value", "at"];

/// A value and its place. Reads from a checklist only; from any other format it is an error.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: At,
}

impl<T> Placed<T> {
    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { value: f(self.value), at: self.at }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, FIELDS, PlacedVisitor(PhantomData))
    }
}

struct PlacedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PlacedVisitor<T> {
    type Value = Placed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a checklist")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Placed<T>, A::Error> {
        let absent = || A::Error::custom("only a checklist knows places");
        map.next_key::<IgnoredAny>()?.ok_or_else(absent)?;
        let value = map.next_value()?;
        map.next_key::<IgnoredAny>()?.ok_or_else(absent)?;
        let (file, line, col, len) = map.next_value()?;
        Ok(Placed { value, at: At { file, line, col, len } })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
