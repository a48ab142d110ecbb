//! Amounts of what a node has and a pod asks for, by resource, kept exactly.

use crate::contract::values::{Quantity, Size};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What runs out on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Processors.
    Cpu,
    /// Memory, in bytes.
    Memory,
    /// What pods ask for of the node's own disk, in bytes.
    EphemeralStorage,
    /// Pods.
    Pods,
    /// Volumes that are attached.
    Volumes,
}

impl Resource {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Cpu, Self::Memory, Self::EphemeralStorage, Self::Pods, Self::Volumes];

    /// As Kubernetes names it in `allocatable`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::EphemeralStorage => "ephemeral-storage",
            Self::Pods => "pods",
            Self::Volumes => "volumes",
        }
    }

    /// So much of it, for a person: `15.9 vCPU`, `29Gi`, `3 volumes`.
    #[must_use]
    pub fn shown(self, amount: Quantity) -> String {
        match self {
            Self::Cpu => format!("{} vCPU", decimal(amount)),
            Self::Memory | Self::EphemeralStorage => Size(amount.whole()).to_string(),
            Self::Pods | Self::Volumes => format!("{} {}", amount.whole(), self.word()),
        }
    }
}

/// At most three decimals, rounded down: `15.89`.
pub(super) fn decimal(amount: Quantity) -> String {
    let milli = amount.times(1000).whole();
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount of each resource. What is not in it is none in what is asked for, and none in what there is, but for
/// volumes: a node that names no most of them takes any number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amounts(BTreeMap<Resource, Quantity>);

impl Amounts {
    /// These amounts.
    #[must_use]
    pub fn of(amounts: impl IntoIterator<Item = (Resource, Quantity)>) -> Self {
        Self(amounts.into_iter().collect())
    }

    /// What a map of Kubernetes says of the resources that are known here.
    #[must_use]
    pub fn read(map: &BTreeMap<String, Quantity>) -> Self {
        Self::of(Resource::ALL.into_iter().filter_map(|resource| Some((resource, *map.get(resource.word())?))))
    }

    /// So much of `resource`, where it says.
    #[must_use]
    pub fn get(&self, resource: Resource) -> Option<Quantity> {
        self.0.get(&resource).copied()
    }

    /// So much of `resource`; none where it does not say.
    #[must_use]
    pub fn amount(&self, resource: Resource) -> Quantity {
        self.get(resource).unwrap_or_default()
    }

    /// Says how much of `resource`.
    pub fn set(&mut self, resource: Resource, amount: Quantity) {
        self.0.insert(resource, amount);
    }

    /// Adds.
    pub fn add(&mut self, more: &Self) {
        for (resource, amount) in &more.0 {
            let sum = self.amount(*resource).plus(*amount);
            self.0.insert(*resource, sum);
        }
    }

    /// The larger of both, resource by resource.
    #[must_use]
    pub fn larger(&self, other: &Self) -> Self {
        let both = self.0.keys().chain(other.0.keys());
        Self::of(both.map(|resource| (*resource, self.amount(*resource).max(other.amount(*resource)))))
    }

    /// What is left of it without `taken`; never less than nothing.
    #[must_use]
    pub fn less(&self, taken: &Self) -> Self {
        Self::of(self.0.iter().map(|(resource, amount)| (*resource, amount.less(taken.amount(*resource)))))
    }

    /// So many times as much.
    #[must_use]
    pub fn times(&self, count: u64) -> Self {
        Self::of(self.0.iter().map(|(resource, amount)| (*resource, amount.times(count))))
    }

    /// How often `each` fits, were only `resource` counted; `None` for no end.
    #[must_use]
    pub fn holds_by(&self, resource: Resource, each: &Self) -> Option<u64> {
        let wanted = each.get(resource).filter(|wanted| !wanted.is_zero())?;
        match (self.get(resource), resource) {
            (Some(there), _) => Some(there.holds(wanted)),
            (None, Resource::Volumes) => None,
            (None, _) => Some(0),
        }
    }

    /// How often `each` fits, and which resource ends it; `None` for no end.
    #[must_use]
    pub fn holds(&self, each: &Self) -> Option<(u64, Resource)> {
        let all = Resource::ALL.into_iter().filter_map(|resource| Some((self.holds_by(resource, each)?, resource)));
        all.min_by_key(|(count, _)| *count)
    }
}
