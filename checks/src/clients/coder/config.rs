//! The deployment's effective configuration, as far as it says who gets an account.

use super::granted::granted;
use crate::{
    clients::connections::Endpoint,
    contract::{Context, Unobserved},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The right that reading it needs, and who has it.
pub const RIGHT: &str = "deployment_config:read (Auditor or Owner)";

/// Who gets an account through a provider of identities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// Whether somebody without an account gets one.
    pub allows_signups: bool,
    /// GitHub's organisations whose members are let in; empty for `OpenID` Connect.
    #[serde(default)]
    pub organisations: Vec<String>,
    /// Whether everyone of GitHub is let in.
    #[serde(default)]
    pub allows_everyone: bool,
    /// The teams of GitHub, or the domains of addresses, whose members alone are let in; empty for no such bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The groups of `OpenID` Connect of which one must be had besides; empty for no such bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

/// Who gets an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Through GitHub.
    pub github: SignUp,
    /// Through `OpenID` Connect.
    pub oidc: SignUp,
}

#[derive(Deserialize)]
struct Answer {
    config: Told,
}

#[derive(Deserialize)]
struct Told {
    oauth2: Oauth2,
    oidc: Provider,
}

#[derive(Deserialize)]
struct Oauth2 {
    github: Provider,
}

/// `allow_signups` must be in the answer: left out it would be another release's, and prove nothing.
#[derive(Deserialize)]
struct Provider {
    allow_signups: bool,
    #[serde(default)]
    allowed_orgs: Option<Vec<String>>,
    #[serde(default)]
    allow_everyone: bool,
    #[serde(default)]
    allowed_teams: Option<Vec<String>>,
    #[serde(default)]
    email_domain: Option<Vec<String>>,
    #[serde(default)]
    group_allow_list: Option<Vec<String>>,
}

impl From<Provider> for SignUp {
    fn from(provider: Provider) -> Self {
        let only = [provider.allowed_teams, provider.email_domain].into_iter().flatten().flatten().collect();
        Self {
            allows_signups: provider.allow_signups,
            organisations: provider.allowed_orgs.unwrap_or_default(),
            allows_everyone: provider.allow_everyone,
            only,
            groups: provider.group_allow_list.unwrap_or_default(),
        }
    }
}

/// The configuration: `GET /api/v2/deployment/config`.
///
/// # Errors
/// No answer, no right, or an answer that cannot be read.
pub async fn config(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<Config, Unobserved> {
    let answer = granted(cx, endpoint, token, super::address(endpoint, &["deployment", "config"])?, RIGHT).await?;
    let Answer { config } = answer.json()?;
    Ok(Config { github: config.oauth2.github.into(), oidc: config.oidc.into() })
}
