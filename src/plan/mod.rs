//! The checklist expanded into items and what they depend on. No I/O, no clock, no secret.
//!
//! Everything that is wrong is collected, the reader's problems included, before anything is refused.

mod attendees;
mod connections;
mod cycles;
mod draft;
mod expand;
mod expression;
mod item;
mod label;
mod make;
mod members;
mod needs;
mod relation;
mod scope;
pub mod secrets;
mod select;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod waivers;

pub use item::PlanItem;
pub use make::make;
pub use select::Selection;
pub use waivers::Waiver;

pub use crate::checklist::{Event, Limits, Severity, Stage};
use gonogo_checks::clients::network::NetworkSettings;
use std::path::PathBuf;

/// What will be looked at, and how it hangs together.
pub struct Plan {
    /// The event.
    pub event: Event,
    /// Every item, selected or not, in the order of the checklist and, within a check, of its sites.
    pub items: Vec<PlanItem>,
    /// The findings that somebody answers for.
    pub waivers: Vec<Waiver>,
    /// How much at once, and for how long.
    pub limits: Limits,
    /// Where names lead; its `ca` is an absolute path.
    pub network: NetworkSettings,
    /// Every site, in the order of the checklist.
    pub sites: Vec<String>,
    /// What is no mistake but worth a word.
    pub notes: Vec<String>,
    /// The seed of every random label.
    pub seed: u64,
    /// What relative paths in the checklist start from; empty for the current folder.
    pub folder: PathBuf,
}
