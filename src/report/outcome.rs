//! What became of an item.

use gonogo_checks::contract::Weight;
use schemars::JsonSchema;
use serde::Serialize;

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every expectation holds, through the window.
    Pass,
    /// It holds, but within its warning margin; or an advisory finding.
    Warn,
    /// An expectation does not hold.
    Fail,
    /// Could not look, or the answer proves nothing.
    Unknown,
    /// Not tried: a check that it needs failed, is unknown or is blocked.
    Blocked,
    /// All its findings are waived.
    Waived,
    /// The clock left it out.
    NotDue,
    /// The user left it out.
    Skipped,
}

impl Outcome {
    /// The word in every format for people: short enough for a matrix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "ok",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
            Self::Unknown => "UNKNOWN",
            Self::Blocked => "BLOCKED",
            Self::Waived => "waived",
            Self::NotDue => "not due",
            Self::Skipped => "skipped",
        }
    }

    /// True if and only if it meets another item's need.
    #[must_use]
    pub const fn meets_need(self) -> bool {
        matches!(self, Self::Pass | Self::Warn | Self::Waived)
    }

    /// The outcome of an item whose heaviest finding weighs `weight`.
    #[must_use]
    pub const fn of(weight: Option<Weight>) -> Self {
        match weight {
            None => Self::Pass,
            Some(Weight::Warn) => Self::Warn,
            Some(Weight::Unknown) => Self::Unknown,
            Some(Weight::Fail) => Self::Fail,
        }
    }
}
