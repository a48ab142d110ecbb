//! What will happen by itself, and when: the marks on the timeline around the event.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// It is no longer valid from then on.
    Expires,
    /// A schedule starts it.
    Fires,
    /// It is replaced by another value.
    Rotates,
    /// Its validity is extended, or its copy refreshed.
    Renews,
    /// It comes into force.
    Begins,
    /// It is no longer in force.
    Ends,
}

impl Does {
    /// The verb, as a person reads it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expires => "expires",
            Self::Fires => "fires",
            Self::Rotates => "rotates",
            Self::Renews => "renews",
            Self::Begins => "begins",
            Self::Ends => "ends",
        }
    }
}

/// One thing that will happen, or has happened, by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What.
    pub does: Does,
    /// To which thing: a key's alias, `cronjob/rotate-key`, a host.
    pub subject: String,
    /// At which site; `None` in an item of one site means that site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// What it means for the event; empty where the verb says it all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
}

impl Moment {
    /// What happens to `subject` at a time.
    pub fn new(at: Timestamp, does: Does, subject: impl Into<String>) -> Self {
        Self { at, does, subject: subject.into(), site: None, says: String::new() }
    }

    /// Names the site.
    #[must_use]
    pub fn at_site(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }

    /// Says what it means.
    #[must_use]
    pub fn saying(mut self, says: impl Into<String>) -> Self {
        self.says = says.into();
        self
    }
}
