//! What was seen of the queries or the rules.

use super::{By, promql::Reads};
use crate::{
    clients::prometheus::{Point, Rule},
    contract::{Remedy, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the Prometheus is.
    pub server: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The label by whose values series were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The queries, by name, in the checklist's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queries: Vec<Query>,
    /// The rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
}

/// One query and what it gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Its name.
    pub name: String,
    /// Its text.
    pub query: String,
    /// The same look by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Remedy>,
    /// How many points each series should have; of a query over a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u64>,
    /// What it gave.
    pub gave: Result<Vec<Sample>, Unobserved>,
    /// What Prometheus warns of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What it reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// Groups of those: of each at least one must live.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Vec<String>>,
}

/// One series of what a query gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Its labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Its value, the last where it has several; none for `NaN` and the infinities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// When that was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// All of them, of a query over a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Point>,
}

/// A selector, and whether there is anything of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The selector.
    pub selector: String,
    /// The same look by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Remedy>,
    /// When its newest sample was taken, by the value of the label that is counted by; one without a label's value where
    /// nothing is counted by. Empty: it finds nothing.
    pub newest: Result<Vec<Newest>, Unobserved>,
    /// How many series the metric has whatever their labels; asked only where the selector finds nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_metric: Option<Result<u64, Unobserved>>,
}

/// A newest sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newest {
    /// The label's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// When it was taken.
    pub at: Timestamp,
}

/// The rules that were meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The names that were asked for.
    pub names: Vec<String>,
    /// How many alerting rules there are.
    pub among: usize,
    /// The same look by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Remedy>,
    /// What Prometheus warns of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Those that are there.
    pub found: Vec<Found>,
    /// What all of them read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
}

/// One rule, and what its expression says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The rule.
    pub rule: Rule,
    /// What its expression reads and compares; or why it cannot be read.
    pub reads: Result<Reads, String>,
}
