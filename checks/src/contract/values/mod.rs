//! The value types that settings and bars are made of.

mod digest;
mod percent;
mod period;
mod quantity;
mod scaled;
mod size;

pub use digest::Digest;
pub use percent::Percent;
pub use period::Period;
pub use quantity::Quantity;
pub use scaled::{Need, Scaled, TooMany};
pub use size::Size;

/// Gives a type that is written as text its `Deserialize`, `Serialize` and schema, from `FromStr` and `Display`.
macro_rules! written_as_text {
    ($type:ty, $name:literal, $pattern:literal, $says:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($says)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $says })
            }
        }
    };
}
pub(crate) use written_as_text;
