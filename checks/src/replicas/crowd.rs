//! All workloads of one look together: what they add up to, and what their autoscalers will make of it.

use super::{Autoscaler, Evidence, Workload};

/// The sums.
pub(super) struct Crowd<'a> {
    pub(super) workloads: &'a [Workload],
    scalers: &'a [Autoscaler],
}

impl<'a> Crowd<'a> {
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        let scalers = match &evidence.autoscalers {
            Some(Ok(scalers)) => scalers.as_slice(),
            _ => &[],
        };
        Self { workloads: &evidence.workloads, scalers }
    }

    /// Ready, and to be counted on.
    pub(super) fn counted(&self) -> u32 {
        self.sum(Workload::counted)
    }

    /// Wished for.
    pub(super) fn desired(&self) -> u32 {
        self.sum(|workload| if workload.is_deleting { 0 } else { workload.desired })
    }

    /// What the autoscalers may bring it down to.
    pub(super) fn floor(&self) -> u32 {
        self.sum(|workload| self.scaler(workload).map_or(workload.desired, |scaler| scaler.min))
    }

    /// What the autoscalers allow at most.
    pub(super) fn ceiling(&self) -> u32 {
        self.sum(|workload| self.scaler(workload).map_or(workload.desired, |scaler| scaler.max))
    }

    /// The autoscalers that act on these workloads, by name.
    pub(super) fn scalers(&self) -> Vec<&'a Autoscaler> {
        let is_ours = |scaler: &&Autoscaler| self.workloads.iter().any(|workload| scaler.scales(workload));
        self.scalers.iter().filter(is_ours).collect()
    }

    /// The only workload, where there is one.
    pub(super) const fn only(&self) -> Option<&'a Workload> {
        match self.workloads {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The workload that lacks most; of several, the first by kind and name.
    pub(super) fn furthest(&self) -> Option<&'a Workload> {
        self.workloads.iter().rev().max_by_key(|workload| workload.desired.saturating_sub(workload.counted()))
    }

    /// `6 ready of 6 wished for`, with each of several.
    pub(super) fn words(&self) -> String {
        let sum = format!("{} ready of {} wished for", self.counted(), self.desired());
        if self.workloads.len() < 2 {
            return sum;
        }
        let word = |workload: &Workload| format!("{} {}/{}", workload.name, workload.counted(), workload.desired);
        format!("{sum}: {}", self.workloads.iter().map(word).collect::<Vec<_>>().join(", "))
    }

    fn scaler(&self, workload: &Workload) -> Option<&'a Autoscaler> {
        self.scalers.iter().find(|scaler| scaler.scales(workload))
    }

    fn sum(&self, count: impl Fn(&Workload) -> u32) -> u32 {
        self.workloads.iter().map(count).fold(0, u32::saturating_add)
    }
}
