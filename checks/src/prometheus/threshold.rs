//! A number that was agreed: `0.85`, `85%` (a share: 0.85), `7d` (a length of time: its seconds).
//!
//! A visitor written by hand, since an untagged enum loses the place of a mistake. `85%` and `85` are not the same: a rule that
//! compares a share with 85 never fires.

use crate::contract::values::{Percent, Period};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{self, IntoDeserializer as _},
};
use std::{borrow::Cow, fmt};

/// A number that a rule must compare with, and as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The number as it stands in the rule's expression.
    pub number: f64,
    /// As it was written.
    pub written: String,
}

impl Threshold {
    /// True if and only if it is this number, but for rounding.
    pub(super) fn is(&self, number: f64) -> bool {
        (self.number - number).abs() <= 1e-9 * self.number.abs().max(number.abs()).max(1e-9)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number.to_string();
        if number == self.written { f.write_str(&number) } else { write!(f, "{number} ({})", self.written) }
    }
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Threshold;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a share such as `85%` or a length of time such as `7d`")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Threshold, E> {
                let finite = Some(number).filter(|number| number.is_finite());
                let number = finite.ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))?;
                Ok(Threshold { number, written: number.to_string() })
            }
            #[expect(clippy::cast_precision_loss, reason = "Prometheus reckons in doubles too")]
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Threshold, E> {
                self.visit_f64(number as f64)
            }
            #[expect(clippy::cast_precision_loss, reason = "Prometheus reckons in doubles too")]
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Threshold, E> {
                self.visit_f64(number as f64)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Threshold, E> {
                let share = text.parse::<Percent>().map(Percent::share);
                let number = share.or_else(|_| text.parse::<Period>().map(|length| length.0.as_secs_f64()));
                let number = number.map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))?;
                Ok(Threshold { number, written: text.trim().to_owned() })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Threshold {
    fn schema_name() -> Cow<'static, str> {
        "Threshold".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "a number, a share such as `85%` or a length of time such as `7d`",
            "oneOf": [{ "type": "number" }, { "type": "string" }]
        })
    }
}

/// All the numbers that a rule compares with one way: one, or a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thresholds(pub Vec<Threshold>);

impl<'de> Deserialize<'de> for Thresholds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Thresholds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a share such as `85%`, a length of time such as `7d`, or a list of them")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Thresholds, E> {
                Threshold::deserialize(number.into_deserializer()).map(|one| Thresholds(vec![one]))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Thresholds, E> {
                Threshold::deserialize(number.into_deserializer()).map(|one| Thresholds(vec![one]))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Thresholds, E> {
                Threshold::deserialize(number.into_deserializer()).map(|one| Thresholds(vec![one]))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Thresholds, E> {
                Threshold::deserialize(text.into_deserializer()).map(|one| Thresholds(vec![one]))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Thresholds, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = list.next_element()? {
                    all.push(one);
                }
                if all.is_empty() { Err(de::Error::invalid_length(0, &self)) } else { Ok(Thresholds(all)) }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Thresholds {
    fn schema_name() -> Cow<'static, str> {
        "Thresholds".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<Threshold>();
        json_schema!({
            "description": "a number, a share such as `85%`, a length of time such as `7d`, or a list of them",
            "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Threshold, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_share_a_length_and_a_number_are_told_apart() {
        for (json, number, shown) in [
            ("0.85", 0.85, "0.85"),
            ("85", 85.0, "85"),
            ("\"85%\"", 0.85, "0.85 (85%)"),
            ("\"7d\"", 604_800.0, "604800 (7d)"),
        ] {
            let read = read(json).expect(json);
            assert!(read.is(number), "{json}: {read:?}");
            assert_eq!(read.to_string(), shown);
        }
        assert!(!read("\"85%\"").expect("a share").is(85.0));
        assert!(read("\"many\"").is_err() && read("true").is_err());
    }

    #[test]
    fn one_number_and_a_list_of_them_are_read() {
        let numbers = |json: &str| -> Option<Vec<f64>> {
            let all: Thresholds = serde_json::from_str(json).ok()?;
            Some(all.0.iter().map(|one| one.number).collect())
        };
        assert_eq!(numbers("2"), Some(vec![2.0]));
        assert_eq!(numbers("[0, \"85%\", -0.5]"), Some(vec![0.0, 0.85, -0.5]));
        assert_eq!((numbers("[]"), numbers("[true]")), (None, None));
    }
}
