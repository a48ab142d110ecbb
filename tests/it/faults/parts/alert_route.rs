//! Where an alert goes: how the Alertmanager is set, and what it keeps quiet.

use super::Part;
use gonogo_world::{
    State,
    System::Alertmanager,
    alertmanager::{self, Silence},
    incidents::Times,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "routes",
        (Alertmanager, "routes.test", "/api/v2/status"),
        "probe: alert-route, with: { connection: routes, alerts: { down: { alertname: Down } } }",
    ),
    Part::new(
        "silences-of-route",
        (Alertmanager, "route-silences.test", "/api/v2/silences"),
        "probe: alert-route, with: { connection: route-silences, alerts: { down: { alertname: Down } } }",
    ),
];

const ALERTMANAGERS: [&str; 2] = ["routes", "route-silences"];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    for name in ALERTMANAGERS {
        let config = "{ route: { receiver: pager }, receivers: [{ name: pager, pagerduty_configs: [{ routing_key: <secret> }] }] }";
        let made = times.now - SignedDuration::from_hours(24);
        // One that is over, so that the list is not two bytes that come whole however slowly.
        let over = Silence::of("severity", "page", made, times.now);
        let silences = [("over".to_owned(), over)].into();
        let one =
            alertmanager::Alertmanager { silences, config: config.to_owned(), ..alertmanager::Alertmanager::default() };
        state.alertmanager.insert(format!("{name}.test"), one);
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    for name in ALERTMANAGERS {
        all[name] = json!({ "kind": "alertmanager", "url": format!("https://{name}.test") });
    }
}
