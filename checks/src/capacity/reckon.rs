//! The whole arithmetic of one number of attendees, site by site: what a judgement, a report and a table are made of. Pure.

use super::{
    amounts::Resource,
    evidence::{Evidence, Node, Picture, Site},
    margin::{Limit, Margin},
    packed::Packed,
    packing::pack,
    quota::Capped,
    settings::{Footprint, NewNode},
    waves::Waves,
};
use crate::{
    contract::{
        Unobserved,
        values::{Percent, Period, Quantity},
    },
    storage_headroom::Filesystem,
};

/// What one number of attendees makes of one site.
#[derive(Clone, Debug)]
pub struct Reckoning<'a> {
    /// What was seen of the site.
    pub site: &'a Site,
    /// How many attendees it must carry: its share of all, rounded up.
    pub attendees: u64,
    /// How they fit, or why that is not known.
    pub packed: Result<Packed, &'a Unobserved>,
    /// Everything that may run out, room first.
    pub margins: Vec<Margin>,
    /// Keys of quotas that could not be told.
    pub untold: Vec<Capped>,
    /// Nodes whose disks are not known, and why.
    pub unmeasured: Vec<(&'a str, String)>,
    /// How long it takes until all are ready, where that is known.
    pub takes: Option<Period>,
}

impl Reckoning<'_> {
    /// What runs out first.
    #[must_use]
    pub fn worst(&self) -> Option<&Margin> {
        self.margins.iter().min_by(|a, b| a.headroom().total_cmp(&b.headroom()))
    }

    /// True if and only if all that could give room was seen.
    #[must_use]
    pub fn is_room_known(&self) -> bool {
        self.site.seen.as_ref().is_ok_and(Picture::is_room_known)
    }

    /// True if and only if everything that may run out was seen.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let has_caps = self.site.seen.as_ref().is_ok_and(|picture| picture.quotas.is_ok() && picture.ranges.is_ok());
        self.is_room_known() && has_caps && self.untold.is_empty() && self.unmeasured.is_empty()
    }
}

/// Reckons for so many attendees, in the order of the sites.
#[must_use]
pub fn reckon(evidence: &Evidence, attendees: u32) -> Vec<Reckoning<'_>> {
    let waves = evidence.waves(attendees);
    evidence.sites.iter().map(|site| one(&evidence.each_attendee, site, attendees, waves.as_ref())).collect()
}

/// The share of so many attendees, rounded up.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of at most 1 of a 32-bit number, never negative"
)]
pub fn carried(share: Percent, attendees: u32) -> u64 {
    // What a float is too much by a hair is no further attendee.
    (f64::from(attendees) * share.share() - 1e-9).ceil().max(0.0) as u64
}

fn one<'a>(each: &Footprint, site: &'a Site, all: u32, waves: Option<&Waves>) -> Reckoning<'a> {
    let attendees = carried(site.share, all);
    let takes = |launch| waves.map(|waves| waves.takes(launch));
    let unseen = |missing| Reckoning {
        site,
        attendees,
        packed: Err(missing),
        margins: Vec::new(),
        untold: Vec::new(),
        unmeasured: Vec::new(),
        takes: takes(Period::default()),
    };
    let picture = match &site.seen {
        Ok(picture) => picture,
        Err(missing) => return unseen(missing),
    };
    let packed = pack(each, attendees, picture, site.new_node.as_ref());
    let launch = site.new_node.as_ref().filter(|_| packed.new_nodes > 0).map_or(Period::default(), |new| new.launch);
    let (mut margins, mut untold, mut unmeasured) = (room(&packed), Vec::new(), Vec::new());
    for capped in picture.quotas.iter().flatten().flat_map(|quota| quota.against(each, attendees)) {
        match capped {
            Capped::Margin(margin) => margins.push(margin),
            unknown => untold.push(unknown),
        }
    }
    if let Some(written) = each.disk() {
        let disks = Disks { written, packed: &packed };
        margins.extend(disks.margins(picture, site.new_node.as_ref(), &mut unmeasured));
    }
    Reckoning { site, attendees, packed: Ok(packed), margins, untold, unmeasured, takes: takes(launch) }
}

