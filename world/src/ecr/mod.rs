//! Amazon's side: ECR and STS, a host for each of them in each region, and the people who may ask.
//!
//! A signature's arithmetic is not verified (the world has no secrets to protect), but its access key, date and region
//! are: a client that signs for another region or with a dead key must not get an answer here either.

mod answer;
mod describe;
mod identity;
mod pull;
mod rules;
mod sts;
mod web_identity;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use jiff::Timestamp;

use crate::aws::{Iam, Services};
use crate::ca::Leaf;
use crate::fault::System;
use crate::registry;
use crate::serve::{Behind, Reply, Request, Stand};
use crate::state::State;

pub use identity::Identity;
pub(crate) use identity::Unheard;
pub use rules::{CacheRule, Copied, ReplicationRule};
pub use web_identity::Role;

/// An ECR repository in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// What it holds.
    pub images: registry::Repository,
    /// When each digest was pushed.
    pub pushed_at: BTreeMap<String, Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Whether tags may be overwritten.
    pub is_mutable: bool,
    /// Digests whose image is archived.
    pub archived: BTreeSet<String>,
    /// What `BatchGetImage` says of a digest in place of its manifest, inside a 200: code and reason.
    pub failures: BTreeMap<String, (String, String)>,
    /// How far the copies of a digest to other regions are.
    pub copied: BTreeMap<String, Copied>,
}

impl Repository {
    /// An empty one.
    #[must_use]
    pub fn created(created_at: Timestamp) -> Self {
        Self {
            images: registry::Repository::default(),
            pushed_at: BTreeMap::new(),
            created_at,
            is_mutable: true,
            archived: BTreeSet::new(),
            failures: BTreeMap::new(),
            copied: BTreeMap::new(),
        }
    }

    /// Puts an image under a tag, at this time.
    pub fn push(&mut self, tag: &str, image: &registry::Image, at: Timestamp) {
        self.images.push(tag, image);
        let manifests = image.platforms.iter().map(|platform| &platform.manifest).chain(&image.index);
        for manifest in manifests {
            self.pushed_at.entry(manifest.digest()).or_insert(at);
        }
    }

    /// Says how far the copy of a digest to a region is.
    pub fn copy(&mut self, digest: &str, region: &str, status: &str, failure: Option<&str>) {
        let copies = self.copied.entry(digest.to_owned()).or_default();
        copies.insert(region.to_owned(), (status.to_owned(), failure.map(str::to_owned)));
    }
}

/// What there is in a region.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Region {
    /// Documentation addresses of `api.ecr.<region>.amazonaws.com`.
    pub ecr_addresses: Vec<IpAddr>,
    /// Documentation addresses of `sts.<region>.amazonaws.com`.
    pub sts_addresses: Vec<IpAddr>,
    /// By name.
    pub repositories: BTreeMap<String, Repository>,
    /// Pull-through cache rules, by prefix.
    pub pull_through: BTreeMap<String, CacheRule>,
    /// Replication rules.
    pub replication: Vec<ReplicationRule>,
    /// The account that copies go to; its own unless said.
    pub replicates_into: Option<String>,
    /// What its other services hold.
    pub services: Services,
}

/// Amazon, as far as one account sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aws {
    /// The account whose registry this is.
    pub account: String,
    /// By access key id.
    pub identities: BTreeMap<String, Identity>,
    /// By region.
    pub regions: BTreeMap<String, Region>,
    /// Users and their access keys.
    pub iam: Iam,
    /// Roles that a cluster's service accounts may take, by ARN.
    pub roles: BTreeMap<String, Role>,
}

struct Ecr {
    region: String,
    host: String,
}

impl Behind for Ecr {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        answer::answer(&state.aws, &self.region, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        answer::refusal(status)
    }
}

struct Layers {
    region: String,
    host: String,
}

impl Behind for Layers {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        pull::bytes(&state.aws, &self.region, request)
    }
}

/// The host that a region's layers are fetched from.
pub(crate) fn layer_host(region: &str) -> String {
    format!("prod-{region}-starport-layer-bucket.s3.{region}.amazonaws.com")
}

struct Sts {
    region: String,
    host: String,
}

impl Behind for Sts {
    fn certificate(&self, _: &State) -> Option<Leaf> {
        Some(Leaf::for_api(&self.host))
    }

    fn answer(&self, state: &mut State, request: &Request) -> Reply {
        sts::answer(&mut state.aws, &self.region, request)
    }

    fn refusal(&self, status: u16, _: &Request) -> Reply {
        sts::refusal(status)
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let mut stands = Vec::new();
    for (name, region) in &state.aws.regions {
        let host = format!("api.ecr.{name}.amazonaws.com");
        let ecr = Ecr { region: name.clone(), host: host.clone() };
        stands.extend(Stand::of_api(System::Ecr, &host, &region.ecr_addresses, ecr));
        let host = layer_host(name);
        let layers = Layers { region: name.clone(), host: host.clone() };
        stands.extend(Stand::of_api(System::Ecr, &host, &[], layers));
        let host = format!("sts.{name}.amazonaws.com");
        let sts = Sts { region: name.clone(), host: host.clone() };
        stands.extend(Stand::of_api(System::Ecr, &host, &region.sts_addresses, sts));
    }
    stands
}
