//! One row of the report.

use super::Outcome;
use crate::checklist::Severity;
use gonogo_checks::contract::{Finding, Moment};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What became of one item, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReportItem {
    /// `check@site`, or `check`.
    pub id: String,
    /// The check.
    pub check: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The site.
    pub site: Option<String>,
    /// The kind of probe.
    pub probe: &'static str,
    /// What its failure means for the verdict; an item before its `blocks_from` is advisory.
    pub severity: Severity,
    /// What became of it.
    pub outcome: Outcome,
    /// What is in the way, the heaviest first; those that are waived are not among them.
    pub findings: Vec<Finding>,
    /// What is waived, and by whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<Waived>,
    /// The items that it needs and that stand in its way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<String>,
    /// The items whose failure would explain its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explained_by: Vec<String>,
    /// When it becomes due, where it is not due yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// From when its failure blocks, where that time has not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub blocks_from: Option<Timestamp>,
    /// What was seen; of a relation, with its first member only.
    pub evidence: Option<serde_json::Value>,
    /// The item that has this one's evidence, for the further members of a relation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_of: Option<String>,
    /// The arithmetic behind the judgement, line by line; of a relation, with its first member only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub working: Vec<String>,
    /// What was seen that expires, fires, rotates, renews, begins or ends by itself; of a relation, with its first member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
    /// When the look began.
    #[schemars(with = "Option<String>")]
    pub looked_at: Option<Timestamp>,
    /// The most attempts that one of its requests took; 0 when it was not tried.
    pub attempts: u32,
    /// Milliseconds that it took.
    pub took_ms: u64,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whom to ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where it is written what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// What the checklist's author says mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// What to do if it cannot be mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// The incidents that taught it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// The rows of a checklist of record that it answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A finding that somebody has waived.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waived {
    /// What was found.
    pub finding: Finding,
    /// Who waived it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when.
    #[schemars(with = "String")]
    pub until: Timestamp,
}
