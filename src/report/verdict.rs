//! What the outcomes add up to, and the exit code that says so to a pipeline.

use super::{Outcome, ReportItem};
use crate::checklist::Severity;
use crate::exit;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What the outcomes add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every required item that is due passes or is waived.
    Go,
    /// Only warnings stand in the way, and they were not accepted.
    GoWithWarnings,
    /// All that was selected passes, but a required item was left out.
    Partial,
    /// Nothing failed, but a required item could not be seen.
    Undetermined,
    /// A required item failed.
    NoGo,
    /// Nothing was there to look at.
    Nothing,
    /// After the event: everything that must hold then does.
    Closed,
    /// After the event: something that must hold then does not.
    NotClosed,
}

impl Verdict {
    /// The words at the head of every report.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::GoWithWarnings => "GO WITH WARNINGS",
            Self::Partial => "PARTIAL",
            Self::Undetermined => "UNDETERMINED",
            Self::NoGo => "NO-GO",
            Self::Nothing => "NOTHING TO LOOK AT",
            Self::Closed => "CLOSED",
            Self::NotClosed => "NOT CLOSED",
        }
    }
}

/// What the user has said to accept.
#[derive(Clone, Debug, Default)]
pub struct Acceptance {
    /// `None`: no warnings; an empty list: every warning; else these codes.
    pub warnings: Option<Vec<String>>,
    /// Accept that required items were left out.
    pub partial: bool,
    /// Accept a judgement at another time than now.
    pub simulated: bool,
    /// Refuse a provisional GO.
    pub is_final: bool,
}

/// When the last item that a GO still waits for becomes due. What is due only once the event is over is no part of it.
#[must_use]
pub fn provisional_until(items: &[ReportItem], ends: Timestamp) -> Option<Timestamp> {
    let waiting = items.iter().filter(|item| item.outcome == Outcome::NotDue);
    waiting.filter_map(|item| item.due).filter(|due| *due < ends).max()
}

/// What the run itself was like.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Circumstances {
    /// The event has ended.
    pub is_over: bool,
    /// `--now` moved the judgement.
    pub is_as_if: bool,
    /// A signal or the run's deadline ended it early.
    pub is_cut_short: bool,
    /// Something is not due yet that will be before the event ends.
    pub is_provisional: bool,
}

/// The verdict over `items` and its exit code.
#[must_use]
pub fn verdict(items: &[ReportItem], accepted: &Acceptance, run: Circumstances) -> (Verdict, u8) {
    let looked = items.iter().filter(|item| !matches!(item.outcome, Outcome::NotDue | Outcome::Skipped));
    if looked.clone().count() == 0 {
        return (Verdict::Nothing, exit::NOTHING);
    }
    let required = |outcomes: &[Outcome]| {
        items.iter().any(|item| item.severity == Severity::Required && outcomes.contains(&item.outcome))
    };
    if required(&[Outcome::Fail]) {
        return if run.is_over { (Verdict::NotClosed, exit::NO_GO) } else { (Verdict::NoGo, exit::NO_GO) };
    }
    if required(&[Outcome::Unknown, Outcome::Blocked]) || run.is_cut_short {
        return (Verdict::Undetermined, exit::UNDETERMINED);
    }
    let is_partial = required(&[Outcome::Skipped]);
    if is_partial && !accepted.partial {
        return (Verdict::Partial, exit::PARTIAL);
    }
    let has_warnings = looked.clone().any(|item| is_warning(item) && !is_accepted(item, accepted));
    // GO is said of the whole plan, never of a selection, even where the selection is accepted.
    let verdict = match (is_partial, has_warnings) {
        (true, _) => Verdict::Partial,
        (false, true) => Verdict::GoWithWarnings,
        (false, false) if run.is_over => Verdict::Closed,
        (false, false) => Verdict::Go,
    };
    let is_withheld = (run.is_as_if && !accepted.simulated) || (accepted.is_final && run.is_provisional);
    let code = match (has_warnings, is_withheld) {
        (true, _) => exit::WARNINGS,
        (false, true) => exit::UNDETERMINED,
        (false, false) => exit::GO,
    };
    (verdict, code)
}

/// True if and only if the item counts as a warning.
fn is_warning(item: &ReportItem) -> bool {
    match item.outcome {
        Outcome::Warn => true,
        Outcome::Fail | Outcome::Unknown | Outcome::Blocked => item.severity == Severity::Advisory,
        _ => false,
    }
}

fn is_accepted(item: &ReportItem, accepted: &Acceptance) -> bool {
    match accepted.warnings.as_deref() {
        None => false,
        Some([]) => true,
        Some(codes) => {
            item.outcome != Outcome::Blocked
                && item.findings.iter().all(|finding| codes.iter().any(|code| code == finding.code))
        }
    }
}
