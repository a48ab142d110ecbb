//! `expect`: how many pulls must be left, and what the nodes' role may import.

use crate::contract::values::Scaled;
use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZeroU32;

/// What must hold; that images are there and whole need not be said.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// What the nodes' role may import, as its policy's resources end: `["ghcr/*", "docker-hub/*"]`. Nothing but the
    /// policy tells, so it is written here; without it no rule is known to work for nodes.
    #[serde(default)]
    pub importable: Option<Vec<String>>,
    /// The pulls that the crowd makes; needed with `limit`.
    #[serde(default)]
    pub pulls: Option<Pulls>,
}

/// The pulls that the crowd makes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pulls {
    /// The new nodes.
    pub nodes: Scaled,
    /// The images that each of them pulls from this registry.
    pub images: NonZeroU32,
    /// How many times over they must fit.
    #[serde(default = "two")]
    pub factor: NonZeroU32,
    /// The addresses that the nodes leave by (their NAT gateways'): a limit on addresses is another's elsewhere.
    #[serde(default)]
    pub from: Vec<String>,
    /// True where the registry is known to tell no limit because there is none.
    #[serde(default)]
    pub unlimited: bool,
}

const fn two() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(1)
}
