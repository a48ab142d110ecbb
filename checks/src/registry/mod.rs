//! Registry: will what the crowd pulls be there, whole, for every kind of node, and will the registry let so many pull?
//!
//! Asked at each site by itself: nothing is compared between sites, so an outcome for each region says where something is
//! lacking (`image-parity` compares). Pulling as a node would is left out: it costs gigabytes and counts against the limit.

mod code;
mod evidence;
mod expect;
mod images;
mod judge;
mod observe;
mod rules;
mod settings;
mod store;

use crate::{
    clients::{connections::Cluster, registry::Platform},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};
pub use evidence::Evidence;
pub use expect::{Expect, Pulls};
use images::Look;
use rules::{Cache, Copying, Limit};
pub use settings::{Nodes, PullThrough, RateLimit, Replication, Settings, Wanted};

/// The most images of one check, each region counted.
const MOST_IMAGES: usize = 64;

/// Images, rules and a limit, ready to be looked at.
#[derive(Debug)]
pub struct Registry {
    images: Vec<Look>,
    rollback: Vec<Look>,
    platforms: Which,
    pull_through: Vec<Cache>,
    replication: Vec<Copying>,
    limit: Option<Limit>,
}

/// For which platforms images are needed.
#[derive(Debug)]
enum Which {
    Named(Vec<Platform>),
    OfNodes(Box<Cluster>, Option<String>),
}

impl Probe for Registry {
    const KIND: &'static str = "registry";
    const CODES: &'static [Code] = code::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { images, rollback, platforms, nodes, pull_through, replication, limit } = settings;
        let has_images = !images.is_empty() || !rollback.is_empty();
        if !has_images && pull_through.is_empty() && replication.is_empty() && limit.is_none() {
            return Err(Invalid::new("", "there is nothing to look at")
                .help("add `images`, `rollback`, `pull_through`, `replication` or `limit`"));
        }
        let platforms = which(platforms, nodes, has_images, place)?;
        let images = images::looks(&images, "images", place)?;
        let rollback = images::ways_back(&rollback, "rollback", place)?;
        if images.len() + rollback.len() > MOST_IMAGES {
            let many = images.len() + rollback.len();
            return Err(Invalid::new("images", format!("{many} images, each region counted: more than {MOST_IMAGES}"))
                .help("make several checks of it"));
        }
        Ok(Self {
            images,
            rollback,
            platforms,
            pull_through: rules::caches(&pull_through, place)?,
            replication: rules::copyings(&replication, place)?,
            limit: limit.map(|limit| Limit::new(limit, place)).transpose()?,
        })
    }

    fn access(&self) -> Vec<Access> {
        let images = self.images.iter().chain(&self.rollback).flat_map(Look::access);
        let rules = self.pull_through.iter().flat_map(Cache::access);
        let copies = self.replication.iter().flat_map(Copying::access);
        let nodes = match &self.platforms {
            Which::OfNodes(..) => vec![Access::new("kubernetes", "list nodes")],
            Which::Named(_) => Vec::new(),
        };
        let limit = self.limit.iter().map(Limit::access);
        let mut all: Vec<Access> = images.chain(rules).chain(copies).chain(nodes).chain(limit).collect();
        all.sort();
        all.dedup();
        all
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(observe::observe(self, cx).await)
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        judge::working(expect, evidence, window)
    }

    fn reads_clock(expect: &Expect) -> bool {
        expect.pulls.is_some()
    }
}

fn which(platforms: Vec<Platform>, nodes: Option<Nodes>, has_images: bool, place: &Place) -> Result<Which, Invalid> {
    match (platforms.is_empty(), nodes) {
        (false, Some(_)) => Err(Invalid::new("nodes", "the platforms are named, or those of nodes: not both")),
        (true, Some(nodes)) if has_images => {
            let cluster = place.cluster()?;
            match nodes.selector.filter(|selector| !selector.trim().is_empty()) {
                None => Ok(Which::OfNodes(Box::new(cluster), None)),
                selector => Ok(Which::OfNodes(Box::new(cluster), selector)),
            }
        }
        (true, None) if has_images => Err(Invalid::new("", "an image is for a platform, and none is named")
            .help("add `platforms: [linux/amd64]`, or `nodes: {}` for those of the site's nodes")),
        (false, None) if has_images => Ok(Which::Named(platforms)),
        (true, None) => Ok(Which::Named(Vec::new())),
        (false, None) => Err(Invalid::new("platforms", "`platforms` goes with `images` or `rollback`")),
        (true, Some(_)) => Err(Invalid::new("nodes", "`nodes` goes with `images` or `rollback`")),
    }
}
