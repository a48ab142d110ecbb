//! Organisations, their provisioners and their jobs, as the API lists them, and who may read which.
//!
//! Times are kept as ages, so that a heart goes on beating while a world runs. The queue is reckoned as Coder does it, from
//! the daemons that are online and match; a job that none matches has place 0 of 0.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::people::{Token, User};
use super::rights::Rights;
use super::tags::{owned, tags, takes};
use crate::serve::{Reply, Request};

/// What a release understands and tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Release {
    /// Before 2.20: it takes any parameter, shows every daemon, and tells neither `status` nor `current_job`.
    Early,
    /// Before 2.24: it refuses `offline`, and shows every daemon.
    Strict,
    /// It hides daemons that are offline unless asked for them.
    #[default]
    Current,
}

/// All organisations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provisioning {
    /// What it understands.
    pub release: Release,
    /// Whether daemons that may not be read are left out of the list, instead of the list being hidden.
    pub leaves_out: bool,
    /// In their order.
    pub organizations: Vec<Organization>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its members by user id, with their roles in it: `organization-template-admin` …
    pub members: BTreeMap<String, Vec<String>>,
    /// Its provisioners.
    pub daemons: Vec<Daemon>,
    /// Its jobs, over or not.
    pub jobs: Vec<Job>,
}

/// A provisioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daemon {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its build.
    pub version: String,
    /// How long ago it was heard of; `None` for never.
    pub seen: Option<SignedDuration>,
    /// Its own tags, besides those that every one has.
    pub tags: BTreeMap<String, String>,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// A UUID.
    pub id: String,
    /// `pending`, `running`, `canceling`, `succeeded` …
    pub status: String,
    /// How long ago it was asked for.
    pub created: SignedDuration,
    /// How long ago it was called off.
    pub canceled: Option<SignedDuration>,
    /// The id of the daemon that took it.
    pub worker: Option<String>,
    /// Its own tags.
    pub tags: BTreeMap<String, String>,
    /// The workspace that it builds.
    pub workspace: String,
}

