//! A point in time as a person writes it: `2026-12-02T09:00`, with a zone of its own or in the event's.
//!
//! A local time that the zone skips or has twice is refused: to guess would move the whole event by an hour.

use gonogo_checks::contract::text::{Placed, Problem, nearest};
use jiff::{
    Timestamp, Zoned,
    civil::DateTime,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// In which zone a time without one is meant.
#[derive(Clone, Copy)]
pub(super) enum Local<'a> {
    /// In the event's.
    Zone(&'a TimeZone),
    /// In none: nobody has said.
    Unsaid,
    /// In the event's, which is itself wrong: nothing more is said of it.
    Unknown,
}

/// The zone of a name in the IANA database.
pub(super) fn zone(name: &Placed<String>, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(&name.value) {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|known| known.to_string()).collect();
    let help = match nearest(&name.value, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a name such as `Europe/London` or `America/Los_Angeles`".to_owned(),
    };
    problems.push(Problem::new(name.at, format!("unknown time zone `{}`", name.value)).help(help));
    None
}

/// The time that a text means, and the zone that it was meant in: its own, or else `local`.
pub(super) fn point(
    text: &Placed<String>,
    local: Local<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Timestamp, TimeZone)> {
    match parse(&text.value, local) {
        Ok(point) => point,
        Err((message, help)) => {
            problems.push(Problem::new(text.at, message).help(help));
            None
        }
    }
}

/// The time that a text on the command line means; without a zone of its own it is meant in `local`.
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub fn moment(text: &str, local: &TimeZone) -> Result<Timestamp, (String, String)> {
    match parse(text, Local::Zone(local))? {
        Some((time, _)) => Ok(time),
        None => Err((format!("`{text}` is not a time"), "write it as `2026-12-02T09:00`".to_owned())),
    }
}

type Complaint = (String, String);

fn parse(text: &str, local: Local<'_>) -> Result<Option<(Timestamp, TimeZone)>, Complaint> {
    let wrong = || (format!("`{text}` is not a time"), "write it as `2026-12-02T09:00`".to_owned());
    let pieces = Pieces::parse(text).map_err(|_| wrong())?;
    let Some(time) = pieces.time() else {
        return Err((format!("`{text}` is a day, not a time"), format!("write the time too: `{text}T09:00`")));
    };
    let local_time = pieces.date().to_datetime(time);
    match (pieces.offset(), pieces.time_zone_annotation()) {
        (Some(_), Some(_)) => {
            let zoned: Zoned = text.parse().map_err(|_| {
                (format!("`{text}` contradicts itself: that zone has another offset then"), "leave one away".to_owned())
            })?;
            Ok(Some((zoned.timestamp(), zoned.time_zone().clone())))
        }
        (Some(offset), None) => {
            let offset = match offset {
                PiecesOffset::Numeric(numeric) => numeric.offset(),
                _ => Offset::UTC,
            };
            let time = offset.to_timestamp(local_time).map_err(|_| wrong())?;
            Ok(Some((time, offset.to_time_zone())))
        }
        (None, Some(annotation)) => {
            let zone = annotation.to_time_zone().map_err(|_| {
                (format!("unknown time zone in `{text}`"), "write a name such as `[Europe/London]`".to_owned())
            })?;
            unambiguous(text, local_time, &zone).map(|time| Some((time, zone)))
        }
        (None, None) => match local {
            Local::Zone(zone) => unambiguous(text, local_time, zone).map(|time| Some((time, zone.clone()))),
            Local::Unknown => Ok(None),
            Local::Unsaid => Err((
                format!("`{text}` does not say in which zone"),
                "add `timezone: Europe/London` to the event, or an offset to the time: `…+01:00`, `…Z`".to_owned(),
            )),
        },
    }
}

fn unambiguous(text: &str, local: DateTime, zone: &TimeZone) -> Result<Timestamp, Complaint> {
    let name = zone.iana_name().unwrap_or("that zone");
    let written = |offset: Offset| format!("`{}`", with_offset(local, offset));
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous
            .unambiguous()
            .map_err(|_| (format!("`{text}` is beyond all calendars"), "check the year".to_owned())),
        AmbiguousOffset::Gap { before, after } => Err((
            format!("`{text}` does not exist in {name}: clocks go from {before} to {after} and skip it"),
            format!("write the time with an offset: {} or {}", written(before), written(after)),
        )),
        AmbiguousOffset::Fold { before, after } => Err((
            format!("`{text}` happens twice in {name}: clocks go back from {before} to {after}"),
            format!("write which one: {} or {}", written(before), written(after)),
        )),
    }
}

fn with_offset(local: DateTime, offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{}{sign}{:02}:{:02}", local.strftime("%Y-%m-%dT%H:%M"), minutes / 60, minutes % 60)
}
