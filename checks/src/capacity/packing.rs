//! How many workspaces fit, node by node, as the scheduler would put them: three of 4 vCPU on a node of 16, not four.
//!
//! Pure. Pods that wait for a node already are put first. Adding up what is free over all nodes was rejected: four times
//! 3.9 vCPU are no place for a pod of 4. Where pods go is not foretold, only how many there is room for.

use super::{
    amounts::{Amounts, Resource},
    evidence::{Picture, Pool, PoolState, Waiting},
    packed::{Packed, Room},
    settings::{Footprint, NewNode},
};
use crate::contract::values::Quantity;
use std::collections::BTreeMap;

impl Footprint {
    /// What the scheduler counts for one attendee.
    #[must_use]
    pub fn asks(&self) -> Amounts {
        let mut asks = Amounts::of([
            (Resource::Cpu, self.cpu),
            (Resource::Memory, self.memory),
            (Resource::Pods, Quantity::of(1)),
        ]);
        if let Some(storage) = self.ephemeral_storage {
            asks.set(Resource::EphemeralStorage, storage);
        }
        if self.volumes > 0 {
            asks.set(Resource::Volumes, Quantity::of(self.volumes.into()));
        }
        asks
    }
}

impl NewNode {
    /// What is free of it once every node's own pods run.
    #[must_use]
    pub fn free(&self, picture: &Picture) -> Amounts {
        let mut free =
            Amounts::of([(Resource::Cpu, self.cpu), (Resource::Memory, self.memory), (Resource::Pods, self.pods)]);
        if let Some(storage) = self.ephemeral_storage {
            free.set(Resource::EphemeralStorage, storage);
        }
        // Unless said, a new node takes as many volumes as the existing one that takes fewest.
        let fewest = || picture.nodes.iter().filter_map(|node| node.allocatable.get(Resource::Volumes)).min();
        if let Some(volumes) = self.volumes.or_else(fewest) {
            free.set(Resource::Volumes, volumes);
        }
        free.less(&picture.daemons)
    }
}

impl Picture {
    /// True if and only if all that could give room was seen: what was not seen may have it.
    #[must_use]
    pub fn is_room_known(&self) -> bool {
        let is_known = |pool: &Pool| match &pool.seen {
            Ok(Some(state)) => {
                state.closed.is_some() || state.holds.is_some() || state.limits.is_empty() || state.replicas.is_some()
            }
            seen => seen.is_ok(),
        };
        self.volumes.is_none() && self.pools.iter().all(is_known)
    }
}

impl Pool {
    /// How many nodes like `new` it may still make; `None` for no end. What could not be seen makes none.
    #[must_use]
    pub fn room(&self, new: &NewNode) -> Option<u64> {
        match &self.seen {
            Ok(Some(state)) if state.closed.is_none() => state.room(new),
            _ => Some(0),
        }
    }
}

impl PoolState {
    /// How many nodes like `new` it may still make; `None` for no end.
    #[must_use]
    pub fn room(&self, new: &NewNode) -> Option<u64> {
        let fixed = self.replicas.map(|replicas| replicas.saturating_sub(self.nodes.unwrap_or(0)));
        let limited = self.limits.keys().filter_map(|key| self.room_by(key, new)).min();
        fixed.into_iter().chain(limited).min()
    }

    /// The same by one limit; `None` where it does not count nodes like `new`.
    #[must_use]
    pub fn room_by(&self, key: &str, new: &NewNode) -> Option<u64> {
        let each = match key {
            "cpu" => new.capacity.cpu,
            "memory" => new.capacity.memory,
            "nodes" => Quantity::of(1),
            _ => return None,
        };
        // A pool with a fixed number of nodes heeds no other limit.
        let is_heeded = self.replicas.is_none() || key == "nodes";
        let left = self.limits.get(key)?.less(self.held(key).unwrap_or_default());
        is_heeded.then(|| left.holds(each))
    }

