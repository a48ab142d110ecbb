//! The permanent names of what can be found.
//!
//! A code never changes its meaning: waivers, dashboards and pipelines name it. Codes that any probe may raise because
//! it could not look are in [`CORE_CODES`]; each probe lists its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How heavily a finding weighs; the heaviest decides the item's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It holds, but within its warning margin.
    Warn,
    /// Could not look, or the answer proves nothing.
    Unknown,
    /// It does not hold.
    Fail,
}

/// One kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Permanent, kebab-case.
    pub id: &'static str,
    /// The weight unless the finding says otherwise.
    pub weight: Weight,
    /// One line: what it means for the event.
    pub says: &'static str,
}

impl Code {
    /// A code that does not hold: a failure.
    #[must_use]
    pub const fn fail(id: &'static str, says: &'static str) -> Self {
        Self { id, weight: Weight::Fail, says }
    }

    /// A code for what could not be seen.
    #[must_use]
    pub const fn unknown(id: &'static str, says: &'static str) -> Self {
        Self { id, weight: Weight::Unknown, says }
    }

    /// A code for a margin or an advisory.
    #[must_use]
    pub const fn warn(id: &'static str, says: &'static str) -> Self {
        Self { id, weight: Weight::Warn, says }
    }
}

/// The codes that are the checker's own, whatever the probe.
pub mod core {
    use super::Code;

    /// Nothing answers at the address.
    pub const UNREACHABLE: Code = Code::unknown("unreachable", "nothing answers at the address");
    /// The name does not resolve here.
    pub const UNRESOLVED: Code = Code::unknown("unresolved", "the system's own name does not resolve from here");
    /// The credential is not accepted.
    pub const UNAUTHORISED: Code = Code::unknown("unauthorised", "the credential is missing, wrong or expired");
    /// The credential lacks a right.
    pub const FORBIDDEN: Code = Code::unknown("forbidden", "the credential lacks a right that the look needs");
    /// What was asked for is not there, or hidden.
    pub const NOT_FOUND: Code =
        Code::unknown("not-found", "what was to be looked at is not there, or hidden from this credential");
    /// Asked too often.
    pub const THROTTLED: Code = Code::unknown("throttled", "the system refused because it was asked too often");
    /// No answer in time.
    pub const TIMED_OUT: Code = Code::unknown("timed-out", "no whole answer came in time");
    /// An answer that cannot be read.
    pub const MALFORMED: Code = Code::unknown("malformed", "the answer cannot be read");
    /// An answer beyond its bound.
    pub const TOO_LARGE: Code = Code::unknown("too-large", "the answer is larger than its bound");
    /// The system said that it failed.
    pub const SERVER_ERROR: Code = Code::unknown("server-error", "the system answered that it failed");
    /// The server's certificate is not trusted.
    pub const UNTRUSTED: Code =
        Code::unknown("untrusted", "the server's certificate is not trusted, so its answer proves nothing");
    /// More redirects than allowed.
    pub const REDIRECTED: Code = Code::unknown("redirected", "redirects led nowhere");
    /// Another system answered than the one named.
    pub const WRONG_SYSTEM: Code =
        Code::unknown("wrong-system", "another cluster or account answered than the one that is named");
    /// This machine lacks something.
    pub const UNCONFIGURED: Code =
        Code::unknown("unconfigured", "this machine lacks a file, a profile or a program that the look needs");
    /// The user has not allowed what it costs.
    pub const WITHHELD: Code = Code::unknown("withheld", "the look costs money, and --allow-cost was not given");
    /// The probe itself broke.
    pub const PANICKED: Code = Code::unknown("panicked", "the probe broke: a bug in gonogo");
    /// The run's deadline came first.
    pub const RUN_DEADLINE: Code = Code::unknown("run-deadline", "the run's deadline came first");
    /// The user stopped the run.
    pub const INTERRUPTED: Code = Code::unknown("interrupted", "the run was interrupted first");
    /// The look is too old.
    pub const STALE: Code = Code::unknown("stale", "what was seen is older than max_age allows");
    /// Clocks disagree.
    pub const CLOCK_SKEW: Code = Code::unknown(
        "clock-skew",
        "this machine's clock and the servers' differ by more than 30 s, so no judgement on time holds",
    );
    /// Stored evidence does not read.
    pub const EVIDENCE_UNREADABLE: Code =
        Code::unknown("evidence-unreadable", "the evidence does not read as this probe's");
    /// Passed, but only when asked again.
    pub const FLAKY: Code = Code::warn("flaky", "the answer came only after asking again");
}

/// Every code of [`core`].
pub const CORE_CODES: &[Code] = &[
    core::UNREACHABLE,
    core::UNRESOLVED,
    core::UNAUTHORISED,
    core::FORBIDDEN,
    core::NOT_FOUND,
    core::THROTTLED,
    core::TIMED_OUT,
    core::MALFORMED,
    core::TOO_LARGE,
    core::SERVER_ERROR,
    core::UNTRUSTED,
    core::REDIRECTED,
    core::WRONG_SYSTEM,
    core::UNCONFIGURED,
    core::WITHHELD,
    core::PANICKED,
    core::RUN_DEADLINE,
    core::INTERRUPTED,
    core::STALE,
    core::CLOCK_SKEW,
    core::EVIDENCE_UNREADABLE,
    core::FLAKY,
];
