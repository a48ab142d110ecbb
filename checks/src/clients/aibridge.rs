//! Coder's AI Bridge: the models behind a provider's path, and a message of one token to one of them.
//!
//! The caller's Coder token stands where the provider's key would. The list of models is the provider's own, passed
//! through with the deployment's key: it comes only where the bridge reaches the provider. The circuit breaker of each
//! replica is a metric that no path tells.

use super::{
    coder::{address, send},
    connections::Endpoint,
    http::Ask,
    litellm::{
        call::{Called, body, outcome},
        health::Models,
    },
};
use crate::contract::{Context, Unobserved, Why};
use http::Method;
use secrecy::SecretString;
use std::{collections::BTreeSet, time::Duration};
use url::Url;

/// How long a model may take over one token.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same deployment through another URL.
#[must_use]
pub fn through(endpoint: &Endpoint, url: &Url) -> Endpoint {
    let mut other = endpoint.clone();
    other.url.clone_from(url);
    other
}

/// The models of `provider`: `GET /api/v2/aibridge/{provider}/v1/models`.
///
/// # Errors
/// No answer, no right, a bridge that is off, or an answer that cannot be read.
pub async fn models(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    provider: &str,
) -> Result<BTreeSet<String>, Unobserved> {
    let url = address(endpoint, &["aibridge", provider, "v1", "models"])?;
    let answer = send(cx, endpoint, token, url).await?;
    answer.granted().map_err(|missing| {
        let says = match missing.why {
            Why::Forbidden => "AI Bridge is not licensed, or this user may not use it".to_owned(),
            Why::NotFound => {
                format!("there is no bridge here, no provider `{provider}` in it, or one that lists no models")
            }
            _ => return missing,
        };
        Unobserved { detail: format!("{}; {says}", missing.detail), ..missing }
    })?;
    let models: Models = answer.json()?;
    Ok(models.data.into_iter().map(|model| model.id).collect())
}

/// Sends one token's message to `model` of `provider`.
///
/// # Errors
/// It costs money and that is not allowed; no answer, or one that is neither the bridge's nor the provider's.
pub async fn call(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    provider: &str,
    model: &str,
) -> Result<Called, Unobserved> {
    let is_anthropic = provider == "anthropic";
    let path: &[&str] = if is_anthropic { &["v1", "messages"] } else { &["v1", "chat", "completions"] };
    let url = address(endpoint, &[&["aibridge", provider], path].concat())?;
    cx.spend(&format!("POST {url} of one token to {model}"))?;
    let ask = Ask::new(Method::POST, url).via(&endpoint.via).header("content-type", "application/json");
    let ask = if is_anthropic {
        ask.secret_header("x-api-key", "", token).header("anthropic-version", "2023-06-01")
    } else {
        ask.bearer(token)
    };
    // OpenAI's newer models refuse the older name.
    let bound = if is_anthropic { "max_tokens" } else { "max_completion_tokens" };
    let answer = cx.ask(ask.body(body(model, bound)).within(PATIENCE).single()).await?;
    outcome(&answer, |body| {
        let text = if is_anthropic { &body["content"][0] } else { &body["choices"][0]["message"] };
        !text.is_null()
    })
}
