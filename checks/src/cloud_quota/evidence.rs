//! What was seen of the quotas of one region.

use super::Growth;
use crate::{
    clients::aws::{Datapoint, Increase, Metric, Quota},
    contract::Unobserved,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The account that answered.
    pub account: String,
    /// The profile it was asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The region.
    pub region: String,
    /// What the quotas count.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The quotas, in the order of the settings.
    pub quotas: Vec<Line>,
    /// The cluster that grows, where the need is reckoned from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_nodes: Option<Growth>,
}

/// What was seen of one quota.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What people call it.
    pub name: String,
    /// The service's code.
    pub service: String,
    /// The quota's code.
    pub code: String,
    /// How much it allows.
    pub quota: Result<Found, Unobserved>,
    /// How much is in use; `None` where nothing tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Result<Usage, Unobserved>>,
    /// What more was asked for, the newest first; `None` where that was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increases: Option<Result<Vec<Increase>, Unobserved>>,
}

/// A quota, or that there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Found {
    /// A quota.
    Quota(Quota),
    /// None of this service and code.
    Missing {
        /// The service's words.
        says: String,
    },
}

/// How much is in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Where it is told.
    pub metric: Metric,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Its newest value; `None` where there is none in the last three hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<Datapoint>,
}
