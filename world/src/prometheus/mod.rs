//! Prometheus' HTTP API: queries over a table of series, and alerting rules; one's own server or Amazon's managed one.
//!
//! The series are constants with the time of their newest sample. A query is evaluated as far as checks ask: see `evaluate`.
//! Amazon's has the same paths below `/workspaces/ID`, signed for `aps`, and no targets. Rules are not evaluated: their state is said.

mod answer;
mod evaluate;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::SignedDuration;

use crate::fault::System;
use crate::serve::{Reply, Stand};
use crate::state::State;

/// One Prometheus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prometheus {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// The bearer token that it wants, if any.
    pub token: Option<String>,
    /// Set for a workspace of Amazon's: its region and its id.
    pub workspace: Option<(String, String)>,
    /// What it has measured.
    pub series: Vec<Series>,
    /// The groups of alerting rules that are loaded.
    pub groups: Vec<Group>,
    /// What it warns of in every answer to a query.
    pub warnings: Vec<String>,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its labels, the metric's name as `__name__` among them.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
    /// How long ago its newest sample was taken; after five minutes it is gone.
    pub age: SignedDuration,
    /// For how long it has been measured.
    pub since: SignedDuration,
}

/// A group of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How often it is evaluated, in seconds.
    pub interval: u32,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// An alerting rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The alert's name.
    pub name: String,
    /// Its expression.
    pub query: String,
    /// Its `for`, in seconds.
    pub duration: u32,
    /// The labels of its alerts.
    pub labels: BTreeMap<String, String>,
    /// `ok`, `err` or `unknown`.
    pub health: String,
    /// What went wrong when it was last evaluated.
    pub error: String,
    /// How long ago that was; `None`: never.
    pub evaluated: Option<SignedDuration>,
    /// `inactive`, `pending` or `firing`.
    pub state: String,
}

impl Prometheus {
    /// With one more series: a metric with labels.
    #[must_use]
    pub fn measures(mut self, metric: &str, labels: &[(&str, &str)], value: f64) -> Self {
        self.series.push(Series::new(metric, labels, value));
        self
    }

    /// With one more rule, in the group of its interval.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        match self.groups.first_mut() {
            Some(group) => group.rules.push(rule),
            None => self.groups.push(Group { name: "alerts".to_owned(), interval: 60, rules: vec![rule] }),
        }
        self
    }

    /// Every rule of this name.
    pub fn rules_mut<'a>(&'a mut self, name: &'a str) -> impl Iterator<Item = &'a mut Rule> {
        self.groups.iter_mut().flat_map(|group| &mut group.rules).filter(move |rule| rule.name == name)
    }

    /// Takes away the series of a metric, with this value of a label where one is given.
    pub fn forget(&mut self, metric: &str, label: Option<(&str, &str)>) {
        let is_meant = |series: &Series| {
            let is_labelled = |(name, value): (&str, &str)| series.labels.get(name).is_some_and(|own| own == value);
            is_labelled(("__name__", metric)) && label.is_none_or(is_labelled)
        };
        self.series.retain(|series| !is_meant(series));
    }
}

impl Series {
    /// A series that was measured ten seconds ago, and for a month.
    #[must_use]
    pub fn new(metric: &str, labels: &[(&str, &str)], value: f64) -> Self {
        let labels = labels.iter().copied().chain([("__name__", metric)]);
        Self {
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            value,
            age: SignedDuration::from_secs(10),
            since: SignedDuration::from_hours(24 * 30),
        }
    }
}

impl Rule {
    /// A rule that is evaluated and does not fire.
    #[must_use]
    pub fn new(name: &str, query: &str, seconds: u32, labels: &[(&str, &str)]) -> Self {
        Self {
            name: name.to_owned(),
            query: query.to_owned(),
            duration: seconds,
            labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            health: "ok".to_owned(),
            error: String::new(),
            evaluated: Some(SignedDuration::from_secs(20)),
            state: "inactive".to_owned(),
        }
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.prometheus.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::Prometheus,
        hosts,
        |state, host, request| Some(answer::answer(state.prometheus.get(host)?, &state.aws, request)),
        |status, _| Reply::text(status, format!("{status}\n")),
    )
}
