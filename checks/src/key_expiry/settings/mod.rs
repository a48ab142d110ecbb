//! `with`: whose end is looked for. One source a check, so that each key has its own name, owner and bar.

mod accounts;
mod permissions;

pub use accounts::{AwsKey, CertManager, CoderLicence, GcpKey, GithubApp, ServedCertificate};
pub use permissions::{Level, Permissions};

use crate::contract::{SecretRef, text::Placed, values::Period};
use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at: exactly one of these.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// A LiteLLM virtual key.
    Litellm(LitellmKey),
    /// A Coder token.
    Coder(CoderToken),
    /// A Cloudflare API token.
    Cloudflare(CloudflareToken),
    /// A GitHub token.
    Github(GithubToken),
    /// A Kubernetes pull secret (`kubernetes.io/dockerconfigjson`).
    DockerConfig(PullSecret),
    /// A JSON web token: its own `exp` and `nbf`, read without verifying it.
    Jwt(Placed<KeyFrom>),
    /// Any JSON answer that holds a time.
    Json(JsonTime),
    /// An AWS access key or session.
    Aws(AwsKey),
    /// A Coder deployment's licence, or several that follow one another.
    CoderLicence(CoderLicence),
    /// A Google service account's key.
    Gcp(GcpKey),
    /// A GitHub App where it is installed.
    GithubApp(GithubApp),
    /// The TLS certificate that a host serves.
    Certificate(ServedCertificate),
}

/// A LiteLLM virtual key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LitellmKey {
    /// The connection, of kind `litellm`.
    pub connection: String,
    /// Every key of this alias; without it the connection's own key.
    #[serde(default)]
    pub key_alias: Option<String>,
    /// The key that this Kubernetes secret really holds, in place of the connection's own.
    #[serde(default)]
    pub held_in: Option<SecretKey>,
    /// How often the gateway looks for keys to rotate: its `LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS`.
    #[serde(default = "a_day")]
    pub rotation_scan: Period,
}

/// LiteLLM's own default: 86,400 s.
const fn a_day() -> Period {
    Period::days(1)
}

/// A Coder token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoderToken {
    /// The connection, of kind `coder`.
    pub connection: String,
    /// The token's name; without it the connection's own token.
    #[serde(default)]
    pub token_name: Option<String>,
    /// Whose token it is, where it is not the connection's own user.
    #[serde(default)]
    pub user: Option<String>,
}

/// A Cloudflare API token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloudflareToken {
    /// The connection, of kind `cloudflare`; its own token is looked at.
    pub connection: String,
    /// The id of the account that owns it; without it a user's.
    #[serde(default)]
    pub account: Option<String>,
    /// A zone whose records it must be able to read.
    #[serde(default)]
    pub zone: Option<String>,
}

/// A GitHub token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GithubToken {
    /// The connection, of kind `github`; its own token is looked at.
    pub connection: String,
}

/// A Kubernetes pull secret of the item's site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullSecret {
    /// The namespace.
    pub namespace: String,
    /// The secret's name.
    pub name: String,
    /// The one registry in it that counts; without it every one.
    #[serde(default)]
    pub registry: Option<String>,
    /// The connection of kind `github` that is asked about the password for `ghcr.io`, which is a GitHub token; its own token
    /// is not used.
    #[serde(default)]
    pub github: Option<String>,
}

/// One value in a Kubernetes secret of the item's site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretKey {
    /// The namespace.
    pub namespace: String,
    /// The secret's name.
    pub name: String,
    /// The key in its `data`.
    pub key: String,
}

impl std::fmt::Display for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of secret {}/{}", self.key, self.namespace, self.name)
    }
}

/// Where a key is: exactly one of these.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyFrom {
    /// The name of an environment variable.
    Env(String),
    /// A file's path, relative to the checklist.
    File(String),
    /// A program and its arguments; its standard output is the key.
    Command(Vec<String>),
    /// A value in a Kubernetes secret of the item's site.
    Secret(SecretKey),
}

impl KeyFrom {
    /// The same as a secret that a checklist names, or the Kubernetes secret that it is in.
    pub(super) fn split(self) -> Result<SecretRef, SecretKey> {
        match self {
            Self::Env(name) => Ok(SecretRef::Env(name)),
            Self::File(path) => Ok(SecretRef::File(path)),
            Self::Command(argv) => Ok(SecretRef::Command(argv)),
            Self::Secret(key) => Err(key),
        }
    }
}

/// A JSON answer that holds a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JsonTime {
    /// The connection, of kind `http`; its token is sent as `Authorization: Bearer`, its user and password as Basic.
    pub connection: String,
    /// The path at the connection's URL, with its query: `user/tokens/verify`.
    pub path: String,
    /// Where the time is: `/result/expires_on` (RFC 6901).
    pub pointer: String,
    /// True where a `null` there says that it never ends.
    #[serde(default)]
    pub null_is_never: bool,
    /// True where leaving it out says that it never ends.
    #[serde(default)]
    pub absent_is_never: bool,
    /// What must stand in the answer besides: otherwise the key is not in force.
    #[serde(default)]
    pub in_force: Option<InForce>,
    /// What to call the key in findings; without it the pointer.
    #[serde(default)]
    pub name: Option<String>,
}

/// What says that a key is in force.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// Where in the answer: `/result/status`.
    pub pointer: String,
    /// The text, number or truth value that must stand there, as text: `active`, `true`.
    pub equals: String,
}
