//! The arithmetic, line by line, as a person would do it on paper.

use super::{
    amounts::{Resource, decimal},
    evidence::{Evidence, Picture, Pool},
    found::counted,
    margin::{Limit, Margin},
    packed::Packed,
    reckon::{Reckoning, reckon},
    settings::{Expect, Footprint, NewNode},
    waves::{Slots, Waves},
};
use crate::contract::{
    Window,
    values::{Period, Quantity},
};
use std::fmt::Write as _;

/// The most nodes of a site that are named.
const MOST_NODES: usize = 6;

pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let Some(attendees) = window.attendees.filter(|attendees| *attendees > 0) else { return Vec::new() };
    let mut lines = vec![crowd(&evidence.each_attendee, attendees)];
    for reckoning in reckon(evidence, attendees) {
        let name = &reckoning.site.site;
        lines.extend(site(expect, evidence, &reckoning).into_iter().map(|line| format!("{name}: {line}")));
    }
    if let Some(waves) = evidence.waves(attendees) {
        lines.extend(provisioning(expect, evidence, attendees, &waves));
    }
    lines
}

fn crowd(each: &Footprint, attendees: u32) -> String {
    let asks = each.asks();
    let said = [Resource::Cpu, Resource::Memory, Resource::EphemeralStorage, Resource::Volumes];
    let one = said.into_iter().filter_map(|resource| Some((resource, asks.get(resource)?)));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (resource, amount) in one {
        left.push(resource.shown(amount));
        right.push(resource.shown(amount.times(attendees.into())));
    }
    format!("{attendees} attendees × ({}) = {}", left.join(", "), right.join(", "))
}

fn site(expect: &Expect, evidence: &Evidence, reckoning: &Reckoning<'_>) -> Vec<String> {
    let (Ok(packed), Ok(picture)) = (&reckoning.packed, &reckoning.site.seen) else {
        return vec!["could not be seen".to_owned()];
    };
    let mut lines = Vec::new();
    if reckoning.site.share.share() < 1.0 {
        lines.push(format!("carries {} of them, {}", reckoning.attendees, reckoning.site.share));
    }
    lines.extend(existing(picture, packed));
    if let Some(new) = &reckoning.site.new_node {
        lines.extend(fresh(picture, packed, new));
        lines.extend(picture.pools.iter().map(|pool| growth(pool, new)));
    }
    lines.extend(waiting(picture, packed));
    lines.push(needed(packed));
    lines.extend(caps(picture, &evidence.each_attendee));
    lines.extend(disks(evidence, reckoning));
    lines.push(headroom(expect, reckoning, packed));
    lines
}

fn existing(picture: &Picture, packed: &Packed) -> Vec<String> {
    let places = packed.existing_places();
    let all: Vec<String> = packed
        .existing
        .iter()
        .map(|room| format!("{} on {} ({})", room.places, short(&room.node), room.scarce.word()))
        .collect();
    let named =
        if all.len() <= MOST_NODES && !all.is_empty() { format!(": {}", all.join(", ")) } else { String::new() };
    let mut lines = vec![format!("room for {places} on {}{named}", counted(packed.existing.len(), "node"))];
    let closed: Vec<String> = picture
        .nodes
        .iter()
        .filter_map(|node| Some(format!("{} {}", short(&node.name), node.closed.as_deref()?)))
        .collect();
    if !closed.is_empty() {
        let more = closed.len().saturating_sub(MOST_NODES);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        lines.push(format!("no room on {}{more}", closed[..closed.len().min(MOST_NODES)].join(", ")));
    }
    lines
}

