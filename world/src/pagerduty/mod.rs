//! `PagerDuty`'s REST API, as far as it says who is on call: policies, schedules, and the shifts that follow from both.
//!
//! Like there, shifts are computed and never stored: a gap is the entry that is missing, and a schedule that no policy uses puts
//! nobody on call.

mod answer;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::fault::System;
use crate::serve::Stand;
use crate::state::State;

/// One account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pagerduty {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// API keys that may read all of it.
    pub keys: Vec<String>,
    /// Its people, by id.
    pub users: BTreeMap<String, User>,
    /// Its escalation policies, by id.
    pub policies: BTreeMap<String, Policy>,
    /// Its schedules, by id.
    pub schedules: BTreeMap<String, Schedule>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// In how many ways they are told.
    pub notification_rules: usize,
}

/// An escalation policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The name.
    pub name: String,
    /// Level by level, who is told.
    pub levels: Vec<Vec<Target>>,
}

/// Who is told at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Always this person, by id.
    User(String),
    /// Whoever this schedule says, by id.
    Schedule(String),
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The name.
    pub name: String,
    /// Its shifts.
    pub shifts: Vec<Shift>,
}

/// A shift: who, by id, from when, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Who, by id.
    pub user: String,
    /// From when.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
}

impl Pagerduty {
    /// An account that this key may read.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self { keys: vec![key.to_owned()], ..Self::default() }
    }

    /// Adds a person who is told in two ways.
    #[must_use]
    pub fn user(mut self, id: &str, name: &str) -> Self {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let user = User { name: name.to_owned(), email, notification_rules: 2 };
        self.users.insert(id.to_owned(), user);
        self
    }

    /// Adds a schedule of these shifts.
    #[must_use]
    pub fn schedule(mut self, id: &str, name: &str, shifts: &[(&str, Timestamp, Timestamp)]) -> Self {
        let shift = |(user, starts, ends): &(&str, Timestamp, Timestamp)| Shift {
            user: (*user).to_owned(),
            starts: *starts,
            ends: *ends,
        };
        let shifts = shifts.iter().map(shift).collect();
        self.schedules.insert(id.to_owned(), Schedule { name: name.to_owned(), shifts });
        self
    }

    /// Adds a policy of these levels.
    #[must_use]
    pub fn policy(mut self, id: &str, name: &str, levels: &[&[Target]]) -> Self {
        let levels = levels.iter().map(|level| level.to_vec()).collect();
        self.policies.insert(id.to_owned(), Policy { name: name.to_owned(), levels });
        self
    }
}

impl Target {
    /// The schedule `id`.
    #[must_use]
    pub fn schedule(id: &str) -> Self {
        Self::Schedule(id.to_owned())
    }

    /// The person `id`.
    #[must_use]
    pub fn user(id: &str) -> Self {
        Self::User(id.to_owned())
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.pagerduty.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::Pagerduty,
        hosts,
        |state, host, request| Some(answer::answer(state.pagerduty.get(host)?, request)),
        |status, _| answer::refusal(status),
    )
}
