//! The state of a world: one plain value that says everything its servers say.
//!
//! A test may change it while they run; each answer reads it anew. Which hosts and addresses are served is read once,
//! when the world starts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::alertmanager::Alertmanager;
use crate::cloudflare::Cloudflare;
use crate::coder::Deployment;
use crate::dns::Dns;
use crate::ecr::Aws;
use crate::gcp::Gcp;
use crate::github::Github;
use crate::incident_io::IncidentIo;
use crate::kubernetes::Cluster;
use crate::litellm::Gateway;
use crate::pagerduty::Pagerduty;
use crate::prometheus::Prometheus;
use crate::registry::Registry;
use crate::s3::Bucket;
use crate::web::Site;

/// Everything that the world's servers say.
#[derive(Debug, Clone)]
pub struct State {
    /// The world's time when it was started; it runs on from there, and a test may move it. What has expired is judged by it.
    pub now: Timestamp,
    /// By how much the `Date` headers are ahead of the true time.
    pub date_skew: SignedDuration,
    /// The zones, and the servers that answer for them.
    pub dns: Dns,
    /// By kubeconfig context.
    pub clusters: BTreeMap<String, Cluster>,
    /// By host: `ghcr.io`.
    pub registries: BTreeMap<String, Registry>,
    /// ECR, STS, and the other services of each region.
    pub aws: Aws,
    /// S3's buckets, by name.
    pub s3: BTreeMap<String, Bucket>,
    /// By host.
    pub litellm: BTreeMap<String, Gateway>,
    /// The server and its proxies.
    pub coder: Deployment,
    /// Google Cloud.
    pub gcp: Gcp,
    /// By host: `api.github.com`.
    pub github: BTreeMap<String, Github>,
    /// By host.
    pub alertmanager: BTreeMap<String, Alertmanager>,
    /// By host: `api.cloudflare.com`.
    pub cloudflare: BTreeMap<String, Cloudflare>,
    /// By host: `api.pagerduty.com`.
    pub pagerduty: BTreeMap<String, Pagerduty>,
    /// By host: `api.incident.io`.
    pub incident_io: BTreeMap<String, IncidentIo>,
    /// By host; Amazon's too.
    pub prometheus: BTreeMap<String, Prometheus>,
    /// By host.
    pub web: BTreeMap<String, Site>,
    /// The checks of Terraform's plans, of which the estate is not what was declared.
    pub drifted: BTreeSet<String>,
    /// The checks that a person was to confirm, and nobody has.
    pub unattested: BTreeSet<String>,
}

impl State {
    /// A world in which nothing exists yet, at this time.
    #[must_use]
    pub fn empty(now: Timestamp) -> Self {
        Self {
            now,
            date_skew: SignedDuration::ZERO,
            dns: Dns::default(),
            clusters: BTreeMap::new(),
            registries: BTreeMap::new(),
            aws: Aws::default(),
            s3: BTreeMap::new(),
            litellm: BTreeMap::new(),
            coder: Deployment::default(),
            gcp: Gcp::default(),
            github: BTreeMap::new(),
            alertmanager: BTreeMap::new(),
            cloudflare: BTreeMap::new(),
            pagerduty: BTreeMap::new(),
            incident_io: BTreeMap::new(),
            prometheus: BTreeMap::new(),
            web: BTreeMap::new(),
            drifted: BTreeSet::new(),
            unattested: BTreeSet::new(),
        }
    }
}