/// The places in all, named by what ends them, and then by each other resource alone.
fn room(packed: &Packed) -> Vec<Margin> {
    let needed = Quantity::of(packed.attendees);
    let margin = |resource: Resource, places: u64| Margin {
        limit: Limit::Room(resource),
        available: Quantity::of(places),
        needed,
    };
    let all = packed.places.map(|places| margin(packed.scarce, places));
    let others = packed.by_resource.iter().filter(|(resource, _)| **resource != packed.scarce);
    all.into_iter().chain(others.filter_map(|(resource, places)| Some(margin(*resource, (*places)?)))).collect()
}

struct Disks<'a> {
    /// What one workspace writes.
    written: Quantity,
    packed: &'a Packed,
}

impl Disks<'_> {
    /// The fullest disk of each node, with as many workspaces on it as fit; and the nodes that do not tell.
    fn margins<'p>(
        &self,
        picture: &'p Picture,
        new: Option<&NewNode>,
        unmeasured: &mut Vec<(&'p str, String)>,
    ) -> Vec<Margin> {
        let mut margins = Vec::new();
        let open = picture.nodes.iter().filter(|node| node.closed.is_none());
        for (node, room) in open.zip(&self.packed.existing) {
            let workspaces = room.places.min(self.packed.attendees);
            if workspaces == 0 {
                continue;
            }
            match fullest(node) {
                Ok((size, taken)) => margins.push(self.margin(&node.name, workspaces, size, taken)),
                Err(why) => unmeasured.push((node.name.as_str(), why)),
            }
        }
        let fresh = self.packed.fresh.as_ref().filter(|_| self.packed.new_nodes > 0);
        if let Some((room, disk)) = fresh.zip(new.and_then(|new| new.disk.as_ref())) {
            let workspaces = room.places.min(self.packed.attendees);
            margins.push(self.margin("", workspaces, disk.size, disk.used));
        }
        margins
    }

    fn margin(&self, node: &str, workspaces: u64, size: Quantity, taken: Quantity) -> Margin {
        let needed = taken.plus(self.written.times(workspaces));
        Margin { limit: Limit::Disk { node: node.to_owned(), workspaces }, available: size, needed }
    }
}

/// How old a measurement of a disk may be when it is asked for: kubelets measure every minute.
const SAMPLE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// Size and use of the disk that workspaces write to; of several the one that is fuller.
fn fullest(node: &Node) -> Result<(Quantity, Quantity), String> {
    let disks = match &node.disks {
        Some(Ok(disks)) => disks,
        // The refusal is a finding by itself.
        Some(Err(missing)) => return Err(missing.detail.clone()),
        None => return Err("its kubelet was not asked".to_owned()),
    };
    // Images are there before the crowd; what workspaces write goes to the other disks.
    let written = disks.iter().filter(|disk| disk.name != "imagefs");
    let sizes: Result<Vec<(Quantity, Quantity)>, String> = written.map(|disk| size(node, disk)).collect();
    let fuller = |a: &(Quantity, Quantity), b: &(Quantity, Quantity)| {
        let share = |(size, taken): &(Quantity, Quantity)| taken.as_f64() / size.as_f64();
        share(a).total_cmp(&share(b))
    };
    sizes?.into_iter().max_by(fuller).ok_or_else(|| "it tells of no disk".to_owned())
}

fn size(node: &Node, disk: &Filesystem) -> Result<(Quantity, Quantity), String> {
    let age = disk.time.zip(node.disks_asked_at).map(|(time, asked_at)| asked_at.duration_since(time));
    if age.is_none_or(|age| age.abs() > SAMPLE) {
        return Err(format!("when {} was measured is not told, or too long ago", disk.name));
    }
    match disk.capacity.zip(disk.available) {
        Some((capacity, available)) if capacity > 0 && available <= capacity => {
            Ok((Quantity::of(capacity), Quantity::of(capacity - available)))
        }
        _ => Err(format!("how full {} is is not told", disk.name)),
    }
}
