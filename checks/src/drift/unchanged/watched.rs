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
        Self { what, asked, found, may_be_none: false, changes, unseen: None }
    }

    /// Nothing seen of `what`.
    pub(super) fn unseen(what: String, missing: Unobserved) -> Self {
        Self {
            what,
            asked: missing.asked.clone(),
            found: 0,
            may_be_none: false,
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
struct Status {
    #[serde(default, deserialize_with = "or_default")]
    history: Vec<Deployed>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deployed {
    #[serde(default)]
    deployed_at: Option<Timestamp>,
    #[serde(default)]
    revision: String,
}

/// The last deployment of each Application: `status.history[].deployedAt`.
pub(super) async fn deployments(api: &Api, which: &ApplicationsHere) -> Watched {
    let what = format!("applications in {}", which.namespace);
    let seen: Seen<Vec<Application>> = match api.list(&argocd::collection(which), &argocd::selector(which)).await {
        Ok(seen) => seen,
        Err(missing) => return Watched::unseen(what, missing),
    };
    let change = |application: &Application| {
        // Without a history it was never deployed; then it was made when it was made.
        let last = application.status.history.iter().max_by_key(|deployed| deployed.deployed_at);
        let at = match last {
            Some(deployed) => deployed.deployed_at,
            None => application.metadata.creation_timestamp,
        };
        let by = last.map_or_else(String::new, |deployed| format!("revision {}", short(&deployed.revision, 12)));
        Change {
            subject: format!("application/{}", application.metadata.name),
            namespace: which.namespace.clone(),
            at,
            by,
        }
    };
    Watched::of(what, seen.asked.clone(), seen.len(), seen.iter().map(change).collect())
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
    Watched::of(what, seen.asked.clone(), seen.len(), seen.iter().map(Version).map(change).collect())
}
