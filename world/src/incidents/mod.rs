//! Incidents that happened: each a world as it was before, and as it should have been.
//!
//! A world that should have been is the base; each cause is injected into it by itself, so that a test can ask what one
//! cause alone looks like.

pub mod workshop_2024_09_30;

use jiff::Timestamp;

/// When the world is looked at, and the event that it is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The world's time.
    pub now: Timestamp,
    /// When the event begins.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}
