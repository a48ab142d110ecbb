//! What was seen of the deployment, part by part; a part that could not be seen says why.

use super::settings::{Method, Through};
use crate::{
    clients::coder::{authmethods::SignIn, config, entitlements::Feature, licences::Licence},
    contract::Unobserved,
    key_expiry,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A part, or why it could not be seen.
pub(super) type Seen<T> = Result<T, Unobserved>;

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the deployment is.
    pub url: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The server's release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Build>,
    /// The sign-in page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<Offered>,
    /// Who gets an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUps>,
    /// Who has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<Seen<Vec<Person>>>,
    /// Every licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences: Option<Seen<Vec<Licence>>>,
    /// What they entitle to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlements: Option<Seen<Entitled>>,
    /// Each token, as `key-expiry` sees it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Seen<key_expiry::Evidence>>,
}

/// The server's release.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// The one that is wanted.
    pub wanted: String,
    /// The one that runs.
    pub runs: Seen<String>,
}

/// The sign-in page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// The ways that are wanted.
    pub wanted: Vec<Method>,
    /// Those that it has.
    pub offers: Seen<SignIn>,
}

/// Who gets an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUps {
    /// Through which provider.
    pub through: Through,
    /// The organisations that are to be let in, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisations: Option<Vec<String>>,
    /// The teams, domains or groups that sign-in is meant to be narrowed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What the server's configuration says.
    pub told: Seen<config::SignUp>,
}

/// A participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// As the checklist names them.
    pub name: String,
    /// `active`, `dormant` or `suspended`; `None` without an account.
    #[serde(default)]
    pub status: Option<String>,
}

/// What the licences entitle to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitled {
    /// Whether any licence is in force, its grace included.
    pub is_licensed: bool,
    /// When the server last looked at its licences; `None` where it never did.
    #[serde(default)]
    pub refreshed_at: Option<Timestamp>,
    /// How many users, where that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<Seats>,
    /// The features that are wanted; `None` for one that the server does not know.
    #[serde(default)]
    pub features: BTreeMap<String, Option<Feature>>,
    /// What the server complains of.
    #[serde(default)]
    pub errors: Vec<String>,
    /// What it warns of.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// How many users.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    /// What stands under `user_limit`; `None` where nothing does.
    pub user_limit: Option<Feature>,
}
