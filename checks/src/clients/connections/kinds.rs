//! The kinds that a connection may be of.

use super::{aws, endpoint};
use schemars::Schema;

/// One kind of connection.
pub struct ConnectionKind {
    /// The word after `kind:`.
    pub name: &'static str,
    /// What it reaches.
    pub says: &'static str,
    /// The address, where the system has one place in the world.
    pub home: Option<&'static str>,
    /// The schema of its keys.
    pub schema: fn() -> Schema,
}

/// Every kind that `connections:` may name.
pub const CONNECTION_KINDS: &[ConnectionKind] = &[
    row("alertmanager", "an Alertmanager", None),
    row("aws", "an AWS account", None),
    row("cloudflare", "Cloudflare's API; `token` is an API token", Some("https://api.cloudflare.com/client/v4")),
    row("coder", "a Coder deployment; `token` is a session token", None),
    row("ecr", "Amazon's Elastic Container Registry, through an AWS account", None),
    row("gcp", "Google Cloud's IAM; `token` is an access token", Some("https://iam.googleapis.com")),
    row("github", "GitHub's API", Some("https://api.github.com")),
    row("http", "any HTTP system", None),
    row("incident-io", "incident.io's API; `token` is an API key", Some("https://api.incident.io")),
    row("litellm", "a LiteLLM proxy; `token` is a virtual key", None),
    row("pagerduty", "PagerDuty's REST API; `token` is a read-only API key", Some("https://api.pagerduty.com")),
    row("prometheus", "a Prometheus server", None),
    row("registry", "an OCI registry", None),
];

const fn row(name: &'static str, says: &'static str, home: Option<&'static str>) -> ConnectionKind {
    ConnectionKind { name, says, home, schema: if is_aws(name) { aws::schema } else { endpoint::schema } }
}

pub(super) const fn is_aws(kind: &str) -> bool {
    matches!(kind.as_bytes(), b"aws" | b"ecr")
}

/// Every kind's name, for a person.
pub(super) fn kinds() -> String {
    CONNECTION_KINDS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ")
}
