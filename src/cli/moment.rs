//! `--now`: a time on the command line.

use crate::checklist;
use jiff::{Timestamp, tz::TimeZone};

/// The time that `text` means, in `zone` where it names none.
///
/// # Errors
/// No time, or one that the zone skips or has twice.
pub fn moment(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    checklist::moment(text, zone).map_err(|(message, help)| anyhow::anyhow!("--now: {message}; {help}"))
}
