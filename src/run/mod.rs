//! The only part that waits: starts every item whose needs are met, takes what is done, never waits for ever.
//!
//! The loop, its clocks and its signals stand on a runtime of their own; probes run on another. A probe that spins may
//! cost its neighbours an `unknown`, never the report.

mod conduct;
mod due;
mod fate;
mod progress;
mod reach;
mod schedule;
mod secrets;
mod signals;
mod statements;
#[cfg(test)]
mod tests;
mod watch;

pub use conduct::{Orders, Run, conduct};
pub use due::due;
pub use fate::{Fate, Looked};
pub use progress::{Event, Progress};
pub use reach::reach;
pub use secrets::read_secrets;
pub use signals::Signals;
pub use statements::statements;
