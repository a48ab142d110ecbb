//! Alertmanager's API, as far as it says who it is and what it keeps quiet.
//!
//! What a silence is now follows from the world's time, as it does there: none is stored as over.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fault::System;
use crate::serve::{Reply, Request, Stand};
use crate::state::State;

/// One Alertmanager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alertmanager {
    /// Documentation addresses that lead to it.
    pub addresses: Vec<IpAddr>,
    /// Its release.
    pub version: String,
    /// What it says of its peers: `ready`, `settling`, `disabled`.
    pub cluster: String,
    /// Its configuration, as it was read.
    pub config: String,
    /// Its silences, by id.
    pub silences: BTreeMap<String, Silence>,
}

/// A silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// From when it holds.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// What for.
    pub comment: String,
    /// Label, value, and whether the value is a pattern.
    pub matchers: Vec<(String, String, bool)>,
}

impl Silence {
    /// Keeps alerts with this value of a label quiet between these times.
    #[must_use]
    pub fn of(label: &str, value: &str, starts: Timestamp, ends: Timestamp) -> Self {
        Self {
            starts,
            ends,
            created_by: "sre@example.com".to_owned(),
            comment: "planned work".to_owned(),
            matchers: vec![(label.to_owned(), value.to_owned(), false)],
        }
    }

    fn state(&self, now: Timestamp) -> &'static str {
        if now < self.starts {
            "pending"
        } else if now < self.ends {
            "active"
        } else {
            "expired"
        }
    }

    fn json(&self, id: &str, now: Timestamp) -> Value {
        let matcher = |(name, value, is_regex): &(String, String, bool)| json!({ "isEqual": true, "isRegex": is_regex, "name": name, "value": value });
        json!({
            "id": id,
            "status": { "state": self.state(now) },
            "updatedAt": millisecond(self.starts),
            "comment": self.comment,
            "createdBy": self.created_by,
            "endsAt": millisecond(self.ends),
            "matchers": self.matchers.iter().map(matcher).collect::<Vec<_>>(),
            "startsAt": millisecond(self.starts),
        })
    }
}

impl Default for Alertmanager {
    /// One that is ready, alone, and silences nothing.
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            version: "0.28.1".to_owned(),
            cluster: "ready".to_owned(),
            config: "route:\n  receiver: pager\nreceivers:\n- name: pager\n".to_owned(),
            silences: BTreeMap::new(),
        }
    }
}

impl Alertmanager {
    fn status(&self, started: Timestamp) -> Value {
        let mut cluster = json!({ "peers": [], "status": self.cluster });
        // One that is alone by its own flags has no name among peers.
        if self.cluster != "disabled" {
            cluster["name"] = json!("01WORLD");
        }
        json!({
            "cluster": cluster,
            "config": { "original": self.config },
            "uptime": millisecond(started),
            "versionInfo": {
                "branch": "HEAD", "buildDate": "20250307-15:05:18", "buildUser": "root@world", "goVersion": "go1.23.7",
                "revision": "b2099eaa2c9ebc25edb26517cb9c732738e93910", "version": self.version,
            },
        })
    }

    fn answer(&self, request: &Request) -> Reply {
        match request.path.as_str() {
            "/api/v2/status" => api(&self.status(request.now)),
            "/api/v2/silences" => {
                let silences = self.silences.iter().map(|(id, silence)| silence.json(id, request.now));
                api(&silences.collect())
            }
            "/-/ready" | "/-/healthy" => Reply::text(200, "OK"),
            path => refusal(404, path),
        }
    }
}

pub(crate) fn stands(state: &State) -> Vec<Stand> {
    let hosts = state.alertmanager.iter().map(|(host, own)| (host, &own.addresses));
    Stand::hosted(
        System::Alertmanager,
        hosts,
        |state, host, request| Some(state.alertmanager.get(host)?.answer(request)),
        |status, request| refusal(status, &request.path),
    )
}

fn api(body: &Value) -> Reply {
    Reply::json(200, body).header("content-type", "application/json").header("vary", "Origin")
}

fn refusal(status: u16, path: &str) -> Reply {
    if status == 404 {
        let message = format!("path {path} was not found");
        return Reply::json(404, &json!({ "code": 404, "message": message }));
    }
    Reply::text(status, format!("{status}\n"))
}

fn millisecond(time: Timestamp) -> String {
    format!("{time:.3}")
}
