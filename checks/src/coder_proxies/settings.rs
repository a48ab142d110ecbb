//! Which proxies must be there, and what must hold of them.

use super::Wanted;
use crate::contract::{Invalid, values::Period};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// The most samples.
const MOST_SAMPLES: u8 = 20;

/// What to look at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The connection to the server, of kind `coder`.
    pub connection: String,
    /// The proxy of each site, the server included. In the checklist: `sites`, and the rest for each of them.
    pub proxies: IndexMap<String, Named>,
    /// How often the server and each proxy are asked, each time over a connection of its own: behind a balancer each may
    /// reach another replica; 1 unless said, at most 20.
    #[serde(default = "once")]
    pub samples: u8,
}

/// The proxy of one site.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its name at the server; the server's own is `primary`.
    pub name: String,
    /// The domain that its wildcard is of: `oregon-proxy.example.com`; without it any will do.
    #[serde(default)]
    pub domain: Option<String>,
    /// Where it answers by itself: `https://oregon-proxy.example.com`; without it, where the server says that it is.
    #[serde(default)]
    pub url: Option<String>,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The whole version that server and proxies run; the server's own unless said.
    #[serde(default)]
    pub version: Option<String>,
    /// How long ago the server may have looked at a proxy.
    #[serde(default = "two_minutes")]
    pub checked_within: Period,
    /// `true`: no proxy but those named is there.
    #[serde(default = "yes")]
    pub only_named: bool,
}

const fn once() -> u8 {
    1
}

const fn yes() -> bool {
    true
}

const fn two_minutes() -> Period {
    Period::seconds(120)
}

impl Settings {
    pub(super) fn samples(&self) -> Result<u8, Invalid> {
        if (1..=MOST_SAMPLES).contains(&self.samples) {
            return Ok(self.samples);
        }
        Err(Invalid::new("samples", format!("{} is no number of samples", self.samples))
            .help(format!("write 1 to {MOST_SAMPLES}")))
    }

    pub(super) fn wanted(self, sites: &[String]) -> Result<Vec<Wanted>, Invalid> {
        if self.proxies.is_empty() {
            return Err(Invalid::new("proxies", "no proxy is named, so nothing would be looked at")
                .help("name the proxy of each site: `proxies: { sites: all, name: \"${site.proxy}\" }`"));
        }
        let mut wanted: Vec<Wanted> = Vec::with_capacity(self.proxies.len());
        for (site, named) in self.proxies {
            let at = format!("proxies.{site}");
            if !sites.contains(&site) {
                return Err(
                    Invalid::new(&at, format!("`{site}` is no site")).help("write `proxies: { sites: all, name: … }`")
                );
            }
            let other = wanted.iter().find(|other| other.name == named.name);
            if let Some(other) = other {
                let message = format!("the sites {} and {site} name one proxy, `{}`", other.site, named.name);
                return Err(Invalid::new(&format!("{at}.name"), message).help("give each site's proxy its own name"));
            }
            wanted.push(named.at(site, &at)?);
        }
        Ok(wanted)
    }
}

impl Named {
    fn at(self, site: String, at: &str) -> Result<Wanted, Invalid> {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if self.name.is_empty() || !self.name.chars().all(is_letter) {
            return Err(Invalid::new(&format!("{at}.name"), format!("`{}` is no proxy's name", self.name))
                .help("`coder wsproxy ls` lists them; the server's own is `primary`"));
        }
        let is_host = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.';
        let domain = self.domain.map(|domain| domain.trim_end_matches('.').to_ascii_lowercase());
        if let Some(domain) = domain.as_ref().filter(|domain| domain.is_empty() || !domain.chars().all(is_host)) {
            return Err(Invalid::new(&format!("{at}.domain"), format!("`{domain}` is no domain"))
                .help("write the domain without the `*.`: `oregon-proxy.example.com`"));
        }
        let url = self.url.map(|text| {
            let is_plain = |url: &Url| {
                matches!(url.scheme(), "https" | "http")
                    && url.has_host()
                    && url.username().is_empty()
                    && url.password().is_none()
            };
            Url::parse(&text).ok().filter(is_plain).ok_or_else(|| {
                Invalid::new(&format!("{at}.url"), "this is no URL of a proxy").help("write `https://host`")
            })
        });
        Ok(Wanted { site, name: self.name, domain, url: url.transpose()? })
    }
}
