//! Google Cloud's IAM, as far as it says of a service account's keys, and the exchange that shows that one works.
//!
//! The JSON file of a key says nothing of its end: IAM's list does, to whoever may read it. An account that does not exist
//! and one that may not be read answer alike (`PERMISSION_DENIED`).

mod exchange;

pub use exchange::{Exchanged, KeyFile, exchange};

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Remedy, Unobserved, Why};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

/// The right that listing keys takes.
pub const LIST: &str = "iam.serviceAccountKeys.list";

/// A key that a user made, as IAM describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedKey {
    /// `projects/…/serviceAccounts/…/keys/ID`.
    pub name: String,
    /// From when it is valid, as written.
    #[serde(default)]
    pub valid_after_time: Option<String>,
    /// Until when, as written; the year 9999 for never.
    #[serde(default)]
    pub valid_before_time: Option<String>,
    /// True where it was switched off.
    #[serde(default)]
    pub disabled: bool,
    /// Why it was switched off: `SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED`.
    #[serde(default)]
    pub disable_reason: Option<String>,
}

impl ListedKey {
    /// Its id: what a key's file calls `private_key_id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }
}

/// The keys that users made for the service account `email`, and the answer that lists them.
///
/// # Errors
/// No answer, an account that is not there or may not be read, or an answer that cannot be read.
pub async fn keys(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
    email: &str,
) -> Result<(Vec<ListedKey>, Arc<Response>), Unobserved> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Listed {
        #[serde(default)]
        keys: Vec<ListedKey>,
    }
    let url = address(endpoint, email)?;
    let answer = cx.ask(Ask::to(url).via(&endpoint.via).header("accept", "application/json").bearer(token)).await?;
    let by_hand = || {
        Remedy::run([
            "gcloud",
            "iam",
            "service-accounts",
            "keys",
            "list",
            "--managed-by",
            "user",
            "--iam-account",
            email,
        ])
    };
    let listed: Listed = answer.json().map_err(|missing| refused(missing, &answer, email).by_hand(by_hand()))?;
    let belongs = |key: &ListedKey| key.name.contains(&format!("/serviceAccounts/{email}/keys/"));
    if !listed.keys.iter().all(belongs) {
        return Err(Unobserved::new(Why::Malformed, &answer.asked, "the keys that came are another account's")
            .by_hand(by_hand()));
    }
    // An account without keys answers `{}`, and so does many a thing that is not IAM.
    let is_google = answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if listed.keys.is_empty() && !is_google {
        return Err(Unobserved::new(Why::Malformed, &answer.asked, "the answer is not IAM's").by_hand(by_hand()));
    }
    Ok((listed.keys, answer))
}

fn refused(missing: Unobserved, answer: &Response, email: &str) -> Unobserved {
    #[derive(Deserialize)]
    struct Refusal {
        error: Words,
    }
    #[derive(Deserialize)]
    struct Words {
        status: String,
    }
    let status = serde_json::from_slice::<Refusal>(&answer.body).map(|refusal| refusal.error.status);
    match status.as_deref() {
        Ok("PERMISSION_DENIED") => Unobserved {
            why: Why::Forbidden,
            detail: format!("there is no account {email}, or the token lacks {LIST} on it: Google answers both alike"),
            ..missing
        },
        Ok("RESOURCE_EXHAUSTED") => Unobserved { why: Why::Throttled, ..missing },
        _ => missing,
    }
}

fn address(endpoint: &Endpoint, email: &str) -> Result<Url, Unobserved> {
    let mut url = endpoint.url.clone();
    match url.path_segments_mut() {
        Ok(mut segments) => {
            segments.pop_if_empty().extend(["v1", "projects", "-", "serviceAccounts", email, "keys"]);
        }
        Err(()) => {
            return Err(Unobserved::new(Why::Unconfigured, endpoint.url.as_str(), "no API can be below this URL"));
        }
    }
    url.query_pairs_mut().append_pair("keyTypes", "USER_MANAGED");
    Ok(url)
}
