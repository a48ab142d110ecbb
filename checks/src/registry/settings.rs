//! `with`: which images, for which platforms, behind which rules, under which limit.

use crate::{
    clients::registry::{ImageName, Platform},
    contract::values::Digest,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The images that will be pulled.
    #[serde(default)]
    pub images: Vec<Wanted>,
    /// The images to go back to, by digest; a tag beside it is the one that runs now.
    #[serde(default)]
    pub rollback: Vec<Wanted>,
    /// The platforms that nodes run.
    #[serde(default)]
    pub platforms: Vec<Platform>,
    /// In place of `platforms`: those of the nodes that the site's cluster has now.
    #[serde(default)]
    pub nodes: Option<Nodes>,
    /// Pull-through cache rules of ECR.
    #[serde(default)]
    pub pull_through: Vec<PullThrough>,
    /// Images that ECR copies to other regions.
    #[serde(default)]
    pub replication: Vec<Replication>,
    /// A registry's limit on pulls.
    #[serde(default)]
    pub limit: Option<RateLimit>,
}

/// An image: in any registry (`image`, `registry`), or in ECR (`ecr`, `regions`, `repository`, `tag`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `ghcr.io/coder/coder:latest`.
    #[serde(default)]
    pub image: Option<ImageName>,
    /// The connection (kind `registry`) to ask with; without it anonymously.
    #[serde(default)]
    pub registry: Option<String>,
    /// The connection (kind `ecr` or `aws`) to the account that holds it.
    #[serde(default)]
    pub ecr: Option<String>,
    /// The regions that hold it; the site's own where none is named, or else the connection's.
    #[serde(default)]
    pub regions: Vec<String>,
    /// The repository in ECR.
    #[serde(default)]
    pub repository: Option<String>,
    /// The tag in ECR.
    #[serde(default)]
    pub tag: Option<String>,
    /// The digest.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// Where a pull-through cache has it from; then it need not be there yet, and its tag is compared.
    #[serde(default)]
    pub upstream: Option<ImageName>,
    /// The connection (kind `registry`) to ask the upstream with; without it anonymously.
    #[serde(default)]
    pub upstream_registry: Option<String>,
}

/// Nodes whose platforms count.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nodes {
    /// Which, by their labels; all where nothing is said.
    #[serde(default)]
    pub selector: Option<String>,
}

/// A pull-through cache rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullThrough {
    /// The connection (kind `ecr` or `aws`) to the account.
    pub ecr: String,
    /// The regions; the site's own where none is named, or else the connection's.
    #[serde(default)]
    pub regions: Vec<String>,
    /// The prefix that pods name: `docker-hub`.
    pub prefix: String,
    /// The upstream that it stands for: `registry-1.docker.io`.
    pub upstream: String,
}

/// An image that ECR copies to other regions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replication {
    /// The connection (kind `ecr` or `aws`) to the account.
    pub ecr: String,
    /// The region that it is pushed to; the site's own where none is named, or else the connection's.
    #[serde(default)]
    pub region: Option<String>,
    /// Its repository.
    pub repository: String,
    /// Its tag.
    pub tag: String,
    /// The regions that need it.
    pub to: Vec<String>,
    /// The connection (kind `ecr` or `aws`) to the account that needs it there; the one that it is pushed to unless said.
    #[serde(default)]
    pub to_ecr: Option<String>,
}

/// A registry's limit on pulls.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The image to ask about, by `HEAD`; Docker Hub's own for this purpose where none is named.
    #[serde(default = "preview")]
    pub image: ImageName,
    /// The connection (kind `registry`) that the nodes pull with; without it anonymously.
    #[serde(default)]
    pub registry: Option<String>,
}

/// The image that Docker Hub gives for reading the limit (its documentation, "Usage and rate limits").
fn preview() -> ImageName {
    ImageName {
        registry: "docker.io".to_owned(),
        repository: "ratelimitpreview/test".to_owned(),
        reference: crate::clients::registry::Reference::Tag("latest".to_owned()),
    }
}
