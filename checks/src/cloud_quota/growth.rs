//! What the event needs of machines, reckoned from the cluster: attendees packed as the scheduler would, onto the nodes
//! that exist and then onto new ones.
//!
//! The reckoning is the probe `capacity`'s own. Where its pools end before everyone has a place, the nodes beyond that end
//! count here too: whether a pool may make them is asked there, whether the account may is asked here.

use crate::{
    capacity::{self, Footprint, Ground, NewNode, Stage, carried, pack},
    contract::{Access, Context, Finding, Invalid, Place, Remedy, Window},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom the new machines are for, and where they run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNodes {
    /// What one attendee's workspace asks for, as in `capacity`.
    pub each_attendee: Footprint,
    /// Where workspaces run, as in `capacity`; `pools` and `new_node` are needed.
    pub place: Ground,
}

/// The same, ready to be looked at.
pub(super) struct Growing {
    each: Footprint,
    stage: Stage,
}

/// What was seen of the cluster that grows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// What one attendee asks for.
    pub each_attendee: Footprint,
    /// The cluster.
    pub site: capacity::Site,
}

/// How much it needs of a quota of vCPU, and the arithmetic that says so.
pub(super) struct Grown {
    pub(super) vcpu: f64,
    pub(super) because: String,
}

impl Growing {
    pub(super) fn new(settings: NewNodes, place: &Place) -> Result<Self, Invalid> {
        let NewNodes { each_attendee: each, place: ground } = settings;
        let Some(site) = place.site() else {
            return Err(Invalid::new("new_nodes", "the cluster that grows is a site's, and the check has no site")
                .help("add `sites: all`, or say the need as a number: `expect: { need: 80 }`"));
        };
        if ground.new_node.is_none() {
            return Err(Invalid::new("new_nodes.place", "what a new node is, is not said").help(
                "add `pools: [NAME], new_node: { cpu: 15.9, memory: 29Gi, capacity: { cpu: 16, memory: 32Gi } }`",
            ));
        }
        for (key, amount) in [("cpu", each.cpu), ("memory", each.memory)] {
            if amount.is_zero() {
                let message = format!("an attendee who asks for no {key} needs no machine, and would prove nothing");
                return Err(Invalid::new(&format!("new_nodes.each_attendee.{key}"), message));
            }
        }
        let stage = Stage::new(site, ground, &each, place).map_err(within)?;
        Ok(Self { each, stage })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        self.stage.access()
    }

    pub(super) async fn look(&self, cx: &Context) -> Growth {
        Growth { each_attendee: self.each.clone(), site: self.stage.look(cx).await }
    }
}

/// Where the capacity's own complaint stands here: it names the site first, which is no key of these settings.
fn within(mut invalid: Invalid) -> Invalid {
    let key = invalid.at.pop();
    invalid.at = Invalid::new("new_nodes.place", "").at;
    invalid.at.extend(key);
    invalid
}

impl Growth {
    /// What the attendees need, or why nobody can say.
    pub(super) fn needed(&self, window: &Window) -> Result<Grown, Finding> {
        let picture = self.site.seen.as_ref().map_err(Finding::unobserved)?;
        let unknown = |seen: &str, remedy: &str| {
            Finding::new(super::code::NO_NEED, self.site.site.clone())
                .expected("how many new machines the attendees need")
                .seen(seen)
                .mended_by(Remedy::prose(remedy))
        };
        let Some(attendees) = window.attendees else {
            return Err(unknown("the checklist does not say how many may come", "add `attendees:` to the event"));
        };
        let Some(new) = &self.site.new_node else {
            return Err(unknown("what a new node is, is not said", "add `new_node:` to `place`"));
        };
        let carried = carried(self.site.share, attendees);
        let packed = pack(&self.each_attendee, carried, picture, Some(new));
        let each = packed.fresh.as_ref().map_or(0, |room| room.places);
        if packed.lacking > 0 && each == 0 {
            let remedy = "name a larger machine as `new_node:`, or a smaller workspace";
            return Err(unknown("no workspace fits on a new node, so no number of them is enough", remedy));
        }
        let nodes = packed.new_nodes.saturating_add(packed.lacking.div_ceil(each.max(1)));
        Ok(grown(nodes, carried, each, new))
    }
}

fn grown(nodes: u64, carried: u64, each: u64, new: &NewNode) -> Grown {
    let machine = new.capacity.cpu;
    let vcpu = machine.times(nodes).as_f64();
    let vcpu_words = super::room::number(vcpu);
    let people = if carried == 1 { "attendee" } else { "attendees" };
    let because = if nodes == 0 {
        format!("0 vCPU for {carried} {people}: they fit on the nodes that exist")
    } else {
        format!(
            "{vcpu_words} vCPU for {carried} {people}: {nodes} new {} of {machine} vCPU with {each} on each",
            if nodes == 1 { "node" } else { "nodes" }
        )
    };
    Grown { vcpu, because }
}
