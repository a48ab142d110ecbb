//! How many items have which outcome.

use super::{Outcome, ReportItem};
use schemars::JsonSchema;
use serde::Serialize;

/// How many items have which outcome; together `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// All items of the plan.
    pub total: usize,
    /// Passed.
    pub pass: usize,
    /// Within a margin, or advisory.
    pub warn: usize,
    /// Failed.
    pub fail: usize,
    /// Could not be seen.
    pub unknown: usize,
    /// Not tried, because of what they need.
    pub blocked: usize,
    /// Waived.
    pub waived: usize,
    /// Left out by the clock.
    pub not_due: usize,
    /// Left out by the user.
    pub skipped: usize,
}

impl Counts {
    /// Counts the items.
    #[must_use]
    pub fn of(items: &[ReportItem]) -> Self {
        let mut counts = Self { total: items.len(), ..Self::default() };
        for item in items {
            *match item.outcome {
                Outcome::Pass => &mut counts.pass,
                Outcome::Warn => &mut counts.warn,
                Outcome::Fail => &mut counts.fail,
                Outcome::Unknown => &mut counts.unknown,
                Outcome::Blocked => &mut counts.blocked,
                Outcome::Waived => &mut counts.waived,
                Outcome::NotDue => &mut counts.not_due,
                Outcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }

    /// How many items were tried: all but those that were blocked and those that the clock or the user left out.
    #[must_use]
    pub const fn looked(&self) -> usize {
        self.total - self.not_due - self.skipped - self.blocked
    }
}
