//! `PagerDuty`'s REST API: who is on call, and what escalation policies and schedules there are.
//!
//! Source: `PagerDuty` API reference, "List all of the on-calls", "Get an escalation policy", "Get a schedule". `earliest=true` is
//! never sent: it leaves out all but the first shift of each person, and with them the gap behind it.

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Unobserved, Why};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, de::DeserializeOwned};
use std::sync::Arc;

/// The version that is asked for.
const ACCEPT: &str = "application/vnd.pagerduty+json;version=2";
/// How many entries a page holds; `PagerDuty`'s own bound.
const PAGE: usize = 100;
/// The most pages of one list.
const MOST_PAGES: usize = 50;

/// What who is on call is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rota {
    /// An escalation policy: its levels.
    Policy,
    /// A schedule, through the policies that use it.
    Schedule,
}

impl Rota {
    const fn path(self) -> &'static str {
        match self {
            Self::Policy => "escalation_policies",
            Self::Schedule => "schedules",
        }
    }

    const fn parameter(self) -> &'static str {
        match self {
            Self::Policy => "escalation_policy_ids[]",
            Self::Schedule => "schedule_ids[]",
        }
    }
}

/// A stretch of time in which one person is on call; `None` for an end that it does not have.
#[derive(Clone, Debug, Deserialize)]
pub struct OnCall {
    /// Who; nobody where it was deleted.
    #[serde(default)]
    pub user: Option<User>,
    /// At which level of the policy, from 1.
    pub escalation_level: u32,
    /// By which schedule; none where the policy names the person itself.
    #[serde(default)]
    pub schedule: Option<Named>,
    /// From when; `None`: always.
    pub start: Option<Timestamp>,
    /// Until when; `None`: always.
    pub end: Option<Timestamp>,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name, as references have it.
    #[serde(default)]
    pub summary: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// By what they are told; `None` where that was not sent along.
    #[serde(default)]
    pub notification_rules: Option<Vec<serde::de::IgnoredAny>>,
}

/// A policy or a schedule.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name, as references have it.
    #[serde(default)]
    pub summary: Option<String>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The levels of a policy.
    #[serde(default)]
    pub escalation_rules: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Page {
    oncalls: Vec<OnCall>,
    more: bool,
}

#[derive(Deserialize)]
struct One {
    #[serde(alias = "escalation_policy")]
    schedule: Named,
}

#[derive(Deserialize)]
struct Any {
    #[serde(alias = "escalation_policies")]
    schedules: Vec<Named>,
}

/// The shifts of a stretch of time.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The shifts.
    pub oncalls: Vec<OnCall>,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
}

impl Context {
    /// The policy or schedule `id`; `None` where `PagerDuty` says that there is none, and shows others to the same key.
    ///
    /// # Errors
    /// No answer, a refusal, or nothing that could prove that it is not hidden from the key.
    pub async fn pagerduty_rota(&self, at: &Endpoint, rota: Rota, id: &str) -> Result<Option<Named>, Unobserved> {
        let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
        let answer = self.pagerduty(at, &format!("{}/{id}", rota.path())).await?;
        if answer.status != 404 {
            return Ok(Some(read::<One>(&answer)?.schedule));
        }
        let control = self.pagerduty(at, &format!("{}?limit=1", rota.path())).await?;
        if read::<Any>(&control)?.schedules.is_empty() {
            let detail = "it is not there, or hidden from this key: the key is shown none at all";
            return Err(Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(answer.by_hand()));
        }
        Ok(None)
    }

    /// Who is on call by the policy or schedule `id` between two times, which may lie at most 90 days apart.
    ///
    /// # Errors
    /// No answer, a refusal, or a list that cannot be read to its end.
    pub async fn pagerduty_oncalls(
        &self,
        at: &Endpoint,
        (rota, id): (Rota, &str),
        (since, until): (Timestamp, Timestamp),
    ) -> Result<Listed, Unobserved> {
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let query = format!(
            "oncalls?{}={}&since={}&until={}&include%5B%5D=users&time_zone=UTC&limit={PAGE}",
            escaped(rota.parameter()),
            escaped(id),
            escaped(&since.to_string()),
            escaped(&until.to_string()),
        );
        let mut listed: Option<Listed> = None;
        for page in 0..MOST_PAGES {
            let answer = self.pagerduty(at, &format!("{query}&offset={}", page * PAGE)).await?;
            let Page { oncalls, more } = read(&answer)?;
            let is_empty = oncalls.is_empty();
            let known = listed.get_or_insert_with(|| Listed { oncalls: Vec::new(), asked_at: answer.asked_at });
            known.oncalls.extend(oncalls);
            match (more, is_empty, listed.take()) {
                (false, _, Some(whole)) => return Ok(whole),
                (true, true, _) => {
                    let detail = "the list says that there is more, and gives nothing";
                    return Err(Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand()));
                }
                (_, _, part) => listed = part,
            }
        }
        Err(Unobserved::new(Why::TooLarge, query, format_args!("more than {MOST_PAGES} pages")))
    }

    async fn pagerduty(&self, at: &Endpoint, path: &str) -> Result<Arc<Response>, Unobserved> {
        let unusable = |error| Unobserved::new(Why::Unconfigured, at.url.as_str(), error);
        let mut ask = Ask::to(at.at(path).map_err(unusable)?).header("accept", ACCEPT).via(&at.via);
        if let Some(token) = at.token() {
            ask = ask.secret_header("authorization", "Token token=", &self.reveal(&token)?);
        }
        let answer = self.ask(ask).await?;
        if answer.status != 404 {
            answer.granted().map_err(named)?;
        }
        Ok(answer)
    }
}

fn read<T: DeserializeOwned>(answer: &Response) -> Result<T, Unobserved> {
    answer.json()
}

fn named(mut missing: Unobserved) -> Unobserved {
    if missing.why == Why::Forbidden {
        missing.detail = format!("needs a key that may read on-call schedules: {}", missing.detail);
    }
    missing
}
