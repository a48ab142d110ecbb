//! What became of one look, before it is judged.

use gonogo_checks::contract::Unobserved;
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// One look that was made.
#[derive(Clone, Debug)]
pub struct Looked {
    /// What was seen, free of secrets; or why nothing was.
    pub seen: Result<Value, Unobserved>,
    /// When its oldest request was first asked.
    pub asked_at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The most attempts that one of its requests took.
    pub attempts: u32,
}

/// What became of one item of the plan.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It was looked at.
    Looked(Looked),
    /// Not tried: these items that it needs stand in its way.
    Blocked(Vec<usize>),
    /// The clock left it out; it becomes due at that time, or never again.
    NotDue(Option<Timestamp>),
    /// The user left it out.
    Skipped,
}
