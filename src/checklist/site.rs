//! A site: a place the event depends on, with its own systems and its own words.

use super::{names::is_name, top::Anything};
use gonogo_checks::contract::text::{At, Key, Node, Problem, Shape, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// A place the event depends on.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Where it is named.
    pub at: At,
    /// Its `kubernetes:`, as written.
    pub kubernetes: Option<Node>,
    /// Its `aws:`, as written.
    pub aws: Option<Node>,
    /// Its `vars:`, as written.
    pub vars: Option<Node>,
}

/// A place the event depends on: a region, a cluster, a proxy.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Site")]
pub(super) struct Written {
    /// How to reach its cluster.
    #[serde(default, rename = "kubernetes")]
    _kubernetes: Option<Anything>,
    /// How to reach its AWS account.
    #[serde(default, rename = "aws")]
    _aws: Option<Anything>,
    /// Its own words: `${site.domain}`.
    #[serde(default, rename = "vars")]
    _vars: Option<Anything>,
}

/// What `sites:` means. A site with mistakes is still a site.
pub(super) fn sites(node: Node, problems: &mut Vec<Problem>) -> Vec<Site> {
    let Shape::Map(entries) = node.shape else {
        problems.push(Problem::new(node.at, format!("expected a map of sites, found {}", node.shape)));
        return Vec::new();
    };
    entries.into_iter().filter_map(|(key, node)| site(key, &node, problems)).collect()
}

fn site(key: Key, node: &Node, problems: &mut Vec<Problem>) -> Option<Site> {
    if !is_name("site", &key, problems) {
        return None;
    }
    if !node.is_empty() {
        read::<Written>(node, problems);
    }
    let vars = node.get("vars").cloned();
    if let Some(entry) = vars.as_ref().and_then(|vars| vars.entry("name")) {
        problems.push(Problem::new(entry.0.at, "`${site.name}` is the site's own name").help("choose another word"));
    }
    Some(Site {
        name: key.text,
        at: key.at,
        kubernetes: node.get("kubernetes").cloned(),
        aws: node.get("aws").cloned(),
        vars,
    })
}
