//! The terms of a deployment's licences: from when until when each holds, and until when its grace lasts.
//!
//! `GET /licenses` leaves out what may not be read, so an empty list is asked about a second time: `/entitlements`, which everyone
//! who is signed in may read, says whether there is a licence.

use super::{Endpoint, Response, ask};
use crate::contract::{Context, Remedy, Unobserved, Why};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::Arc;

/// The right that reading licences takes.
pub const READ: &str = "license:read (Owner)";

/// A licence.
#[derive(Clone, Debug, Deserialize)]
pub struct Terms {
    /// Its number.
    pub id: i64,
    /// What it says of itself.
    pub claims: Claims,
}

/// What a licence says of itself; times are seconds since 1970.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// When it ends.
    pub license_expires: Option<serde_json::Number>,
    /// When its grace ends.
    #[serde(default)]
    pub exp: Option<serde_json::Number>,
    /// From when it holds.
    #[serde(default)]
    pub nbf: Option<serde_json::Number>,
    /// True for a trial.
    #[serde(default)]
    pub trial: bool,
}

/// The licences, and the answer that lists them; none only where the deployment says that it has none.
///
/// # Errors
/// No answer, a missing right, a deployment without licences by its kind, or an answer that cannot be read.
pub async fn terms(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
) -> Result<(Vec<Terms>, Arc<Response>), Unobserved> {
    #[derive(Deserialize)]
    struct Entitlements {
        has_license: bool,
    }
    let answer = ask(cx, endpoint, token, &["licenses"]).await?;
    let listed: Option<Vec<Terms>> = answer.json()?;
    let listed = listed.unwrap_or_default();
    if !listed.is_empty() {
        return Ok((listed, answer));
    }
    let entitled: Entitlements = ask(cx, endpoint, token, &["entitlements"]).await?.json()?;
    if entitled.has_license {
        let detail = format!("there is a licence, and the token lacks the right {READ}");
        return Err(Unobserved::new(Why::Forbidden, &answer.asked, detail)
            .by_hand(Remedy::prose("look with the token of an Owner")));
    }
    Ok((listed, answer))
}
