//! Whose shifts, and who must be on call.

use crate::{
    clients::connections::Endpoint,
    contract::{Access, Invalid, Place, values::Period},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The longest stretch of time that `PagerDuty` answers for.
const MOST_DAYS: u64 = 89;
/// How far ahead is asked, unless the checklist says otherwise.
const DAYS: u64 = 31;

/// What to look at: one of `pagerduty` and `incident_io`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// An escalation policy, or schedules, at `PagerDuty`.
    #[serde(default)]
    pagerduty: Option<Pagerduty>,
    /// Schedules at incident.io.
    #[serde(default)]
    incident_io: Option<IncidentIo>,
    /// How far ahead the shifts are asked for; `31d` unless it says otherwise, at most `89d`.
    #[serde(default)]
    horizon: Option<Period>,
}

/// An escalation policy, or schedules, at `PagerDuty`: one of the two.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagerduty {
    /// A connection of kind `pagerduty`.
    connection: String,
    /// The id of an escalation policy: its levels are the levels.
    #[serde(default)]
    escalation_policy: Option<String>,
    /// Ids of schedules: the first is level 1, the second level 2.
    #[serde(default)]
    schedules: Vec<String>,
}

/// Schedules at incident.io.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentIo {
    /// A connection of kind `incident-io`.
    connection: String,
    /// Ids of schedules: the first is level 1, the second level 2.
    schedules: Vec<String>,
}

/// What must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The levels at which somebody must be on call for the whole window; `[1]` unless it says otherwise.
    #[serde(default = "first")]
    pub levels: Vec<u32>,
    /// Who may be on call at those levels, by name, address or id; empty: anybody.
    #[serde(default)]
    pub people: Vec<String>,
    /// Who must be on call for the whole window, at any level.
    #[serde(default)]
    pub through: Vec<String>,
    /// True: one person at two levels at once is a warning.
    #[serde(default = "yes")]
    pub distinct: bool,
    /// True: whoever is on call may change within the window.
    #[serde(default)]
    pub handover: bool,
}

fn first() -> Vec<u32> {
    vec![1]
}

const fn yes() -> bool {
    true
}

/// Whose shifts will be asked for.
pub(super) enum From {
    Policy(Endpoint, String),
    Schedules(Endpoint, Vec<String>),
    IncidentIo(Endpoint, Vec<String>),
}

/// What will be looked at.
pub(super) struct Target {
    pub(super) from: From,
    pub(super) horizon: Period,
}

impl Target {
    pub(super) fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let horizon = settings.horizon.unwrap_or(Period::days(DAYS));
        if horizon < Period::days(1) || horizon > Period::days(MOST_DAYS) {
            return Err(Invalid::new("horizon", format!("{horizon} is not from 1d to {MOST_DAYS}d")));
        }
        let from = match (settings.pagerduty, settings.incident_io) {
            (Some(pagerduty), None) => of_pagerduty(pagerduty, place)?,
            (None, Some(incident)) => {
                let endpoint = endpoint(&incident.connection, "incident-io", "incident_io.connection", place)?;
                From::IncidentIo(endpoint, ids(incident.schedules, "incident_io.schedules")?)
            }
            _ => return Err(Invalid::new("", "exactly one of `pagerduty` and `incident_io` is needed")),
        };
        Ok(Self { from, horizon })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        match &self.from {
            From::Policy(..) => vec![Access::new("pagerduty", "read on-calls and escalation policies")],
            From::Schedules(..) => vec![Access::new("pagerduty", "read on-calls and schedules")],
            From::IncidentIo(..) => vec![Access::new("incident.io", "view schedules")],
        }
    }
}

fn of_pagerduty(written: Pagerduty, place: &Place) -> Result<From, Invalid> {
    let endpoint = endpoint(&written.connection, "pagerduty", "pagerduty.connection", place)?;
    match written.escalation_policy {
        Some(id) if written.schedules.is_empty() => {
            let mut id = ids(vec![id], "pagerduty.escalation_policy")?;
            Ok(From::Policy(endpoint, id.swap_remove(0)))
        }
        None if !written.schedules.is_empty() => {
            Ok(From::Schedules(endpoint, ids(written.schedules, "pagerduty.schedules")?))
        }
        _ => Err(Invalid::new("pagerduty", "exactly one of `escalation_policy` and `schedules` is needed")),
    }
}

fn endpoint(name: &str, kind: &str, at: &str, place: &Place) -> Result<Endpoint, Invalid> {
    let endpoint = place.endpoint(name, kind, at)?;
    if endpoint.token().is_some() {
        return Ok(endpoint);
    }
    Err(Invalid::new(at, format!("connection `{name}` has no `token`, without which nothing is shown"))
        .help("add `token: { env: NAME }` to the connection"))
}

/// The ids, none of which may lead to another path.
fn ids(ids: Vec<String>, at: &str) -> Result<Vec<String>, Invalid> {
    if ids.is_empty() {
        return Err(Invalid::new(at, "an empty list: nobody is on call by no schedule"));
    }
    match ids.iter().find(|id| id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')) {
        Some(id) => Err(Invalid::new(at, format!("`{id}` is no id"))
            .help("copy the id from the address of its page: letters and digits alone")),
        None => Ok(ids),
    }
}
