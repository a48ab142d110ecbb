//! A share of a whole: `60%`.

use std::{fmt, str::FromStr};

/// Between 0 and 100 percent.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent(f64);

impl Percent {
    /// `share` of one whole, 0 to 1; clamped.
    #[must_use]
    pub fn of(share: f64) -> Self {
        Self((share * 100.0).clamp(0.0, 100.0))
    }

    /// As a share of one whole, 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0 / 100.0
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().strip_suffix('%').and_then(|number| number.trim_end().parse::<f64>().ok());
        match number {
            Some(number) if (0.0..=100.0).contains(&number) => Ok(Self(number)),
            _ => Err(format!("`{text}` is not a share: write `60%`, between 0% and 100%")),
        }
    }
}

impl fmt::Display for Percent {
    /// At most one decimal, never rounded up to a whole that was not reached.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0 + 1e-9).floor() / 10.0;
        write!(f, "{tenths} %")
    }
}

impl Percent {
    fn written(self) -> String {
        format!("{}%", self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Percent;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share such as `60%`")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Percent, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl serde::Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written())
    }
}

impl schemars::JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9.]+ ?%$", "description": "a share such as `60%`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_its_sign_and_is_not_rounded_up() {
        assert_eq!("60%".parse(), Ok(Percent(60.0)));
        assert!(
            "60".parse::<Percent>().is_err() && "0.6".parse::<Percent>().is_err() && "101%".parse::<Percent>().is_err()
        );
        assert_eq!(Percent::of(0.59999).to_string(), "59.9 %");
        assert_eq!(Percent::of(0.88).to_string(), "88 %");
    }
}
