//! Which objects to look at.

use super::{Range, Resource, Which};
use crate::{clients::kubernetes::is_name, contract::Invalid};
use schemars::JsonSchema;
use serde::Deserialize;

/// What to look at: a kind, where its objects live, and by what they are chosen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Group and version, as objects have it in `apiVersion`: `v1`, `karpenter.sh/v1`.
    pub api: String,
    /// The kind, as objects have it: `NodePool`.
    pub kind: String,
    /// The namespace; for a kind that lives in namespaces, this or `all_namespaces`.
    #[serde(default)]
    pub namespace: Option<String>,
    /// `true`: in every namespace.
    #[serde(default)]
    pub all_namespaces: bool,
    /// The one object of this name, which must be there.
    #[serde(default)]
    pub name: Option<String>,
    /// The objects of these names, each of which must be there.
    #[serde(default)]
    pub names: Option<Vec<String>>,
    /// Labels: the objects that match.
    #[serde(default)]
    pub selector: Option<String>,
    /// Fields that the server can select by: `status.phase=Pending`.
    #[serde(default)]
    pub fields: Option<String>,
}

impl Settings {
    pub(super) fn checked(self) -> Result<(Resource, Range, Which), Invalid> {
        api(&self.api)?;
        kind(&self.kind)?;
        let resource = Resource { api: self.api.clone(), kind: self.kind.clone() };
        let range = self.range(&resource)?;
        let which = self.which(&range)?;
        Ok((resource, range, which))
    }

    fn range(&self, resource: &Resource) -> Result<Range, Invalid> {
        let range = match (&self.namespace, self.all_namespaces) {
            (Some(_), true) => {
                return Err(Invalid::new("namespace", "`namespace` and `all_namespaces` contradict each other")
                    .help("leave one of them out"));
            }
            (Some(name), false) if !is_name(name) => {
                return Err(Invalid::new("namespace", format!("`{name}` is no name of Kubernetes"))
                    .help("a name has lower-case letters, digits, `-` and `.`"));
            }
            (Some(name), false) => Range::Namespace(name.clone()),
            (None, true) => Range::AllNamespaces,
            (None, false) => Range::Cluster,
        };
        match (&range, resource.is_namespaced()) {
            (Range::Cluster, Some(true)) => {
                Err(Invalid::new("", format!("a {} lives in a namespace, and none is said", resource.kind))
                    .help("add `namespace: …` or `all_namespaces: true`"))
            }
            (Range::Namespace(_), Some(false)) => {
                Err(Invalid::new("namespace", format!("a {} belongs to the whole cluster", resource.kind))
                    .help("leave `namespace` out"))
            }
            _ => Ok(range),
        }
    }

    fn which(&self, range: &Range) -> Result<Which, Invalid> {
        for (at, text) in [("selector", &self.selector), ("fields", &self.fields)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                return Err(Invalid::new(at, format!("an empty `{at}` means every object"))
                    .help("leave it out to mean all of them"));
            }
        }
        if self.names.as_ref().is_some_and(Vec::is_empty) {
            return Err(Invalid::new("names", "no name is listed").help("leave `names` out to mean every object"));
        }
        let names: Vec<String> = self.name.iter().chain(self.names.iter().flatten()).cloned().collect();
        if let Some(name) = names.iter().find(|name| !is_segment(name)) {
            let at = if self.name.is_some() { "name" } else { "names" };
            return Err(Invalid::new(at, format!("`{name}` is no name of Kubernetes")));
        }
        let is_selected = self.selector.is_some() || self.fields.is_some();
        match (names.is_empty(), is_selected) {
            (false, true) => Err(Invalid::new("", "objects are chosen by name or by selector, not by both")),
            (false, false) if *range == Range::AllNamespaces => {
                Err(Invalid::new("all_namespaces", "a name means an object of one namespace")
                    .help("write `namespace: …` in place of `all_namespaces`"))
            }
            (false, false) if self.name.is_some() && self.names.is_some() => {
                Err(Invalid::new("names", "`name` and `names` say the same").help("put all of them into `names`"))
            }
            (false, false) => Ok(Which::Named(names)),
            (true, true) => Ok(Which::Selected { labels: self.selector.clone(), fields: self.fields.clone() }),
            (true, false) => Ok(Which::All),
        }
    }
}

fn api(api: &str) -> Result<(), Invalid> {
    let is_version = |version: &str| {
        version.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
            && version.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_right = match api.split_once('/') {
        Some((group, version)) => is_name(group) && is_version(version),
        None => is_version(api),
    };
    if is_right {
        return Ok(());
    }
    Err(Invalid::new("api", format!("`{api}` is no group and version"))
        .help("write what objects have in `apiVersion`: `v1`, `apps/v1`, `karpenter.sh/v1`"))
}

fn kind(kind: &str) -> Result<(), Invalid> {
    if kind.eq_ignore_ascii_case("Secret") || kind.eq_ignore_ascii_case("Secrets") {
        return Err(Invalid::new("kind", "secrets are not for this probe: what it sees is stored and shown")
            .help("`key-expiry` reads one secret by name, and keeps none of it"));
    }
    let is_right = kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_right {
        return Ok(());
    }
    Err(Invalid::new("kind", format!("`{kind}` is no kind"))
        .help("write the kind as objects have it, one of them, with its capitals: `NodePool`"))
}

/// What may stand as one segment of a path. Some kinds take more than a DNS name: `system:node`.
fn is_segment(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    !name.is_empty() && name.len() <= 253 && name.bytes().all(is_plain) && name.bytes().any(|byte| byte != b'.')
}
