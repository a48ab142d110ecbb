//! What was seen of the gateway, part by part; a part that could not be seen says why.

use crate::{
    clients::{
        coder::entitlements::Feature,
        litellm::{call::Called, health::Readiness, spend::Purse},
    },
    contract::{Unobserved, short},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most names of models that are kept.
const MOST_NAMES: usize = 1_000;
/// The longest of them, in characters.
const LONGEST_NAME: usize = 120;

/// A part, or why it could not be seen.
pub(super) type Seen<T> = Result<T, Unobserved>;

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where the gateway is.
    pub url: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// What it is, and what it showed.
    pub gateway: Gateway,
    /// What became of the calls, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<Call>>,
}

/// What the gateway is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Gateway {
    /// A LiteLLM proxy.
    Litellm(Litellm),
    /// Coder's AI Bridge.
    AiBridge(Bridge),
}

/// What a LiteLLM proxy showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Litellm {
    /// What each sample said.
    pub readiness: Vec<Seen<Readiness>>,
    /// The models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Served>,
    /// Every key that was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Seen<Vec<Key>>>,
}

/// The models that were asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Served {
    /// Those that are wanted.
    pub wanted: Vec<String>,
    /// Those of them that are served, and how many are served in all.
    pub served: Seen<(Vec<String>, usize)>,
    /// The names of all that are served, where a key's own list of models is held against them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// A key, and what binds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its alias, or what it is.
    pub name: String,
    /// Why it is of no use, where the gateway says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// When it ends; `None` for never, and where nothing but a refusal was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Whether it is the key that asked, and so the one to which the models are served.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_own: bool,
    /// Its own limits first, then those of its budget, its team, its user in the team, its user; one that may not be read
    /// says why.
    #[serde(default)]
    pub purses: Vec<Seen<Purse>>,
}

/// Why a key is of no use.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Refused {
    /// It has ended.
    Ended(String),
    /// It is switched off.
    Blocked(String),
    /// The gateway does not know it.
    Unknown(String),
    /// There is none of this alias.
    Missing(String),
}

/// What Coder's AI Bridge showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// The feature `aibridge`; `None` inside where the server knows no such feature.
    pub feature: Seen<Option<Feature>>,
    /// Each provider through each URL.
    pub doors: Vec<Door>,
}

/// A provider through a URL.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// The URL.
    pub url: String,
    /// The provider.
    pub provider: String,
    /// Its models.
    pub models: Served,
}

/// A call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The model, with the URL where it was called through several.
    pub of: String,
    /// What became of it.
    pub outcome: Seen<Called>,
}

impl Key {
    /// One of which no more than this is known.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), refused: None, expires: None, is_own: false, purses: Vec::new() }
    }

    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Served {
    /// Of what is `wanted`, what is among `all`.
    pub(super) fn of(wanted: &[String], all: Seen<BTreeSet<String>>) -> Self {
        let served = all.map(|all| {
            // A gateway that passes every model of a provider on lists `anthropic/*`.
            let is_served = |name: &&String| {
                all.iter().any(|served| {
                    served == *name || served.strip_suffix('*').is_some_and(|start| name.starts_with(start))
                })
            };
            let found = wanted.iter().filter(is_served).cloned().collect();
            (found, all.len())
        });
        Self { wanted: wanted.to_vec(), served, names: Vec::new() }
    }

    /// The same, with all names for a key's own list to be held against.
    pub(super) fn naming(wanted: &[String], all: Seen<BTreeSet<String>>) -> Self {
        let names = all.iter().flatten().take(MOST_NAMES).map(|name| short(name, LONGEST_NAME)).collect();
        Self { names, ..Self::of(wanted, all) }
    }

    /// Whether `model` is served to the key that asked; `None` where that was not seen.
    pub(super) fn serves(&self, model: &str) -> Option<bool> {
        self.served.as_ref().ok().map(|(found, _)| found.iter().any(|name| name == model))
    }

    /// Whether `name`, in a list of models that a key has, is a model's and no access group's.
    pub(super) fn knows(&self, name: &str) -> bool {
        let is_word =
            ["all-proxy-models", "all-team-models", "no-default-models"].contains(&name) || name.ends_with('*');
        is_word || self.serves(name) == Some(true) || self.names.iter().any(|model| model == name)
    }
}

impl Evidence {
    /// The evidence, unless not one part of it could be seen.
    pub(super) fn unless_blind(self) -> Result<Self, Unobserved> {
        let parts = self.parts();
        let first = parts.iter().find_map(|part| *part).cloned();
        match first {
            Some(missing) if parts.iter().all(Option::is_some) => Err(missing),
            _ => Ok(self),
        }
    }

    /// Of each part, why it could not be seen.
    fn parts(&self) -> Vec<Option<&Unobserved>> {
        let mut parts: Vec<Option<&Unobserved>> = match &self.gateway {
            Gateway::Litellm(seen) => {
                let keys = seen.keys.iter().map(|keys| keys.as_ref().err());
                let models = seen.models.iter().map(|models| models.served.as_ref().err());
                seen.readiness.iter().map(|said| said.as_ref().err()).chain(models).chain(keys).collect()
            }
            Gateway::AiBridge(seen) => {
                let doors = seen.doors.iter().map(|door| door.models.served.as_ref().err());
                std::iter::once(seen.feature.as_ref().err()).chain(doors).collect()
            }
        };
        parts.extend(self.calls.iter().flatten().map(|call| call.outcome.as_ref().err()));
        parts
    }
}