impl Organization {
    /// An empty one; `number` makes its id.
    #[must_use]
    pub fn new(number: u8, name: &str) -> Self {
        Self {
            id: format!("7e5a1c40-2f2d-4b7e-9c55-0a54d0f000{number:02x}"),
            name: name.to_owned(),
            members: BTreeMap::new(),
            daemons: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// With a member of these roles in it.
    #[must_use]
    pub fn member(mut self, user: &str, roles: &[&str]) -> Self {
        self.members.insert(user.to_owned(), roles.iter().map(|role| (*role).to_owned()).collect());
        self
    }

    /// With so many daemons instead of those that it has, heard of within the last minute.
    pub fn staff(&mut self, count: usize, version: &str, tags: &[(&str, &str)]) {
        let made = (1..=count).map(|number| {
            let seen = SignedDuration::from_secs(i64::try_from(number * 7 % 60).unwrap_or_default());
            Daemon {
                id: format!("d0{}-0000-4000-8000-{number:012x}", &self.id[self.id.len() - 6..]),
                name: format!("coder-provisioner-{}-{number}", self.name),
                version: version.to_owned(),
                seen: Some(seen),
                tags: owned(tags),
            }
        });
        self.daemons = made.collect();
    }

    fn online(&self) -> impl Iterator<Item = &Daemon> {
        self.daemons.iter().filter(|daemon| daemon.is_online())
    }

    fn able(&self, job: &Job) -> Vec<&Daemon> {
        self.online().filter(|daemon| takes(&daemon.tags, &job.tags)).collect()
    }

    /// The pending jobs that somebody can take, in the order they are served.
    fn queue(&self) -> Vec<&Job> {
        let is_waiting = |job: &&Job| job.status == "pending" && !self.able(job).is_empty();
        let mut waiting: Vec<&Job> = self.jobs.iter().filter(is_waiting).collect();
        waiting.sort_by_key(|job| std::cmp::Reverse(job.created));
        waiting
    }
}

impl Daemon {
    fn is_online(&self) -> bool {
        self.seen.is_some_and(|seen| seen <= SignedDuration::from_secs(90))
    }
}

impl Job {
    /// One that waits, asked for so long ago.
    #[must_use]
    pub fn waiting(number: u8, created: SignedDuration, tags: &[(&str, &str)]) -> Self {
        Self {
            id: format!("4c1b7e0a-0000-4000-8000-0000000000{number:02x}"),
            status: "pending".to_owned(),
            created,
            canceled: None,
            worker: None,
            tags: owned(tags),
            workspace: format!("workspace-{number}"),
        }
    }

    /// The same, taken by this daemon.
    #[must_use]
    pub fn taken_by(mut self, daemon: &str) -> Self {
        "running".clone_into(&mut self.status);
        self.worker = Some(daemon.to_owned());
        self
    }
}

impl Provisioning {
    /// The organisation of this name, to change it.
    pub fn organization_mut(&mut self, name: &str) -> Option<&mut Organization> {
        self.organizations.iter_mut().find(|organization| organization.name == name)
    }

    fn find(&self, named: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.name == named || organization.id == named)
    }

    /// What is below `/organizations`; `None` where nothing is, or what is there may not be read.
    pub(super) fn answer(&self, caller: (&Token, &User), path: &[&str], request: &Request) -> Option<Reply> {
        let rights = Rights::of(caller);
        let organization = self.find(path.first()?).filter(|organization| rights.sees(organization))?;
        match path[1..] {
            [] => Some(Reply::json(
                200,
                &json!({
                    "id": organization.id, "name": organization.name, "display_name": organization.name,
                    "description": "", "icon": "", "is_default": self.organizations.first() == Some(organization),
                }),
            )),
            ["provisionerdaemons"] if rights.reads(organization, &["template-admin"]) => {
                Some(self.daemons(organization, request))
            }
            ["provisionerdaemons"] if self.leaves_out => Some(Reply::json(200, &json!([]))),
            ["provisionerjobs"] if rights.reads(organization, &[]) => Some(self.jobs(organization, request)),
            _ => None,
        }
    }

    fn daemons(&self, organization: &Organization, request: &Request) -> Reply {
        let known: &[&str] = match self.release {
            Release::Early => &[],
            Release::Strict => &["limit", "ids", "status", "tags"],
            Release::Current => &["limit", "ids", "status", "tags", "offline", "max_age"],
        };
        if self.release != Release::Early
            && let Some(refused) = refused(request, known)
        {
            return refused;
        }
        let shows_offline = self.release != Release::Current || request.parameter("offline").as_deref() == Some("true");
        let limit = if self.release == Release::Early { usize::MAX } else { limit(request) };
        let rows = organization.daemons.iter().filter(|daemon| shows_offline || daemon.is_online()).take(limit);
        Reply::json(200, &rows.map(|daemon| self.daemon(organization, daemon, request.now)).collect())
    }

    fn daemon(&self, organization: &Organization, daemon: &Daemon, now: Timestamp) -> Value {
        let job = organization.jobs.iter().find(|job| {
            ["running", "canceling"].contains(&job.status.as_str()) && job.worker.as_ref() == Some(&daemon.id)
        });
        let status = match (daemon.is_online(), job) {
            (false, _) => "offline",
            (true, Some(_)) => "busy",
            (true, None) => "idle",
        };
        let mut row = json!({
            "id": daemon.id, "organization_id": organization.id, "key_id": "00000000-0000-0000-0000-000000000003",
            "key_name": "psk", "created_at": ago(now, SignedDuration::from_hours(24)),
            "last_seen_at": daemon.seen.map(|seen| ago(now, seen)), "name": daemon.name, "version": daemon.version,
            "api_version": "1.4", "provisioners": ["terraform"], "tags": tags(&daemon.tags),
        });
        if self.release != Release::Early {
            row["status"] = json!(status);
            row["current_job"] = job.map_or(Value::Null, |job| json!({ "id": job.id, "status": job.status }));
            row["previous_job"] = Value::Null;
        }
        row
    }

    fn jobs(&self, organization: &Organization, request: &Request) -> Reply {
        if let Some(refused) = refused(request, &["limit", "ids", "status", "tags", "initiator"]) {
            return refused;
        }
        let wanted = request.parameter("status").unwrap_or_default();
        let wanted: Vec<&str> = wanted.split(',').filter(|status| !status.is_empty()).collect();
        let is_wanted = |job: &&Job| wanted.is_empty() || wanted.contains(&job.status.as_str());
        // The newest first, so that a limit cuts off those that wait longest.
        let mut rows: Vec<&Job> = organization.jobs.iter().filter(is_wanted).collect();
        rows.sort_by_key(|job| job.created);
        let rows = rows.into_iter().take(limit(request));
        Reply::json(200, &rows.map(|job| self.job(organization, job, request.now)).collect())
    }

    fn job(&self, organization: &Organization, job: &Job, now: Timestamp) -> Value {
        let queue = organization.queue();
        let place = queue.iter().position(|waiting| waiting.id == job.id).map_or(0, |before| before + 1);
        let mut row = json!({
            "id": job.id, "created_at": ago(now, job.created), "status": job.status, "file_id": job.id,
            "tags": tags(&job.tags), "queue_position": place, "queue_size": if place > 0 { queue.len() } else { 0 },
            "organization_id": organization.id, "type": "workspace_build", "logs_overflowed": false,
            "initiator_id": "2b1f0a77-6a1c-4d51-8a3e-00000000a001", "input": { "workspace_build_id": job.id },
            "metadata": {
                "template_version_name": "v1", "template_id": job.id, "template_name": "docker",
                "template_display_name": "", "template_icon": "", "workspace_name": job.workspace,
            },
        });
        if let Some(canceled) = job.canceled {
            row["canceled_at"] = json!(ago(now, canceled));
        }
        if let Some(worker) = &job.worker {
            row["worker_id"] = json!(worker);
        }
        if self.release != Release::Early && job.status == "pending" {
            let able: Vec<&String> = organization.able(job).iter().map(|daemon| &daemon.id).collect();
            row["available_workers"] = json!(able);
        }
        row
    }
}

fn refused(request: &Request, known: &[&str]) -> Option<Reply> {
    let parameters = request.parameters();
    let strange: Vec<Value> = parameters
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, _)| json!({ "field": name, "detail": format!("{name:?} is not a valid query param") }))
        .collect();
    (!strange.is_empty())
        .then(|| Reply::json(400, &json!({ "message": "Invalid query parameters.", "validations": strange })))
}

fn limit(request: &Request) -> usize {
    request.parameter("limit").and_then(|limit| limit.parse().ok()).filter(|limit| *limit > 0).unwrap_or(50)
}

fn ago(now: Timestamp, age: SignedDuration) -> String {
    now.checked_sub(age).unwrap_or(now).to_string()
}
