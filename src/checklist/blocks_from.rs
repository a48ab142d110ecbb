//! From when on a check blocks: `T-1d`, so long before the event's start.

use gonogo_checks::contract::values::Period;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, str::FromStr, time::Duration};

/// How long before the start a check begins to block: `T-1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlocksFrom(pub Duration);

impl FromStr for BlocksFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time before the start: write `T-1d` or `T-6h`");
        let period = text.strip_prefix("T-").ok_or_else(wrong)?;
        period.parse::<Period>().map(|period| Self(period.0)).map_err(|_| wrong())
    }
}

impl<'de> Deserialize<'de> for BlocksFrom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'_, str>>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for BlocksFrom {
    fn schema_name() -> Cow<'static, str> {
        "BlocksFrom".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^T-[0-9]" })
    }
}
