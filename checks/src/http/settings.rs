//! What to ask, as it is written, and as it will be asked.

use crate::{
    clients::{connections::Endpoint, http::Via},
    contract::{Access, Invalid, Place, Secret, SecretRef, text::Placed, values::Period},
};
use http::{HeaderName, HeaderValue, Method};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// Headers that show who asks: their values are secrets.
const SECRET: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "x-api-key", "coder-session-token"];
/// Headers that say how the message is sent, which is not the checklist's to say.
const WIRE: [&str; 8] =
    ["host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "accept-encoding", "expect"];

/// What to ask.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What to ask for: `https://host/path`; with a `connection`, a path of it. Holds no user and no password.
    #[serde(default)]
    url: Option<String>,
    /// A connection of kind `http`: where a relative `url` starts, whom to believe, which proxy, and the credential.
    #[serde(default)]
    connection: Option<String>,
    /// `GET` (the default), `HEAD` or `OPTIONS`: nothing that changes the world.
    #[serde(default)]
    #[schemars(extend("enum" = ["GET", "HEAD", "OPTIONS"]))]
    method: Option<String>,
    /// Headers to send. One that shows who asks belongs in `secret_headers`.
    #[serde(default)]
    headers: IndexMap<String, String>,
    /// Headers whose whole value is a secret: `{ authorization: { env: NAME } }`. They never go to another host.
    #[serde(default)]
    secret_headers: IndexMap<String, Placed<SecretRef>>,
    /// How many redirects to follow; 0 unless it says otherwise: then a redirect is the answer. At most 10.
    #[serde(default)]
    redirects: u8,
    /// How often to ask, each time over a fresh connection; 1 unless it says otherwise, at most 100.
    #[serde(default)]
    samples: Option<u8>,
    /// At which of the host's addresses to look at the certificate: `every` (the default), `ipv4`, `ipv6` or `one`.
    #[serde(default)]
    addresses: Addresses,
    /// How long one attempt may take; `10s` unless it says otherwise, at most `60s`.
    #[serde(default)]
    timeout: Option<Period>,
}

/// At which addresses to look at the certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Addresses {
    /// All of them.
    #[default]
    Every,
    /// Those of IPv4: where this machine has no way to the others.
    Ipv4,
    /// Those of IPv6.
    Ipv6,
    /// The first: where a name has very many.
    One,
}

/// What will be asked.
pub(super) struct Target {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) via: Via,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) secret_headers: Vec<(HeaderName, Secret)>,
    pub(super) credential: Option<Credential>,
    pub(super) redirects: u8,
    pub(super) samples: u8,
    pub(super) addresses: Addresses,
    pub(super) timeout: Duration,
}

/// A connection's credential.
pub(super) enum Credential {
    Bearer(Secret),
    Basic(String, Secret),
}

impl Target {
    pub(super) fn new(settings: &Settings, place: &Place) -> Result<Self, Invalid> {
        let connection = settings.connection.as_deref();
        let endpoint = connection.map(|name| place.endpoint(name, "http", "connection")).transpose()?;
        let url = url(settings.url.as_deref(), endpoint.as_ref())?;
        let credential = endpoint.as_ref().and_then(credential);
        let headers = headers(&settings.headers)?;
        let secret_headers = secret_headers(&settings.secret_headers, credential.is_some(), place)?;
        Ok(Self {
            method: method(settings.method.as_deref())?,
            url,
            via: endpoint.map_or_else(Via::default, |endpoint| endpoint.via),
            headers,
            secret_headers,
            credential,
            redirects: within(settings.redirects, 0..=10, "redirects")?,
            samples: within(settings.samples.unwrap_or(1), 1..=100, "samples")?,
            addresses: settings.addresses,
            timeout: timeout(settings.timeout)?,
        })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let (host, port) = (self.url.host_str().unwrap_or_default(), self.url.port_or_known_default());
        let network = Access::new("network", format!("{host}:{}", port.unwrap_or_default()));
        let is_asked = self.credential.is_some() || !self.secret_headers.is_empty();
        let granted = is_asked.then(|| Access::new(host, format!("{} {}", self.method, self.url.path())));
        std::iter::once(network).chain(granted).collect()
    }
}

