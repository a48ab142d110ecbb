//! What must hold of series, and what was agreed of rules.

use super::{Is, Threshold, Thresholds};
use crate::contract::{
    Weight,
    cel::{Expression, Scope},
    values::{Percent, Period, Scaled},
};
use indexmap::IndexMap;
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What must hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How many series with a value each query must give; with `by`, for each value of the label. 1 unless said.
    #[serde(default)]
    pub at_least: Option<Scaled>,
    /// How many it may give at all.
    #[serde(default)]
    pub at_most: Option<Scaled>,
    /// `true`: it may give none, and what it reads must exist.
    #[serde(default)]
    pub none_expected: bool,
    /// How old the newest sample of everything that is read may be.
    #[serde(default = "five_minutes")]
    pub fresh_within: Period,
    /// Of a query over a time: how many of its points each series must have.
    #[serde(default = "most")]
    pub covered: Percent,
    /// What must hold of each series: a sentence and the CEL that decides it.
    #[serde(default)]
    pub each: IndexMap<String, Expression<OfEach>>,
    /// What must hold of all series together: a sentence and the CEL that decides it.
    #[serde(default)]
    pub all: IndexMap<String, Expression<OfAll>>,
    /// What was agreed of rules, by their names; one entry for each rule of that name.
    #[serde(default)]
    pub rules: IndexMap<String, Vec<Agreed>>,
    /// What it is that an alert of one of the rules fires now.
    #[serde(default)]
    pub firing: Firing,
    /// How long ago each rule may have been evaluated; unless said, two of its intervals and a minute.
    #[serde(default)]
    pub evaluated_within: Option<Period>,
    /// Metrics of which rules and queries may read label values that nothing has yet.
    #[serde(default)]
    pub may_be_empty: Vec<String>,
}

const fn five_minutes() -> Period {
    Period::seconds(300)
}

fn most() -> Percent {
    Percent::of(0.9)
}

/// What was agreed of one rule.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Agreed {
    /// It compares with this number, and fires above it; a list where it compares with several.
    pub above: Option<Thresholds>,
    /// It compares with this number, and fires below it; a list where it compares with several.
    pub below: Option<Thresholds>,
    /// It compares with this number, and fires where it is equal; a list where it compares with several.
    pub equal: Option<Thresholds>,
    /// Its `for`, exactly.
    #[serde(rename = "for")]
    pub duration: Option<Period>,
    /// Its `for`, its interval, and the range and the offset that must pass before it can fire, together are not longer.
    pub fires_within: Option<Period>,
    /// Labels that it gives its alerts.
    pub labels: BTreeMap<String, String>,
}

impl Agreed {
    /// The numbers, each with the way that its comparison goes.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (Is, &Threshold)> {
        let all = [(Is::Above, &self.above), (Is::Below, &self.below), (Is::Equal, &self.equal)];
        all.into_iter()
            .flat_map(|(is, numbers)| numbers.iter().flat_map(move |all| all.0.iter().map(move |one| (is, one))))
    }
}

/// What it is that an alert fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Firing {
    /// A failure.
    #[default]
    Fail,
    /// A warning.
    Warn,
    /// Nothing in the way: a heartbeat always fires.
    Ok,
}

impl Firing {
    pub(super) const fn weight(self) -> Option<Weight> {
        match self {
            Self::Fail => Some(Weight::Fail),
            Self::Warn => Some(Weight::Warn),
            Self::Ok => None,
        }
    }
}

impl Expect {
    pub(super) fn least(&self) -> Scaled {
        self.at_least.clone().unwrap_or(Scaled::Fixed(u32::from(!self.none_expected)))
    }

    /// Whether a selector, as it is written in evidence, may find nothing though its metric exists.
    pub(super) fn may_be_empty(&self, selector: &str) -> bool {
        let metric = super::promql::metric(selector).unwrap_or(selector);
        self.may_be_empty.iter().any(|name| name == metric)
    }

    /// Whether the newest sample of a group of selectors is too old. Of what may be empty, a series that is gone from an instant is
    /// no older than one that never was.
    pub(super) fn is_old(&self, needs: &[String], age: SignedDuration) -> bool {
        let is_gone = age > five_minutes().signed() && needs.iter().all(|selector| self.may_be_empty(selector));
        age > self.fresh_within.signed() && !is_gone
    }

    /// True if and only if something is expected of series that no rule has.
    pub(super) fn speaks_of_series(&self) -> bool {
        let is_counted = self.at_least.is_some() || self.at_most.is_some() || self.none_expected;
        is_counted || !self.each.is_empty() || !self.all.is_empty()
    }
}

/// What an expression over one series may speak of.
#[derive(Debug)]
pub struct OfEach;

impl Scope for OfEach {
    const VARIABLES: &'static [&'static str] = &["object", "now", "event"];
    const EXAMPLE: &'static str = "object.value < 0.6";
}

/// What an expression over all series may speak of.
#[derive(Debug)]
pub struct OfAll;

impl Scope for OfAll {
    const VARIABLES: &'static [&'static str] = &["objects", "now", "event"];
    const EXAMPLE: &'static str = "objects.exists(one, one.labels.job == 'coder' && one.value > 0.0)";
}
