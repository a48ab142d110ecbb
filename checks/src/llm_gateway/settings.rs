//! `with` and `expect`: which gateway, and what it must carry for the crowd.

use crate::contract::{Invalid, values::Percent};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// Which gateway: exactly one of these.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settings {
    /// A LiteLLM proxy.
    Litellm(LitellmGateway),
    /// Coder's AI Bridge.
    AiBridge(BridgeGateway),
}

/// A LiteLLM proxy: its readiness always, the rest as asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LitellmGateway {
    /// The connection, of kind `litellm`.
    pub connection: String,
    /// How often readiness is asked, each time over a connection of its own: one answer is one replica's.
    #[serde(default = "three")]
    pub samples: u8,
    /// The models that must be served, by the names that callers use.
    #[serde(default)]
    pub models: Vec<String>,
    /// The key whose budget and limits are looked at.
    #[serde(default)]
    pub key: Option<KeyOf>,
    /// A call of one token to each model; costs money, and is made only with `--allow-cost`.
    #[serde(default)]
    pub calls: Option<Calls>,
}

const fn three() -> u8 {
    3
}

/// A key.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyOf {
    /// Every key of this alias; without it the connection's own key.
    #[serde(default)]
    pub alias: Option<String>,
}

/// Calls that cost money.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// The connection whose key pays, where it is another.
    #[serde(default)]
    pub connection: Option<String>,
}

/// Coder's AI Bridge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BridgeGateway {
    /// The connection, of kind `coder`.
    pub connection: String,
    /// The models that must be served, by provider as it stands in the path: `{ anthropic: [claude-sonnet-4-5] }`.
    pub models: BTreeMap<String, Vec<String>>,
    /// Other URLs of the same deployment that it must be served through, besides the connection's.
    #[serde(default)]
    pub through: Vec<String>,
    /// A message of one token to each model through each URL; costs money, and is sent only with `--allow-cost`.
    #[serde(default)]
    pub calls: Option<Calls>,
}

/// What must hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// False where the gateway is meant to have no database.
    #[serde(default = "yes")]
    pub database: bool,
    /// The release that the gateway must run.
    #[serde(default)]
    pub version: Option<String>,
    /// How much of a budget may be used once the event is over.
    #[serde(default = "seventy")]
    pub budget_used_at_most: Percent,
    /// What each attendee uses.
    #[serde(default)]
    pub each_attendee: Option<Each>,
    /// Which providers serve each model, and how many requests a minute each of them carries.
    #[serde(default)]
    pub providers: BTreeMap<String, BTreeMap<String, u32>>,
}

const fn yes() -> bool {
    true
}

/// Seventy percent, as the checklist on paper has it.
pub(super) fn seventy() -> Percent {
    Percent::of(0.7)
}

/// What one attendee uses.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// US dollars over the whole event.
    #[serde(default)]
    pub dollars: Option<Amount>,
    /// Requests a minute, in the busiest minute.
    #[serde(default)]
    pub requests_per_minute: Option<Amount>,
    /// Tokens a minute, in the busiest minute.
    #[serde(default)]
    pub tokens_per_minute: Option<Amount>,
    /// Requests that are under way at once: agents wait for one before they send the next, so often 1.
    #[serde(default)]
    pub requests_at_once: Option<Amount>,
}

/// A number of something, of which there is no less than none.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(extend("minimum" = 0))]
pub struct Amount(f64);

impl Amount {
    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Amount {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        if number.is_finite() && number >= 0.0 { Ok(Self(number)) } else { Err(format!("{number} is no amount")) }
    }
}

impl LitellmGateway {
    pub(super) fn check(&self) -> Result<(), Invalid> {
        if !(1..=20).contains(&self.samples) {
            return Err(Invalid::new("litellm.samples", format!("{} samples", self.samples)).help("write 1 to 20"));
        }
        if self.models.iter().any(|name| name.trim().is_empty()) {
            return Err(Invalid::new("litellm.models", "an empty name names no model"));
        }
        if self.key.as_ref().is_some_and(|key| key.alias.as_ref().is_some_and(|alias| alias.trim().is_empty())) {
            return Err(Invalid::new("litellm.key.alias", "an empty alias names every key")
                .help("write `key: {}` to look at the connection's own key"));
        }
        if self.calls.is_some() && self.models.is_empty() {
            return Err(Invalid::new("litellm.calls", "there is no model to call").help("add `models`"));
        }
        Ok(())
    }
}

impl BridgeGateway {
    /// The other URLs, each of which ends in `/`.
    pub(super) fn urls(&self) -> Result<Vec<Url>, Invalid> {
        if self.models.is_empty() || self.models.values().any(Vec::is_empty) {
            return Err(Invalid::new("ai_bridge.models", "a provider without models, or none at all")
                .help("write `models: { anthropic: [claude-sonnet-4-5] }`"));
        }
        let is_word =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if let Some(odd) = self.models.keys().find(|name| !is_word(name)) {
            return Err(Invalid::new("ai_bridge.models", format!("`{odd}` is no provider's path")));
        }
        let read = self.through.iter().enumerate().map(|(at, text)| {
            let url = Url::parse(text).ok().filter(|url| {
                matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
            });
            url.map(|mut url| {
                if !url.path().ends_with('/') {
                    url.set_path(&format!("{}/", url.path()));
                }
                url
            })
            .ok_or_else(|| {
                Invalid::new(&format!("ai_bridge.through.{at}"), format!("`{text}` is not the URL of a deployment"))
                    .help("write `https://host`")
            })
        });
        read.collect()
    }
}
