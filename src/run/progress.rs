//! What a run tells while it goes on.

use super::Fate;
use crate::plan::Plan;

/// One thing that happened.
pub enum Event<'a> {
    /// An item was started.
    Started(usize),
    /// An item came to its end.
    Finished(usize, &'a Fate),
    /// The user asked to stop; running items have a moment left.
    Stopping,
}

/// Somebody who wants to know.
pub trait Progress {
    /// Takes what happened.
    fn take(&mut self, plan: &Plan, event: &Event<'_>);
}

/// Nobody: for tests and for pipes.
impl Progress for () {
    fn take(&mut self, _plan: &Plan, _event: &Event<'_>) {}
}
