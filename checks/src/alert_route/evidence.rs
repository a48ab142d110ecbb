//! What was seen of the routes: names, matchers and kinds, and never an address or a token.

use super::{Interval, Route};
use crate::{
    clients::alertmanager::{Matcher, Silence},
    contract::Unobserved,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The alerts, by name, with their labels.
    pub alerts: IndexMap<String, BTreeMap<String, String>>,
    /// The Alertmanagers, in the checklist's order.
    pub managers: Vec<Manager>,
}

/// One Alertmanager.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manager {
    /// Where it is.
    pub url: String,
    /// What it is set to do.
    pub set: Result<Set, Unobserved>,
}

/// What an Alertmanager is set to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Its release.
    pub version: String,
    /// What it says of its peers: `ready`, `settling`, `disabled`.
    pub cluster: String,
    /// How many members it knows of, itself among them; 0 where it is alone.
    #[serde(default)]
    pub peers: usize,
    /// The tree of routes.
    pub route: Route,
    /// For each receiver the kinds of its integrations, and how many there are of each.
    pub receivers: BTreeMap<String, BTreeMap<String, usize>>,
    /// The time intervals, by name; each one of which may hold.
    #[serde(default)]
    pub intervals: BTreeMap<String, Vec<Interval>>,
    /// What holds alerts back.
    #[serde(default)]
    pub inhibitions: Vec<Inhibit>,
    /// The silences that are not over and may hold back one of the alerts.
    #[serde(default)]
    pub silences: Vec<Silence>,
}

/// An alert that fires and holds others back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhibit {
    /// What the one that fires is like.
    pub source: Vec<Matcher>,
    /// What those that it holds back are like.
    pub target: Vec<Matcher>,
    /// The labels that both must have alike.
    #[serde(default)]
    pub equal: Vec<String>,
}
