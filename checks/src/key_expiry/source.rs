//! The system that gave a key out, and what a remedy needs of it.

use crate::clients::kubernetes::Kubectl;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The system that gave the key out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A gateway.
    Litellm {
        /// Where it is.
        url: String,
    },
    /// A deployment.
    Coder {
        /// Where it is.
        url: String,
        /// Whose token it is; `None` for the connection's own user.
        #[serde(default)]
        user: Option<String>,
        /// The token's name, where it is known by that.
        #[serde(default)]
        token: Option<String>,
    },
    /// Cloudflare.
    Cloudflare {
        /// Where it is.
        url: String,
    },
    /// GitHub.
    Github {
        /// Where it is.
        url: String,
    },
    /// A pull secret.
    DockerConfig {
        /// How its cluster is reached.
        kubectl: Kubectl,
        /// The namespace.
        namespace: String,
        /// The secret.
        name: String,
    },
    /// A JSON web token.
    Jwt {
        /// Where it is.
        from: String,
    },
    /// A JSON answer.
    Json {
        /// Where it is.
        url: String,
    },
    /// A deployment's licence.
    CoderLicence {
        /// Where the deployment is.
        url: String,
    },
    /// An AWS account.
    Aws {
        /// The profile that is looked with; `None` for the environment's.
        profile: Option<String>,
        /// The user whose keys they are, where one is named.
        user: Option<String>,
    },
    /// A Google service account.
    Gcp {
        /// The account.
        email: String,
    },
    /// A GitHub App.
    GithubApp {
        /// Where it is.
        url: String,
        /// What it is known by.
        app: String,
    },
    /// What a server shows of itself.
    Certificate {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What should be served, where cert-manager says it.
        #[serde(default)]
        issued: Option<Issued>,
    },
}

/// A certificate as cert-manager issued it last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// How its cluster is reached.
    pub kubectl: Kubectl,
    /// The namespace.
    pub namespace: String,
    /// The name of the `Certificate`.
    pub name: String,
    /// False where there is no such object.
    pub exists: bool,
    /// What its condition `Ready` says, and why; `None` where it has none.
    #[serde(default)]
    pub ready: Option<String>,
    /// From when the last one is valid; `None` where none was issued yet.
    #[serde(default)]
    pub begins: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    pub ends: Option<Timestamp>,
    /// When the next one is issued.
    #[serde(default)]
    pub renewal: Option<Timestamp>,
    /// How often it was issued.
    #[serde(default)]
    pub revision: Option<i64>,
    /// How many attempts failed since.
    #[serde(default)]
    pub failed_attempts: u32,
}
