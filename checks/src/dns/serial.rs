//! What a zone's serial tells of its last change: a day, a second, or nothing.
//!
//! Many owners write the date into it (`2026113001`, RFC 1912 section 2.2), some the seconds since 1970. Counters tell no time.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

/// When a zone was changed last: not before the first, not after the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) earliest: Timestamp,
    pub(super) latest: Timestamp,
}

/// What `serial` tells, seen at `at`; `None` for one that is no time, or one still to come.
pub(super) fn changed(serial: u32, at: Timestamp) -> Option<Changed> {
    of_date(serial, at).or_else(|| of_seconds(serial, at))
}

/// The day in the date form, in any zone of the world: from 14 hours before it begins in UTC to 12 hours after it ends.
fn of_date(serial: u32, at: Timestamp) -> Option<Changed> {
    let (year, month, day) = (serial / 1_000_000, serial / 10_000 % 100, serial / 100 % 100);
    let date = civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if year < 1990 {
        return None;
    }
    let begins = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let earliest = begins.checked_sub(SignedDuration::from_hours(14)).ok()?;
    let latest = begins.checked_add(SignedDuration::from_hours(36)).ok()?.min(at);
    (earliest <= at).then_some(Changed { earliest, latest })
}

/// Seconds since 1970, of this century and not to come.
fn of_seconds(serial: u32, at: Timestamp) -> Option<Changed> {
    let time = Timestamp::from_second(i64::from(serial)).ok()?;
    let is_plausible = serial >= 1_000_000_000 && time <= at;
    is_plausible.then_some(Changed { earliest: time, latest: time })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_date_is_a_day_and_seconds_are_a_second() {
        let now = at("2026-11-30T17:00:00Z");
        let day = changed(2_026_112_901, now).expect("a day");
        assert_eq!((day.earliest, day.latest), (at("2026-11-28T10:00:00Z"), at("2026-11-30T12:00:00Z")));
        let today = changed(2_026_113_002, now).expect("a day");
        assert_eq!(today.latest, now, "nothing was changed later than it was seen");
        let second = changed(1_764_500_000, now).expect("a second");
        assert_eq!(second.earliest, second.latest);
    }

    #[test]
    fn a_counter_and_a_time_to_come_tell_nothing() {
        for serial in [0, 1, 42, 2_371_234_567, 2_026_133_101, 2_027_010_101, 4_294_967_295] {
            assert_eq!(changed(serial, at("2026-11-30T17:00:00Z")), None, "{serial}");
        }
    }
}
