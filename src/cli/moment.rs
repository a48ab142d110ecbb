//! A time on the command line.

use crate::checklist;
use jiff::{Timestamp, tz::TimeZone};

/// The time that the `text` of `option` means, in `zone` where it names none.
///
/// # Errors
/// No time, or one that the zone skips or has twice.
pub fn moment(option: &str, text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    checklist::moment(text, zone).map_err(|(message, help)| anyhow::anyhow!("{option}: {message}; {help}"))
}
