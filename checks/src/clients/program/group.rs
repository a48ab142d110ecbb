//! The process groups of the programs that run, so that none outlives the run.

use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// Every group that runs.
#[derive(Clone, Default)]
pub struct Groups(Arc<Mutex<BTreeSet<i32>>>);

impl Groups {
    /// Ends every program that still runs: the run is over.
    pub fn end(&self) {
        let running = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        running.into_iter().for_each(kill);
    }

    /// The group of a program that was just started; it ends when this is dropped.
    pub(super) fn add(&self, leader: Option<u32>) -> Group {
        let leader = leader.and_then(|id| i32::try_from(id).ok());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(leader);
        Group { all: self.clone(), leader }
    }
}

/// One group.
pub(super) struct Group {
    all: Groups,
    leader: Option<i32>,
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(leader) = self.leader else { return };
        if self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&leader) {
            kill(leader);
        }
    }
}

fn kill(leader: i32) {
    // One that has ended meanwhile needs no end.
    if let Some(group) = Pid::from_raw(leader) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}
