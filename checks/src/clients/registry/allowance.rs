//! How many pulls a registry still allows, in its own words: `ratelimit-limit: 100;w=21600`.
//!
//! Read from the registry, never written down here: Docker Hub has changed its numbers more than once. Source: Docker Hub's
//! documentation, "Usage and rate limits"; the form is that of the IETF draft on `RateLimit` header fields.

use crate::clients::{http::Response, registry::is_manifest_type};
use crate::contract::{Unobserved, Why};
use serde::{Deserialize, Serialize};

/// A number of pulls, and how long it takes until they are all there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// The window in seconds, where the registry says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u64>,
}

/// What a registry says of its limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The most pulls in a window; `None` where it says nothing.
    #[serde(default)]
    pub limit: Option<Share>,
    /// How many are left.
    #[serde(default)]
    pub remaining: Option<Share>,
    /// Whose pulls are counted: an address, or a user's id.
    #[serde(default)]
    pub source: Option<String>,
    /// True where it refused to answer because too many were made (429).
    #[serde(default)]
    pub is_refused: bool,
}

impl Allowance {
    /// Reads an answer's headers. A 429 that tells its limit is one that is used up.
    pub(super) fn read(answer: &Response) -> Result<Self, Unobserved> {
        let share = |name: &str| match answer.header(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|reason: String| {
                Unobserved::new(Why::Malformed, &answer.asked, format!("{name}: {reason}")).by_hand(answer.by_hand())
            }),
        };
        let (limit, remaining) = (share("ratelimit-limit")?, share("ratelimit-remaining")?);
        let source = answer.header("docker-ratelimit-source").map(plain).filter(|source| !source.is_empty());
        let told = Self { limit, remaining, source, is_refused: answer.status == 429 };
        match answer.status {
            200 if is_manifest_type(answer.header("content-type").unwrap_or_default()) => Ok(told),
            // A sign-in page tells no limit either, and is no registry.
            200 => {
                let detail = "a 200 that is no image's manifest";
                Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()))
            }
            429 if told.limit.is_some() => Ok(told),
            _ => Err(answer.refusal()),
        }
    }
}

/// Short, without spaces and control characters.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(80).collect()
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not a number of pulls: `100;w=21600`", text.escape_debug());
        let mut parts = text.split(';').map(str::trim);
        let count = parts.next().and_then(|count| count.parse().ok()).ok_or_else(wrong)?;
        let window = match parts.find_map(|part| part.strip_prefix("w=")) {
            Some(seconds) => Some(seconds.parse().map_err(|_| wrong())?),
            None => None,
        };
        Ok(Self { count, window })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_a_number_and_may_have_a_window() {
        for (text, count, window) in
            [("100;w=21600", 100, Some(21_600)), ("76; w=3600", 76, Some(3600)), ("5", 5, None), ("5;burst=1", 5, None)]
        {
            assert_eq!(text.parse(), Ok(Share { count, window }), "{text}");
        }
        for text in ["", "many", "-1", "100;w=soon", ";w=1", "1.5"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
