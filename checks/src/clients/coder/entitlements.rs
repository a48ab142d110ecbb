//! What the licences entitle to, as the server last reckoned it. No dates: those are in the licences alone.

use super::granted::granted;
use crate::{
    clients::{connections::Endpoint, http::Response},
    contract::{Context, Unobserved},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The right that reading it needs.
pub const RIGHT: &str = "any signed-in user";

/// Whether a feature may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A licence carries it.
    Entitled,
    /// The licence has expired and is let pass for a while.
    GracePeriod,
    /// No licence carries it.
    NotEntitled,
}

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Whether it may be used.
    pub entitlement: Standing,
    /// Whether it is.
    pub enabled: bool,
    /// How many are allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<i64>,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entitlements {
    /// By name.
    pub features: BTreeMap<String, Feature>,
    /// Whether any licence is in force, its grace included.
    pub has_license: bool,
    /// Whether it is a trial.
    #[serde(default)]
    pub trial: bool,
    /// What the server warns of.
    #[serde(default)]
    pub warnings: Option<Vec<String>>,
    /// What it complains of.
    #[serde(default)]
    pub errors: Option<Vec<String>>,
    /// When the server last looked at its licences.
    #[serde(default)]
    pub refreshed_at: Option<Timestamp>,
}

/// The entitlements: `GET /api/v2/entitlements`.
///
/// # Errors
/// No answer, a token that is refused, or an answer that cannot be read.
pub async fn entitlements(cx: &Context, endpoint: &Endpoint, token: &SecretString) -> Result<Entitlements, Unobserved> {
    entitled(cx, endpoint, token).await.map(|(told, _)| told)
}

/// The same, and the answer that tells it.
pub(super) async fn entitled(
    cx: &Context,
    endpoint: &Endpoint,
    token: &SecretString,
) -> Result<(Entitlements, Arc<Response>), Unobserved> {
    let answer = granted(cx, endpoint, token, super::address(endpoint, &["entitlements"])?, RIGHT).await?;
    Ok((answer.json()?, answer))
}
