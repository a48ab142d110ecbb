//! GitHub, through octocrab: when the token that asks will end, and who is in an organisation.
//!
//! octocrab gets a service of ours in place of its own HTTP client, so that the checklist's network, trust, limits,
//! retries and turns hold for it too. The end stands in a header of every answer, which octocrab's typed calls hide.

pub mod app;
pub mod membership;
pub mod pushes;

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Unobserved, Why, short};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Uri, header};
use http_body_util::{BodyExt as _, Full};
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder, service::middleware::base_uri::BaseUriLayer};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

/// The header that says when a token ends.
const EXPIRATION: &str = "github-authentication-token-expiration";
/// What GitHub grants in an hour to whom it does not know.
const ANONYMOUS: u64 = 60;

/// What GitHub says of the token that asks.
#[derive(Clone, Debug)]
pub enum Own {
    /// When it ends, as written; `None` where GitHub says nothing.
    Known(Option<String>),
    /// GitHub does not accept it.
    Refused(String),
}

/// What GitHub at `endpoint` says of `token`, and the answer that says it.
///
/// # Errors
/// No answer, a refusal that is not of the token itself, an answer that is not GitHub's, or one to a stranger.
pub async fn own(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<(Own, Arc<Response>), Unobserved> {
    let service = Asking { cx: cx.clone(), endpoint: endpoint.clone(), last: Arc::default() };
    let last = service.last.clone();
    let octocrab = client(service, endpoint, token)?;
    let mut status = get(&octocrab, endpoint, "/rate_limit").await?;
    if status == 404 {
        // An Enterprise server without limits has no such path; everyone who is let in has this one.
        status = get(&octocrab, endpoint, "/user").await?;
    }
    let answer = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let answer = answer.ok_or_else(|| unconfigured(endpoint, "no answer was kept"))?;
    let own = match status {
        401 => refused(&answer)?,
        _ => known(&answer)?,
    };
    Ok((own, answer))
}

/// True for a token by which a person acts and whose end, where it has one, GitHub always tells.
#[must_use]
pub fn is_personal(token: &SecretString) -> bool {
    ["ghp_", "github_pat_"].iter().any(|prefix| token.expose_secret().starts_with(prefix))
}

fn client(service: Asking, endpoint: &Endpoint, token: &SecretString) -> Result<Octocrab, Unobserved> {
    let base: Uri = endpoint.url.as_str().parse().map_err(|error| unconfigured(endpoint, error))?;
    let built = OctocrabBuilder::new_empty()
        .with_service(service)
        .with_layer(&BaseUriLayer::new(base))
        .with_auth(AuthState::AccessToken { token: token.clone() })
        .build();
    built.map_err(|never| match never {})
}

async fn get(octocrab: &Octocrab, endpoint: &Endpoint, path: &str) -> Result<u16, Unobserved> {
    match octocrab._get(path).await {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) => Err(unseen(endpoint, &error)),
    }
}

/// The cause that our own service gave, which octocrab carries inside its errors.
fn unseen(endpoint: &Endpoint, error: &octocrab::Error) -> Unobserved {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(next) = cause {
        if let Some(missing) = next.downcast_ref::<Unobserved>() {
            return missing.clone();
        }
        cause = next.source();
    }
    unconfigured(endpoint, error)
}

fn unconfigured(endpoint: &Endpoint, detail: impl std::fmt::Display) -> Unobserved {
    Unobserved::new(Why::Unconfigured, endpoint.url.as_str(), detail)
}

#[derive(Deserialize)]
struct Words {
    message: String,
}

/// A 401 that is not in GitHub's words may come from what stands before it, and is no finding.
fn refused(answer: &Response) -> Result<Own, Unobserved> {
    match serde_json::from_slice::<Words>(&answer.body) {
        Ok(words) if words.message == "Bad credentials" => Ok(Own::Refused(words.message)),
        _ => Err(answer.refusal()),
    }
}

/// What keeps the asker out, besides its rights: it has asked too often, or was not let through the single sign-on. With a
/// list that may be no more than a part of it.
fn barred(answer: &Response) -> Option<Unobserved> {
    if answer.status == 403 && answer.header("x-ratelimit-remaining") == Some("0") {
        return Some(Unobserved { why: Why::Throttled, ..answer.refusal() });
    }
    let is_partial = |sso: &&str| answer.status == 403 || sso.starts_with("partial-results");
    let sso = answer.header("x-github-sso").filter(is_partial)?;
    let words = short(sso, 120);
    let detail = format!("the token is not authorised for the organisation's single sign-on: {words}");
    Some(Unobserved::new(Why::Forbidden, &answer.asked, detail).by_hand(answer.by_hand()))
}

fn known(answer: &Response) -> Result<Own, Unobserved> {
    if let Some(missing) = barred(answer) {
        return Err(missing);
    }
    let body: serde_json::Value = answer.json()?;
    let limit = body.pointer("/resources/core/limit").and_then(serde_json::Value::as_u64);
    let is_stranger = limit.is_some_and(|limit| limit <= ANONYMOUS);
    let is_github = answer.header("x-github-request-id").is_some() && (limit.is_some() || body.get("login").is_some());
    if is_stranger {
        return Err(Unobserved::new(Why::Unauthorised, &answer.asked, "GitHub took the request for a stranger's")
            .by_hand(answer.by_hand()));
    }
    if !is_github {
        return Err(
            Unobserved::new(Why::Malformed, &answer.asked, "the answer is not GitHub's").by_hand(answer.by_hand())
        );
    }
    Ok(Own::Known(answer.header(EXPIRATION).map(str::to_owned)))
}

/// The clients of a run, as a service that octocrab can be built upon.
#[derive(Clone)]
struct Asking {
    cx: Context,
    endpoint: Endpoint,
    /// The answer as our own clients know it, with its times.
    last: Arc<Mutex<Option<Arc<Response>>>>,
}

impl tower::Service<Request<OctoBody>> for Asking {
    type Response = http::Response<Full<Bytes>>;
    type Error = Unobserved;
    type Future = BoxFuture<'static, Result<Self::Response, Unobserved>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Unobserved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        let Self { cx, endpoint, last } = self.clone();
        Box::pin(async move {
            let answer = cx.ask(translated(request, &endpoint).await?).await?;
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer.clone());
            let mut response = http::Response::new(Full::new(answer.body.clone()));
            *response.status_mut() =
                http::StatusCode::from_u16(answer.status).map_err(|error| unconfigured(&endpoint, error))?;
            *response.headers_mut() = answer.headers.clone();
            Ok(response)
        })
    }
}

/// octocrab's request as one of ours.
async fn translated(request: Request<OctoBody>, endpoint: &Endpoint) -> Result<Ask, Unobserved> {
    let (parts, body) = request.into_parts();
    let url = parts.uri.to_string().parse().map_err(|error| unconfigured(endpoint, error))?;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let mut ask = Ask::new(parts.method.clone(), url).via(&endpoint.via);
    for name in ["accept", "content-type", "x-github-api-version"] {
        if let Some(value) = text(name) {
            ask = ask.header(name, value);
        }
    }
    if let Some(value) = text(header::AUTHORIZATION.as_str()) {
        ask = ask.secret_header("authorization", "", &SecretString::from(value));
    }
    let body = body.collect().await.map_err(|error| unconfigured(endpoint, error))?.to_bytes();
    Ok(if body.is_empty() { ask } else { ask.body(body) })
}
