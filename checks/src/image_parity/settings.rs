//! `with`: one image's source, its mirrors, and where it runs.

use crate::clients::registry::ImageName;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to compare.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the image comes from: what everything else is compared with.
    pub source: Source,
    /// Copies of it that nodes pull from.
    #[serde(default)]
    pub mirrors: Vec<Mirror>,
    /// Where it runs. In the checklist: `sites`, and the rest for each of them.
    #[serde(default)]
    pub running: IndexMap<String, Running>,
}

/// An image in an OCI registry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `ghcr.io/coder/coder-preview:latest`.
    pub image: ImageName,
    /// The connection (kind `registry`) to ask with; without it anonymously.
    #[serde(default)]
    pub registry: Option<String>,
}

/// A copy: in ECR (`ecr`, `regions`, `repository`, `tag`) or in any other registry (`image`, `registry`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// The connection (kind `ecr` or `aws`) to the account that holds the copy.
    #[serde(default)]
    pub ecr: Option<String>,
    /// The regions that hold one; the connection's own where none is named. A copy concerns the sites of its region.
    #[serde(default)]
    pub regions: Vec<String>,
    /// The repository in ECR.
    #[serde(default)]
    pub repository: Option<String>,
    /// The tag in ECR; the source's where it is not given.
    #[serde(default)]
    pub tag: Option<String>,
    /// The copy in another registry: `registry.example/coder-preview:latest`.
    #[serde(default)]
    pub image: Option<ImageName>,
    /// The connection (kind `registry`) to ask with; without it anonymously.
    #[serde(default)]
    pub registry: Option<String>,
}

/// The pods that run the image at one site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Running {
    /// The namespace.
    pub namespace: String,
    /// Which pods, by their labels: `app.kubernetes.io/name=coder`.
    pub selector: String,
    /// The container to compare; without it, all that use the image.
    #[serde(default)]
    pub container: Option<String>,
}
