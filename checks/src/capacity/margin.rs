//! How much is left of one thing: `(available − needed) / available`.
//!
//! Dividing by what is needed instead is a weaker test that others use: 30 % of it are 23 % of what is available.

use super::amounts::Resource;
use crate::contract::values::{Percent, Quantity};

/// What may run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Places for workspaces on nodes, as this resource bounds them.
    Room(Resource),
    /// A key of a namespace's quota.
    Quota {
        /// The quota.
        name: String,
        /// Its key.
        key: String,
    },
    /// The disk of a node, with as many workspaces on it as fit.
    Disk {
        /// The node; empty for a new one.
        node: String,
        /// How many workspaces.
        workspaces: u64,
    },
}

impl Limit {
    /// In a word or two: `cpu`, `disk`, `quota requests.cpu`.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Room(resource) => resource.word().to_owned(),
            Self::Quota { key, .. } => format!("quota {key}"),
            Self::Disk { .. } => "disk".to_owned(),
        }
    }
}

/// How much of it there is, and how much is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margin {
    /// What may run out.
    pub limit: Limit,
    /// What there is for the event.
    pub available: Quantity,
    /// What the event needs of it.
    pub needed: Quantity,
}

impl Margin {
    /// What is left, as a share of what is available; below 0 where it is not enough.
    #[must_use]
    pub fn headroom(&self) -> f64 {
        match (self.available.as_f64(), self.needed.as_f64()) {
            (_, 0.0) => 1.0,
            (0.0, _) => f64::NEG_INFINITY,
            (available, needed) => (available - needed) / available,
        }
    }

    /// True if and only if what is needed is there, whatever is left.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.needed <= self.available
    }

    /// True if and only if more than `bar` is left. What a float lost by a hair counts as not left.
    #[must_use]
    pub fn clears(&self, bar: Percent) -> bool {
        self.is_enough() && self.headroom() > bar.share() + 1e-9
    }

    /// `37.5 %`, rounded down; `none` where it is not enough.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.is_enough() { Percent::of(self.headroom()).to_string() } else { "none".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin(available: u64, needed: u64) -> Margin {
        let limit = Limit::Room(Resource::Cpu);
        Margin { limit, available: Quantity::of(available), needed: Quantity::of(needed) }
    }

    #[test]
    fn thirty_percent_of_what_is_available_must_be_left_and_not_less() {
        let bar = Percent::of(0.3);
        assert!(margin(22, 15).clears(bar));
        assert!(!margin(21, 15).clears(bar), "28.5 % of what is available, though 40 % of what is needed");
        assert!(!margin(10, 7).clears(bar), "exactly the bar is not more than it");
        assert_eq!(margin(22, 15).shown(), "31.8 %");
        assert_eq!(margin(12, 15).shown(), "none");
    }

    #[test]
    fn nothing_at_all_is_enough_for_nothing_only() {
        assert!(margin(0, 0).clears(Percent::of(0.3)));
        assert!(!margin(0, 1).is_enough() && margin(0, 1).headroom() < 0.0);
    }
}
