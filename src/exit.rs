//! The exit codes, one constant each: what a pipeline gates on.

/// GO, or CLOSED after the event.
pub const GO: u8 = 0;
/// NO-GO: a required check failed.
pub const NO_GO: u8 = 1;
/// The command line or the checklist is wrong; nothing was looked at.
pub const USAGE: u8 = 2;
/// UNDETERMINED: nothing failed, but a required item is unknown or blocked, or the run was cut short.
pub const UNDETERMINED: u8 = 3;
/// Nothing was there to look at.
pub const NOTHING: u8 = 4;
/// GO WITH WARNINGS: only warnings stand in the way.
pub const WARNINGS: u8 = 5;
/// PARTIAL: all that was selected passes, but a required item was left out.
pub const PARTIAL: u8 = 6;
/// A bug in gonogo itself.
pub const BUG: u8 = 70;
/// Interrupted by SIGINT.
pub const INTERRUPTED: u8 = 130;
/// Interrupted by SIGTERM.
pub const TERMINATED: u8 = 143;
