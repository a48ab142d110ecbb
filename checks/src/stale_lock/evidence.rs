//! What was seen of locks: every one that is held, by whom, since when, and whether its holder lives.

use crate::{
    clients::kubernetes::Kubectl,
    contract::{Remedy, Unobserved},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where was looked: what a remedy needs.
    pub source: Source,
    /// What was asked.
    pub asked: String,
    /// When the first byte was asked. Ages are counted to here.
    pub asked_at: Timestamp,
    /// How many there are, held or not.
    pub looked_at: usize,
    /// Whether the namespace exists; read only where nothing was found in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_namespace: Option<Result<bool, Unobserved>>,
    /// Whether the state exists that the lock is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_state: Option<bool>,
    /// Why it could not be seen whether holders live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holders_unseen: Option<Unobserved>,
    /// Those that are held, by namespace and name.
    pub locks: Vec<Lock>,
}

/// Where was looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A cluster.
    Cluster {
        /// How it is reached.
        kubectl: Kubectl,
        /// The namespace; `None` for all.
        #[serde(default)]
        namespace: Option<String>,
        /// The resource as `kubectl` has it.
        resource: String,
        /// What of it was meant, for a person.
        wanted: String,
    },
    /// A bucket.
    S3 {
        /// The bucket.
        bucket: String,
        /// The state's key.
        key: String,
        /// The command that shows the lock.
        look: Remedy,
    },
}

/// What a lock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A Lease.
    Lease,
    /// A Terraform state's lock.
    State,
    /// A Helm release that is being changed.
    Release,
    /// A job that has not ended.
    Job,
    /// An Argo CD operation that has not ended.
    Application,
    /// A platform's own.
    Configmap,
}

impl Kind {
    /// As a person, or `kubectl`, writes it before a name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lease => "lease",
            Self::State => "state",
            Self::Release => "release",
            Self::Job => "job",
            Self::Application => "application",
            Self::Configmap => "configmap",
        }
    }
}

/// Whether a holder lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// It does.
    Alive,
    /// It does not.
    Gone,
    /// Nothing tells.
    #[default]
    Untold,
}

/// One lock that is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// What it is.
    pub kind: Kind,
    /// Its namespace; empty outside a cluster.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Who holds it, in the lock's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Whether the holder lives.
    #[serde(default)]
    pub life: Life,
    /// What says so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub life_says: String,
    /// When it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Timestamp>,
    /// When its holder last gave a sign of life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Timestamp>,
    /// When it is free by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_out: Option<Timestamp>,
    /// What is done under it: `OperationTypeApply`, `pending-upgrade`, `no pod active`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doing: String,
    /// The id by which its own tool knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which piece of work it does, where a label says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// True for a job that waits for somebody to let it go on.
    #[serde(default)]
    pub is_suspended: bool,
    /// What of it cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

impl Lock {
    pub(super) fn of(kind: Kind, namespace: &str, name: &str) -> Self {
        Self {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            holder: None,
            life: Life::Untold,
            life_says: String::new(),
            taken: None,
            renewed: None,
            runs_out: None,
            doing: String::new(),
            id: None,
            work: None,
            is_suspended: false,
            unreadable: None,
        }
    }

    /// When it last showed that somebody works under it.
    pub(super) fn last_sign(&self) -> Option<Timestamp> {
        self.taken.max(self.renewed)
    }
}

/// One line of somebody else's, short, without control characters.
pub(super) fn plain(text: &str) -> String {
    crate::contract::short(text, 120)
}
