//! The incidents by name, for whoever replays one without knowing which.
//!
//! A row is functions, not a trait: what an incident's causes are is its own enum, so that a test of it can match on every one.

use std::collections::BTreeMap;
use std::fmt::Debug;

use jiff::civil::Date;

use super::{
    Times, boot_order_2026_07_02 as boot_order, knative_pvc_2025_07_17 as knative_pvc,
    mount_overlap_2026_04_09 as mount_overlap, workshop_2024_09_30 as workshop,
};
use crate::state::State;

/// Every incident, by date.
pub const CATALOGUE: &[Incident] =
    &[workshop::INCIDENT, knative_pvc::INCIDENT, mount_overlap::INCIDENT, boot_order::INCIDENT];

/// One incident.
#[derive(Debug, Clone, Copy)]
pub struct Incident {
    /// What it is asked for by: two words of what happened, and the day.
    pub name: &'static str,
    /// The day.
    pub date: Date,
    /// What happened, in at most 42 characters: with name and date they fill a line of 80.
    pub title: &'static str,
    /// The world as it should have been.
    pub repaired: fn(Times) -> State,
    /// Its causes, in the post-mortem's order.
    pub causes: fn() -> Vec<Injection>,
    /// The secrets that let a checker in, by the environment variables that the checklist takes them from.
    pub credentials: fn() -> BTreeMap<&'static str, &'static str>,
    /// The text of the AWS credentials file with the profiles that the checklist names; empty where it names none.
    pub aws_credentials_file: fn() -> String,
}

impl Incident {
    /// The world as it was: as it should have been, and then every cause injected.
    #[must_use]
    pub fn before(&self, times: Times) -> State {
        let mut state = (self.repaired)(times);
        for cause in (self.causes)() {
            cause.inject(&mut state, &times);
        }
        state
    }
}

/// A cause that can be injected by itself.
pub struct Injection {
    /// Its name in the incident's enum.
    pub name: String,
    inject: Box<Inject>,
}

type Inject = dyn Fn(&mut State, &Times);

impl Injection {
    /// Each of an incident's causes, with the function that makes it so.
    pub(super) fn each<C: Copy + Debug + 'static>(all: &[C], inject: fn(C, &mut State, &Times)) -> Vec<Self> {
        let one = |cause: &C| {
            let cause = *cause;
            Self { name: format!("{cause:?}"), inject: Box::new(move |state, times| inject(cause, state, times)) }
        };
        all.iter().map(one).collect()
    }

    /// Makes it so, in a state of its own incident.
    pub fn inject(&self, state: &mut State, times: &Times) {
        (self.inject)(state, times);
    }
}
