//! The catalogue of connection kinds: how to reach a system, whom to believe there, and where its secret is.
//!
//! A connection never holds a secret, only a [`SecretRef`]; a site's `kubernetes:` and `aws:` are connections too.

use super::http::Via;
use crate::contract::{
    Invalid, Secret, SecretRef,
    text::{Node, Placed, Problem, nearest, read},
};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
use url::Url;

/// One kind of connection.
pub struct ConnectionKind {
    /// The word after `kind:`.
    pub name: &'static str,
    /// What it reaches.
    pub says: &'static str,
    /// The address, where the system has one place in the world.
    pub home: Option<&'static str>,
    /// The schema of its keys.
    pub schema: fn() -> Schema,
}

/// Every kind that `connections:` may name.
pub const CONNECTION_KINDS: &[ConnectionKind] = &[
    row("aws", "an AWS account", None),
    row("coder", "a Coder deployment; `token` is a session token", None),
    row("ecr", "Amazon's Elastic Container Registry, through an AWS account", None),
    row("github", "GitHub's API", Some("https://api.github.com")),
    row("http", "any HTTP system", None),
    row("litellm", "a LiteLLM proxy; `token` is a virtual key", None),
    row("prometheus", "a Prometheus server", None),
    row("registry", "an OCI registry", None),
];

const fn row(name: &'static str, says: &'static str, home: Option<&'static str>) -> ConnectionKind {
    ConnectionKind { name, says, home, schema: if is_aws(name) { aws_schema } else { endpoint_schema } }
}

const fn is_aws(kind: &str) -> bool {
    matches!(kind.as_bytes(), b"aws" | b"ecr")
}

fn endpoint_schema() -> Schema {
    schema_for!(WrittenEndpoint)
}

fn aws_schema() -> Schema {
    schema_for!(WrittenAws)
}

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
    trust: super::trust::Trust,
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

/// An AWS account, as a profile or the environment shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AwsAccount {
    /// The profile; `None` means the environment's.
    pub profile: Option<String>,
    /// The role to assume.
    pub role: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The account's id, compared before any answer counts.
    pub account: Option<String>,
    /// A configuration file in place of `~/.aws/config`.
    pub config_file: Option<PathBuf>,
    /// A credentials file in place of `~/.aws/credentials`.
    pub credentials_file: Option<PathBuf>,
    /// `https://…` in place of the regions' own endpoints.
    pub endpoint_url: Option<String>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenAws {
    /// The kind of system; not in a site's `aws:`.
    #[serde(default, rename = "kind")]
    _kind: Option<String>,
    /// The profile in `~/.aws/config`; without it the environment decides.
    #[serde(default)]
    profile: Option<String>,
    /// The ARN of a role to assume.
    #[serde(default)]
    role: Option<String>,
    /// The region.
    #[serde(default)]
    region: Option<String>,
    /// The account's id, in quotes; compared before any answer counts.
    #[serde(default)]
    account: Option<String>,
    /// A configuration file in place of `~/.aws/config`.
    #[serde(default)]
    config_file: Option<PathBuf>,
    /// A credentials file in place of `~/.aws/credentials`.
    #[serde(default)]
    credentials_file: Option<PathBuf>,
    /// `https://…` in place of the regions' own endpoints.
    #[serde(default)]
    endpoint_url: Option<String>,
}

impl From<WrittenAws> for AwsAccount {
    fn from(written: WrittenAws) -> Self {
        let WrittenAws { _kind: _, profile, role, region, account, config_file, credentials_file, endpoint_url } =
            written;
        Self { profile, role, region, account, config_file, credentials_file, endpoint_url }
    }
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenCluster {
    /// The context in the kubeconfig.
    #[serde(default)]
    context: Option<String>,
    /// A kubeconfig in place of `$KUBECONFIG` and `~/.kube/config`, relative to the checklist.
    #[serde(default)]
    kubeconfig: Option<PathBuf>,
    /// True inside a pod: the service account's own token.
    #[serde(default)]
    in_cluster: bool,
    /// The UID of the namespace `kube-system`, compared before any answer counts.
    #[serde(default)]
    cluster_uid: Option<String>,
    /// The user to impersonate.
    #[serde(default, rename = "as")]
    as_user: Option<String>,
    /// `env` (the default), `none`, or a proxy's URL.
    #[serde(default)]
    proxy: Option<String>,
}

/// A site's cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// The site.
    pub site: String,
    /// The context in the kubeconfig; `None` means the current one.
    pub context: Option<String>,
    /// The kubeconfig.
    pub kubeconfig: Option<PathBuf>,
    /// True inside a pod.
    pub is_in_cluster: bool,
    /// The UID of the namespace `kube-system`.
    pub uid: Option<String>,
    /// The user to impersonate.
    pub as_user: Option<String>,
    /// `env`, `none`, or a proxy's URL.
    pub proxy: Option<String>,
}

/// The schema of a site's `kubernetes:`.
#[must_use]
pub fn cluster_schema() -> Schema {
    schema_for!(WrittenCluster)
}

/// The schema of a site's `aws:`.
#[must_use]
pub fn site_aws_schema() -> Schema {
    aws_schema()
}

enum Named {
    Endpoint(Box<Endpoint>),
    Aws(AwsAccount),
}

