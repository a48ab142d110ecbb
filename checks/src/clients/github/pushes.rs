//! When a branch was last pushed to, by GitHub's own clock.
//!
//! Source: REST, "List repository activities". The dates that commits bear were rejected: whoever makes a commit sets them, and
//! a branch that is moved forward by old commits changes all the same.

use super::unconfigured;
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Remedy, Unobserved, Why},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

/// The most pushes that are asked for: the newest.
const PAGE: &str = "30";

/// A branch of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The repository's owner.
    pub owner: String,
    /// Its name.
    pub repository: String,
    /// The branch.
    pub branch: String,
}

/// One push.
#[derive(Clone, Debug, Deserialize)]
pub struct Push {
    /// The commit that it left the branch at.
    #[serde(default)]
    pub after: String,
    /// The branch: `refs/heads/main`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When.
    pub timestamp: Timestamp,
    /// `push`, `force_push`, `pr_merge`, `branch_creation`, …
    #[serde(default)]
    pub activity_type: String,
    /// Who.
    #[serde(default)]
    pub actor: Option<Actor>,
}

/// Who pushed.
#[derive(Clone, Debug, Deserialize)]
pub struct Actor {
    /// The user's name.
    pub login: String,
}

/// The newest pushes to a branch, and the answer that says so.
///
/// # Errors
/// No answer, a refusal, or one that is not GitHub's. A repository that is hidden is refused as one that is not there.
pub async fn newest(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    which: &Branch,
) -> Result<(Vec<Push>, Arc<Response>), Unobserved> {
    let ask = Ask::to(address(endpoint, which)?)
        .via(&endpoint.via)
        .header("accept", "application/vnd.github+json")
        .header("x-github-api-version", "2022-11-28")
        .secret_header("authorization", "Bearer ", token);
    let answer = cx.ask(ask).await?;
    let Branch { owner, repository, branch } = which;
    if answer.status == 404 {
        let says = "see that the token may read this repository: GitHub answers 404 for what is hidden too";
        return Err(answer
            .refusal()
            .by_hand(Remedy::run(["gh", "repo", "view", &format!("{owner}/{repository}")]).saying(says)));
    }
    let pushes: Vec<Push> = answer.json()?;
    let reference = format!("refs/heads/{branch}");
    let is_github = answer.header("x-github-request-id").is_some();
    if !is_github || pushes.iter().any(|push| push.reference != reference) {
        let detail = "the answer is not GitHub's, or is of another branch";
        return Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()));
    }
    Ok((pushes, answer))
}

fn address(endpoint: &Endpoint, which: &Branch) -> Result<Url, Unobserved> {
    let Branch { owner, repository, branch } = which;
    let mut url = endpoint.url.clone();
    match url.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(["repos", owner, repository, "activity"]);
        }
        Err(()) => return Err(unconfigured(endpoint, "no API can be below this URL")),
    }
    url.query_pairs_mut()
        .append_pair("ref", &format!("refs/heads/{branch}"))
        .append_pair("direction", "desc")
        .append_pair("per_page", PAGE);
    Ok(url)
}
