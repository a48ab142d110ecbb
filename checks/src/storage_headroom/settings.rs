//! Which nodes to look at, how, and how full they may be.

use crate::contract::{
    Invalid,
    values::{Percent, Period, Size},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at: every node of the site's cluster, unless said otherwise.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Which nodes' kubelets to ask, through the API server.
    #[serde(default)]
    pub nodes: Option<Nodes>,
    /// Asks Prometheus in place of the kubelets.
    #[serde(default)]
    pub prometheus: Option<FromPrometheus>,
}

/// Which nodes to ask.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nodes {
    /// Labels of the nodes; without it, all.
    #[serde(default)]
    pub selector: Option<String>,
    /// Names of nodes to leave out.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// What to ask Prometheus.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FromPrometheus {
    /// A connection of kind `prometheus`.
    pub connection: String,
    /// A query that gives, for every disk of every node, the share of it that is used, 0 to 1.
    pub used: String,
    /// A query that gives, for every node, the share of its inodes that is used, 0 to 1.
    #[serde(default)]
    pub inodes: Option<String>,
    /// A query that gives the size of every disk in bytes, under the same labels as `used`; needed to project growth.
    #[serde(default)]
    pub capacity: Option<String>,
    /// The label that names the node; without it `node`, `nodename` or `instance`, whichever is there.
    #[serde(default)]
    pub label: Option<String>,
}

impl FromPrometheus {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        let queries =
            [("used", Some(&self.used)), ("inodes", self.inodes.as_ref()), ("capacity", self.capacity.as_ref())];
        match queries.iter().find(|(_, query)| query.is_some_and(|query| query.trim().is_empty())) {
            Some((name, _)) => Err(Invalid::new(&format!("prometheus.{name}"), "an empty query asks nothing")),
            None => Ok(()),
        }
    }
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How much of every disk may be used: at this share or above it, it fails.
    #[serde(default = "sixty")]
    pub used_below: Percent,
    /// From this share on it warns.
    #[serde(default)]
    pub warn_above: Option<Percent>,
    /// How much of the inodes may be used; as `used_below` unless said.
    #[serde(default)]
    pub inodes_below: Option<Percent>,
    /// `false` leaves inodes out, for disks that do not count them.
    #[serde(default = "yes")]
    pub inodes: bool,
    /// The fewest nodes that must be ready and take workspaces; at least 1.
    #[serde(default = "one")]
    pub nodes: u32,
    /// How much one attendee's workspace writes to its node's disk; with it, the fill is projected for the attendees.
    #[serde(default)]
    pub growth_per_attendee: Option<Size>,
    /// How many workspaces one node may get; without it the attendees are spread evenly over the nodes that take any.
    #[serde(default)]
    pub workspaces_per_node: Option<u32>,
    /// How full a disk may become by the projection.
    #[serde(default = "eighty_five")]
    pub projected_below: Percent,
    /// How long ago a disk may have been measured when it was asked for.
    #[serde(default = "two_minutes")]
    pub sample_age: Period,
}

const fn yes() -> bool {
    true
}

const fn one() -> u32 {
    1
}

fn sixty() -> Percent {
    Percent::of(0.60)
}

fn eighty_five() -> Percent {
    Percent::of(0.85)
}

const fn two_minutes() -> Period {
    Period::seconds(120)
}
