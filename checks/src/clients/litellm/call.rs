//! A call of one token, which costs money: nobody makes it without leave.

use super::{address, clean, scrubbed};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Unobserved},
};
use http::Method;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a model may take over one token.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Called {
    /// A completion came.
    Completed,
    /// A completion came, of another model than the one that was called.
    FellBack {
        /// How often the gateway turned to another.
        times: u32,
    },
    /// A success without a completion in it.
    Empty {
        /// What there was instead.
        says: String,
    },
    /// The gateway, or the provider behind it, refused.
    Refused {
        /// The status.
        status: u16,
        /// The error's type.
        kind: String,
        /// In its words, without keys.
        says: String,
    },
}

/// Calls `model` for one token.
///
/// # Errors
/// It costs money and that is not allowed; no answer, or one that is not the gateway's.
pub async fn call(cx: &Context, endpoint: &Endpoint, key: &SecretString, model: &str) -> Result<Called, Unobserved> {
    let url = address(endpoint, "v1/chat/completions")?;
    cx.spend(&format!("POST {url} of one token to {model}"))?;
    let body = body(model, "max_tokens");
    let ask = Ask::new(Method::POST, url).via(&endpoint.via).bearer(key).header("content-type", "application/json");
    let answer = cx.ask(ask.body(body).within(PATIENCE).single()).await.map_err(clean)?;
    outcome(&answer, |body| !body["choices"][0]["message"].is_null())
}

/// A message that asks for one token, in the form that `OpenAI`'s and Anthropic's APIs share but for the name of the `bound`.
pub(in crate::clients) fn body(model: &str, bound: &str) -> String {
    json!({ "model": model, bound: 1, "messages": [{ "role": "user", "content": "." }] }).to_string()
}

/// What became of a call, where a success must hold what `completes` looks for.
pub(in crate::clients) fn outcome(answer: &Response, completes: impl Fn(&Value) -> bool) -> Result<Called, Unobserved> {
    let told: Option<Value> = serde_json::from_slice(&answer.body).ok();
    if (200..300).contains(&answer.status) {
        let body: Value = answer.json().map_err(clean)?;
        if completes(&body) && body["error"].is_null() {
            let fallbacks = answer.header("x-litellm-attempted-fallbacks").and_then(|times| times.parse().ok());
            return Ok(match fallbacks {
                None | Some(0) => Called::Completed,
                Some(times) => Called::FellBack { times },
            });
        }
        return Ok(Called::Empty { says: format!("status {}: {}", answer.status, scrubbed(&answer.words())) });
    }
    // What is not in a gateway's words may come from what stands before it, and is no finding.
    let error = told.as_ref().map(|told| &told["error"]).filter(|error| error["message"].is_string());
    let Some(error) = error else { return Err(clean(answer.refusal())) };
    let text = |of: &str| scrubbed(error[of].as_str().unwrap_or_default());
    Ok(Called::Refused { status: answer.status, kind: text("type"), says: text("message") })
}
