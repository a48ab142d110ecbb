//! Who is on call when, as it was seen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The system.
    pub system: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// From when the shifts were asked for.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The levels, from 1, and what each is called.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Ids of escalation policies and schedules that are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// The shifts, by level and time.
    #[serde(default)]
    pub shifts: Vec<Shift>,
}

/// One level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its number, from 1.
    pub level: u32,
    /// The name of its escalation policy or schedule.
    pub name: String,
}

/// A stretch of time in which one person is on call at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// At which level.
    pub level: u32,
    /// Who; nobody where the time is listed and left empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// From when; `None`: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Timestamp>,
    /// Until when; `None`: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How many ways of being told they have set up; `None` where the system does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_by: Option<usize>,
}

impl Person {
    /// True if and only if `named` means this person: by name, address or id, whatever its case.
    pub(super) fn is(&self, named: &str) -> bool {
        let named = named.trim().to_lowercase();
        let own = [Some(&self.name), Some(&self.id), self.email.as_ref()];
        own.into_iter().flatten().any(|own| own.to_lowercase() == named)
    }
}

impl Shift {
    /// The part of it between two times, if any.
    pub(super) fn within(&self, from: Timestamp, to: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let starts = self.starts.unwrap_or(Timestamp::MIN).max(from);
        let ends = self.ends.unwrap_or(Timestamp::MAX).min(to);
        (starts < ends).then_some((starts, ends))
    }
}