/// The part of a node's name that tells it apart.
fn short(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn fresh(picture: &Picture, packed: &Packed, new: &NewNode) -> Option<String> {
    let room = packed.fresh.as_ref()?;
    let daemons = &picture.daemons;
    let (cpu, memory) = (daemons.amount(Resource::Cpu), daemons.amount(Resource::Memory));
    Some(format!(
        "a new node of {} vCPU and {} less {} and {} for daemons holds {} ({})",
        decimal(new.cpu),
        Resource::Memory.shown(new.memory),
        decimal(cpu),
        Resource::Memory.shown(memory),
        room.places,
        room.scarce.word(),
    ))
}

fn growth(pool: &Pool, new: &NewNode) -> String {
    let name = &pool.name;
    let state = match &pool.seen {
        Err(_) => return format!("pool {name} could not be seen"),
        Ok(None) => return format!("there is no pool {name}"),
        Ok(Some(state)) => state,
    };
    if let Some(why) = &state.closed {
        return format!("pool {name} makes none: it {why}");
    }
    if let Some(replicas) = state.replicas {
        let room = state.room(new).unwrap_or(0);
        return format!("pool {name} is fixed at {replicas} nodes, {room} of them still to come");
    }
    let terms = state.limits.iter().filter_map(|(key, limit)| {
        let room = state.room_by(key, new)?;
        let held = state.held(key).unwrap_or_default();
        Some(format!("{key} {limit} − {held} = {}, {room} nodes", limit.less(held)))
    });
    let terms: Vec<String> = terms.collect();
    match state.room(new) {
        Some(room) => format!("pool {name} may make {room} more: {}", terms.join("; ")),
        None => format!("pool {name} has no limits: nothing here says where it ends"),
    }
}

fn waiting(picture: &Picture, packed: &Packed) -> Option<String> {
    let count: u64 = picture.waiting.iter().map(|waiting| waiting.count).sum();
    let homeless =
        if packed.homeless > 0 { format!(", {} of them fit nowhere", packed.homeless) } else { String::new() };
    (count > 0).then(|| format!("{count} pods wait for a node already and are put first{homeless}"))
}

fn needed(packed: &Packed) -> String {
    let (attendees, places) = (packed.attendees, packed.existing_places());
    let each = packed.fresh.as_ref().map_or(0, |room| room.places);
    let lacking = if packed.lacking > 0 { format!(", and {} find no place", packed.lacking) } else { String::new() };
    if packed.new_nodes == 0 {
        return format!("{attendees} of {places} places taken, no new node{lacking}");
    }
    let more = attendees.saturating_sub(places);
    format!("{attendees} − {places} = {more} more ÷ {each} = {} new nodes{lacking}", packed.new_nodes)
}

/// What quotas do not judge, and what a limit range fills in: said, so that nobody takes silence for a yes.
fn caps(picture: &Picture, each: &Footprint) -> Vec<String> {
    let mut lines = Vec::new();
    match &picture.quotas {
        Err(_) => lines.push("quotas could not be seen".to_owned()),
        Ok(quotas) if quotas.is_empty() => lines.push("no quota caps the namespace".to_owned()),
        Ok(quotas) => {
            for quota in quotas {
                if !quota.counts_workspaces() {
                    lines.push(format!("quota {} counts no workspaces ({})", quota.name, quota.scopes.join(", ")));
                    continue;
                }
                let is_idle = |key: &&String| each.claims(key, 1) == super::quota::Claim::Nothing;
                let idle: Vec<&str> = quota.hard.keys().filter(is_idle).map(String::as_str).collect();
                if !idle.is_empty() {
                    lines.push(format!("quota {}: not reckoned: {}", quota.name, idle.join(", ")));
                }
            }
        }
    }
    let filled = picture.ranges.iter().flatten().filter(|range| !range.fills_in.is_empty());
    lines.extend(filled.map(|range| {
        let amounts: Vec<String> = range.fills_in.iter().map(|(key, amount)| format!("{amount} of {key}")).collect();
        format!("limit range {} asks {} for who asks for nothing", range.name, amounts.join(", "))
    }));
    lines
}

fn disks(evidence: &Evidence, reckoning: &Reckoning<'_>) -> Option<String> {
    let each = evidence.each_attendee.disk()?;
    let disks = reckoning.margins.iter().filter(|margin| matches!(margin.limit, Limit::Disk { .. }));
    let worst = disks.min_by(|a, b| a.headroom().total_cmp(&b.headroom()))?;
    let Limit::Disk { node, workspaces } = &worst.limit else { return None };
    let name = if node.is_empty() { "a new node" } else { short(node) };
    let taken = worst.needed.less(each.times(*workspaces));
    let shown = |amount: Quantity| Resource::EphemeralStorage.shown(amount);
    Some(format!(
        "the fullest disk, {name}: {} used + {workspaces} × {} = {} of {}",
        shown(taken),
        shown(each),
        shown(worst.needed),
        shown(worst.available),
    ))
}

/// Every margin, the worst disk in place of all disks.
fn headroom(expect: &Expect, reckoning: &Reckoning<'_>, packed: &Packed) -> String {
    let worst_disk = reckoning
        .margins
        .iter()
        .filter(|margin| matches!(margin.limit, Limit::Disk { .. }))
        .min_by(|a, b| a.headroom().total_cmp(&b.headroom()));
    let others = reckoning.margins.iter().filter(|margin| !matches!(margin.limit, Limit::Disk { .. }));
    let terms: Vec<String> = others.chain(worst_disk).map(term).collect();
    let endless = if packed.places.is_none() { "places without end; " } else { "" };
    let terms = if terms.is_empty() { "nothing is bounded".to_owned() } else { terms.join(", ") };
    format!("headroom, (available − needed)/available: {endless}{terms}; needs more than {}", expect.headroom)
}

fn term(margin: &Margin) -> String {
    match &margin.limit {
        Limit::Disk { .. } => format!("disk {}", margin.shown()),
        limit => format!(
            "{} ({} − {})/{} = {}",
            limit.word(),
            margin.available,
            margin.needed,
            margin.available,
            margin.shown()
        ),
    }
}

fn provisioning(expect: &Expect, evidence: &Evidence, attendees: u32, waves: &Waves) -> Vec<String> {
    let because = match evidence.slots(attendees) {
        Some(Slots::Known { because, .. }) => because,
        _ => String::new(),
    };
    let launch = reckon(evidence, attendees)
        .iter()
        .filter_map(|reckoning| reckoning.takes)
        .max()
        .map_or(Period::default(), |takes| Period(takes.0.saturating_sub(waves.takes(Period::default()).0)));
    let mut sum = format!("{} waves × {}", waves.count, waves.build);
    if !waves.start.0.is_zero() {
        let _ = write!(sum, " + {} to start", waves.start);
    }
    if !launch.0.is_zero() {
        let _ = write!(sum, " + {launch} for new nodes");
    }
    let within = expect.all_ready_within.map_or_else(String::new, |within| format!("; needs {within} or less"));
    vec![
        format!("workspaces made at once: {because}"),
        format!("{attendees} ÷ {} = {} waves; {sum} = {}{within}", waves.slots, waves.count, waves.takes(launch)),
    ]
}
