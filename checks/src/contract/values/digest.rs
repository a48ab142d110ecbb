//! A content digest as OCI writes it: `sha256:` and 64 hexadecimal digits.
//!
//! Source: OCI image specification, descriptor.md, "Digests".

use sha2::Digest as _;
use std::{fmt, str::FromStr};

/// A SHA-256 content digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest of exactly these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let hex = sha2::Sha256::digest(bytes)
            .iter()
            .fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"));
        Self(hex)
    }

    /// `sha256:…` in full.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first `length` hexadecimal digits.
    #[must_use]
    pub fn short(&self, length: usize) -> &str {
        &self.0["sha256:".len()..][..length.min(64)]
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("`{}` is not a digest: `sha256:` and 64 hexadecimal digits", text.escape_debug()))
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

super::written_as_text!(Digest, "Digest", "^sha256:[0-9a-f]{64}$", "a digest: `sha256:` and 64 hexadecimal digits");
