//! incident.io's API: schedules and who is on call by them.
//!
//! Source: incident.io API reference, "Schedules V2". Of the three lists that come, `final` is who is on call once overrides are
//! laid over what is scheduled; the other two are parts of it.

use super::{
    connections::Endpoint,
    http::{Ask, Response},
};
use crate::contract::{Context, Unobserved, Why};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::sync::Arc;

/// The most pages of one list.
const MOST_PAGES: usize = 50;

/// A schedule.
#[derive(Clone, Debug, Deserialize)]
pub struct Schedule {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A stretch of time in which one person is on call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// From when.
    pub start_at: Timestamp,
    /// Until when.
    pub end_at: Timestamp,
    /// Who; nobody where the rotation leaves the time empty.
    #[serde(default)]
    pub user: Option<User>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
}

/// The entries of a stretch of time.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The entries, overrides laid over what is scheduled.
    pub entries: Vec<Entry>,
    /// When the first byte was asked.
    pub asked_at: Timestamp,
}

#[derive(Deserialize)]
struct One {
    schedule: Schedule,
}

#[derive(Deserialize)]
struct All {
    schedules: Vec<Schedule>,
}

#[derive(Deserialize)]
struct Page {
    schedule_entries: Entries,
    #[serde(default)]
    pagination_meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Entries {
    r#final: Vec<Entry>,
}

#[derive(Deserialize)]
struct Meta {
    /// The end of the last entry, where there may be more behind it.
    #[serde(default)]
    after: Option<String>,
}

impl Context {
    /// The schedule `id`; `None` where incident.io says that there is none, and shows others to the same key.
    ///
    /// # Errors
    /// No answer, a refusal, or nothing that could prove that it is not hidden from the key.
    pub async fn incident_io_schedule(&self, at: &Endpoint, id: &str) -> Result<Option<Schedule>, Unobserved> {
        let answer = self.incident_io(at, &format!("v2/schedules/{}", escaped(id))).await?;
        if answer.status != 404 {
            return Ok(Some(answer.json::<One>()?.schedule));
        }
        let control = self.incident_io(at, "v2/schedules?page_size=1").await?;
        if control.json::<All>()?.schedules.is_empty() {
            let detail = "it is not there, or hidden from this key: the key is shown none at all";
            return Err(Unobserved::new(Why::NotFound, &answer.asked, detail).by_hand(answer.by_hand()));
        }
        Ok(None)
    }

    /// Who is on call by the schedule `id` between two times.
    ///
    /// # Errors
    /// No answer, a refusal, or a list that cannot be read to its end.
    pub async fn incident_io_entries(
        &self,
        at: &Endpoint,
        id: &str,
        (since, until): (Timestamp, Timestamp),
    ) -> Result<Listed, Unobserved> {
        let (mut entries, mut from, mut asked_at): (Vec<Entry>, _, _) = (Vec::new(), since, None);
        for _ in 0..MOST_PAGES {
            let (start, end) = (escaped(&from.to_string()), escaped(&until.to_string()));
            let id = escaped(id);
            let path =
                format!("v2/schedule_entries?schedule_id={id}&entry_window_start={start}&entry_window_end={end}");
            let answer = self.incident_io(at, &path).await?;
            let page: Page = answer.json()?;
            asked_at = asked_at.or(Some(answer.asked_at));
            let fresh = page.schedule_entries.r#final.into_iter().filter(|entry| !entries.contains(entry));
            entries.extend(fresh.collect::<Vec<_>>());
            let after = page.pagination_meta.and_then(|meta| meta.after?.parse::<Timestamp>().ok());
            match after.filter(|after| *after > from && *after < until) {
                Some(after) => from = after,
                None => return Ok(Listed { entries, asked_at: asked_at.unwrap_or(answer.asked_at) }),
            }
        }
        let detail = format!("more than {MOST_PAGES} pages");
        Err(Unobserved::new(Why::TooLarge, format!("schedule {id}"), detail))
    }

    async fn incident_io(&self, at: &Endpoint, path: &str) -> Result<Arc<Response>, Unobserved> {
        let unusable = |error| Unobserved::new(Why::Unconfigured, at.url.as_str(), error);
        let mut ask = Ask::to(at.at(path).map_err(unusable)?).header("accept", "application/json").via(&at.via);
        if let Some(token) = at.token() {
            ask = ask.bearer(&self.reveal(&token)?);
        }
        let answer = self.ask(ask).await?;
        if answer.status != 404 {
            answer.granted().map_err(named)?;
        }
        Ok(answer)
    }
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn named(mut missing: Unobserved) -> Unobserved {
    if missing.why == Why::Forbidden {
        missing.detail = format!("needs a key that may view schedules: {}", missing.detail);
    }
    missing
}
