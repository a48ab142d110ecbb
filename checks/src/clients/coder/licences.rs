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
    contract::{Context, Unobserved, Why, short},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The right that reading them needs, and who has it.
pub const RIGHT: &str = "license:read (Owner)";

/// The most features, and the most sets of them, that a licence is believed to carry.
const MOST_FEATURES: usize = 200;
/// The longest name of one, in characters.
const LONGEST: usize = 60;

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
    /// The features that it lists, with how many of each; `None` where its claims do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<BTreeMap<String, i64>>,
    /// The sets of features, listed nowhere, that it carries besides: `premium`, add-ons.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sets: BTreeSet<String>,
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
    #[serde(default)]
    features: Option<Value>,
    #[serde(default)]
    feature_set: Option<String>,
    #[serde(default)]
    addons: Option<Vec<String>>,
    #[serde(default)]
    all_features: bool,
}

impl Claims {
    fn features(&self) -> Option<BTreeMap<String, i64>> {
        let all = self.features.as_ref()?.as_object().filter(|all| all.len() <= MOST_FEATURES)?;
        all.iter().map(|(name, count)| Some((short(name, LONGEST), count.as_i64()?))).collect()
    }

    /// Premium has all that Enterprise has, which early licences call all features.
    fn sets(&self) -> BTreeSet<String> {
        let named = self.feature_set.iter().chain(self.addons.iter().flatten()).take(MOST_FEATURES);
        let mut sets: BTreeSet<String> = named.map(|name| short(name, LONGEST).to_ascii_lowercase()).collect();
        sets.remove("");
        if self.all_features || sets.contains("premium") {
            sets.insert("enterprise".to_owned());
        }
        sets
    }
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
    let claims = &told.claims;
    let begins = match claims.nbf {
        Some(seconds) => Some(time(seconds)?),
        None => None,
    };
    Some(Licence {
        id: told.id,
        begins,
        expires: time(claims.license_expires)?,
        grace_ends: time(claims.exp)?,
        trial: claims.trial,
        features: claims.features(),
        sets: claims.sets(),
    })
}