    /// What its nodes take of one limit; `None` where that was not counted.
    #[must_use]
    pub fn held(&self, key: &str) -> Option<Quantity> {
        let counted = self.holds.as_ref()?.get(key).copied();
        let nodes = self.nodes.filter(|_| key == "nodes").map(Quantity::of);
        Some(counted.or(nodes).unwrap_or_default())
    }
}

/// Fits `attendees` into what was seen of a site.
#[must_use]
pub fn pack(each: &Footprint, attendees: u64, picture: &Picture, new: Option<&NewNode>) -> Packed {
    let asks = each.asks();
    let new = new.filter(|_| !picture.pools.is_empty());
    let fresh = new.map(|new| new.free(picture));
    let rooms: Option<Vec<u64>> =
        new.map_or(Some(vec![0]), |new| picture.pools.iter().map(|pool| pool.room(new)).collect());
    let most_new = rooms.map(|rooms| rooms.into_iter().fold(0, u64::saturating_add));
    let open = picture.nodes.iter().filter(|node| node.closed.is_none());
    let mut bins: Vec<(String, Amounts)> =
        open.map(|node| (node.name.clone(), node.allocatable.less(&node.requested))).collect();
    let homeless = house(&picture.waiting, &mut bins, fresh.as_ref(), most_new);
    let existing = picture.nodes.iter().filter(|node| node.closed.is_none()).count();
    let opened: Vec<(String, Amounts)> = bins.split_off(existing);
    let room = |(node, free): &(String, Amounts)| room(node, free, &asks);
    let packing = Packing {
        asks: &asks,
        existing: bins.iter().map(room).collect(),
        opened: opened.iter().map(room).collect(),
        fresh: fresh.map(|free| room(&(String::new(), free))),
        most_new,
    };
    packing.fit(attendees, homeless)
}

fn room(node: &str, free: &Amounts, asks: &Amounts) -> Room {
    let (places, scarce) = free.holds(asks).unwrap_or((0, Resource::Pods));
    Room { node: node.to_owned(), places, scarce, free: free.clone() }
}

/// Puts the pods that wait, the largest first, where they fit first, and opens new nodes for the rest; how many fit nowhere.
fn house(
    waiting: &[Waiting],
    bins: &mut Vec<(String, Amounts)>,
    fresh: Option<&Amounts>,
    most_new: Option<u64>,
) -> u64 {
    let mut order: Vec<&Waiting> = waiting.iter().collect();
    let size = |waiting: &Waiting| (waiting.asks.amount(Resource::Cpu), waiting.asks.amount(Resource::Memory));
    order.sort_by_key(|waiting| std::cmp::Reverse(size(waiting)));
    let (mut opened, mut homeless) = (0_u64, 0_u64);
    for Waiting { asks, count } in order {
        let mut left = *count;
        for (_, free) in bins.iter_mut() {
            left -= put(asks, left, free);
        }
        while left > 0 && most_new.is_none_or(|most| opened < most) {
            let Some(mut free) = fresh.cloned() else { break };
            let taken = put(asks, left, &mut free);
            if taken == 0 {
                break;
            }
            left -= taken;
            opened += 1;
            bins.push((String::new(), free));
        }
        homeless = homeless.saturating_add(left);
    }
    homeless
}

/// Puts as many as fit, at most `count`; how many did.
fn put(asks: &Amounts, count: u64, free: &mut Amounts) -> u64 {
    let fits = free.holds(asks).map_or(count, |(fits, _)| fits.min(count));
    *free = free.less(&asks.times(fits));
    fits
}

/// All rooms of a site.
struct Packing<'a> {
    asks: &'a Amounts,
    existing: Vec<Room>,
    /// New nodes that pods take which wait already.
    opened: Vec<Room>,
    fresh: Option<Room>,
    most_new: Option<u64>,
}

