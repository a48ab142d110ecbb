//! Which item may start next: the plan's order, once all that an item needs has come to its end.

use super::Fate;
use crate::plan::Plan;
use std::{cmp::Reverse, collections::BinaryHeap};

/// How far the plan has come.
pub(super) struct Schedule {
    waits: Vec<usize>,
    after: Vec<Vec<usize>>,
    ready: BinaryHeap<Reverse<usize>>,
    fates: Vec<Option<Fate>>,
}

impl Schedule {
    /// Nothing has started.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut after = vec![Vec::new(); plan.items.len()];
        for (i, item) in plan.items.iter().enumerate() {
            for &need in &item.needs {
                after[need].push(i);
            }
        }
        let waits: Vec<usize> = plan.items.iter().map(|item| item.needs.len()).collect();
        let ready = (0..waits.len()).filter(|&i| waits[i] == 0).map(Reverse).collect();
        Self { waits, after, ready, fates: vec![None; plan.items.len()] }
    }

    /// The next item in the plan's order that nothing keeps waiting.
    pub(super) fn next(&mut self) -> Option<usize> {
        self.ready.pop().map(|Reverse(i)| i)
    }

    /// Notes what became of item `i`.
    pub(super) fn finish(&mut self, i: usize, fate: Fate) {
        self.fates[i] = Some(fate);
        for &next in &self.after[i] {
            self.waits[next] -= 1;
            if self.waits[next] == 0 {
                self.ready.push(Reverse(next));
            }
        }
    }

    /// What became of item `i`, if it came to its end.
    pub(super) fn fate(&self, i: usize) -> Option<&Fate> {
        self.fates[i].as_ref()
    }

    /// What became of each item; those that did not come to their end as `unfinished` says.
    pub(super) fn close(self, unfinished: impl Fn(usize) -> Fate) -> Vec<Fate> {
        self.fates.into_iter().enumerate().map(|(i, fate)| fate.unwrap_or_else(|| unfinished(i))).collect()
    }
}
