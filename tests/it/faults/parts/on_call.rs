//! Rotas: what proves that one is there, and its shifts, at either system.

use super::super::product::after;
use super::Part;
use gonogo_world::{
    State,
    System::{IncidentIo, Pagerduty},
    incident_io,
    incidents::{Times, workshop_2024_09_30::LITELLM_PROBE_KEY},
    pagerduty::{self, Target},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "rota-policy",
        (Pagerduty, "policy.test", "/escalation_policies/"),
        "probe: on-call, with: { pagerduty: { connection: policy, escalation_policy: PWRKSHP } }",
    ),
    Part::new(
        "rota-shifts",
        (Pagerduty, "shifts.test", "/oncalls?"),
        "probe: on-call, with: { pagerduty: { connection: shifts, escalation_policy: PWRKSHP } }",
    ),
    Part::new(
        "rota-schedule",
        (IncidentIo, "schedule.test", "/v2/schedules/"),
        "probe: on-call, with: { incident_io: { connection: schedule, schedules: [01FIRST] } }",
    ),
    Part::new(
        "rota-entries",
        (IncidentIo, "entries.test", "/v2/schedule_entries"),
        "probe: on-call, with: { incident_io: { connection: entries, schedules: [01FIRST] } }",
    ),
];

/// One person on call until long after, at each of them.
pub fn add(state: &mut State, times: Times) {
    let (from, to) = (times.now - SignedDuration::from_hours(24), after(times));
    for name in ["policy", "shifts"] {
        let account = pagerduty::Pagerduty::of_key(LITELLM_PROBE_KEY)
            .user("UADA", "Ada Lovelace")
            .schedule("SFIRST", "First", &[("UADA", from, to)])
            .policy("PWRKSHP", "Workshop", &[&[Target::schedule("SFIRST")]]);
        state.pagerduty.insert(format!("{name}.test"), account);
    }
    for name in ["schedule", "entries"] {
        let own = incident_io::IncidentIo::of_key(LITELLM_PROBE_KEY).schedule(
            "01FIRST",
            "First",
            &[("Ada Lovelace", from, to)],
        );
        state.incident_io.insert(format!("{name}.test"), own);
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    for (kind, names) in [("pagerduty", ["policy", "shifts"]), ("incident-io", ["schedule", "entries"])] {
        for name in names {
            all[name] =
                json!({ "kind": kind, "url": format!("https://{name}.test"), "token": { "file": "gateway-key" } });
        }
    }
}
