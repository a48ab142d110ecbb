//! The event: what all the checks are for. Its times are judged against; its attendees are what needs grow with.

use super::time::{Local, point, zone};
use gonogo_checks::contract::{
    Window,
    text::{At, Node, Placed, Problem, salvage},
    values::Period,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// The event.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// Its zone: the one it names, or else the one in which its start is written.
    pub zone: TimeZone,
    /// When it starts.
    pub starts: Timestamp,
    /// When it ends; later than `starts`.
    pub ends: Timestamp,
    /// How long before the start things must hold; zero unless written.
    pub lead: SignedDuration,
    /// How long after the end things must hold; zero unless written.
    pub tail: SignedDuration,
    /// How many will come, where that is written.
    pub expected: Option<u32>,
    /// How many may come at most; what needs are judged at.
    pub at_most: Option<u32>,
}

impl Event {
    /// The window as it is at `now`.
    #[must_use]
    pub fn window(&self, now: Timestamp) -> Window {
        Window {
            now,
            starts: self.starts,
            ends: self.ends,
            lead: self.lead,
            tail: self.tail,
            zone: self.zone.clone(),
            attendees: self.at_most,
        }
    }

    /// `ends + tail`: when nothing is needed any more.
    #[must_use]
    pub fn closes(&self) -> Timestamp {
        self.ends.saturating_add(self.tail).unwrap_or(self.ends)
    }
}

/// What we get ready for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Event")]
pub(super) struct Written {
    /// What it is called.
    name: Placed<String>,
    /// The zone of times without one of their own: `Europe/London`.
    #[serde(default)]
    timezone: Option<Placed<String>>,
    /// When it starts: `2026-12-02T09:00`.
    starts: Placed<String>,
    /// When it ends.
    ends: Placed<String>,
    /// How long before the start things must hold.
    #[serde(default)]
    lead: Period,
    /// How long after the end things must hold.
    #[serde(default)]
    tail: Period,
    /// How many people: a number, or how many are expected and how many may come.
    #[serde(default)]
    attendees: Option<Placed<Attendees>>,
}

/// What `event:` means, and the zone of other times without one.
pub(super) fn event(node: &Node, problems: &mut Vec<Problem>) -> Option<Event> {
    let before = problems.len();
    let written: Written = salvage(node, problems)?;
    let named = written.timezone.as_ref().map(|name| zone(name, problems));
    let local = match &named {
        None => Local::Unsaid,
        Some(None) => Local::Unknown,
        Some(Some(zone)) => Local::Zone(zone),
    };
    let starts = point(&written.starts, local, problems);
    let ends = point(&written.ends, local, problems);
    if written.name.value.trim().is_empty() {
        problems.push(Problem::new(written.name.at, "the event has no name").help("say what it is called"));
    }
    let counts = counted(written.attendees.as_ref(), problems);
    let ((starts, own_zone), (ends, _)) = (starts?, ends?);
    if ends <= starts {
        problems.push(order(written.ends.at, starts, ends));
    }
    if problems.len() > before {
        return None;
    }
    let (expected, at_most) = counts?;
    Some(Event {
        name: written.name.value,
        zone: named.unwrap_or(Some(own_zone))?,
        starts,
        ends,
        lead: written.lead.signed(),
        tail: written.tail.signed(),
        expected,
        at_most,
    })
}

fn order(at: At, starts: Timestamp, ends: Timestamp) -> Problem {
    let message = if ends == starts { "the event ends when it starts" } else { "the event ends before it starts" };
    Problem::new(at, message).help(format!("it starts {starts} and ends {ends}, in UTC"))
}

type Counts = (Option<u32>, Option<u32>);

fn counted(attendees: Option<&Placed<Attendees>>, problems: &mut Vec<Problem>) -> Option<Counts> {
    let Some(Placed { value: Attendees { expected, at_most }, at }) = attendees else { return Some((None, None)) };
    if *at_most == 0 {
        problems.push(Problem::new(*at, "an event that nobody attends").help("write how many may come, at least 1"));
        return None;
    }
    if expected.is_some_and(|expected| expected > *at_most) {
        problems.push(Problem::new(*at, "more are expected than may come").help("`at_most` is the larger number"));
        return None;
    }
    Some((*expected, Some(*at_most)))
}

/// `15`, or `{ expected: 12, at_most: 15 }`.
struct Attendees {
    expected: Option<u32>,
    at_most: u32,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenAttendees {
    /// How many will come.
    #[serde(default)]
    expected: Option<u32>,
    /// How many may come: what needs are judged at.
    at_most: u32,
}

impl<'de> Deserialize<'de> for Attendees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttendeesVisitor)
    }
}

struct AttendeesVisitor;

impl<'de> de::Visitor<'de> for AttendeesVisitor {
    type Value = Attendees;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number or `{ expected: 12, at_most: 15 }`")
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<Attendees, E> {
        let count = u32::try_from(count).map_err(|_| E::invalid_value(de::Unexpected::Signed(count), &self))?;
        Ok(Attendees { expected: None, at_most: count })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Attendees, A::Error> {
        let written = WrittenAttendees::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Attendees { expected: written.expected, at_most: written.at_most })
    }
}

impl JsonSchema for Attendees {
    fn schema_name() -> Cow<'static, str> {
        "Attendees".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let both = generator.subschema_for::<WrittenAttendees>();
        json_schema!({ "oneOf": [{ "type": "integer", "minimum": 1 }, both] })
    }
}
