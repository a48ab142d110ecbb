//! `GET /api/v2/workspaceproxies` and `GET /api/v2/regions`: the server and its proxies, as the server sees them.
//!
//! Each replica of the server looks at the proxies by itself, once a minute, and answers for itself alone. Whoever may
//! not read proxies gets a list without them; regions are shown to everyone who is let in.

use super::told::Told;
use crate::{
    clients::{connections::Endpoint, http::Ask},
    contract::{Context, Unobserved},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

/// The right that reading proxies needs; the role Member has it, a scoped token does not.
pub const RIGHT: &str = "workspace_proxy:read (an unscoped token of any member)";

/// A proxy, or the server itself, which is called `primary`.
#[derive(Clone, Debug, Deserialize)]
pub struct Proxy {
    /// Its name.
    pub name: String,
    /// Whether the replica that answers holds it for healthy.
    #[serde(default)]
    pub healthy: bool,
    /// Where its applications by path are; empty before it has registered.
    #[serde(default)]
    pub path_app_url: String,
    /// Where its applications by sub-domain are: `*.oregon-proxy.example.com`; empty where there are none.
    #[serde(default)]
    pub wildcard_hostname: String,
    /// Whether it was deleted; the row stays.
    #[serde(default)]
    pub deleted: bool,
    /// Whether it relays connections only, and serves no applications.
    #[serde(default)]
    pub derp_only: bool,
    /// The version with which it registered last; empty at the primary of early releases.
    #[serde(default)]
    pub version: String,
    /// What the last look at it gave.
    #[serde(default)]
    pub status: Option<Status>,
}

/// What a look at a proxy gave.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// `ok`, `unreachable`, `unhealthy`, `unregistered`; `unknown` where this replica has not looked yet.
    #[serde(default)]
    pub status: String,
    /// What it complains of.
    #[serde(default)]
    pub report: Option<Report>,
    /// When that was; the year 1 for never.
    #[serde(default)]
    pub checked_at: Option<Timestamp>,
}

/// What a proxy complains of.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Report {
    /// What keeps it from being healthy.
    #[serde(default)]
    pub errors: Option<Vec<String>>,
    /// What does not.
    #[serde(default)]
    pub warnings: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Listed {
    regions: Vec<Proxy>,
}

/// Every proxy, deleted ones too, as one replica sees them; `fresh`: over a connection of its own.
///
/// # Errors
/// No answer, a refusal (403 where the licence lacks proxies), or an answer that cannot be read.
pub async fn proxies(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    fresh: bool,
) -> Result<Told<Vec<Proxy>>, Unobserved> {
    list(cx, endpoint, token, "workspaceproxies", fresh).await
}

/// Every region that a user may choose; of each, only what everyone may know.
///
/// # Errors
/// No answer, a refusal, or an answer that cannot be read.
pub async fn regions(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<Told<Vec<Proxy>>, Unobserved> {
    list(cx, endpoint, token, "regions", false).await
}

async fn list(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    path: &str,
    fresh: bool,
) -> Result<Told<Vec<Proxy>>, Unobserved> {
    let url = super::address(endpoint, &[path])?;
    let ask = Ask::to(url).via(&endpoint.via).secret_header("coder-session-token", "", token);
    let answer = cx.ask(if fresh { ask.alone() } else { ask }).await?;
    let told: Told<Listed> = Told::of(&answer)?;
    Ok(Told { value: told.value.regions, asked_at: told.asked_at, clock: told.clock })
}
