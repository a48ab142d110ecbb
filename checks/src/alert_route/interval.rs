//! A time interval as Alertmanager has them: when a route is muted, or when alone it is active.
//!
//! Everything that is said must hold at once; what is not said holds always. Without a location it is UTC. Source: Alertmanager,
//! "Configuration", "Time interval", and `timeinterval/timeinterval.go`.

use crate::contract::text::{Node, Shape};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// From and to.
type Span = (i32, i32);

/// One interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Interval {
    /// Minutes of the day, the last not among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Span>,
    /// Days of the week, Sunday being 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Span>,
    /// Days of the month; -1 is the last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days_of_month: Vec<Span>,
    /// Months, January being 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Span>,
    /// Years.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<Span>,
    /// The zone; UTC unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Interval {
    /// Reads one of a configuration's.
    ///
    /// # Errors
    /// What in it cannot be read.
    pub(super) fn read(node: &Node) -> Result<Self, String> {
        let spans = |key: &str, names: &[&str], first: i32| match node.get(key) {
            None => Ok(Vec::new()),
            Some(list) => items(list).map(|one| span(&text(one), names, first)).collect::<Result<Vec<_>, _>>(),
        };
        let times = node.get("times").map_or(Ok(Vec::new()), |list| items(list).map(time).collect::<Result<_, _>>())?;
        let interval = Self {
            times,
            weekdays: spans("weekdays", &WEEKDAYS, 0)?,
            days_of_month: spans("days_of_month", &[], 0)?,
            months: spans("months", &MONTHS, 1)?,
            years: spans("years", &[], 0)?,
            location: node.get("location").map(text).filter(|name| !name.is_empty()),
        };
        interval.zone().map(|_| interval.clone())
    }

    fn zone(&self) -> Result<TimeZone, String> {
        match self.location.as_deref() {
            None => Ok(TimeZone::UTC),
            // This machine's zone is not the Alertmanager's.
            Some("Local") => Err("`Local` is a zone that only its machine knows".to_owned()),
            Some(name) => TimeZone::get(name).map_err(|_| format!("`{name}` is no zone")),
        }
    }

    /// Whether `at` is within it.
    ///
    /// # Errors
    /// Its zone is not known.
    pub(super) fn holds(&self, at: Timestamp) -> Result<bool, String> {
        let there = at.to_zoned(self.zone()?);
        let within = |spans: &[Span], value: i32| {
            spans.is_empty() || spans.iter().any(|(from, to)| *from <= value && value <= *to)
        };
        let minute = i32::from(there.hour()) * 60 + i32::from(there.minute());
        let is_time = self.times.is_empty() || self.times.iter().any(|(from, to)| *from <= minute && minute < *to);
        let last = i32::from(there.days_in_month());
        let from_end = |day: i32| if day < 0 { last + day + 1 } else { day };
        let days: Vec<Span> =
            self.days_of_month.iter().map(|(from, to)| (from_end(*from).max(1), from_end(*to))).collect();
        Ok(is_time
            && within(&self.weekdays, i32::from(there.weekday().to_sunday_zero_offset()))
            && within(&days, i32::from(there.day()))
            && within(&self.months, i32::from(there.month()))
            && within(&self.years, i32::from(there.year())))
    }
}

/// The items of a list.
pub(super) fn items(node: &Node) -> impl Iterator<Item = &Node> {
    let items: &[Node] = if let Shape::Seq(items) = &node.shape { items } else { &[] };
    items.iter()
}

/// A scalar as it was written.
pub(super) fn text(node: &Node) -> String {
    match &node.shape {
        Shape::Text(text) => text.clone(),
        Shape::Int(number) => number.to_string(),
        Shape::UInt(number) => number.to_string(),
        Shape::Float(number) => number.to_string(),
        Shape::Bool(is) => is.to_string(),
        Shape::Null | Shape::Seq(_) | Shape::Map(_) => String::new(),
    }
}

fn span(text: &str, names: &[&str], first: i32) -> Result<Span, String> {
    let value = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let place = names.iter().position(|name| *name == text).and_then(|at| i32::try_from(at).ok());
        place.map(|at| at + first).or_else(|| text.parse().ok())
    };
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    value(from).zip(value(to)).ok_or_else(|| format!("`{text}` is no span of time"))
}

fn time(node: &Node) -> Result<Span, String> {
    let minute = |key: &str| {
        let text = node.get(key).map(text).unwrap_or_default();
        let parts = text.split_once(':').map(|(hour, minute)| (hour.parse::<i32>(), minute.parse::<i32>()));
        match parts {
            Some((Ok(hour), Ok(minute))) if (0..=24).contains(&hour) && (0..60).contains(&minute) => {
                Ok(hour * 60 + minute)
            }
            _ => Err(format!("`{text}` is no time of day")),
        }
    };
    Ok((minute("start_time")?, minute("end_time")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::text::load;

    fn read(yaml: &str) -> Result<Interval, String> {
        Interval::read(&load(0, yaml, &mut Vec::new()).expect("YAML"))
    }

    fn holds(yaml: &str, at: &str) -> bool {
        read(yaml).expect(yaml).holds(at.parse().expect("a time")).expect("a zone")
    }

    #[test]
    fn everything_that_is_said_must_hold_at_once() {
        let offhours = "{ times: [{ start_time: '17:00', end_time: '24:00' }], weekdays: ['monday:friday'], location: America/Los_Angeles }";
        // Wednesday, 16:59 and 17:00 there.
        assert!(!holds(offhours, "2026-12-03T00:59:59Z"));
        assert!(holds(offhours, "2026-12-03T01:00:00Z"));
        assert!(!holds(offhours, "2026-12-06T01:00:00Z"));
        assert!(holds("{ days_of_month: ['-3:-1'] }", "2026-02-26T00:00:00Z"));
        assert!(!holds("{ days_of_month: ['-3:-1'] }", "2026-02-25T00:00:00Z"));
        assert!(holds("{ months: ['november:december'], years: [2026] }", "2026-12-02T00:00:00Z"));
        assert!(!holds("{ months: ['1:3'] }", "2026-12-02T00:00:00Z"));
        assert!(holds("{ weekdays: [saturday, sunday] }", "2026-12-06T12:00:00Z"));
        assert!(holds("{}", "2026-12-06T12:00:00Z"));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for yaml in [
            "{ weekdays: [someday] }",
            "{ times: [{ start_time: noon, end_time: '13:00' }] }",
            "{ location: Nowhere/Here }",
            "{ location: Local }",
        ] {
            assert!(read(yaml).is_err(), "{yaml}");
        }
    }
}