fn url(written: Option<&str>, endpoint: Option<&Endpoint>) -> Result<Url, Invalid> {
    let url = match (written, endpoint) {
        (None, None) => return Err(Invalid::new("", "there is nothing to ask").help("add `url: https://host/path`")),
        (None, Some(endpoint)) => endpoint.url.clone(),
        (Some(text), Some(endpoint)) => endpoint.at(text).map_err(|error| no_url(text, error))?,
        (Some(text), None) => Url::parse(text).map_err(|error| no_url(text, error))?,
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(Invalid::new("url", format!("`{url}` is no http or https URL")).help("write `https://host/path`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Invalid::new("url", "a URL in a checklist holds no user or password")
            .help("name them in a connection: `username:` and `password: { env: … }`"));
    }
    match endpoint.filter(|endpoint| endpoint.url.origin() != url.origin()) {
        Some(endpoint) => Err(Invalid::new("url", format!("`{url}` is not at the connection `{}`", endpoint.name))
            .help(format!("write a path of {}, or leave out `connection:`", endpoint.url))),
        None => Ok(url),
    }
}

fn no_url(text: &str, error: url::ParseError) -> Invalid {
    Invalid::new("url", format!("`{text}` is no URL: {error}"))
        .help("write `https://host/path`, or add `connection:` for a path alone")
}

fn credential(endpoint: &Endpoint) -> Option<Credential> {
    let basic = || Some(Credential::Basic(endpoint.username.clone()?, endpoint.password()?));
    endpoint.token().map(Credential::Bearer).or_else(basic)
}

fn method(written: Option<&str>) -> Result<Method, Invalid> {
    match written.map(str::to_ascii_uppercase).as_deref() {
        None | Some("GET") => Ok(Method::GET),
        Some("HEAD") => Ok(Method::HEAD),
        Some("OPTIONS") => Ok(Method::OPTIONS),
        Some(other) => {
            Err(Invalid::new("method", format!("`{other}` may change the world, and this probe only looks"))
                .help("write GET, HEAD or OPTIONS"))
        }
    }
}

fn name(text: &str, at: &str) -> Result<HeaderName, Invalid> {
    let name = HeaderName::from_bytes(text.as_bytes())
        .map_err(|_| Invalid::new(at, format!("`{text}` is not the name of a header")))?;
    if WIRE.contains(&name.as_str()) {
        let invalid =
            Invalid::new(at, format!("`{name}` says how a request is sent, and is not the checklist's to say"));
        return Err(if name == "host" {
            invalid.help("put the host into `url`, and lead it elsewhere by `network: { connect: … }`")
        } else {
            invalid
        });
    }
    Ok(name)
}

fn headers(written: &IndexMap<String, String>) -> Result<Vec<(HeaderName, String)>, Invalid> {
    let header = |(text, value): (&String, &String)| {
        let name = name(text, "headers")?;
        if SECRET.contains(&name.as_str()) {
            return Err(Invalid::new("headers", format!("`{name}` is a credential, and a checklist holds no secrets"))
                .help(format!(
                    "write `secret_headers: {{ {name}: {{ env: NAME }} }}`, or use a connection's `token`"
                )));
        }
        HeaderValue::from_str(value)
            .map_err(|_| Invalid::new("headers", format!("the value of `{name}` holds what no header may hold")))?;
        Ok((name, value.clone()))
    };
    written.iter().map(header).collect()
}

fn secret_headers(
    written: &IndexMap<String, Placed<SecretRef>>,
    has_credential: bool,
    place: &Place,
) -> Result<Vec<(HeaderName, Secret)>, Invalid> {
    let header = |(text, source): (&String, &Placed<SecretRef>)| {
        let name = name(text, "secret_headers")?;
        if has_credential && name == "authorization" {
            return Err(Invalid::new("secret_headers", "the connection gives `authorization` already"));
        }
        Ok((name, place.secret(source)))
    };
    written.iter().map(header).collect()
}

fn within(number: u8, range: std::ops::RangeInclusive<u8>, at: &str) -> Result<u8, Invalid> {
    if range.contains(&number) {
        return Ok(number);
    }
    Err(Invalid::new(at, format!("{number} is not from {} to {}", range.start(), range.end())))
}

fn timeout(written: Option<Period>) -> Result<Duration, Invalid> {
    let limit = written.unwrap_or(Period::seconds(10));
    if limit == Period::default() || limit > Period::seconds(60) {
        return Err(Invalid::new("timeout", format!("{limit} is not from 1ms to 60s")));
    }
    Ok(limit.0)
}
