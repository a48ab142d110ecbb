//! Whether the gateway is up, and the models that a key may use.
//!
//! `/health` is never asked: it calls every model and costs money. Nor is `/health/services`, which sends alerts though it
//! is a GET.

use super::{Refusal, address, ask, clean, granted, scrubbed};
use crate::{
    clients::{
        connections::Endpoint,
        http::{Ask, Response},
    },
    contract::{Context, Unobserved},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What one replica says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readiness {
    /// `healthy`; `connected` in older releases. With status 503 what it says instead.
    pub status: String,
    /// `connected`, `disconnected`, `Not connected`; `None` where it is left out.
    #[serde(default)]
    pub db: Option<String>,
    /// Its release, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What one replica says of itself, over a connection of its own: `GET /health/readiness`, which anybody may ask.
///
/// # Errors
/// No answer, or one that is not the gateway's.
pub async fn readiness(cx: &Context, endpoint: &Endpoint) -> Result<Readiness, Unobserved> {
    #[derive(Deserialize)]
    struct Told {
        status: String,
        #[serde(default)]
        db: Option<String>,
        #[serde(default)]
        litellm_version: Option<String>,
    }
    let url = address(endpoint, "health/readiness")?;
    let answer = cx.ask(Ask::to(url).via(&endpoint.via).alone().last_status()).await?;
    if answer.status == 503
        && let Some(words) = own_words(&answer)
    {
        return Ok(Readiness { status: format!("status 503: {}", scrubbed(&words)), db: None, version: None });
    }
    let told: Told = answer.json().map_err(clean)?;
    let short = |text: String| scrubbed(&text);
    Ok(Readiness { status: short(told.status), db: told.db.map(short), version: told.litellm_version.map(short) })
}

/// What the gateway itself says with a 503; `None` for the words of something that stands before it. `Service Unhealthy (…)`
/// is how readiness says that its database fails; an error of the usual form comes from the rest of it.
fn own_words(answer: &Response) -> Option<String> {
    #[derive(Deserialize)]
    struct Unhealthy {
        detail: String,
    }
    let refusal = serde_json::from_slice::<Refusal>(&answer.body).map(|refusal| refusal.error.message);
    let unhealthy = || serde_json::from_slice::<Unhealthy>(&answer.body).ok().map(|told| told.detail);
    refusal.ok().or_else(|| unhealthy().filter(|words| words.starts_with("Service Unhealthy")))
}

/// The models that `key` may use, which is not to say that they work: `GET /v1/models`.
///
/// # Errors
/// No answer, a key that is refused, or an answer that cannot be read.
pub async fn models(cx: &Context, endpoint: &Endpoint, key: &SecretString) -> Result<BTreeSet<String>, Unobserved> {
    let answer = ask(cx, endpoint, key, address(endpoint, "v1/models")?).await?;
    let models: Models = granted(&answer)?.json().map_err(clean)?;
    Ok(models.data.into_iter().map(|model| model.id).collect())
}

/// A list of models as `OpenAI`'s API writes it.
#[derive(Deserialize)]
pub(in crate::clients) struct Models {
    pub(in crate::clients) data: Vec<Model>,
}

/// One of them.
#[derive(Deserialize)]
pub(in crate::clients) struct Model {
    pub(in crate::clients) id: String,
}
