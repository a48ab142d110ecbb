//! Which statuses are right: `200`, `2xx`, `200-204`, or a list of those.
//!
//! Read by a visitor: an untagged enum loses the place of a mistake.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt, ops::RangeInclusive};

/// Which statuses are right; never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses(Vec<RangeInclusive<u16>>);

impl Default for Statuses {
    fn default() -> Self {
        Self(vec![200..=200])
    }
}

impl Statuses {
    /// 3xx.
    pub(super) fn redirect() -> Self {
        Self(vec![300..=399])
    }

    pub(crate) fn has(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("status ")?;
        for (i, range) in self.0.iter().enumerate() {
            let (from, to) = (range.start(), range.end());
            f.write_str(if i == 0 { "" } else { " or " })?;
            match to - from {
                0 => write!(f, "{from}")?,
                99 if from % 100 == 0 => write!(f, "{}xx", from / 100)?,
                _ => write!(f, "{from}-{to}")?,
            }
        }
        Ok(())
    }
}

fn number(status: u64) -> Result<RangeInclusive<u16>, String> {
    match u16::try_from(status) {
        Ok(status) if (100..=599).contains(&status) => Ok(status..=status),
        _ => Err(format!("{status} is no HTTP status: write one from 100 to 599")),
    }
}

fn range(text: &str) -> Result<RangeInclusive<u16>, String> {
    let wrong = || format!("`{text}` is no HTTP status: write `200`, `2xx` or `200-204`");
    if let Some(class) = text.strip_suffix("xx") {
        let class: u16 = class.parse().ok().filter(|class| (1..=5).contains(class)).ok_or_else(wrong)?;
        return Ok(class * 100..=class * 100 + 99);
    }
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let end = |text: &str| number(text.trim().parse().map_err(|_| wrong())?);
    let (from, to) = (*end(from)?.start(), *end(to)?.end());
    if from > to { Err(wrong()) } else { Ok(from..=to) }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Statuses;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a status (`200`, `2xx`, `200-204`) or a list of them")
    }

    fn visit_u64<E: de::Error>(self, status: u64) -> Result<Statuses, E> {
        number(status).map(|range| Statuses(vec![range])).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, status: i64) -> Result<Statuses, E> {
        self.visit_u64(u64::try_from(status).unwrap_or(0))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Statuses, E> {
        range(text).map(|range| Statuses(vec![range])).map_err(E::custom)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Statuses, A::Error> {
        let mut all = Vec::new();
        while let Some(Statuses(one)) = items.next_element()? {
            all.extend(one);
        }
        if all.is_empty() {
            Err(de::Error::custom("an empty list: no status would be right"))
        } else {
            Ok(Statuses(all))
        }
    }
}

impl JsonSchema for Statuses {
    fn schema_name() -> Cow<'static, str> {
        "Statuses".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 100, "maximum": 599 },
            { "type": "string", "pattern": "^([1-5]xx|[1-5][0-9]{2}(-[1-5][0-9]{2})?)$" },
        ] });
        json_schema!({
            "description": "a status (`200`, `2xx`, `200-204`) or a list of them",
            "anyOf": [one, { "type": "array", "minItems": 1, "items": one }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(written: serde_json::Value) -> Result<Statuses, String> {
        serde_json::from_value(written).map_err(|error| error.to_string())
    }

    #[test]
    fn a_number_a_class_a_span_and_a_list_are_read() {
        let all = read(json!([204, "3xx", "400-404"])).expect("statuses");
        let has: Vec<u16> =
            [200, 204, 299, 300, 399, 400, 404, 405].into_iter().filter(|status| all.has(*status)).collect();
        assert_eq!(has, [204, 300, 399, 400, 404]);
        assert_eq!(all.to_string(), "status 204 or 3xx or 400-404");
        assert_eq!(Statuses::default().to_string(), "status 200");
    }

    #[test]
    fn what_no_server_answers_is_refused() {
        for wrong in
            [json!(0), json!(-200), json!(600), json!("xx"), json!("6xx"), json!("300-200"), json!([]), json!({})]
        {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
