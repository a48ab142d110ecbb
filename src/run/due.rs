//! Whether the clock lets an item be looked at.
//!
//! `before` is due until the event ends: what had to hold before still has to hold during. `during` is due from the
//! window's opening to the end, `after` from the end on.

use crate::checklist::Stage;
use gonogo_checks::contract::Window;
use jiff::Timestamp;

/// Whether a check of `stage` is due at the window's now.
///
/// # Errors
/// It is not due: it becomes due at the time given, or, without one, its stage is over.
pub fn due(stage: Stage, window: &Window) -> Result<(), Option<Timestamp>> {
    let opens = window.starts.saturating_sub(window.lead).unwrap_or(window.starts);
    let (from, until) = match stage {
        Stage::Before => (None, Some(window.ends)),
        Stage::During => (Some(opens), Some(window.ends)),
        Stage::After => (Some(window.ends), None),
    };
    match (from, until) {
        (_, Some(until)) if window.now > until => Err(None),
        (Some(from), _) if window.now < from => Err(Some(from)),
        _ => Ok(()),
    }
}
