//! Whether anybody uses a key, where its system tells: a key that is switched on, and a key that works for whoever holds it, are
//! two things.
//!
//! What uses a key may still hold the old one, which a replacement has switched off. The age of a last use proves nothing: a
//! gateway may be idle for a week. So uses are compared with one another alone.

use super::{codes, cure, evidence::Key, judge::Bar};
use crate::contract::{Finding, Remedy, Weight};
use jiff::SignedDuration;

/// How late a system may be to tell of a use: IAM is by hours.
const LATE: SignedDuration = SignedDuration::from_hours(4);

/// What is in the way of a key in force.
pub(super) fn judge(bar: &Bar<'_>, key: &Key, subject: &str) -> Option<Finding> {
    let usage = key.usage.as_ref()?;
    let (on, off): (Vec<_>, Vec<_>) = usage.beside.iter().partition(|other| other.is_on);
    let last = on.into_iter().filter_map(|other| other.last).chain(usage.last).max();
    let instead =
        off.into_iter().filter(|other| other.last.is_some() && other.last > last).max_by_key(|other| other.last);
    let clock = |time| bar.window.clock(time);
    let told = last.map_or_else(|| "never used".to_owned(), |at| format!("last used {}", clock(at)));
    if let Some((other, at)) = instead.and_then(|other| Some((other, other.last?))) {
        let is_late = bar.window.now.duration_since(at) < LATE;
        let weight = if is_late { Weight::Unknown } else { Weight::Fail };
        let more = if is_late { "; a use of today may not be told yet" } else { "" };
        let says = format!(
            "see that what used `{}` holds `{}` now: every call with the old key is refused",
            other.name, key.name
        );
        let finding =
            Finding::new(codes::KEY_UNUSED, subject).weighing(weight).expected("used since the key beside it was");
        let seen = format!("{told}; {}, which is switched off, was used {}{more}", other.name, clock(at));
        return Some(finding.seen(seen).mended_by(Remedy::prose(says)));
    }
    if last.is_some() {
        return None;
    }
    let finding = Finding::new(codes::KEY_UNUSED, subject).weighing(Weight::Warn).expected("a key that is in use");
    Some(finding.seen(told).mended_by(cure::unused(&key.name)))
}
