//! What must hold: `expect:`.

use super::{body::BodyBar, header::HeaderBar, status::Statuses};
use crate::contract::values::{Period, written_as_text};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{fmt, num::NonZeroU8, str::FromStr};
use url::Url;

/// What must hold. Without any of it: status 200, and a certificate that clients take until the window closes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The status: `200`, `2xx`, `200-204`, or a list of those; 200 unless it says otherwise, and 3xx where only
    /// `redirects_to` is written and no redirect is followed.
    #[serde(default)]
    pub(super) status: Option<Statuses>,
    /// Headers by name: their text, or `{ equals: … }`, `{ contains: … }`, `{ absent: true }`.
    #[serde(default)]
    pub(super) headers: IndexMap<String, HeaderBar>,
    /// The body.
    #[serde(default)]
    pub(super) body: Option<BodyBar>,
    /// The whole answer comes in less than this.
    #[serde(default)]
    pub(super) latency_below: Option<Period>,
    /// Where the answer redirects to, or where redirects that were followed led: a URL, or the beginning of its path.
    #[serde(default)]
    pub(super) redirects_to: Option<Leads>,
    /// How many of the samples must be good; all unless it says otherwise.
    #[serde(default)]
    pub(super) ok: Option<NonZeroU8>,
    /// The certificate at every address that is looked at. It is always judged; this asks for more.
    #[serde(default)]
    pub(super) certificate: Option<CertificateBar>,
}

impl Expect {
    /// The statuses that are right for an answer that redirects were followed to, or not.
    pub(super) fn statuses(&self, is_followed: bool) -> Statuses {
        let usual =
            || if self.redirects_to.is_some() && !is_followed { Statuses::redirect() } else { Statuses::default() };
        self.status.clone().unwrap_or_else(usual)
    }
}

/// What a certificate must hold besides what every client asks of it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateBar {
    /// How long after the event's end it must still be valid; until the window closes in any case.
    #[serde(default)]
    pub(super) valid_past_event: Period,
    /// Names that it must be for, besides the URL's host: `*.ai.example.com` as it is written in the certificate.
    #[serde(default)]
    pub(super) names: Vec<String>,
}

/// Where a redirect is to lead: this origin, and this path or one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leads(Url);

impl Leads {
    /// True if and only if `url` is there.
    pub(super) fn is_at(&self, url: &Url) -> bool {
        let (wanted, path) = (self.0.path(), url.path());
        let rest = path.strip_prefix(wanted);
        let is_below = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || wanted.ends_with('/'));
        self.0.origin() == url.origin() && is_below
    }
}

impl FromStr for Leads {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| format!("`{text}` is not where a redirect leads: write `https://host/path`"))?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(format!("`{text}`: a redirect's query is not kept, so write its URL without one"));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for Leads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

written_as_text!(Leads, "Leads", r"^https?://", "a URL without a query, `https://host/path`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_a_path_or_below_it_and_never_to_a_host_that_only_begins_alike() {
        let leads: Leads = "https://login.example.com/oauth".parse().expect("a URL");
        let is_at = |text: &str| leads.is_at(&text.parse().expect("a URL"));
        assert!(is_at("https://login.example.com/oauth") && is_at("https://login.example.com/oauth/authorize"));
        for elsewhere in [
            "https://login.example.com.evil.example/oauth",
            "https://login.example.com/oauthless",
            "https://login.example.com/",
            "http://login.example.com/oauth",
            "https://login.example.com:8443/oauth",
        ] {
            assert!(!is_at(elsewhere), "{elsewhere}");
        }
        let host: Leads = "https://login.example.com".parse().expect("a URL");
        assert!(host.is_at(&"https://login.example.com/any/path".parse().expect("a URL")));
    }
}
