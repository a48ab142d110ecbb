//! What could not be seen, and why: never a pass, never a failure.

use super::{Code, Remedy, core};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why a look gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Nothing answers at the address, or the connection broke.
    Unreachable,
    /// The system's own name does not resolve from here.
    Unresolved,
    /// The credential is missing, wrong or expired (401).
    Unauthorised,
    /// The credential lacks a right (403); the detail names the right.
    Forbidden,
    /// Not there, or hidden from this credential (404), where that is no finding of the probe's own.
    NotFound,
    /// Asked too often (429).
    Throttled,
    /// No whole answer in time.
    TimedOut,
    /// An answer that cannot be read.
    Malformed,
    /// An answer beyond its bound.
    TooLarge,
    /// The system said that it failed (5xx).
    ServerError,
    /// The server's certificate is not trusted.
    Untrusted,
    /// Redirects led nowhere.
    Redirected,
    /// Another cluster or account answered than the one that is named.
    WrongSystem,
    /// This machine lacks a file, a profile or a program.
    Unconfigured,
    /// It costs money, and the user has not allowed that.
    Withheld,
    /// The probe itself broke.
    Panicked,
    /// The run's deadline came first.
    RunDeadline,
    /// The user stopped the run.
    Interrupted,
}

impl Why {
    /// The code of the finding that it becomes.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Unreachable => core::UNREACHABLE,
            Self::Unresolved => core::UNRESOLVED,
            Self::Unauthorised => core::UNAUTHORISED,
            Self::Forbidden => core::FORBIDDEN,
            Self::NotFound => core::NOT_FOUND,
            Self::Throttled => core::THROTTLED,
            Self::TimedOut => core::TIMED_OUT,
            Self::Malformed => core::MALFORMED,
            Self::TooLarge => core::TOO_LARGE,
            Self::ServerError => core::SERVER_ERROR,
            Self::Untrusted => core::UNTRUSTED,
            Self::Redirected => core::REDIRECTED,
            Self::WrongSystem => core::WRONG_SYSTEM,
            Self::Unconfigured => core::UNCONFIGURED,
            Self::Withheld => core::WITHHELD,
            Self::Panicked => core::PANICKED,
            Self::RunDeadline => core::RUN_DEADLINE,
            Self::Interrupted => core::INTERRUPTED,
        }
    }

    /// True if and only if asking again soon may help.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Throttled | Self::ServerError)
    }
}

/// A look that gave nothing: why, what was asked, and how to make the same look by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{asked}: {detail}")]
pub struct Unobserved {
    /// Why.
    pub why: Why,
    /// What was asked of whom: `GET https://host/path`, `A x.example.com at 1.1.1.1`.
    pub asked: String,
    /// What came instead.
    pub detail: String,
    /// The same look by hand, or what gives the missing right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Box<Remedy>>,
    /// How long the system asked to be left alone.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl Unobserved {
    /// Nothing seen of `asked`, because of `why`.
    pub fn new(why: Why, asked: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        Self { why, asked: asked.into(), detail: detail.to_string(), remedy: None, retry_after: None }
    }

    /// Says how to make the same look by hand, or what to mend first.
    #[must_use]
    pub fn by_hand(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(Box::new(remedy));
        self
    }

    /// Says how long to leave the system alone.
    #[must_use]
    pub fn after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }
}
