//! `expect`: how long a key must last, against the event.

use super::source::Source;
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
    /// How old a key may become before the time until which it must be valid; before `warn_past_event` is a warning.
    #[serde(default)]
    pub max_age: Option<Period>,
    /// What a key that never ends is: `ok` unless said, but `warn` for an AWS access key without `max_age`.
    #[serde(default)]
    pub never_expires: Option<NeverExpires>,
}

impl Expect {
    /// What a key without an end is at this source. An access key of AWS has none by its kind, which nobody chose: it is
    /// said, unless the checklist bounds its age.
    pub(super) fn never(&self, source: &Source) -> NeverExpires {
        let is_silent = self.max_age.is_some() || !matches!(source, Source::Aws { .. });
        self.never_expires.unwrap_or(if is_silent { NeverExpires::Ok } else { NeverExpires::Warn })
    }
}

const fn an_hour() -> Period {
    Period::seconds(3_600)
}

/// What a key that never ends is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NeverExpires {
    /// Nothing in the way of the event.
    Ok,
    /// A warning.
    Warn,
    /// A failure.
    Fail,
}
