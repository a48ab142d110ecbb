//! What was seen: which places hold the same value, by number, and nothing else of the value.

use super::Origin;
use crate::{clients::kubernetes::Kubectl, contract::Unobserved};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen of the source and of every copy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The source.
    pub source: Held,
    /// The copies, in the order of the checklist.
    pub copies: Vec<Held>,
}

/// What was seen of one place.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The place.
    pub at: Origin,
    /// How `kubectl` reaches its cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Kubectl>,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// When what stands there was last written, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Timestamp>,
    /// The program that wrote it, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<String>,
    /// What stands there.
    pub seen: Result<Seen, Unobserved>,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Seen {
    /// A value.
    Value(Value),
    /// Nothing, or the word for nothing.
    Blank {
        /// `it is the word \`null\``.
        says: String,
    },
    /// No object, no key.
    Missing {
        /// What is missing.
        says: String,
    },
}

/// A value, of which nothing is kept but where else it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Equal values have equal numbers: 1 for the first place that holds it, from the source on, and so on.
    pub number: u32,
    /// How it compares with the source's; `None` for the source, and where the source has no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<Likeness>,
}

/// How a value compares with the source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// Equal, byte for byte.
    Same,
    /// Equal but for line breaks at the end.
    LineBreak,
    /// Equal but for white space around.
    Space,
    /// Equal but for quotes around.
    Quotes,
    /// One is base64 of the other.
    Base64,
    /// Another value.
    Other,
}

impl Likeness {
    /// What the difference is, in words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Same => "the source's value",
            Self::LineBreak => "the source's value but for a line break at the end",
            Self::Space => "the source's value but for white space around it",
            Self::Quotes => "the source's value but for quotes around it",
            Self::Base64 => "the source's value but for one base64 encoding",
            Self::Other => "another value",
        }
    }
}

impl Held {
    /// The value that stands there.
    pub(super) const fn value(&self) -> Option<&Value> {
        match &self.seen {
            Ok(Seen::Value(value)) => Some(value),
            _ => None,
        }
    }
}
