//! What was seen: images with their parts, rules, copies, and a limit.

use crate::{
    clients::{
        aws::{CacheRule, Replicated, ReplicationRule, Validity},
        registry::{Allowance, Held, Platform},
    },
    contract::{Remedy, Unobserved, values::Digest},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one look saw.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// When it began.
    pub asked_at: Timestamp,
    /// The platforms that images are needed for.
    pub platforms: Result<Vec<Platform>, Unobserved>,
    /// The images, each region for itself, in the order of the checklist.
    #[serde(default)]
    pub images: Vec<Image>,
    /// The images to go back to.
    #[serde(default)]
    pub rollback: Vec<Image>,
    /// Pull-through cache rules.
    #[serde(default)]
    pub pull_through: Vec<Cache>,
    /// Copies to other regions.
    #[serde(default)]
    pub replication: Vec<Copying>,
    /// The limit on pulls.
    #[serde(default)]
    pub limit: Option<Limit>,
}

/// A region of an account, as a person asks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InRegion {
    /// The profile that it is asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The region.
    pub region: String,
}

impl InRegion {
    /// `aws ecr` with these words, in this region.
    #[must_use]
    pub fn by_hand(&self, words: &[&str]) -> Remedy {
        let mut line = vec!["aws"];
        if let Some(profile) = &self.profile {
            line.extend(["--profile", profile]);
        }
        line.extend(["--region", &self.region, "ecr"]);
        line.extend(words);
        Remedy::run(line)
    }
}

/// An image in one place.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// For a person: `ghcr.io/coder/coder:latest`, `base-ws:latest in us-west-2`.
    pub name: String,
    /// The repository: `ghcr.io/coder/coder`, `base-ws`.
    pub repository: String,
    /// The tag, or a digest.
    pub reference: String,
    /// Where in ECR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ecr: Option<InRegion>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What is there.
    pub held: Result<Held, Unobserved>,
    /// What it is made of, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Result<Content, Unobserved>>,
    /// What its upstream has, where it is in a cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Upstream>,
    /// What runs now, where it is an image to go back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Now>,
}

/// A tag at the upstream of a cache.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// What is there.
    pub held: Result<Held, Unobserved>,
    /// What it is made of, where the cache has nothing of it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Result<Content, Unobserved>>,
}

/// A tag that runs now.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Now {
    /// The tag.
    pub tag: String,
    /// What it points at.
    pub held: Result<Held, Unobserved>,
}

/// What an image is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// An index of platforms.
    Index {
        /// What it offers, in its order.
        offers: Vec<Platform>,
        /// How many of its images name no platform.
        #[serde(default)]
        unnamed: usize,
        /// Those of the needed platforms.
        images: Vec<OfPlatform>,
    },
    /// One platform's image.
    Single(OfPlatform),
    /// Something that is no image.
    Artifact,
    /// The tag points at a manifest that is not there.
    Gone(Digest),
}

/// One platform's image.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfPlatform {
    /// The platform; `None` where its config, which would say, is not there.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// Its manifest's digest.
    pub digest: Digest,
    /// Its blobs; `None` where its manifest is not there.
    pub parts: Result<Option<Parts>, Unobserved>,
}

/// The config and the layers of an image, each once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// How many there are.
    pub blobs: usize,
    /// Their bytes in all, as the manifest says.
    pub bytes: u64,
    /// How many layers come from elsewhere, and are not asked for.
    #[serde(default)]
    pub elsewhere: usize,
    /// Those that are not there.
    #[serde(default)]
    pub missing: Vec<Digest>,
    /// Those that have another length.
    #[serde(default)]
    pub differ: Vec<Differs>,
    /// The first that could not be seen, and how many.
    #[serde(default)]
    pub unread: Option<(Unobserved, usize)>,
}

/// A blob of another length than its manifest says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    /// Its digest.
    pub digest: Digest,
    /// Its bytes, as the manifest says.
    pub named: u64,
    /// Its bytes, as the registry says.
    pub held: u64,
}

/// A pull-through cache rule in a region.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// Where.
    pub ecr: InRegion,
    /// The prefix.
    pub prefix: String,
    /// The upstream that is meant.
    pub upstream: String,
    /// The rule; `None` where there is none.
    pub rule: Result<Option<CacheRule>, Unobserved>,
    /// Whether it gets into its upstream, where there is a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Result<Validity, Unobserved>>,
}

/// An image's copies to other regions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copying {
    /// Where it is pushed to.
    pub ecr: InRegion,
    /// Its repository.
    pub repository: String,
    /// Its tag.
    pub tag: String,
    /// The account that needs it.
    pub account: String,
    /// The regions that need it, and what its tag points at there.
    pub to: Vec<Arrival>,
    /// What its tag points at where it is pushed to.
    pub source: Result<Held, Unobserved>,
    /// The rules of the registry.
    pub rules: Result<Vec<ReplicationRule>, Unobserved>,
    /// How far each copy is; `None` where the image itself is not there.
    pub copies: Result<Option<Vec<Replicated>>, Unobserved>,
}

/// Where a copy should have arrived.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// Where.
    pub ecr: InRegion,
    /// What is there.
    pub held: Result<Held, Unobserved>,
}

/// A registry's limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The image that was asked about.
    pub image: String,
    /// True where it was asked without a credential.
    pub is_anonymous: bool,
    /// When.
    pub asked_at: Timestamp,
    /// What the registry says.
    pub told: Result<Allowance, Unobserved>,
}
