//! What was seen of provisioners and jobs, each list with the time by its server's clock.

use super::tags::{Tags, takes};
use crate::{clients::coder::buildinfo::Build, contract::Unobserved};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The age from which Coder itself calls a daemon offline: three half heartbeats of 60 s.
pub(super) const OFFLINE_AFTER: SignedDuration = SignedDuration::from_secs(90);

/// What was seen, asked of whom and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The deployment.
    pub url: String,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
    /// The server's own build.
    pub server: Result<Build, Unobserved>,
    /// What is counted.
    pub pools: Vec<Pool>,
    /// The organisations of the pools.
    pub organizations: Vec<Organization>,
}

/// What is counted: who can take such a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its name in the checklist.
    pub name: String,
    /// The organisation.
    pub organization: String,
    /// The job's tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its name or id, as asked for.
    pub name: String,
    /// True where it is proved not to exist.
    #[serde(default)]
    pub is_absent: bool,
    /// Its provisioners.
    pub daemons: Result<Daemons, Unobserved>,
    /// Its jobs that are not over.
    pub jobs: Result<Jobs, Unobserved>,
}

/// A list of provisioners.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Daemons {
    /// When it was answered, by the server's clock.
    pub clock: Timestamp,
    /// All of them.
    pub rows: Vec<Daemon>,
}

/// One provisioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Daemon {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its build's version.
    pub version: String,
    /// When it was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Timestamp>,
    /// Which jobs it takes.
    #[serde(default)]
    pub tags: Tags,
    /// What it runs; empty where the release does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisioners: Vec<String>,
    /// What the server calls it; kept as proof, and believed only where it says busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The job that it runs, where the release says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_job: Option<String>,
}

/// A list of jobs that are not over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// When it was answered, by the server's clock.
    pub clock: Timestamp,
    /// All of them.
    pub rows: Vec<Job>,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// A UUID.
    pub id: String,
    /// `pending`, `running` or `canceling`.
    pub status: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<Timestamp>,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// How many could take it, by the server's count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_workers: Option<usize>,
    /// What a provisioner must have to take it.
    #[serde(default)]
    pub tags: Tags,
    /// Its place in the queue, and the queue's length: both 0 where nobody can take it.
    #[serde(default)]
    pub queue: (i64, i64),
    /// What it is about: `workspace_build dev of docker`.
    #[serde(default)]
    pub about: String,
    /// Whether Coder itself asked for it, to have a workspace in stock; such jobs are served last.
    #[serde(default)]
    pub is_prebuild: bool,
}

impl Daemons {
    /// Those that were heard of lately.
    pub(super) fn online(&self) -> impl Iterator<Item = &Daemon> {
        self.rows.iter().filter(|daemon| daemon.is_online(self.clock))
    }

    /// Those of them that take a job with these tags.
    pub(super) fn for_tags<'a>(&'a self, tags: &'a Tags) -> impl Iterator<Item = &'a Daemon> {
        self.online().filter(|daemon| daemon.builds() && takes(&daemon.tags, tags))
    }
}

impl Daemon {
    /// Whether it was heard of lately, by the clock of who says so. A time in the future is a clock's fault and proves
    /// nothing.
    pub(super) fn is_online(&self, clock: Timestamp) -> bool {
        self.last_seen_at.is_some_and(|seen| clock.duration_since(seen).abs() <= OFFLINE_AFTER)
    }

    /// Whether it runs Terraform, as everything that a workspace is made of does.
    pub(super) fn builds(&self) -> bool {
        self.provisioners.is_empty() || self.provisioners.iter().any(|kind| kind == "terraform")
    }

    /// Whether it is at work; `None` where neither the list nor the jobs say so.
    pub(super) fn is_busy(&self, jobs: Option<&Jobs>) -> Option<bool> {
        let says = self.current_job.is_some() || self.status.as_deref() == Some("busy");
        let works = |job: &Job| job.status != "pending" && job.worker.as_ref() == Some(&self.id);
        match jobs {
            Some(jobs) => Some(says || jobs.rows.iter().any(works)),
            None if says || self.status.is_some() => Some(says),
            None => None,
        }
    }
}

impl Evidence {
    pub(super) fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.name == name)
    }
}