impl Packing<'_> {
    fn fit(self, attendees: u64, homeless: u64) -> Packed {
        let places = self.total(|room| Some(room.places));
        let by_resource: BTreeMap<Resource, Option<u64>> = Resource::ALL
            .into_iter()
            .filter(|resource| !self.asks.amount(*resource).is_zero())
            .map(|resource| (resource, self.total(|room| room.free.holds_by(resource, self.asks))))
            .collect();
        let scarce = self.scarce(&by_resource);
        let on = |rooms: &[Room]| rooms.iter().map(|room| room.places).fold(0, u64::saturating_add);
        let for_waiting = u64::try_from(self.opened.len()).unwrap_or(u64::MAX);
        let mut left = attendees.saturating_sub(on(&self.existing)).saturating_sub(on(&self.opened));
        let each = self.fresh.as_ref().map_or(0, |room| room.places);
        let still = self.most_new.map_or(u64::MAX, |most| most.saturating_sub(for_waiting));
        let more = if each == 0 { 0 } else { left.div_ceil(each).min(still) };
        left = left.saturating_sub(more.saturating_mul(each));
        let nodes = self.filled(attendees).saturating_add(more);
        Packed {
            attendees,
            places,
            by_resource,
            scarce,
            for_waiting,
            homeless,
            new_nodes: for_waiting.saturating_add(more),
            nodes,
            lacking: left,
            existing: self.existing,
            fresh: self.fresh,
            most_new: self.most_new,
        }
    }

    /// The sum over all nodes, those that may be made included; `None` for no end.
    fn total(&self, count: impl Fn(&Room) -> Option<u64>) -> Option<u64> {
        let here = self.existing.iter().chain(&self.opened).map(&count);
        let here: u64 = here.sum::<Option<u64>>()?;
        let Some(fresh) = &self.fresh else { return Some(here) };
        let each = count(fresh)?;
        let still = match self.most_new {
            _ if each == 0 => 0,
            Some(most) => most.saturating_sub(u64::try_from(self.opened.len()).unwrap_or(u64::MAX)),
            None => return None,
        };
        Some(here.saturating_add(still.saturating_mul(each)))
    }

    /// What ends the room: the resource by which there is least of it; among equals, what ends it on a node.
    fn scarce(&self, by_resource: &BTreeMap<Resource, Option<u64>>) -> Resource {
        let least = by_resource.values().flatten().min();
        let is_least = |resource: &Resource| by_resource.get(resource).is_some_and(|places| places.as_ref() == least);
        let on_nodes = self.fresh.iter().chain(&self.existing).map(|room| room.scarce);
        let first = by_resource.keys().copied().find(is_least);
        on_nodes.filter(is_least).chain(first).next().unwrap_or(Resource::Cpu)
    }

    /// How many of the nodes that are there are filled, the roomiest first.
    fn filled(&self, attendees: u64) -> u64 {
        let mut places: Vec<u64> = self.existing.iter().chain(&self.opened).map(|room| room.places).collect();
        places.sort_unstable_by_key(|places| std::cmp::Reverse(*places));
        let (mut left, mut nodes) = (attendees, 0);
        for places in places.into_iter().filter(|places| *places > 0) {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(places);
            nodes += 1;
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::{evidence::Node, settings::Machine};
    use crate::{clients::kubernetes::Kubectl, contract::values::Period};

    fn amount(text: &str) -> Quantity {
        text.parse().expect("an amount")
    }

    fn each() -> Footprint {
        serde_json::from_str(r#"{ "cpu": 4, "memory": "8Gi" }"#).expect("a footprint")
    }

    fn new_node() -> NewNode {
        NewNode {
            cpu: amount("15.9"),
            memory: amount("29Gi"),
            ephemeral_storage: None,
            pods: amount("110"),
            volumes: None,
            capacity: Machine { cpu: amount("16"), memory: amount("32Gi") },
            disk: None,
            launch: Period::seconds(90),
        }
    }

    fn node(name: &str, cpu: &str, taken: &str) -> Node {
        let pods = (Resource::Pods, amount("110"));
        Node {
            name: name.to_owned(),
            closed: None,
            allocatable: Amounts::of([(Resource::Cpu, amount(cpu)), (Resource::Memory, amount("62Gi")), pods]),
            requested: Amounts::of([(Resource::Cpu, amount(taken))]),
            disks: None,
            disks_asked_at: None,
        }
    }

    fn picture(nodes: Vec<Node>, limit: Option<&str>) -> Picture {
        let limits = limit.map(|limit| ("cpu".to_owned(), amount(limit))).into_iter().collect();
        let holds = Some([("cpu".to_owned(), amount("16"))].into());
        let state = PoolState { limits, holds, ..PoolState::default() };
        Picture {
            cluster: Kubectl::default(),
            nodes,
            others: 0,
            daemons: Amounts::of([(Resource::Cpu, amount("600m"))]),
            waiting: Vec::new(),
            pools: vec![Pool { name: "workspaces".to_owned(), seen: Ok(Some(state)) }],
            quotas: Ok(Vec::new()),
            ranges: Ok(Vec::new()),
            has_namespace: None,
            volumes: None,
        }
    }

    #[test]
    fn three_pods_of_four_fit_a_node_of_sixteen_and_fifteen_need_five_nodes() {
        let packed = pack(&each(), 15, &picture(Vec::new(), Some("112")), Some(&new_node()));
        let fresh = packed.fresh.as_ref().expect("a pool");
        assert_eq!((fresh.places, fresh.scarce), (3, Resource::Cpu));
        // 112 − 16 = 96 vCPU are six more nodes, so eighteen places.
        assert_eq!((packed.most_new, packed.places), (Some(6), Some(18)));
        assert_eq!((packed.new_nodes, packed.nodes, packed.lacking), (5, 5, 0));
    }

    #[test]
    fn what_is_left_over_on_each_node_makes_no_place_together() {
        let nodes = (0..4).map(|i| node(&i.to_string(), "15.9", "12")).collect();
        let packed = pack(&each(), 1, &picture(nodes, Some("16")), Some(&new_node()));
        assert_eq!((packed.places, packed.lacking, packed.scarce), (Some(0), 1, Resource::Cpu));
    }

    #[test]
    fn a_closed_node_has_no_place_and_a_pool_without_limits_no_end() {
        let closed = Node { closed: Some("is cordoned".to_owned()), ..node("a", "15.9", "0") };
        let packed = pack(&each(), 100, &picture(vec![closed, node("b", "15.9", "0")], None), Some(&new_node()));
        assert_eq!((packed.places, packed.existing_places()), (None, 3));
        assert_eq!((packed.new_nodes, packed.nodes, packed.lacking), (33, 34, 0));
    }

    #[test]
    fn pods_that_wait_are_put_first_and_take_new_nodes_too() {
        let mut picture = picture(vec![node("a", "15.9", "0")], Some("64"));
        let asks = Amounts::of([(Resource::Cpu, amount("8")), (Resource::Pods, amount("1"))]);
        picture.waiting = vec![Waiting { asks, count: 3 }];
        let packed = pack(&each(), 5, &picture, Some(&new_node()));
        // One of eight leaves room for one of four on `a`; two new nodes take one each and leave one place each.
        assert_eq!((packed.for_waiting, packed.existing_places()), (2, 1));
        assert_eq!((packed.places, packed.new_nodes, packed.lacking), (Some(1 + 1 + 1 + 3), 3, 0));
    }

    #[test]
    fn a_static_pool_makes_the_nodes_that_it_lacks_and_heeds_no_limit_but_that_of_nodes() {
        let state = |limits: &[(&str, &str)]| PoolState {
            limits: limits.iter().map(|(key, value)| ((*key).to_owned(), amount(value))).collect(),
            holds: Some([("cpu".to_owned(), amount("32"))].into()),
            nodes: Some(2),
            replicas: Some(5),
            closed: None,
        };
        assert_eq!(state(&[("cpu", "32")]).room(&new_node()), Some(3));
        assert_eq!(state(&[("nodes", "4")]).room(&new_node()), Some(2));
    }
}
