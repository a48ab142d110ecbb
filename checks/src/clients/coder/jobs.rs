//! `GET /api/v2/organizations/{org}/provisionerjobs`: the jobs of an organisation that are not over.
//!
//! The newest come first and 50 of them unless more are asked for, so the job that has waited longest is the first to
//! fall off the end: a list that is full proves nothing. `queue_position` and `queue_size` are counted among the daemons
//! that are online and match; a job that none matches has 0 of 0, as one that is next in line has.

use super::{organizations::Missing, organizations::Organization, told::Told};
use crate::contract::{Context, Unobserved, Why};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The right that reading them needs.
pub const RIGHT: &str = "provisioner_jobs:read";
/// The most rows that are read.
pub const MOST: usize = 1000;
/// The states of a job that is not over.
pub const ACTIVE: [&str; 3] = ["pending", "running", "canceling"];

/// A job, as Coder lists it.
#[derive(Clone, Debug, Deserialize)]
pub struct Job {
    /// A UUID.
    pub id: String,
    /// `pending`, `running`, `canceling`, or how it ended.
    pub status: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a daemon took it.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it was called off.
    #[serde(default)]
    pub canceled_at: Option<Timestamp>,
    /// The daemon that took it.
    #[serde(default)]
    pub worker_id: Option<String>,
    /// The daemons that could take it, by the server's own count; releases before 2.20 do not say.
    #[serde(default)]
    pub available_workers: Option<Vec<String>>,
    /// What a daemon must have to take it.
    #[serde(default)]
    pub tags: Option<BTreeMap<String, String>>,
    /// Its place in the queue, and 0 where no daemon can take it.
    #[serde(default)]
    pub queue_position: i64,
    /// The queue's length, and 0 where no daemon can take it.
    #[serde(default)]
    pub queue_size: i64,
    /// `workspace_build`, `template_version_import`, `template_version_dry_run`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Who asked for it.
    #[serde(default)]
    pub initiator_id: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub metadata: Option<About>,
}

/// What a job is about.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct About {
    /// The template.
    #[serde(default)]
    pub template_name: Option<String>,
    /// The workspace, where it builds one.
    #[serde(default)]
    pub workspace_name: Option<String>,
}

/// Every job of an organisation that is not over.
///
/// # Errors
/// No answer, no right, no such organisation, or a list that is not whole.
pub async fn active(cx: &Context, organization: Organization<'_>) -> Result<Told<Vec<Job>>, Missing> {
    let Organization { endpoint, token, name } = organization;
    let mut url = super::address(endpoint, &["organizations", name, "provisionerjobs"])?;
    url.query_pairs_mut().append_pair("limit", &MOST.to_string()).append_pair("status", &ACTIVE.join(","));
    let answer = super::send(cx, endpoint, token, url).await?;
    if !(200..300).contains(&answer.status) {
        return Err(organization.refused(cx, &answer, RIGHT).await);
    }
    let told: Told<Option<Vec<Job>>> = Told::of(&answer)?;
    let mut rows = told.value.unwrap_or_default();
    if rows.len() >= MOST {
        let detail = format!("{} jobs came, the most that was asked for: there may be older ones", rows.len());
        return Err(Unobserved::new(Why::TooLarge, &answer.asked, detail).by_hand(answer.by_hand()).into());
    }
    rows.retain(|job| ACTIVE.contains(&job.status.as_str()));
    Ok(Told { value: rows, asked_at: told.asked_at, clock: told.clock })
}
