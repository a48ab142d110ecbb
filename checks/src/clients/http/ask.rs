//! A request, and the ways in which it may be made.

use super::MOST_BODY;
use crate::clients::trust::Trust;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::{net::IpAddr, time::Duration};
use url::Url;

/// Whom to believe and which proxy to use: what two requests must share to share a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Via {
    /// Whom to believe.
    #[serde(default)]
    pub trust: Trust,
    /// `env` (the default), `none`, or a proxy's URL.
    #[serde(default)]
    pub proxy: Option<String>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Bytes>,
    pub(super) via: Via,
    pub(super) redirects: u8,
    pub(super) limit: Duration,
    pub(super) bound: usize,
    pub(super) keeps: usize,
    pub(super) is_alone: bool,
    pub(super) is_single: bool,
    pub(super) statuses: Statuses,
    pub(super) at: Option<IpAddr>,
    pub(super) unfit: Option<String>,
}

/// Which statuses end a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statuses {
    /// Any that does not say that the server is too busy; if it lasts, that is a refusal.
    NotBusy,
    /// As above; if it lasts, it is the answer.
    Last,
    /// Any at all.
    Any,
}

/// True if and only if the status means that asking again soon may help: 429, 502, 503, 504.
pub(super) const fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

impl Ask {
    /// Its method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Its URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// A request of `method` to `url`: no redirects, 10 s, 8 MiB, shared with every equal request of the run.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: None,
            via: Via::default(),
            redirects: 0,
            limit: Duration::from_secs(10),
            bound: MOST_BODY,
            keeps: usize::MAX,
            is_alone: false,
            is_single: false,
            statuses: Statuses::NotBusy,
            at: None,
            unfit: None,
        }
    }

    /// `GET url`.
    #[must_use]
    pub fn to(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Adds a header. With characters that no header may hold the request is never sent: it is `unconfigured`.
    #[must_use]
    pub fn header(self, name: &'static str, value: &str) -> Self {
        self.named_header(HeaderName::from_static(name), value)
    }

    /// As [`header`](Self::header), with a name that is known only now.
    #[must_use]
    pub fn named_header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => self.headers.push((name, value)),
            Err(_) => self.unfit = Some(format!("the value of the header {name} holds what no header may hold")),
        }
        self
    }

    /// Adds a header whose value is a secret, after `prefix` (`Bearer `). It never goes to another host. A secret that
    /// no header may hold (a line break at its end) is never left out silently: the request is `unconfigured`.
    #[must_use]
    pub fn secret_header(self, name: &'static str, prefix: &str, secret: &SecretString) -> Self {
        self.named_secret_header(HeaderName::from_static(name), prefix, secret)
    }

    /// As [`secret_header`](Self::secret_header), with a name that is known only now.
    #[must_use]
    pub fn named_secret_header(mut self, name: HeaderName, prefix: &str, secret: &SecretString) -> Self {
        match HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.push((name, value));
            }
            Err(_) => self.unfit = Some(format!("the secret for the header {name} holds what no header may hold")),
        }
        self
    }

    /// Adds a header that another library has made.
    #[must_use]
    pub fn made_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        self.secret_header("authorization", "Bearer ", token)
    }

    /// Adds `Authorization: Basic …`.
    #[must_use]
    pub fn basic(self, user: &str, password: &SecretString) -> Self {
        use base64::Engine as _;
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        self.secret_header("authorization", "Basic ", &SecretString::from(pair))
    }

    /// Sends a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Believes and goes as `via` says.
    #[must_use]
    pub fn via(mut self, via: &Via) -> Self {
        self.via = via.clone();
        self
    }

    /// Follows at most `most` redirects.
    #[must_use]
    pub const fn redirects(mut self, most: u8) -> Self {
        self.redirects = most;
        self
    }

    /// Gives one attempt so long.
    #[must_use]
    pub const fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Reads at most so many bytes of the body.
    #[must_use]
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.bound = bytes;
        self
    }

    /// Keeps only so many bytes of the body, though all of it is read.
    #[must_use]
    pub const fn keeping(mut self, bytes: usize) -> Self {
        self.keeps = bytes;
        self
    }

    /// Asks for this asker alone, over a connection of its own.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Takes 429, 502, 503 and 504 as answers too, instead of asking again.
    #[must_use]
    pub const fn any_status(mut self) -> Self {
        self.statuses = Statuses::Any;
        self
    }

    /// Asks again after 429, 502, 503 and 504, and takes the last of them as the answer.
    #[must_use]
    pub const fn last_status(mut self) -> Self {
        self.statuses = Statuses::Last;
        self
    }

    /// Asks as a measurement: [`alone`](Self::alone), once, and what comes is the answer, whatever its status.
    #[must_use]
    pub const fn single(mut self) -> Self {
        self.is_alone = true;
        self.is_single = true;
        self.statuses = Statuses::Any;
        self
    }

    /// Asks at this one of the host's addresses, and straight there: neither a resolver nor a proxy is asked.
    #[must_use]
    pub const fn at(mut self, address: IpAddr) -> Self {
        self.at = Some(address);
        self
    }

    /// What is asked, for a person.
    #[must_use]
    pub fn asked(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    /// `host:port`, whose turn it takes.
    #[must_use]
    pub fn host(&self) -> String {
        format!("{}:{}", self.url.host_str().unwrap_or_default(), self.url.port_or_known_default().unwrap_or_default())
    }

    /// What makes two requests the same. Holds secrets: a key of the run's own memory, never shown.
    pub(super) fn key(&self) -> String {
        let headers =
            self.headers.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        let key = headers.chain(self.body.iter().map(|body| String::from_utf8_lossy(body).into_owned()));
        let how = format!(
            "{:?} {:?} {} {} {} {:?}",
            self.via, self.at, self.redirects, self.bound, self.keeps, self.statuses
        );
        [self.asked(), how].into_iter().chain(key).collect::<Vec<_>>().join("\n")
    }
}
