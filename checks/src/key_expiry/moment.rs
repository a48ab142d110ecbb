//! A time as other systems write it: RFC 3339, without a zone, GitHub's two forms, an HTTP date, a number since 1970.
//!
//! A time without a zone is UTC, as every system that writes one means it. The year 9999 says never; year 1 and 1970's
//! first second say nothing, they are what a program writes that was never told. What fits none of this is no time: a
//! guess would be a false green.

use crate::clients::clocks;
use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    fmt::{strtime, temporal::Pieces},
    tz::{Offset, TimeZone},
};
use serde_json::Value;

/// What a system wrote where a time belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A time.
    At(Timestamp),
    /// A time so far away that never is meant.
    Never,
    /// The zero of its type: nobody set it.
    Unset,
}

/// Seconds since 1970 of the year 9999.
const YEAR_9999: std::ops::RangeInclusive<i64> = 253_370_764_800..=253_402_300_799;
/// Numbers from here on are milliseconds: as seconds they would lie in the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;
/// Numbers from here on are neither: as milliseconds they would lie beyond the year 10000.
const TOO_FAR: i64 = 253_402_300_800_000;

impl Moment {
    /// The moment in a JSON value; `None` for `null` and for what is no time.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::of_text(text),
            Value::Number(number) => Self::of_number(&number.to_string()),
            _ => None,
        }
    }

    /// The moment in a text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with(|first: char| first.is_ascii_digit()) && !text.contains(['-', ':', ' ']) {
            return Self::of_number(text);
        }
        let spaced = |zone| text.strip_suffix(zone).map(|rest| format!("{rest}Z"));
        let utc = spaced(" UTC").or_else(|| spaced(" GMT").filter(|_| text.starts_with(|c: char| c.is_ascii_digit())));
        let text = utc.as_deref().unwrap_or(text);
        of_pieces(text).or_else(|| of_offset(text)).or_else(|| clocks::parse(text).and_then(near))
    }

    /// The moment in a number of seconds or milliseconds since 1970; a fraction is cut off.
    #[must_use]
    pub fn of_number(text: &str) -> Option<Self> {
        let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
            if fraction.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text }
        });
        let number: i64 = whole.parse().ok()?;
        match number {
            0 => Some(Self::Unset),
            ..=-1 | TOO_FAR.. => None,
            seconds if YEAR_9999.contains(&seconds) => Some(Self::Never),
            seconds if seconds < MILLISECONDS => Timestamp::from_second(seconds).ok().and_then(near),
            milliseconds if YEAR_9999.contains(&(milliseconds / 1000)) => Some(Self::Never),
            milliseconds => Timestamp::from_millisecond(milliseconds).ok().and_then(near),
        }
    }
}

/// RFC 3339, with or without time, zone and `[Area/City]`. Read in pieces, because a year of 9999 is beyond the last
/// timestamp there is.
fn of_pieces(text: &str) -> Option<Moment> {
    let pieces = Pieces::parse(text).ok()?;
    if let Some(moment) = far(pieces.date()) {
        return Some(moment);
    }
    if pieces.time_zone_annotation().is_some() {
        return text.parse::<Zoned>().ok().and_then(|zoned| near(zoned.timestamp()));
    }
    let civil = DateTime::from_parts(pieces.date(), pieces.time().unwrap_or(Time::midnight()));
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    near(civil.to_zoned(TimeZone::fixed(offset)).ok()?.timestamp())
}

/// `2023-04-26 20:23:26 +0200`.
fn of_offset(text: &str) -> Option<Moment> {
    let parsed = strtime::parse("%Y-%m-%d %H:%M:%S %z", text).ok()?;
    match far(parsed.to_date().ok()?) {
        Some(moment) => Some(moment),
        None => near(parsed.to_timestamp().ok()?),
    }
}

fn far(date: Date) -> Option<Moment> {
    match date.year() {
        9999.. => Some(Moment::Never),
        ..=1 => Some(Moment::Unset),
        _ => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one link in a chain of options")]
fn near(time: Timestamp) -> Option<Moment> {
    Some(if time == Timestamp::UNIX_EPOCH { Moment::Unset } else { Moment::At(time) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_time_in_every_way_of_writing_it() {
        let meant = Moment::At("2026-12-02T18:10:00Z".parse().expect("a time"));
        for text in [
            "2026-12-02T18:10:00Z",
            "2026-12-02T18:10:00.000000+00:00",
            "2026-12-02T18:10:00",
            "2026-12-02 18:10:00",
            "2026-12-02T10:10:00-08:00",
            "2026-12-02T10:10:00-08:00[America/Los_Angeles]",
            "2026-12-02T10:10:00[America/Los_Angeles]",
            "2026-12-02 18:10:00 UTC",
            "2026-12-02 20:10:00 +0200",
            "Wed, 02 Dec 2026 18:10:00 GMT",
            "Wed, 02 Dec 2026 10:10:00 -0800",
            "1796235000",
            "1796235000000",
            "1796235000.5",
        ] {
            assert_eq!(Moment::of_text(text), Some(meant), "{text}");
        }
        assert_eq!(Moment::of(&json!(1_796_235_000)), Some(meant));
        assert_eq!(Moment::of(&json!(1_796_235_000.25)), Some(meant));
        assert_eq!(Moment::of(&json!(1_796_235_000_000_i64)), Some(meant));
    }

    #[test]
    fn a_date_alone_ends_as_it_begins() {
        assert_eq!(Moment::of_text("2026-12-02"), Some(Moment::At("2026-12-02T00:00:00Z".parse().expect("a time"))));
    }

    #[test]
    fn the_year_9999_is_never_and_a_zero_is_unset() {
        for text in ["9999-12-31T23:59:59Z", "9999-12-31 23:59:59 +0000", "253402300799", "253402300799000"] {
            assert_eq!(Moment::of_text(text), Some(Moment::Never), "{text}");
        }
        for text in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0"] {
            assert_eq!(Moment::of_text(text), Some(Moment::Unset), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "never",
            "null",
            "tomorrow",
            "2026-13-01T00:00:00Z",
            "-5",
            "1e20",
            "12:30",
            "1796235000s",
            "99999999999999999",
        ] {
            assert_eq!(Moment::of_text(text), None, "{text}");
        }
        for value in [json!(null), json!(true), json!([]), json!({}), json!(-1), json!(1e300)] {
            assert_eq!(Moment::of(&value), None, "{value}");
        }
    }
}
