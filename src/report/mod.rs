//! What a run adds up to: the one value that every format is made from.
//!
//! [`Report`] is also the JSON that a pipeline reads (`gonogo/report/1`); the formats beside it are pure functions of it.

pub mod counts;
pub mod crowds;
pub mod entries;
mod entry;
pub mod evidence;
pub mod fold;
pub mod format;
pub mod item;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod marks;
pub mod matrix;
pub mod outcome;
pub mod plain;
pub mod settle;
pub mod shown;
pub mod table;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod verdict;
pub mod words;
pub mod wrap;

pub use counts::Counts;
pub use item::{ReportItem, Waived};
pub use outcome::Outcome;
pub use verdict::{Acceptance, Verdict};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The name and version of the report's form.
pub const SCHEMA: &str = "gonogo/report/1";

/// Everything that a run found out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// `gonogo/report/1`.
    pub schema: &'static str,
    /// What the outcomes add up to.
    pub verdict: Verdict,
    /// The process's exit code.
    pub exit_code: u8,
    /// What we get ready for.
    pub event: EventFacts,
    /// How and when was looked.
    pub run: RunFacts,
    /// Every item of the plan, in the plan's order; a relation is one for each member.
    pub items: Vec<ReportItem>,
    /// How many items have which outcome.
    pub counts: Counts,
    /// What the reader should know besides: expired and unneeded waivers, words that matched nothing.
    pub notes: Vec<String>,
}

/// What we get ready for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventFacts {
    /// Its name.
    pub name: String,
    /// Its start.
    #[schemars(with = "String")]
    pub starts: Timestamp,
    /// Its end.
    #[schemars(with = "String")]
    pub ends: Timestamp,
    /// From when things must hold: the start less the lead.
    #[schemars(with = "String")]
    pub opens: Timestamp,
    /// Until when things must hold: the end and the tail.
    #[schemars(with = "String")]
    pub closes: Timestamp,
    /// The zone of every time that a person reads: an IANA name.
    pub timezone: String,
    /// How many are expected.
    pub expected: Option<u32>,
    /// The most that may come; needs are judged at this.
    pub attendees: Option<u32>,
    /// The sites, in the checklist's order.
    pub sites: Vec<String>,
}

/// How and when was looked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the JSON that pipelines read")]
pub struct RunFacts {
    /// When the first item was started, by this machine's clock.
    #[schemars(with = "String")]
    pub looked_at: Timestamp,
    /// The time at which was judged: now, or what `--now` says.
    #[schemars(with = "String")]
    pub judged_at: Timestamp,
    /// True if and only if `--now` moved the judgement.
    pub is_as_if: bool,
    /// Milliseconds from the first item's start to the last one's end.
    pub took_ms: u64,
    /// The seed of every random label; `--seed` repeats it.
    pub seed: u64,
    /// The machine that looked.
    pub host: String,
    /// gonogo's version.
    pub version: String,
    /// True if and only if a signal ended the run early.
    pub is_interrupted: bool,
    /// True if and only if the run's deadline ended it early.
    pub is_cut_short: bool,
    /// True if and only if `--final` was given.
    pub is_final: bool,
    /// When the last item that is not due yet, and will be before the event ends, becomes due.
    #[schemars(with = "Option<String>")]
    pub provisional_until: Option<Timestamp>,
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> schemars::Schema {
    // As it is written, not as it would be read: a key that is left out when it is empty is not required.
    schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report>()
}
