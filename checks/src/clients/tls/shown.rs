//! A certificate as it was shown, with all that a judgement needs: whose, until when, and who would refuse it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a server showed in one handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shown {
    /// When the handshake began.
    pub asked_at: Timestamp,
    /// SHA-256 of the server's own certificate, in hexadecimal.
    pub sha256: String,
    /// Its subject, as X.509 writes it.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The DNS names and addresses that it is for (subject alternative names).
    pub names: Vec<String>,
    /// False where no client that asks for this host would take it.
    pub is_for_host: bool,
    /// Why no client with these authorities would take it, its dates and names aside.
    pub distrust: Option<String>,
    /// From when the whole chain holds.
    pub valid_from: Timestamp,
    /// Until when the whole chain holds, this instant included.
    pub valid_until: Timestamp,
    /// The certificate of the chain that ends first, where that is not the server's own.
    pub ends_with: Option<String>,
}

impl Shown {
    /// True if and only if `name` is among its names: `*.example.com` as it is written, any other also through a
    /// wildcard in place of its first label (RFC 9525, section 6.3).
    #[must_use]
    pub fn is_for(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        let wildcard = name.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        let wildcard = wildcard.filter(|_| !name.starts_with("*.") && name.parse::<std::net::IpAddr>().is_err());
        let has = |wanted: &str| self.names.iter().any(|known| known.eq_ignore_ascii_case(wanted));
        has(name) || wildcard.is_some_and(|wildcard| has(&wildcard))
    }
}
