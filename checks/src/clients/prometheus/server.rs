//! Where a Prometheus is: a server of one's own, or a workspace of Amazon's managed one.
//!
//! Amazon's speaks the same paths below `/workspaces/ID/`, signed for the service `aps`; it has no `/targets`.

use crate::{
    clients::{
        aws::workspace,
        connections::{AwsAccount, Endpoint},
    },
    contract::{Access, Remedy},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A Prometheus that is asked.
#[derive(Clone, Debug)]
pub enum Server {
    /// A server, or what speaks like one.
    Own(Box<Endpoint>),
    /// A workspace of Amazon Managed Service for Prometheus.
    Amazon(Box<Workspace>),
}

/// A workspace of Amazon Managed Service for Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Whose it is.
    pub account: AwsAccount,
    /// Its region.
    pub region: String,
    /// Its id: `ws-…`.
    pub id: String,
}

impl Server {
    /// Where it is, for a person.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Own(endpoint) => endpoint.url.to_string(),
            Self::Amazon(workspace) => workspace.url(""),
        }
    }

    /// The right to ask queries, and with `rules` to list rules too.
    #[must_use]
    pub fn access(&self, rules: bool) -> Vec<Access> {
        let (system, query, list) = match self {
            Self::Own(_) => ("prometheus", "query", "read /api/v1/rules"),
            Self::Amazon(_) => ("aws", "aps:QueryMetrics", "aps:ListRules"),
        };
        let mut all = vec![Access::new(system, query)];
        if rules {
            all.push(Access::new(system, list));
        }
        if matches!(self, Self::Amazon(_)) {
            all.push(Access::new(system, "sts:GetCallerIdentity"));
        }
        all
    }

    /// The same look by hand, without its credential: `api/v1/query` with its parameters.
    #[must_use]
    pub fn by_hand(&self, path: &str, parameters: &[(&str, &str)]) -> Remedy {
        match self {
            Self::Own(endpoint) => {
                let url = endpoint.at(path).map_or_else(|_| endpoint.url.to_string(), |url| url.to_string());
                let mut words = ["curl", "-sS", "--max-time", "10", "--get"].map(str::to_owned).to_vec();
                for (name, value) in parameters {
                    words.extend(["--data-urlencode".to_owned(), format!("{name}={value}")]);
                }
                words.push(url);
                Remedy::run(words)
            }
            Self::Amazon(workspace) => {
                let mut words =
                    ["awscurl", "--service", "aps", "--region", &workspace.region].map(str::to_owned).to_vec();
                if let Some(profile) = &workspace.account.profile {
                    words.extend(["--profile".to_owned(), profile.clone()]);
                }
                words.push(workspace.url(&target(path, parameters)));
                Remedy::run(words)
            }
        }
    }
}

impl Workspace {
    /// The URL of `rest`, a path and a query, below it.
    #[must_use]
    pub fn url(&self, rest: &str) -> String {
        let root = match &self.account.endpoint_url {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => workspace::root(&self.region),
        };
        format!("{root}/workspaces/{}/{rest}", self.id)
    }
}

/// A path with its parameters; all that is not a letter or a digit is escaped.
pub(super) fn target(path: &str, parameters: &[(&str, &str)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)));
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// What AWS leaves unescaped when it signs.
const PLAIN: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
