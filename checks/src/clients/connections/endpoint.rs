//! An HTTP system as a connection: its URL and how to show who asks. A URL never holds a credential.

use super::kinds::ConnectionKind;
use crate::{
    clients::{http::Via, trust::Trust},
    contract::{
        Secret, SecretRef,
        text::{Node, Placed, Problem, read},
    },
};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use url::Url;

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenEndpoint {
    /// The kind of system.
    #[serde(rename = "kind")]
    _kind: String,
    /// Where it is: `https://host/`.
    #[serde(default)]
    url: Option<Placed<String>>,
    /// Where its token is.
    #[serde(default)]
    token: Option<Placed<SecretRef>>,
    /// The user name, for systems with user and password.
    #[serde(default)]
    username: Option<String>,
    /// Where the password is.
    #[serde(default)]
    password: Option<Placed<SecretRef>>,
    /// Whom to believe.
    #[serde(default)]
    trust: Trust,
    /// `env` (the default), `none`, or a proxy's URL.
    #[serde(default)]
    proxy: Option<Placed<String>>,
}

/// An HTTP system: where it is and how to show who asks.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The connection's name in the checklist.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Where it is; ends in `/`.
    pub url: Url,
    /// The user name.
    pub username: Option<String>,
    /// How to trust and to go there.
    pub via: Via,
    token: Option<Placed<SecretRef>>,
    password: Option<Placed<SecretRef>>,
}

impl Endpoint {
    /// A ticket for the token.
    #[must_use]
    pub fn token(&self) -> Option<Secret> {
        self.token.as_ref().map(|source| Secret::of(source.value.clone()))
    }

    /// A ticket for the password.
    #[must_use]
    pub fn password(&self) -> Option<Secret> {
        self.password.as_ref().map(|source| Secret::of(source.value.clone()))
    }

    /// Every secret that it names.
    #[must_use]
    pub fn secrets(&self) -> Vec<Placed<SecretRef>> {
        self.token.iter().chain(&self.password).cloned().collect()
    }

    /// The URL of `path` (without a leading `/`) at this system.
    ///
    /// # Errors
    /// Text that no URL may hold.
    pub fn at(&self, path: &str) -> Result<Url, url::ParseError> {
        self.url.join(path)
    }
}

/// The schema of its keys.
pub(super) fn schema() -> Schema {
    schema_for!(WrittenEndpoint)
}

/// Reads a connection of the kind `row`.
pub(super) fn endpoint(name: &str, row: &ConnectionKind, node: &Node, problems: &mut Vec<Problem>) -> Option<Endpoint> {
    let written = read::<WrittenEndpoint>(node, problems)?;
    check(name, row, written, node, problems)
}

fn check(
    name: &str,
    row: &ConnectionKind,
    written: WrittenEndpoint,
    node: &Node,
    problems: &mut Vec<Problem>,
) -> Option<Endpoint> {
    let (at, text) = match (&written.url, row.home) {
        (Some(url), _) => (url.at, url.value.clone()),
        (None, Some(home)) => (node.at, home.to_owned()),
        (None, None) => {
            problems.push(
                Problem::new(node.at, format!("connection `{name}` has no `url`")).help("add `url: https://host`"),
            );
            return None;
        }
    };
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(mut url) = url else {
        problems.push(
            Problem::new(at, format!("`{text}` is not the URL of a system"))
                .help("write `https://host` or `https://host:port/path`"),
        );
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        problems.push(
            Problem::new(at, "a URL in a checklist holds no user or password")
                .help("name them with `username:` and `password: { env: … }`"),
        );
        return None;
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    if let Some(proxy) = written
        .proxy
        .as_ref()
        .filter(|proxy| !matches!(proxy.value.as_str(), "env" | "none") && Url::parse(&proxy.value).is_err())
    {
        problems.push(
            Problem::new(proxy.at, format!("`{}` is no proxy", proxy.value))
                .help("write `env`, `none` or `http://host:port`"),
        );
        return None;
    }
    let via = Via { trust: written.trust, proxy: written.proxy.map(|proxy| proxy.value) };
    let (username, token, password) = (written.username, written.token, written.password);
    Some(Endpoint { name: name.to_owned(), kind: row.name, url, username, via, token, password })
}
