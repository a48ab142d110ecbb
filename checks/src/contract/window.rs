//! The event's time, as judging sees it: a plain value, with the clock in it.

use jiff::{SignedDuration, Timestamp, Unit, tz::TimeZone};

/// When the event is, for how many, and what time it is now.
#[derive(Clone, Debug)]
pub struct Window {
    /// The time at which is judged.
    pub now: Timestamp,
    /// The event's start.
    pub starts: Timestamp,
    /// The event's end.
    pub ends: Timestamp,
    /// How long before the start things must hold.
    pub lead: SignedDuration,
    /// How long after the end things must hold.
    pub tail: SignedDuration,
    /// The event's zone, for every time that a person reads.
    pub zone: TimeZone,
    /// The most that may come; `None` where the checklist does not say.
    pub attendees: Option<u32>,
}

impl Window {
    /// `starts − lead`; once that is past, now.
    #[must_use]
    pub fn opens(&self) -> Timestamp {
        self.starts.saturating_sub(self.lead).unwrap_or(self.starts).max(self.now)
    }

    /// `ends + tail`.
    #[must_use]
    pub fn closes(&self) -> Timestamp {
        self.ends.saturating_add(self.tail).unwrap_or(self.ends)
    }

    /// True if and only if `time` is within the window, its edges included.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.opens() <= time && time <= self.closes()
    }

    /// The time in the event's zone: `Wed 2 Dec 10:10 PST`, with the year where it is not the event's.
    #[must_use]
    pub fn clock(&self, time: Timestamp) -> String {
        let there = time.to_zoned(self.zone.clone());
        let form = if there.year() == self.starts.to_zoned(self.zone.clone()).year() {
            "%a %-d %b %H:%M %Z"
        } else {
            "%a %-d %b %Y %H:%M %Z"
        };
        there.strftime(form).to_string()
    }

    /// Where `time` lies to the event: `20 min before the end`, `3 d after the end`, `2 h before the start`.
    #[must_use]
    pub fn against_event(&self, time: Timestamp) -> String {
        if time < self.starts {
            return format!("{} before the start", spoken(self.starts.duration_since(time)));
        }
        match time.cmp(&self.ends) {
            std::cmp::Ordering::Less => format!("{} before the end", spoken(self.ends.duration_since(time))),
            std::cmp::Ordering::Equal => "at the end".to_owned(),
            std::cmp::Ordering::Greater => format!("{} after the end", spoken(time.duration_since(self.ends))),
        }
    }
}

/// A length of time as a person says it, rounded down to its two largest units: `2 d 3 h`, `20 min`, `45 s`.
#[must_use]
pub fn spoken(length: SignedDuration) -> String {
    let seconds = length.abs().round(Unit::Second).unwrap_or(length.abs()).as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(now: &str) -> Window {
        Window {
            now: now.parse().expect("a time"),
            starts: "2026-12-02T17:00:00Z".parse().expect("a time"),
            ends: "2026-12-02T18:30:00Z".parse().expect("a time"),
            lead: SignedDuration::from_hours(2),
            tail: SignedDuration::from_hours(1),
            zone: TimeZone::get("America/Los_Angeles").expect("a zone"),
            attendees: Some(15),
        }
    }

    #[test]
    fn the_window_runs_from_lead_to_tail_and_from_now_once_begun() {
        let before = window("2026-12-01T00:00:00Z");
        assert_eq!(before.opens().to_string(), "2026-12-02T15:00:00Z");
        assert_eq!(before.closes().to_string(), "2026-12-02T19:30:00Z");
        assert_eq!(window("2026-12-02T16:00:00Z").opens().to_string(), "2026-12-02T16:00:00Z");
        assert!(before.contains("2026-12-02T15:00:00Z".parse().expect("a time")));
        assert!(!before.contains("2026-12-02T19:30:01Z".parse().expect("a time")));
    }

    #[test]
    fn times_are_said_in_the_events_zone_and_against_the_event() {
        let w = window("2026-12-01T00:00:00Z");
        let late: Timestamp = "2026-12-02T18:10:00Z".parse().expect("a time");
        assert_eq!(w.clock(late), "Wed 2 Dec 10:10 PST");
        assert_eq!(w.against_event(late), "20 min before the end");
        assert_eq!(w.against_event(w.ends), "at the end");
        assert_eq!(w.against_event("2026-12-04T20:30:00Z".parse().expect("a time")), "2 d 2 h after the end");
        assert_eq!(w.against_event("2026-12-02T16:15:00Z".parse().expect("a time")), "45 min before the start");
    }
}
