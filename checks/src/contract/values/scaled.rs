//! A number that may grow with the crowd: `6`, `{ by_attendees: {9: 6, 15: 10} }`, `{ attendees_per_unit: 1.5 }`.
//!
//! A visitor written by hand, since an untagged enum loses the place of a mistake and refuses number keys.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap as _};
use std::{collections::BTreeMap, fmt};

/// How many are needed.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaled {
    /// Always so many.
    Fixed(u32),
    /// The value of the least key that is at least the number of attendees.
    ByAttendees(BTreeMap<u32, u32>),
    /// One for so many attendees, rounded up.
    AttendeesPerUnit(f64),
}

/// What is needed, and the arithmetic that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// How many.
    pub count: u32,
    /// How it was reached: `10 for up to 15 attendees`.
    pub because: String,
}

/// More attendees than the table knows of: nobody has said what they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{attendees} attendees, and the table ends at {last}")]
pub struct TooMany {
    /// How many may come.
    pub attendees: u32,
    /// The table's last key.
    pub last: u32,
}

impl Scaled {
    /// What `attendees` need. Without attendees (the plan refuses that for all but fixed numbers) as for none.
    ///
    /// # Errors
    /// More attendees than the table's last key.
    pub fn need(&self, attendees: Option<u32>) -> Result<Need, TooMany> {
        let attendees = attendees.unwrap_or(0);
        match self {
            Self::Fixed(count) => Ok(Need { count: *count, because: count.to_string() }),
            Self::ByAttendees(table) => match table.range(attendees..).next() {
                Some((upto, count)) => {
                    Ok(Need { count: *count, because: format!("{count} for {attendees} attendees (up to {upto})") })
                }
                None => Err(TooMany { attendees, last: table.keys().next_back().copied().unwrap_or(0) }),
            },
            Self::AttendeesPerUnit(ratio) => {
                let count = per_unit(attendees, *ratio);
                Ok(Need { count, because: format!("{count} for {attendees} attendees, one for {ratio}") })
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ceil of a quotient that is at least 0; a cast from f64 saturates"
)]
fn per_unit(attendees: u32, ratio: f64) -> u32 {
    (f64::from(attendees) / ratio).ceil() as u32
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    ByAttendees(BTreeMap<u32, u32>),
    AttendeesPerUnit(f64),
}

impl<'de> Deserialize<'de> for Scaled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

impl Serialize for Scaled {
    /// As it is written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Fixed(count) = self {
            return serializer.serialize_u32(*count);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::ByAttendees(table) => map.serialize_entry("by_attendees", table)?,
            Self::AttendeesPerUnit(ratio) => map.serialize_entry("attendees_per_unit", ratio)?,
            Self::Fixed(_) => {}
        }
        map.end()
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Scaled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, `by_attendees: { 15: 10 }` or `attendees_per_unit: 1.5`")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scaled, E> {
        u32::try_from(value).map(Scaled::Fixed).map_err(|_| E::custom(format_args!("{value} is too large a number")))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scaled, E> {
        u32::try_from(value)
            .map(Scaled::Fixed)
            .map_err(|_| E::custom(format_args!("{value} is not a number of things")))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Scaled, A::Error> {
        match Written::deserialize(de::value::MapAccessDeserializer::new(map))? {
            Written::ByAttendees(table) if table.is_empty() => {
                Err(de::Error::custom("`by_attendees` is empty: it needs at least one step, `15: 10`"))
            }
            Written::ByAttendees(table) => Ok(Scaled::ByAttendees(table)),
            Written::AttendeesPerUnit(ratio) if ratio.is_finite() && ratio > 0.0 => Ok(Scaled::AttendeesPerUnit(ratio)),
            Written::AttendeesPerUnit(ratio) => {
                Err(de::Error::custom(format_args!("`attendees_per_unit` is {ratio}: it must be more than 0")))
            }
        }
    }
}

impl JsonSchema for Scaled {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Scaled".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let count = serde_json::json!({ "type": "integer", "minimum": 0 });
        json_schema!({
            "description": "a number, or one that grows with the crowd",
            "oneOf": [
                count,
                { "type": "object", "required": ["by_attendees"], "additionalProperties": false, "properties": {
                    "by_attendees": { "type": "object", "minProperties": 1, "additionalProperties": count } } },
                { "type": "object", "required": ["attendees_per_unit"], "additionalProperties": false, "properties": {
                    "attendees_per_unit": { "type": "number", "exclusiveMinimum": 0 } } }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Scaled {
        Scaled::ByAttendees(BTreeMap::from([(9, 6), (15, 10)]))
    }

    #[test]
    fn the_least_key_that_is_enough_decides() {
        for (attendees, count) in [(0, 6), (9, 6), (10, 10), (15, 10)] {
            assert_eq!(table().need(Some(attendees)).expect("within the table").count, count, "{attendees}");
        }
    }

    #[test]
    fn above_the_last_key_nothing_is_known() {
        assert_eq!(table().need(Some(16)), Err(TooMany { attendees: 16, last: 15 }));
    }

    #[test]
    fn what_is_stored_reads_as_it_was_written() {
        for scaled in [Scaled::Fixed(6), table(), Scaled::AttendeesPerUnit(1.5)] {
            let text = serde_json::to_string(&scaled).expect("text");
            assert_eq!(serde_json::from_str::<Scaled>(&text).expect(&text), scaled);
        }
    }

    #[test]
    fn a_ratio_is_rounded_up() {
        assert_eq!(Scaled::AttendeesPerUnit(1.5).need(Some(22)).expect("a ratio").count, 15);
    }
}
