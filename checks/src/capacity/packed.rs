//! What packing gives: how many attendees a site has room for, on which nodes, and what ends it.

use super::amounts::{Amounts, Resource};
use std::collections::BTreeMap;

/// How a number of attendees fits into one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// How many there are to fit.
    pub attendees: u64,
    /// Room on the nodes that exist, in the evidence's order; closed nodes are not among them.
    pub existing: Vec<Room>,
    /// Room on a new node, where a pool may make some.
    pub fresh: Option<Room>,
    /// How many new nodes the pools may still make; `None` for no end.
    pub most_new: Option<u64>,
    /// How many new nodes the pods take that wait already.
    pub for_waiting: u64,
    /// How many waiting pods fit nowhere.
    pub homeless: u64,
    /// How many attendees there is room for in all; `None` for no end.
    pub places: Option<u64>,
    /// The same, were only one resource counted.
    pub by_resource: BTreeMap<Resource, Option<u64>>,
    /// What ends the room first.
    pub scarce: Resource,
    /// How many new nodes the attendees, and the pods that wait, need; no more than the pools may make.
    pub new_nodes: u64,
    /// How many nodes carry the attendees, old and new, when each is filled.
    pub nodes: u64,
    /// How many attendees there is no room for.
    pub lacking: u64,
}

/// Room on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The node; empty for a new one.
    pub node: String,
    /// How many attendees fit.
    pub places: u64,
    /// What ends it.
    pub scarce: Resource,
    /// What was free before any came.
    pub free: Amounts,
}

impl Packed {
    /// Room on the nodes that exist.
    #[must_use]
    pub fn existing_places(&self) -> u64 {
        self.existing.iter().map(|room| room.places).fold(0, u64::saturating_add)
    }
}
