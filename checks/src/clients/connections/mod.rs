//! The catalogue of connection kinds: how to reach a system, whom to believe there, and where its secret is.
//!
//! A connection never holds a secret, only a [`SecretRef`](crate::contract::SecretRef); a site's `kubernetes:` and
//! `aws:` are connections too.

mod aws;
mod cluster;
mod endpoint;
mod kinds;

pub use aws::AwsAccount;
pub use cluster::Cluster;
pub use endpoint::Endpoint;
pub use kinds::{CONNECTION_KINDS, ConnectionKind};

use crate::contract::{
    Invalid,
    text::{Node, Problem, nearest, read},
};
use indexmap::IndexMap;
use kinds::{is_aws, kinds};
use schemars::Schema;
use std::sync::Arc;

/// The schema of a site's `kubernetes:`.
#[must_use]
pub fn cluster_schema() -> Schema {
    cluster::schema()
}

/// The schema of a site's `aws:`.
#[must_use]
pub fn site_aws_schema() -> Schema {
    aws::schema()
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
            if let Some(cluster) =
                site.kubernetes.as_ref().and_then(|node| cluster::cluster(&site.name, node, problems))
            {
                connections.clusters.insert(site.name.clone(), cluster);
            }
            if let Some(account) = site.aws.as_ref().and_then(|node| aws::account(node, problems)) {
                connections.accounts.insert(site.name.clone(), account);
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

fn wrong_kind(name: &str, is: &str, wanted: &str) -> Unusable {
    Unusable {
        message: format!("connection `{name}` is of kind `{is}`, and a connection of kind `{wanted}` is needed here"),
        help: Some(format!("name one of kind `{wanted}`, or add it under `connections:`")),
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
        return aws::account(node, problems).map(Named::Aws);
    }
    endpoint::endpoint(name, row, node, problems).map(|endpoint| Named::Endpoint(Box::new(endpoint)))
}
