//! The process groups of the programs that run, so that none outlives the run.

use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Every group that runs.
#[derive(Clone, Default)]
pub struct Groups(Arc<Mutex<Running>>);

#[derive(Default)]
struct Running {
    leaders: BTreeSet<i32>,
    /// Nothing may run any more.
    is_over: bool,
}

impl Groups {
    /// Ends every program that still runs, and every one that is started later: the run is over.
    pub fn end(&self) {
        let mut running = self.running();
        running.is_over = true;
        std::mem::take(&mut running.leaders).into_iter().for_each(kill);
    }

    /// The group of a program that was just started; it ends when this is dropped.
    pub(super) fn add(&self, leader: Option<u32>) -> Group {
        let leader = leader.and_then(|id| i32::try_from(id).ok());
        let mut running = self.running();
        if running.is_over {
            leader.into_iter().for_each(kill);
        } else {
            running.leaders.extend(leader);
        }
        Group { all: self.clone(), leader }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One group.
pub(super) struct Group {
    all: Groups,
    leader: Option<i32>,
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader.filter(|leader| self.all.running().leaders.remove(leader)) {
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
