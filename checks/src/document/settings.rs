//! Which document, and where what it names should be.

use crate::{
    clients::connections::{Cluster, Endpoint},
    contract::{Access, Invalid, Place},
};
use globset::{Glob, GlobSet, GlobSetBuilder};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// The kinds of connection whose credential may be sent to a URL at their address.
const CONNECTIONS: [&str; 6] = ["http", "github", "coder", "litellm", "prometheus", "alertmanager"];

/// What to look at: one of `file` and `url`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A Markdown file. It starts at the folder of the file that names it.
    #[serde(default)]
    file: Option<String>,
    /// The URL of a Markdown file, as plain text and not as a page.
    #[serde(default)]
    url: Option<String>,
    /// The sites in whose clusters the objects may be; the check's own site, or every site that has a cluster, unless it
    /// says otherwise.
    #[serde(default)]
    clusters: Option<Vec<String>>,
    /// The site that a context of the document means, where it is called otherwise there: `{ prod: us-east-2 }`.
    #[serde(default)]
    contexts: IndexMap<String, String>,
    /// The namespace of commands that name none; `default` unless it says otherwise.
    #[serde(default = "default_namespace")]
    namespace: String,
    /// Values of variables and placeholders: `{ REGION: us-east-2 }` for `$REGION`, `${REGION}` and `<REGION>`.
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// Where paths in inline code lead, as in `GET /api/v2/buildinfo`: `https://host`.
    #[serde(default)]
    base: Option<String>,
    /// Connections whose credential is sent along to URLs at their address; to no others is any sent.
    #[serde(default)]
    connections: Vec<String>,
    /// What not to look at, with `*` for any text: `https://internal.example.com/*`, `pod/*`.
    #[serde(default)]
    ignore: Vec<String>,
}

fn default_namespace() -> String {
    "default".to_owned()
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How many different things the document must name, at least; 1 unless it says otherwise.
    #[serde(default = "one")]
    pub at_least: usize,
    /// How many of its references may be such that they cannot be judged; 0 unless it says otherwise.
    #[serde(default)]
    pub unjudged: usize,
}

const fn one() -> usize {
    1
}

/// Where the document is.
pub(super) enum From {
    File(String),
    Url(Url),
}

/// What will be looked at.
pub(super) struct Target {
    pub(super) from: From,
    pub(super) clusters: Vec<Cluster>,
    /// The site of each context.
    pub(super) contexts: IndexMap<String, String>,
    pub(super) namespace: String,
    pub(super) values: BTreeMap<String, String>,
    pub(super) base: Option<Url>,
    pub(super) connections: Vec<Endpoint>,
    pub(super) ignore: GlobSet,
    /// The sites at which the check is looked at, by this item or another: what is meant there is that item's to say.
    pub(super) members: Vec<String>,
}

impl Target {
    pub(super) fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { file, url, clusters, contexts, namespace, values, base, connections, ignore } = settings;
        let from = match (file, url) {
            (Some(file), None) if !file.trim().is_empty() => From::File(file),
            (None, Some(text)) => From::Url(web(&text, "url")?),
            _ => return Err(Invalid::new("", "exactly one of `file` and `url` is needed")),
        };
        let clusters = named_clusters(clusters, place)?;
        for (context, site) in &contexts {
            if place.cluster_of(site).is_err() {
                let message = format!("`{site}` is no site that has a cluster");
                return Err(Invalid::new(&format!("contexts.{context}"), message)
                    .help("name one of the sites that have a `kubernetes:`"));
            }
        }
        let all = place.sites().iter().filter_map(|site| place.cluster_of(site).ok());
        let own = all.filter_map(|cluster| Some((cluster.context?, cluster.site)));
        Ok(Self {
            from,
            contexts: own.chain(contexts).collect(),
            clusters,
            namespace,
            values,
            base: base.map(|text| web(&text, "base")).transpose()?,
            connections: endpoints(&connections, place)?,
            ignore: globs(&ignore)?,
            members: place.sites().iter().filter(|site| place.is_looked_at(site)).cloned().collect(),
        })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let document = match &self.from {
            From::File(path) => Access::new("this machine", format!("read {path}")),
            From::Url(url) => Access::new("http", format!("GET {url}")),
        };
        let mut all = vec![document, Access::new("http", "GET what the document names, without a credential")];
        if !self.clusters.is_empty() {
            let rights = [
                "get what the document's commands name, its metadata alone",
                "list what they select by labels, its metadata alone",
                "list secrets, where they name a Helm release",
                "get namespaces",
            ];
            all.extend(rights.map(|right| Access::new("kubernetes", right)));
        }
        all
    }
}

fn web(text: &str, at: &str) -> Result<Url, Invalid> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| Invalid::new(at, format!("`{text}` is no URL")).help("write `https://host/path`"))?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(Invalid::new(at, "a URL in a checklist holds no user or password").help("name a connection in `connections`"))
}

fn named_clusters(named: Option<Vec<String>>, place: &Place) -> Result<Vec<Cluster>, Invalid> {
    match (named, place.site()) {
        (Some(_), Some(site)) => Err(Invalid::new("clusters", format!("the check is looked at at `{site}` already"))
            .help("leave out `clusters`, or the check's `sites`")),
        (Some(named), None) => named
            .iter()
            .enumerate()
            .map(|(i, site)| {
                place.cluster_of(site).map_err(|invalid| Invalid { at: at(&format!("clusters.{i}")), ..invalid })
            })
            .collect(),
        (None, Some(site)) => Ok(place.cluster_of(site).into_iter().collect()),
        (None, None) => Ok(place.sites().iter().filter_map(|site| place.cluster_of(site).ok()).collect()),
    }
}

fn at(path: &str) -> Vec<crate::contract::text::Step> {
    Invalid::new(path, "").at
}

fn endpoints(named: &[String], place: &Place) -> Result<Vec<Endpoint>, Invalid> {
    let endpoint = |(i, name): (usize, &String)| {
        let at = format!("connections.{i}");
        let of_kind = |kind: &&str| place.endpoint(name, kind, &at).ok();
        CONNECTIONS.iter().find_map(of_kind).map_or_else(|| place.endpoint(name, "http", &at), Ok)
    };
    named.iter().enumerate().map(endpoint).collect()
}

fn globs(written: &[String]) -> Result<GlobSet, Invalid> {
    let mut set = GlobSetBuilder::new();
    for (i, text) in written.iter().enumerate() {
        let glob = Glob::new(text).map_err(|error| Invalid::new(&format!("ignore.{i}"), error.to_string()))?;
        set.add(glob);
    }
    set.build().map_err(|error| Invalid::new("ignore", error.to_string()))
}
