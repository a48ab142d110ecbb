//! The licences with their dates. Whoever may not read them is shown an empty list, with status 200.
//!
//! `license_expires` is the end; `exp` is the end of the grace that follows, and the licence's end to nobody else.

use super::{
    entitlements::{entitled, entitlements},
    granted::{granted, missing},
    users::me,
};
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Unobserved, Why},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The right that reading them needs, and who has it.
pub const RIGHT: &str = "license:read (Owner)";

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Its number in the deployment.
    pub id: i64,
    /// From when it is valid; `None` where it does not say.
    #[serde(default)]
    pub begins: Option<Timestamp>,
    /// When it expires.
    pub expires: Timestamp,
    /// When the grace after that is over.
    pub grace_ends: Timestamp,
    /// Whether it is a trial.
    #[serde(default)]
    pub trial: bool,
}

#[derive(Deserialize)]
struct Told {
    id: i64,
    claims: Claims,
}

/// Both ends must be said: to take the one for the other would lengthen a licence by its grace.
#[derive(Deserialize)]
struct Claims {
    license_expires: i64,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    trial: bool,
}

/// Every licence that was added, ended ones too, and the answer that tells it: `GET /api/v2/licenses`. None only where the
/// deployment says that it has none.
///
/// # Errors
/// No answer, no right, or an answer that cannot be read.
pub async fn licences(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
) -> Result<(Vec<Licence>, Arc<Response>), Unobserved> {
    let asked = granted(cx, endpoint, token, super::address(endpoint, &["licenses"])?, RIGHT).await;
    let answer = match asked {
        // The open-source build has no such path, and no licences.
        Err(missing) if missing.why == Why::NotFound => {
            let (told, answer) = entitled(cx, endpoint, token).await?;
            return if told.has_license { Err(missing) } else { Ok((Vec::new(), answer)) };
        }
        asked => asked?,
    };
    let told: Option<Vec<Told>> = answer.json()?;
    let told = told.unwrap_or_default();
    if told.is_empty() && entitlements(cx, endpoint, token).await?.has_license {
        let me = me(cx, endpoint, token).await?;
        return Err(missing(&answer.asked, &me.username, &endpoint.name, RIGHT));
    }
    let read = told.iter().map(licence).collect::<Option<_>>().ok_or_else(|| {
        Unobserved::new(Why::Malformed, &answer.asked, "a licence's date is out of range").by_hand(answer.by_hand())
    })?;
    Ok((read, answer))
}

fn licence(told: &Told) -> Option<Licence> {
    let time = |seconds| Timestamp::from_second(seconds).ok();
    let Claims { license_expires, exp, nbf, trial } = told.claims;
    let begins = match nbf {
        Some(seconds) => Some(time(seconds)?),
        None => None,
    };
    Some(Licence { id: told.id, begins, expires: time(license_expires)?, grace_ends: time(exp)?, trial })
}
