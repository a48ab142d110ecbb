//! `expect`: how long a key must last, against the event.

use crate::contract::values::Period;
use schemars::JsonSchema;
use serde::Deserialize;

/// What must hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How long after the event's end the key must still be valid. Never less than the event's window.
    #[serde(default = "an_hour")]
    pub valid_past_event: Period,
    /// A key that ends sooner than this after the event's end is a warning.
    #[serde(default)]
    pub warn_past_event: Option<Period>,
    /// For keys that live shorter than the time to the event: the last renewal may be no older than this. It stands in
    /// for `warn_past_event`, and turns an end before the window opens into a warning; an end inside it stays a failure.
    #[serde(default)]
    pub renewed_within: Option<Period>,
    /// What a key that never ends is.
    #[serde(default)]
    pub never_expires: NeverExpires,
}

const fn an_hour() -> Period {
    Period::seconds(3_600)
}

/// What a key that never ends is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NeverExpires {
    /// Nothing in the way of the event.
    #[default]
    Ok,
    /// A warning.
    Warn,
    /// A failure.
    Fail,
}
