//! Coder's API: what it says of tokens here, and of the rest in a file for each concern.
//!
//! A missing right answers 404, as a missing token does: to tell them apart is the business of whoever asks.

pub mod authmethods;
pub mod buildinfo;
pub mod config;
pub mod daemons;
pub mod entitlements;
mod granted;
pub mod jobs;
pub mod licences;
pub mod organizations;
pub mod proxies;
pub mod told;
pub mod users;

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Unobserved, Why, short};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

/// The longest words of the other side that are shown, in characters.
const WORDS: usize = 160;

/// A token, as Coder describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Token {
    /// Its public half.
    pub id: String,
    /// Its name; empty for a browser's session.
    #[serde(default)]
    pub token_name: String,
    /// `token`, or how a browser's session began: `password`, `github`, `oidc`.
    pub login_type: String,
    /// When it ends, as written.
    pub expires_at: String,
    /// When it was made, as written.
    pub created_at: String,
}

/// What Coder says of the token that asks.
#[derive(Clone, Debug)]
pub enum Own {
    /// Its description.
    Known(Token),
    /// Coder refuses it because it has ended.
    Ended(String),
    /// Coder does not know it, or its user is suspended.
    Refused(String),
}

/// What Coder says of the token `id`, which is the one that asks, and the answer that says it.
///
/// # Errors
/// No answer, a refusal that is not of the token itself, or an answer that cannot be read.
pub async fn own(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    id: &str,
) -> Result<(Own, Arc<Response>), Unobserved> {
    let answer = ask(cx, endpoint, token, &["users", "me", "keys", id]).await?;
    if answer.status == 401 {
        return Ok((refused(&answer)?, answer));
    }
    let described = answer.json().map_err(|missing| match missing.why {
        // It was let in, so it exists: what is missing is the right to read of it.
        Why::NotFound => {
            Unobserved { why: Why::Forbidden, detail: "the token lacks the scope api_key:read".to_owned(), ..missing }
        }
        _ => missing,
    })?;
    Ok((Own::Known(described), answer))
}

/// The tokens of `user` that the asking token may see, ended ones too.
///
/// # Errors
/// No answer, no such user or no right, or an answer that cannot be read.
pub async fn list(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    user: &str,
) -> Result<(Vec<Token>, Arc<Response>), Unobserved> {
    let mut url = address(endpoint, &["users", user, "keys", "tokens"])?;
    url.query_pairs_mut().append_pair("include_expired", "true");
    let answer = send(cx, endpoint, token, url).await?;
    let listed: Option<Vec<Token>> = answer.json()?;
    Ok((listed.unwrap_or_default(), answer))
}

async fn ask(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    path: &[&str],
) -> Result<Arc<Response>, Unobserved> {
    send(cx, endpoint, token, address(endpoint, path)?).await
}

pub(super) async fn send(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    url: Url,
) -> Result<Arc<Response>, Unobserved> {
    cx.ask(Ask::to(url).via(&endpoint.via).secret_header("coder-session-token", "", token)).await
}

pub(super) fn address(endpoint: &Endpoint, path: &[&str]) -> Result<Url, Unobserved> {
    let mut url = endpoint.url.clone();
    match url.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(["api", "v2"]).extend(path);
        }
        Err(()) => {
            return Err(Unobserved::new(Why::Unconfigured, endpoint.url.as_str(), "no API can be below this URL"));
        }
    }
    Ok(url)
}

/// What a 401 means. One that is not in Coder's words may come from what stands before it, and is no finding.
fn refused(answer: &Response) -> Result<Own, Unobserved> {
    #[derive(Deserialize)]
    struct Refusal {
        detail: String,
    }
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(Refusal { detail }) if detail.starts_with("API key expired") => Ok(Own::Ended(short(&detail, WORDS))),
        Ok(Refusal { detail })
            if ["API key is invalid", "User is not active"].iter().any(|says| detail.starts_with(says)) =>
        {
            Ok(Own::Refused(short(&detail, WORDS)))
        }
        _ => Err(answer.refusal()),
    }
}
