//! What is said of nodes and pools that give no room, and of the room that there is.

use super::{
    code::{CLOSED, NO_NODES, NO_POOL, POOL_UNCOUNTED},
    cure::Cure,
    evidence::{Picture, Pool},
    margin::Margin,
    packed::Packed,
};
use crate::contract::{Finding, Weight};

/// What is wrong with a pool that should make nodes.
pub(super) fn closed_pool(pool: &Pool, packed: &Packed, cure: &Cure<'_>) -> Option<Finding> {
    let subject = format!("nodepool/{}", pool.name);
    let state = match &pool.seen {
        Err(missing) => return Some(Finding::unobserved(missing)),
        Ok(None) => {
            let finding = Finding::new(NO_POOL, subject).expected("a node pool of this name").seen("there is none");
            return Some(finding.mended_by(cure.pools()));
        }
        Ok(Some(state)) => state,
    };
    if let Some(why) = &state.closed {
        // While those that exist hold everyone, its nodes are not missed.
        let is_missed = packed.existing_places() < packed.attendees || packed.for_waiting > 0;
        let weight = if is_missed { CLOSED.weight } else { Weight::Warn };
        let finding = Finding::new(CLOSED, subject).expected("a pool that makes nodes for workspaces");
        return Some(finding.seen(format_args!("it {why}")).weighing(weight).mended_by(cure.pool(&pool.name)));
    }
    let is_uncounted = state.holds.is_none() && !state.limits.is_empty() && state.replicas.is_none();
    is_uncounted.then(|| {
        Finding::new(POOL_UNCOUNTED, subject)
            .expected("how much of its limits its nodes take")
            .seen("its status does not say")
            .mended_by(cure.pool(&pool.name))
    })
}

/// `1 node`, `3 nodes`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

pub(super) fn no_nodes(picture: &Picture, cure: &Cure<'_>) -> Finding {
    let closed: Vec<String> = picture
        .nodes
        .iter()
        .filter_map(|node| Some(format!("{} {}", node.name, node.closed.as_deref()?)))
        .take(5)
        .collect();
    let others = if picture.others > 0 {
        format!("; {} with other labels", counted(picture.others, "node"))
    } else {
        String::new()
    };
    let seen = match closed.as_slice() {
        [] => format!("no node{others}"),
        closed => format!("{}, none open: {}{others}", counted(picture.nodes.len(), "node"), closed.join(", ")),
    };
    Finding::new(NO_NODES, "nodes").expected("nodes that take workspaces").seen(seen).mended_by(cure.nodes())
}

/// Where the places are.
pub(super) fn seen_room(packed: &Packed, margin: &Margin) -> String {
    let new = match packed.most_new {
        Some(0) | None => String::new(),
        Some(most) => {
            let each = packed.fresh.as_ref().map_or(0, |room| room.places);
            format!(" and {most} new of {each}")
        }
    };
    let left = if margin.is_enough() { format!(", headroom {}", margin.shown()) } else { String::new() };
    let (existing, nodes) = (packed.existing_places(), counted(packed.existing.len(), "node"));
    format!("{} places: {existing} on {nodes}{new}{left}", margin.available)
}
