//! `with`: which program, and how it is run.

use crate::contract::{SecretRef, text::Placed, values::Period};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;

/// Which program, and how it is run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The program and its arguments, given to it as they stand: there is no shell. One with a `/` in it starts at the
    /// checklist's folder, any other is looked for in `PATH`. No secrets: every process may read them here.
    pub command: Vec<String>,
    /// How it says what it found.
    pub speaks: Speaks,
    /// Its working folder, from the checklist's; that one itself unless said.
    #[serde(default)]
    pub folder: Option<PathBuf>,
    /// Variables that it gets, besides `PATH` and `LC_ALL=C`.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// Variables whose values are secrets, and where those are.
    #[serde(default)]
    pub secret_env: IndexMap<String, Placed<SecretRef>>,
    /// Variables that it gets as gonogo itself has them: `[HOME]`. One that is not set is left out.
    #[serde(default)]
    pub inherit: Vec<String>,
    /// How long it may take, before it and all that it started are ended.
    #[serde(default = "twenty_five_seconds")]
    pub limit: Period,
}

/// How a program says what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Speaks {
    /// As plugins of Nagios do: an exit code, a line, numbers behind a `|`.
    Nagios,
    /// One JSON document of findings, and exit code 0.
    Json,
}

/// Within the thirty seconds that a check has unless it says otherwise.
const fn twenty_five_seconds() -> Period {
    Period::seconds(25)
}
