//! What is to be confirmed, by whom, and how fresh it must be.

use crate::contract::{Invalid, values::Period};
use schemars::JsonSchema;
use serde::Deserialize;

/// The longest statement, in characters.
const LONGEST: usize = 500;

/// What is to be confirmed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The statement that a person confirms, in words that can be true or false.
    pub statement: String,
    /// Where confirmations are kept; `attestations.yaml` beside the checklist unless said.
    #[serde(default)]
    pub file: Option<String>,
}

/// What must hold; that somebody has confirmed it always must.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The longest before the event's start that it may have been confirmed; without it any time counts.
    #[serde(default)]
    pub within: Option<Period>,
    /// The moment of the event before which it cannot be known; without it any time counts.
    #[serde(default)]
    pub not_before: Option<Moment>,
    /// Whose word counts, as given with `--by`; without it anybody's does.
    #[serde(default)]
    pub by: Option<Vec<String>>,
}

/// A moment of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// When it starts.
    Start,
    /// When it ends.
    End,
}

impl Settings {
    /// The statement, on one line.
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let line = self.statement.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return Err(Invalid::new("statement", "an empty statement confirms nothing")
                .help("write what must be true: `the agenda is out, and its links were tried`"));
        }
        if line.chars().count() > LONGEST || line.chars().any(char::is_control) {
            return Err(Invalid::new(
                "statement",
                format!("it is longer than {LONGEST} characters, or holds control characters"),
            )
            .help("say it in a sentence; a check for each thing that can be true by itself"));
        }
        Ok(line)
    }
}
