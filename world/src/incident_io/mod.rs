//! incident.io's API, as far as it says who is on call: schedules, and their entries with overrides laid over them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fault::System;
use crate::serve::{Reply, Request, Stand};
use crate::state::State;

/// How many entries an answer holds.
const PAGE: usize = 25;

/// One organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentIo {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// API keys that may view schedules.
    pub keys: Vec<String>,
    /// API keys that are known and may not.
    pub weak_keys: Vec<String>,
    /// Its schedules, by id.
    pub schedules: BTreeMap<String, Schedule>,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The name.
    pub name: String,
    /// Its shifts by its rotations.
    pub scheduled: Vec<Shift>,
    /// What was laid over them.
    pub overrides: Vec<Shift>,
}

/// A shift: whose name, from when, and until when. Nobody's, where the rotation leaves it empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Who.
    pub user: Option<String>,
    /// From when.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
}

impl IncidentIo {
    /// An organisation that this key may read.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self { keys: vec![key.to_owned()], ..Self::default() }
    }

    /// Adds a schedule of these shifts.
    #[must_use]
    pub fn schedule(mut self, id: &str, name: &str, shifts: &[(&str, Timestamp, Timestamp)]) -> Self {
        let scheduled = shifts.iter().map(|(user, starts, ends)| Shift::of(user, *starts, *ends)).collect();
        self.schedules.insert(id.to_owned(), Schedule { name: name.to_owned(), scheduled, overrides: Vec::new() });
        self
    }
}

impl Shift {
    /// The shift of `user`.
    #[must_use]
    pub fn of(user: &str, starts: Timestamp, ends: Timestamp) -> Self {
        Self { user: Some(user.to_owned()), starts, ends }
    }

    fn json(&self, id: &str) -> Value {
        let user = self.user.as_ref().map(|name| {
            let word = name.to_lowercase().replace(' ', ".");
            json!({ "id": format!("01USER{}", word.to_uppercase()), "name": name, "email": format!("{word}@example.com"), "role": "responder" })
        });
        json!({
            "entry_id": format!("{id}-{}", self.starts.as_second()),
            "rotation_id": format!("{id}-rotation"), "layer_id": format!("{id}-layer"), "fingerprint": format!("{id}-print"),
            "start_at": self.starts.to_string(), "end_at": self.ends.to_string(), "user": user,
        })
    }
}

impl Schedule {
    /// What is left of the shifts beside the overrides, and those.
    fn r#final(&self) -> Vec<Shift> {
        let mut left = self.scheduled.clone();
        for over in &self.overrides {
            left = left.into_iter().flat_map(|shift| beside(&shift, over)).collect();
        }
        left.extend(self.overrides.iter().cloned());
        left.sort_by_key(|shift| shift.starts);
        left
    }
}

fn beside(shift: &Shift, over: &Shift) -> Vec<Shift> {
    let before = Shift { ends: shift.ends.min(over.starts), ..shift.clone() };
    let after = Shift { starts: shift.starts.max(over.ends), ..shift.clone() };
    [before, after].into_iter().filter(|part| part.starts < part.ends).collect()
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.incident_io.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::IncidentIo,
        hosts,
        |state, host, request| Some(answer(state.incident_io.get(host)?, request)),
        |status, _| refusal(status),
    )
}

fn answer(own: &IncidentIo, request: &Request) -> Reply {
    let key = request.bearer().unwrap_or_default();
    if own.weak_keys.contains(&key) {
        return refusal(403);
    }
    if !own.keys.contains(&key) {
        return refusal(401);
    }
    let segments = request.segments();
    match segments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["v2", "schedules"] => {
            let all: Vec<_> = own.schedules.iter().map(|(id, schedule)| shown(id, schedule)).collect();
            let meta = json!({ "page_size": 25, "total_record_count": all.len() });
            Reply::json(200, &json!({ "schedules": all, "pagination_meta": meta }))
        }
        ["v2", "schedules", id] => match own.schedules.get(id) {
            Some(schedule) => Reply::json(200, &json!({ "schedule": shown(id, schedule) })),
            None => refusal(404),
        },
        ["v2", "schedule_entries"] => entries(own, request),
        _ => refusal(404),
    }
}

fn shown(id: &str, schedule: &Schedule) -> Value {
    json!({ "id": id, "name": schedule.name, "timezone": "America/Los_Angeles", "annotations": {}, "config": { "rotations": [] } })
}

fn entries(own: &IncidentIo, request: &Request) -> Reply {
    let time = |name: &str| request.parameter(name).and_then(|text| text.parse::<Timestamp>().ok());
    let (Some(from), Some(to)) = (time("entry_window_start"), time("entry_window_end")) else { return refusal(422) };
    let id = request.parameter("schedule_id").unwrap_or_default();
    let Some(schedule) = own.schedules.get(&id) else { return refusal(404) };
    let within = |shifts: &[Shift]| {
        let known = shifts.iter().filter(|shift| shift.starts < to && shift.ends > from);
        known.cloned().collect::<Vec<_>>()
    };
    let whole = within(&schedule.r#final());
    let page = &whole[..whole.len().min(PAGE)];
    let after = page.last().filter(|_| whole.len() > PAGE).map(|last| last.ends.to_string());
    let json = |shifts: &[Shift]| shifts.iter().map(|shift| shift.json(&id)).collect::<Vec<_>>();
    let entries = json!({
        "final": json(page), "overrides": json(&within(&schedule.overrides)), "scheduled": json(&within(&schedule.scheduled)),
    });
    Reply::json(200, &json!({ "schedule_entries": entries, "pagination_meta": { "after": after, "after_url": null } }))
}

fn refusal(status: u16) -> Reply {
    let (kind, message) = match status {
        401 => ("authentication_error", "No valid API key was provided."),
        403 => ("authorization_error", "The API key does not have the permission that this needs."),
        404 => ("not_found", "The resource could not be found."),
        422 => ("validation_error", "The request could not be understood."),
        429 => ("too_many_requests", "Too many requests were made."),
        _ => ("internal_error", "Something went wrong."),
    };
    let body = json!({
        "type": kind, "status": status, "request_id": "01WORLD",
        "errors": [{ "code": kind, "message": message }],
    });
    Reply::json(status, &body)
}
