//! How much at once, and for how long.

use gonogo_checks::contract::{
    text::{Node, Placed, Problem, salvage},
    values::Period,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{num::NonZeroU16, time::Duration};

/// The bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many items look at once; 64 unless written.
    pub concurrency: usize,
    /// How many requests one host is sent at once; 16 unless written.
    pub per_host: usize,
    /// How long the whole run may take; five minutes unless written.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { concurrency: 64, per_host: 16, deadline: Duration::from_mins(5) }
    }
}

/// How much at once, and for how long.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Limits")]
pub(super) struct Written {
    /// How many items look at once.
    #[serde(default)]
    concurrency: Option<NonZeroU16>,
    /// How many requests one host is sent at once.
    #[serde(default)]
    per_host: Option<NonZeroU16>,
    /// How long the whole run may take.
    #[serde(default)]
    deadline: Option<Placed<Period>>,
}

/// What `limits:` means.
pub(super) fn limits(node: &Node, problems: &mut Vec<Problem>) -> Limits {
    let usual = Limits::default();
    let Some(written) = salvage::<Written>(node, problems) else { return usual };
    let whole = |number: Option<NonZeroU16>, usual| number.map_or(usual, |number| usize::from(number.get()));
    let deadline = written.deadline.map_or(usual.deadline, |deadline| more_than_nothing(&deadline, problems));
    Limits {
        concurrency: whole(written.concurrency, usual.concurrency),
        per_host: whole(written.per_host, usual.per_host),
        deadline,
    }
}

/// The length of a time that cannot be nothing.
pub(super) fn more_than_nothing(period: &Placed<Period>, problems: &mut Vec<Problem>) -> Duration {
    if period.value.0.is_zero() {
        problems.push(Problem::new(period.at, "no time at all").help("write a length of time such as `30s`"));
    }
    period.value.0
}
