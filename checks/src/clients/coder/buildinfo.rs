//! `GET /api/v2/buildinfo`: which build answers, at the server and at each proxy. It needs no token.

use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Via},
    },
    contract::{Context, Unobserved, Why},
};
use serde::{Deserialize, Serialize};
use url::Url;

/// A build, as it says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// The whole version: `v2.20.0-devel+4b2f1c9`.
    pub version: String,
    /// True at a workspace proxy.
    #[serde(default)]
    pub workspace_proxy: bool,
    /// The server that it belongs to.
    #[serde(default)]
    pub dashboard_url: String,
    /// The deployment that it belongs to; releases before 2.17 do not say, and proxies may not.
    #[serde(default)]
    pub deployment_id: String,
}

impl Build {
    /// True for a build of a working copy, which names no release: every such build calls itself so.
    #[must_use]
    pub fn is_unnamed(version: &str) -> bool {
        version.starts_with("v0.0.0")
    }
}

/// The build that answers at `url`; `fresh`: over a connection of its own, as another replica may answer that one.
///
/// # Errors
/// No answer, a refusal, or an answer that is no build's.
pub async fn build(cx: &Context, url: &Url, via: &Via, fresh: bool) -> Result<Build, Unobserved> {
    let mut there = url.clone();
    match there.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(["api", "v2", "buildinfo"]);
        }
        Err(()) => return Err(Unobserved::new(Why::Unconfigured, url.as_str(), "no API can be below this URL")),
    }
    there.set_query(None);
    let ask = Ask::to(there).via(via);
    let answer = cx.ask(if fresh { ask.alone() } else { ask }).await?;
    let build: Build = answer.json()?;
    if build.version.is_empty() || build.version.len() > 100 || build.version.chars().any(char::is_control) {
        let detail = "its `version` is no version";
        return Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()));
    }
    Ok(build)
}

/// The build of the deployment's server.
///
/// # Errors
/// As [`build`], or a workspace proxy answers in its place.
pub async fn of_server(cx: &Context, endpoint: &Endpoint) -> Result<Build, Unobserved> {
    let build = build(cx, &endpoint.url, &endpoint.via, false).await?;
    if build.workspace_proxy {
        let detail = "a workspace proxy answers here, not the server";
        return Err(Unobserved::new(Why::WrongSystem, endpoint.url.as_str(), detail));
    }
    Ok(build)
}