/// Why a connection cannot be used.
#[derive(Debug)]
pub struct Unusable {
    message: String,
    help: Option<String>,
}

impl Unusable {
    pub(crate) fn at(self, at: &str) -> Invalid {
        let invalid = Invalid::new(at, self.message);
        match self.help {
            Some(help) => invalid.help(help),
            None => invalid,
        }
    }
}

/// What a site says of its systems, as written.
#[derive(Clone, Debug)]
pub struct SiteSystems {
    /// The site.
    pub name: String,
    /// Its `kubernetes:`.
    pub kubernetes: Option<Node>,
    /// Its `aws:`.
    pub aws: Option<Node>,
}

/// Every connection of a checklist.
#[derive(Default)]
pub struct Connections {
    named: IndexMap<String, Named>,
    clusters: IndexMap<String, Cluster>,
    accounts: IndexMap<String, AwsAccount>,
}

impl Connections {
    /// Reads the checklist's `connections:` and its sites' systems; what is wrong goes to `problems`.
    pub fn read(named: &[(String, Node)], sites: &[SiteSystems], problems: &mut Vec<Problem>) -> Arc<Self> {
        let mut connections = Self::default();
        for (name, node) in named {
            if let Some(connection) = connection(name, node, problems) {
                connections.named.insert(name.clone(), connection);
            }
        }
        for site in sites {
            if let Some(written) = site.kubernetes.as_ref().and_then(|node| read::<WrittenCluster>(node, problems)) {
                let WrittenCluster { context, kubeconfig, in_cluster, cluster_uid, as_user, proxy } = written;
                let cluster = Cluster {
                    site: site.name.clone(),
                    context,
                    kubeconfig,
                    is_in_cluster: in_cluster,
                    uid: cluster_uid,
                    as_user,
                    proxy,
                };
                connections.clusters.insert(site.name.clone(), cluster);
            }
            if let Some(written) = site.aws.as_ref().and_then(|node| read::<WrittenAws>(node, problems)) {
                connections.accounts.insert(site.name.clone(), written.into());
            }
        }
        Arc::new(connections)
    }

    /// The HTTP system `name` of kind `kind`.
    ///
    /// # Errors
    /// No such connection, or one of another kind.
    pub fn endpoint(&self, name: &str, kind: &str) -> Result<Endpoint, Unusable> {
        match self.named.get(name) {
            Some(Named::Endpoint(endpoint)) if endpoint.kind == kind => Ok((**endpoint).clone()),
            Some(Named::Endpoint(endpoint)) => Err(wrong_kind(name, endpoint.kind, kind)),
            Some(Named::Aws(_)) => Err(wrong_kind(name, "aws", kind)),
            None => Err(self.unknown(name, kind)),
        }
    }

    /// The AWS account behind `name`.
    ///
    /// # Errors
    /// No such connection, or one of another kind.
    pub fn aws(&self, name: &str) -> Result<AwsAccount, Unusable> {
        match self.named.get(name) {
            Some(Named::Aws(account)) => Ok(account.clone()),
            Some(Named::Endpoint(endpoint)) => Err(wrong_kind(name, endpoint.kind, "ecr")),
            None => Err(self.unknown(name, "ecr")),
        }
    }

    /// The cluster of `site`.
    #[must_use]
    pub fn cluster(&self, site: &str) -> Option<Cluster> {
        self.clusters.get(site).cloned()
    }

    /// The AWS account of `site`.
    #[must_use]
    pub fn site_aws(&self, site: &str) -> Option<AwsAccount> {
        self.accounts.get(site).cloned()
    }

    fn unknown(&self, name: &str, kind: &str) -> Unusable {
        let help = match nearest(name, self.named.keys().map(String::as_str)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("add `{name}: {{ kind: {kind}, … }}` under `connections:`"),
        };
        Unusable { message: format!("no connection is called `{name}`"), help: Some(help) }
    }
}

fn wrong_kind(name: &str, is: &str, wanted: &str) -> Unusable {
    Unusable {
        message: format!("connection `{name}` is of kind `{is}`, and a connection of kind `{wanted}` is needed here"),
        help: None,
    }
}

fn connection(name: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<Named> {
    let Some(kind_node) = node.get("kind") else {
        problems.push(
            Problem::new(node.at, format!("connection `{name}` has no `kind`")).help(format!("one of: {}", kinds())),
        );
        return None;
    };
    let kind: String = read(kind_node, problems)?;
    let Some(row) = CONNECTION_KINDS.iter().find(|row| row.name == kind) else {
        let help = match nearest(&kind, CONNECTION_KINDS.iter().map(|row| row.name)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("one of: {}", kinds()),
        };
        problems.push(Problem::new(kind_node.at, format!("unknown kind of connection `{kind}`")).help(help));
        return None;
    };
    if is_aws(row.name) {
        return read::<WrittenAws>(node, problems).map(|written| Named::Aws(written.into()));
    }
    let written = read::<WrittenEndpoint>(node, problems)?;
    endpoint(name, row, written, node, problems).map(|endpoint| Named::Endpoint(Box::new(endpoint)))
}

fn endpoint(
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

fn kinds() -> String {
    CONNECTION_KINDS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ")
}
