//! What is watched, and when each of it last changed.

use crate::{
    clients::{
        helm::Version,
        kubernetes::{Api, Meta, Seen, or_default},
    },
    contract::{Unobserved, short},
    drift::{
        argocd, helm,
        settings::{ApplicationsHere, ReleasesHere},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most changes that are kept of one source, the newest first.
const MOST: usize = 100;

/// One source of changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// What it is, for a person: `deployments in coder`.
    pub what: String,
    /// What was asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
    /// How many things of it there are; those that may change are not counted.
    pub found: usize,
    /// True where there may be none of it.
    #[serde(default)]
    pub may_be_none: bool,
    /// What is expected and not there: `release/coder`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What changed last, the newest first; what does not say when stands before all.
    pub changes: Vec<Change>,
    /// Why it could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<Unobserved>,
}

/// The last change of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which thing: `deployment/web`.
    pub subject: String,
    /// Its namespace, where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// When; `None` where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// By whom or to what: a writer, a revision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

impl Watched {
    /// What was seen of `what`.
    pub(super) fn of(what: String, asked: String, found: usize, mut changes: Vec<Change>) -> Self {
        changes.sort_by_key(|change| std::cmp::Reverse(change.at.unwrap_or(Timestamp::MAX)));
        changes.truncate(MOST);
        Self { what, asked, found, may_be_none: false, missing: Vec::new(), changes, unseen: None }
    }

    /// Notes which of the `expected` are not there; `word` is what stands before their names.
    fn expecting(mut self, word: &str, expected: &[String], is_there: impl Fn(&str) -> bool) -> Self {
        self.missing = expected.iter().filter(|name| !is_there(name)).map(|name| format!("{word}/{name}")).collect();
        self
    }

    /// Nothing seen of `what`.
    pub(super) fn unseen(what: String, missing: Unobserved) -> Self {
        Self {
            what,
            asked: missing.asked.clone(),
            found: 0,
            may_be_none: false,
            missing: Vec::new(),
            changes: Vec::new(),
            unseen: Some(missing),
        }
    }
}

#[derive(Clone, Deserialize)]
struct Application {
    metadata: Meta,
    #[serde(default, deserialize_with = "or_default")]
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    history: Vec<Deployed>,
    #[serde(default, deserialize_with = "or_default")]
    operation_state: Operation,
    #[serde(default, deserialize_with = "or_default")]
    sync: Sync,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deployed {
    #[serde(default)]
    deployed_at: Option<Timestamp>,
    #[serde(default)]
    revision: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    #[serde(default)]
    started_at: Option<Timestamp>,
    #[serde(default)]
    finished_at: Option<Timestamp>,
}

#[derive(Clone, Default, Deserialize)]
struct Sync {
    #[serde(default)]
    status: Option<String>,
}

/// When each Application was last deployed, by its history and by its last operation.
pub(super) async fn deployments(api: &Api, which: &ApplicationsHere) -> Watched {
    let what = format!("applications in {}", which.namespace);
    let seen: Seen<Vec<Application>> = match api.list(&argocd::collection(which), &argocd::selector(which)).await {
        Ok(seen) => seen,
        Err(missing) => return Watched::unseen(what, missing),
    };
    let changes = seen.iter().map(|application| application.change(&which.namespace)).collect();
    let is_there = |name: &str| seen.iter().any(|application| application.metadata.name == name);
    Watched::of(what, seen.asked.clone(), seen.len(), changes).expecting("application", &which.expected, is_there)
}

impl Application {
    fn change(&self, namespace: &str) -> Change {
        let Status { history, operation_state, sync } = &self.status;
        let deployed = history.iter().max_by_key(|deployed| deployed.deployed_at);
        let last = deployed.and_then(|deployed| Some((deployed.deployed_at?, deployed.revision.as_str())));
        // A sync of a part, or one that failed, writes no history.
        let operated = operation_state.finished_at.or(operation_state.started_at);
        let (at, by) = match (last, operated) {
            (Some((at, _)), Some(later)) if later > at => (Some(later), "an operation".to_owned()),
            (Some((at, revision)), _) => (Some(at), format!("revision {}", short(revision, 12))),
            (None, Some(at)) => (Some(at), "an operation".to_owned()),
            // What was never compared was never deployed; it was made when it was made.
            (None, None) if sync.status.is_none() && history.is_empty() => {
                (self.metadata.creation_timestamp, "made".to_owned())
            }
            (None, None) => (None, String::new()),
        };
        let subject = format!("application/{}", self.metadata.name);
        Change { subject, namespace: namespace.to_owned(), at, by }
    }
}

/// Every version of every release.
pub(super) async fn releases(api: &Api, which: &ReleasesHere) -> Watched {
    let what = which.namespace.as_ref().map_or_else(|| "releases".to_owned(), |name| format!("releases in {name}"));
    let seen = match api.list_metadata(&helm::collection(which), &helm::selector()).await {
        Ok(seen) => seen,
        Err(missing) => return Watched::unseen(what, missing),
    };
    let change = |version: Version<'_>| Change {
        subject: format!("release/{}", short(version.release(), 253)),
        namespace: version.namespace().to_owned(),
        at: version.changed().max(version.0.creation_timestamp),
        by: version.number().map_or_else(String::new, |number| format!("version {number}")),
    };
    let changes = seen.iter().map(Version).map(change).collect();
    let is_there = |name: &str| seen.iter().map(Version).any(|version| version.release() == name);
    Watched::of(what, seen.asked.clone(), seen.len(), changes).expecting("release", &which.expected, is_there)
}
