//! `expect`: what must hold besides what the program says itself.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZeroU32;

/// What must hold besides what the program says itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Bounds of the numbers that the program gives, by their labels.
    #[serde(default)]
    pub metrics: IndexMap<String, Bound>,
    /// How many things a document must say that it looked at.
    #[serde(default = "one")]
    pub checked_at_least: NonZeroU32,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

/// The bounds of a number, both of them included.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub struct Bound {
    /// The least.
    pub at_least: Option<f64>,
    /// The most.
    pub at_most: Option<f64>,
    /// The unit that the program must give it in: `s`, `B`, `%`; none unless said.
    pub unit: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The least.
    #[serde(default)]
    at_least: Option<f64>,
    /// The most.
    #[serde(default)]
    at_most: Option<f64>,
    /// The unit that the program must give it in: `s`, `B`, `%`; none unless said.
    #[serde(default)]
    unit: String,
}

impl TryFrom<Written> for Bound {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { at_least, at_most, unit } = written;
        if [at_least, at_most].into_iter().flatten().any(|bound| !bound.is_finite()) {
            return Err("a bound is a number");
        }
        match (at_least, at_most) {
            (None, None) => Err("a bound has `at_least`, `at_most` or both"),
            (Some(least), Some(most)) if least > most => Err("`at_least` is more than `at_most`"),
            _ => Ok(Self { at_least, at_most, unit }),
        }
    }
}

impl Bound {
    pub(super) fn holds(&self, value: f64) -> bool {
        self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
    }

    pub(super) fn words(&self) -> String {
        let unit = &self.unit;
        let least = self.at_least.map(|least| format!("at least {least}{unit}"));
        let most = self.at_most.map(|most| format!("at most {most}{unit}"));
        least.into_iter().chain(most).collect::<Vec<_>>().join(" and ")
    }
}
