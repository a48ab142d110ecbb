//! An amount as Kubernetes writes it: `500m`, `29Gi`, `1e3`, `128974848`, `4k`.
//!
//! Kept exactly, in billionths: what is needed and what there is are subtracted and divided without a float in between.
//! Source of the grammar: the Kubernetes API reference, `Quantity`. What is below a billionth is rounded up, as Kubernetes
//! does. Amounts below zero are refused: nothing asks for less than nothing.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// An amount of anything, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u128);

const WHOLE: u128 = 1_000_000_000;
const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
/// More digits than any amount of this world has.
const MOST_DIGITS: usize = 24;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many whole ones.
    #[must_use]
    pub const fn of(count: u64) -> Self {
        Self(count as u128 * WHOLE)
    }

    /// True if and only if it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of it without `other`; nothing where that is more.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// So many times as much.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count as u128))
    }

    /// How often `each` fits into it, whole times; `u64::MAX` where `each` is nothing.
    #[must_use]
    pub fn holds(self, each: Self) -> u64 {
        if each.is_zero() { u64::MAX } else { u64::try_from(self.0 / each.0).unwrap_or(u64::MAX) }
    }

    /// Whole ones, rounded down: for what there is.
    #[must_use]
    pub fn whole(self) -> u64 {
        u64::try_from(self.0 / WHOLE).unwrap_or(u64::MAX)
    }

    /// Whole ones, rounded up: for what is needed.
    #[must_use]
    pub fn whole_up(self) -> u64 {
        u64::try_from(self.0.div_ceil(WHOLE)).unwrap_or(u64::MAX)
    }

    /// As a float, for shares and for the eye.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share is not told to the billionth")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / WHOLE as f64
    }
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let text: String = text.chars().take(40).collect();
            format!("`{}` is not an amount: write `4`, `500m`, `8Gi`", text.escape_debug())
        };
        let plain = text.strip_prefix('+').unwrap_or(text);
        let end = plain.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(plain.len());
        let (number, suffix) = plain.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let part = part.trim_end_matches('0');
        let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
        if !has_digit || part.contains('.') || whole.len() + part.len() > MOST_DIGITS {
            return Err(wrong());
        }
        let scale = scale(suffix).ok_or_else(wrong)?;
        let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<u128>().ok() };
        let below = u32::try_from(part.len()).ok().and_then(|places| 10_u128.checked_pow(places)).ok_or_else(wrong)?;
        let whole = digits(whole).and_then(|whole| whole.checked_mul(scale));
        let part = digits(part).and_then(|part| part.checked_mul(scale)).map(|part| part.div_ceil(below));
        whole.zip(part).and_then(|(whole, part)| whole.checked_add(part)).map(Self).ok_or_else(wrong)
    }
}

/// How many billionths one of this suffix is.
fn scale(suffix: &str) -> Option<u128> {
    if let Some(place) = BINARY.iter().position(|name| *name == suffix) {
        return Some(WHOLE << (10 * (place + 1)));
    }
    if let Some(place) = DECIMAL.iter().position(|name| *name == suffix) {
        return 1000_u128.checked_pow(u32::try_from(place).ok()?);
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    // `i32` would also take `+ 3` for nothing; it takes a sign and digits, as Kubernetes does.
    let exponent: i32 = exponent.parse().ok()?;
    10_u128.checked_pow(u32::try_from(exponent.checked_add(9)?).ok()?)
}

impl fmt::Display for Quantity {
    /// Exactly, in the largest unit that leaves a whole number: what is shown reads as the same amount.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(WHOLE) {
            let whole = self.0 / WHOLE;
            let fits = |place: &usize| whole > 0 && whole.is_multiple_of(1 << (10 * (place + 1)));
            return match (0..BINARY.len()).rev().find(fits) {
                Some(place) => write!(f, "{}{}", whole >> (10 * (place + 1)), BINARY[place]),
                None => write!(f, "{whole}"),
            };
        }
        let units = [(1_000_000, "m"), (1_000, "u"), (1, "n")];
        let (unit, name) = units.into_iter().find(|(unit, _)| self.0.is_multiple_of(*unit)).unwrap_or((1, "n"));
        write!(f, "{}{name}", self.0 / unit)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl de::Visitor<'_> for Written {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount such as `4`, `500m` or `8Gi`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Quantity, E> {
                Ok(Quantity::of(value))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Quantity, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Quantity, E> {
                self.visit_str(&value.to_string())
            }
        }

        deserializer.deserialize_any(Written)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let pattern = r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";
        schemars::json_schema!({
            "description": "an amount as Kubernetes writes it, such as `4`, `500m` or `8Gi`",
            "oneOf": [{ "type": "number", "minimum": 0 }, { "type": "string", "pattern": pattern }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap_or_else(|reason| panic!("{reason}"))
    }

    #[test]
    fn every_way_to_write_an_amount_is_read_for_what_it_is() {
        for (text, same) in [
            ("500m", "0.5"),
            ("29Gi", "31138512896"),
            ("1e3", "1k"),
            ("1E3", "1000"),
            ("1.5e-3", "1500u"),
            ("128974848", "123Mi"),
            ("4k", "4000"),
            ("1E", "1000P"),
            (".5Gi", "512Mi"),
            ("1.", "1"),
            ("+2", "2.000"),
            ("104845292Ki", "107361579008"),
        ] {
            assert_eq!(quantity(text), quantity(same), "{text}");
        }
    }

    #[test]
    fn what_kubernetes_would_refuse_is_refused() {
        let wrong = ["", "m", ".", "4K", "8GB", "8 Gi", "-1", "1.2.3", "1e", "1e99", "0x4", "Gi", "4mm", "１", "1e3Gi"];
        for text in wrong {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        assert!("9".repeat(60).parse::<Quantity>().is_err());
    }

    #[test]
    fn what_is_written_reads_as_the_same_amount() {
        for text in ["0", "1", "15890m", "29Gi", "1500Mi", "96625421107", "1n", "2500u", "7Ki", "1023"] {
            assert_eq!(quantity(text).to_string(), text);
        }
        assert_eq!(quantity("1024Mi").to_string(), "1Gi");
    }

    #[test]
    fn what_there_is_is_rounded_down_and_what_is_needed_up() {
        assert_eq!((quantity("2500m").whole(), quantity("2500m").whole_up()), (2, 3));
        assert_eq!(quantity("1.0000000001"), quantity("1000000001n"));
        assert_eq!(quantity("15890m").less(quantity("230m")).holds(quantity("4")), 3);
        assert_eq!(quantity("1").less(quantity("2")), Quantity::ZERO);
        assert_eq!(Quantity::of(3).holds(Quantity::ZERO), u64::MAX);
    }

    #[test]
    fn numbers_of_json_and_yaml_are_read_too() {
        let read = |text: &str| serde_json::from_str::<Quantity>(text);
        assert_eq!(read("4").ok(), Some(quantity("4")));
        assert_eq!(read("15.9").ok(), Some(quantity("15900m")));
        assert_eq!(read("\"8Gi\"").ok(), Some(quantity("8Gi")));
        assert!(read("-1").is_err() && read("true").is_err() && read("1e300").is_err());
    }
}
