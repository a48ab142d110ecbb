//! Which provisioners to count, and how many are enough.

use super::evidence::Pool;
use crate::contract::{
    Invalid,
    values::{Period, Scaled},
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What to look at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connection, of kind `coder`.
    pub connection: String,
    /// By a name of your own: an organisation, and the tags of the jobs that its provisioners must take.
    pub pools: IndexMap<String, PoolSettings>,
}

/// One kind of job, and so those who can take it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolSettings {
    /// The organisation's name or id.
    pub organization: String,
    /// The tags of its jobs; without any, only provisioners without tags count, as they alone take such jobs.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How many must be online in each pool: a number, `{ by_attendees: { 15: 10 } }` or `{ attendees_per_unit: 1.5 }`;
    /// at least 1.
    #[serde(default = "one")]
    pub online: Scaled,
    /// How many of them must be free.
    #[serde(default = "one")]
    pub idle: Scaled,
    /// Other numbers for a pool, by its name.
    #[serde(default)]
    pub pools: IndexMap<String, Bar>,
    /// `true`: every one that is online runs the server's own build, to the last letter.
    #[serde(default = "yes")]
    pub same_version: bool,
    /// How long a job may wait.
    #[serde(default = "a_minute")]
    pub waits: Period,
    /// How long a job that was called off may take to end.
    #[serde(default = "ten_minutes")]
    pub cancels: Period,
}

/// The numbers of one pool; what is left out is as for all.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// How many must be online.
    #[serde(default)]
    pub online: Option<Scaled>,
    /// How many of them must be free.
    #[serde(default)]
    pub idle: Option<Scaled>,
}

const fn yes() -> bool {
    true
}

const fn one() -> Scaled {
    Scaled::Fixed(1)
}

const fn a_minute() -> Period {
    Period::seconds(60)
}

const fn ten_minutes() -> Period {
    Period::seconds(600)
}

impl Expect {
    pub(super) fn online(&self, pool: &str) -> &Scaled {
        self.pools.get(pool).and_then(|bar| bar.online.as_ref()).unwrap_or(&self.online)
    }

    pub(super) fn idle(&self, pool: &str) -> &Scaled {
        self.pools.get(pool).and_then(|bar| bar.idle.as_ref()).unwrap_or(&self.idle)
    }
}

impl Settings {
    pub(super) fn pools(self) -> Result<Vec<Pool>, Invalid> {
        if self.pools.is_empty() {
            return Err(Invalid::new("pools", "no pool is named, so nothing would be looked at")
                .help("name one: `pools: { main: { organization: coder } }`"));
        }
        let read = |(name, pool): (String, PoolSettings)| {
            let PoolSettings { organization, tags } = pool;
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
            if organization.is_empty() || !organization.chars().all(is_name) {
                let at = format!("pools.{name}.organization");
                return Err(Invalid::new(&at, format!("`{organization}` is no organisation's name"))
                    .help("write its name as it stands in the dashboard's address, or its id"));
            }
            Ok(Pool { name, organization, tags })
        };
        self.pools.into_iter().map(read).collect()
    }
}
