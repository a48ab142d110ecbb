//! Whether a system replaces a key within the window.
//!
//! A gateway replaces a key at its first scan after the time that the key is due, and reckons the next time from then.
//! When it scans depends on when its process started, so each replacement may come a whole scan later than the one
//! before it allows. An overdue key, or one without a due time, goes at the next scan.

use super::{codes, evidence::Rotation};
use crate::contract::{Finding, Remedy, Weight, Window, spoken, values::Period};
use jiff::Timestamp;

/// What is in the way where `rotation` replaces the key `name` within the window; `subject` is what the finding names.
pub(crate) fn judge(window: &Window, rotation: &Rotation, name: &str, subject: &str) -> Option<Finding> {
    let every = rotation.every.as_deref().map(str::parse::<Period>);
    let from = rotation.due.map_or(window.now, |due| due.max(window.now));
    let weight = match &every {
        _ if falls(from, None, rotation.scan, window) => Weight::Fail,
        Some(Ok(every)) if falls(from, Some(*every), rotation.scan, window) => Weight::Fail,
        Some(Err(_)) => Weight::Unknown,
        _ => return None,
    };
    let (opens, closes) = (window.clock(window.opens()), window.clock(window.closes()));
    let finding = Finding::new(codes::ROTATION_IN_WINDOW, subject)
        .weighing(weight)
        .expected(format!("no replacement from {opens} to {closes}"))
        .seen(words(rotation, window));
    let says = format!(
        "switch `auto_rotate` off for `{name}` until {closes}, or replace it by hand before {opens} and hand the new one out"
    );
    Some(finding.mended_by(Remedy::prose(says)))
}

/// True if and only if a replacement may fall within the window: the first at `from` or up to one scan later, each
/// further one `every` after the one before it, or up to one scan later.
fn falls(from: Timestamp, every: Option<Period>, scan: Period, window: &Window) -> bool {
    let (from, scan) = (from.as_second(), scan.signed().as_secs());
    let (opens, closes) = (window.opens().as_second(), window.closes().as_second());
    let short = opens.saturating_sub(from).saturating_sub(scan);
    // The first replacement whose latest moment is not before the window, and among those the earliest.
    let earliest = match every.map(|every| every.signed().as_secs()) {
        _ if short <= 0 => from,
        None => return false,
        Some(every) => {
            let stride = every.saturating_add(scan).max(1);
            let count = short.saturating_add(stride - 1) / stride;
            from.saturating_add(count.saturating_mul(every))
        }
    };
    earliest <= closes
}

/// When it is replaced, in words.
pub(crate) fn words(rotation: &Rotation, window: &Window) -> String {
    let scan = spoken(rotation.scan.signed());
    let again = rotation.every.as_ref().map_or_else(String::new, |every| format!(", then every {every}"));
    match rotation.due {
        None => format!("replaced at the gateway's next scan, within {scan} from now: no time is set{again}"),
        Some(due) if due <= window.now => {
            format!("due since {}: replaced at the next scan, within {scan} from now{again}", window.clock(due))
        }
        Some(due) => {
            format!("replaced {}, {}, or up to {scan} later{again}", window.clock(due), window.against_event(due))
        }
    }
}
