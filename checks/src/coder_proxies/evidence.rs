//! What was seen of proxies: by the server, once for each sample, and at each proxy itself.

use crate::{clients::coder::buildinfo::Build, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The deployment.
    pub url: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The server's own build, a sample each.
    pub server: Vec<Result<Build, Unobserved>>,
    /// How the server sees its proxies, a sample each: each replica has its own view.
    pub answers: Vec<Result<Answer, Unobserved>>,
    /// The regions that everybody is shown.
    pub regions: Result<Vec<Region>, Unobserved>,
    /// The proxies that must be there.
    pub members: Vec<Member>,
}

/// A proxy that must be there, and what it says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The site.
    pub site: String,
    /// Its name at the server.
    pub name: String,
    /// The domain that its wildcard must be of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Where it was asked; `None` where neither the checklist nor the server says where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// True where the checklist says so; the server's word has to agree with it.
    #[serde(default)]
    pub is_named: bool,
    /// Its own build, a sample each.
    #[serde(default)]
    pub builds: Vec<Result<Build, Unobserved>>,
}

/// How one replica of the server sees the proxies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// When it answered, by its own clock.
    pub clock: Timestamp,
    /// All of them, the server and deleted ones included.
    pub proxies: Vec<Proxy>,
}

/// One proxy, as one replica sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// Its name.
    pub name: String,
    /// Whether it is held for healthy.
    pub healthy: bool,
    /// Where its applications by path are.
    #[serde(default)]
    pub url: String,
    /// Where its applications by sub-domain are.
    #[serde(default)]
    pub wildcard: String,
    /// Whether it was deleted.
    #[serde(default)]
    pub deleted: bool,
    /// Whether it relays connections only.
    #[serde(default)]
    pub derp_only: bool,
    /// The version with which it registered; may be empty.
    #[serde(default)]
    pub version: String,
    /// What the last look at it gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// What a look at a proxy gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// `ok`, `unreachable`, `unhealthy`, `unregistered`, `unknown`.
    pub status: String,
    /// When; `None` for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
    /// What keeps it from being healthy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A region, as everybody is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// Whether it is offered as healthy.
    pub healthy: bool,
    /// Where its applications by path are.
    #[serde(default)]
    pub url: String,
    /// Where its applications by sub-domain are.
    #[serde(default)]
    pub wildcard: String,
}

impl Evidence {
    /// The server's views that were seen.
    pub(super) fn views(&self) -> impl Iterator<Item = &Answer> + Clone {
        self.answers.iter().filter_map(|answer| answer.as_ref().ok())
    }
}
