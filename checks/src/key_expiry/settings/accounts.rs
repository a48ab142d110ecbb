//! `with` for accounts of clouds, for Apps, and for what a server shows of itself.

use super::{KeyFrom, Permissions};
use crate::{clients::trust::Trust, contract::text::Placed};
use schemars::JsonSchema;
use serde::Deserialize;

/// An AWS access key or session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwsKey {
    /// The connection, of kind `aws` or `ecr`; without it the site's `aws:`.
    #[serde(default)]
    pub connection: Option<String>,
    /// The user whose keys are looked at; without it the connection's own credential.
    #[serde(default)]
    pub user: Option<String>,
    /// The one key of that user that counts, by its public id; without it every key that is switched on.
    #[serde(default)]
    pub access_key_id: Option<String>,
}

/// A Coder deployment's licence.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoderLicence {
    /// The connection, of kind `coder`; its token is an Owner's.
    pub connection: String,
}

/// A Google service account's key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GcpKey {
    /// The connection, of kind `gcp`; its token lists the keys. Without a token the key itself does.
    pub connection: String,
    /// Where the key's JSON file is: the key that counts, which is tried too.
    #[serde(default)]
    pub key: Option<Placed<KeyFrom>>,
    /// The account's address, where no file is given.
    #[serde(default)]
    pub service_account: Option<String>,
    /// The one key of that account that counts, by its id; without it every key that is switched on.
    #[serde(default)]
    pub key_id: Option<String>,
}

/// A GitHub App where it is installed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GithubApp {
    /// The connection, of kind `github`; its own token is not used.
    pub connection: String,
    /// The App's client id, or its number in quotes.
    pub app: String,
    /// Where its private key is.
    pub key: Placed<KeyFrom>,
    /// The number of the installation.
    pub installation: u64,
    /// Permissions that the installation must have, with their least level or at any: `{ contents: write }`, `[contents]`.
    #[serde(default)]
    pub permissions: Permissions,
    /// Repositories that it must reach, without their owner: `[templates]`.
    #[serde(default)]
    pub repositories: Vec<String>,
}

/// The TLS certificate that a host serves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServedCertificate {
    /// The host: `ai.example.com`. Every address that it has is asked.
    pub host: String,
    /// The port.
    #[serde(default = "https")]
    pub port: u16,
    /// True where a random name below the host is asked for too, at every address that it has.
    #[serde(default)]
    pub wildcard: bool,
    /// Whom to believe.
    #[serde(default)]
    pub trust: Trust,
    /// cert-manager's `Certificate` of the item's site, which must be the one that is served.
    #[serde(default)]
    pub issued_by: Option<CertManager>,
}

const fn https() -> u16 {
    443
}

/// A `Certificate` of cert-manager.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertManager {
    /// The namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}
