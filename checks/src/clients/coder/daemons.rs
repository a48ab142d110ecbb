//! `GET /api/v2/organizations/{org}/provisionerdaemons`: the provisioners that have registered in an organisation.
//!
//! The list has no pages, only a `limit` that is 50 unless said: one that is full may lack the rest, and proves nothing.
//! Releases differ in what they understand and refuse what they do not, so it is asked for with ever fewer words. What a
//! row calls its `status` is left to whoever judges: early releases do not say, and a row that is not there says nothing.

use super::{organizations::Missing, organizations::Organization, told::Told};
use crate::contract::{Context, Unobserved, Why};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The right that reading them needs.
pub const RIGHT: &str = "provisioner_daemon:read";
/// The most rows that are read.
pub const MOST: usize = 1000;

/// What is asked, in turn: releases from 2.24 on show offline daemons only when asked to, earlier ones refuse the word, and
/// the first ones refuse a limit too, as they have none.
const WORDS: [&[(&str, &str)]; 3] = [&[("limit", "1000"), ("offline", "true")], &[("limit", "1000")], &[]];

/// A daemon, as Coder lists it.
#[derive(Clone, Debug, Deserialize)]
pub struct Daemon {
    /// A UUID.
    pub id: String,
    /// Its name, mostly its host's.
    #[serde(default)]
    pub name: String,
    /// Its build's whole version.
    #[serde(default)]
    pub version: String,
    /// When it was last heard of; every 60 s.
    #[serde(default)]
    pub last_seen_at: Option<Timestamp>,
    /// Which jobs it takes.
    #[serde(default)]
    pub tags: Option<BTreeMap<String, String>>,
    /// What it runs: `terraform`, `echo`.
    #[serde(default)]
    pub provisioners: Option<Vec<String>>,
    /// `offline`, `idle`, `busy`; early releases do not say.
    #[serde(default)]
    pub status: Option<String>,
    /// What it does now; early releases do not say.
    #[serde(default)]
    pub current_job: Option<CurrentJob>,
}

/// A job by its id.
#[derive(Clone, Debug, Deserialize)]
pub struct CurrentJob {
    /// A UUID.
    pub id: String,
}

/// Every daemon of an organisation, offline ones too where the release shows them.
///
/// # Errors
/// No answer, no right, no such organisation, or a list that is not whole.
pub async fn list(cx: &Context, organization: Organization<'_>) -> Result<Told<Vec<Daemon>>, Missing> {
    let Organization { endpoint, token, name } = organization;
    let mut last = None;
    for words in WORDS {
        let mut url = super::address(endpoint, &["organizations", name, "provisionerdaemons"])?;
        if !words.is_empty() {
            url.query_pairs_mut().extend_pairs(words);
        }
        let answer = super::send(cx, endpoint, token, url).await?;
        if answer.status == 400 {
            last = Some(answer.refusal());
            continue;
        }
        if !(200..300).contains(&answer.status) {
            return Err(organization.refused(cx, &answer, RIGHT).await);
        }
        let told: Told<Option<Vec<Daemon>>> = Told::of(&answer)?;
        let rows = told.value.unwrap_or_default();
        if !words.is_empty() && rows.len() >= MOST {
            let detail = format!("{} provisioners came, the most that was asked for: there may be more", rows.len());
            return Err(Unobserved::new(Why::TooLarge, &answer.asked, detail).by_hand(answer.by_hand()).into());
        }
        return Ok(Told { value: rows, asked_at: told.asked_at, clock: told.clock });
    }
    let nothing = || Unobserved::new(Why::Malformed, endpoint.url.as_str(), "every form of the list is refused");
    Err(last.unwrap_or_else(nothing).into())
}
