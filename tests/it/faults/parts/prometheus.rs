//! Prometheus: a query, the rules, what rules read, and Amazon's workspace.

use super::Part;
use gonogo_world::{
    State,
    System::Prometheus,
    incidents::Times,
    prometheus::{self, Rule},
};
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "measured",
        (Prometheus, "measured.test", ""),
        "probe: prometheus, with: { connection: measured, queries: { depth: depth } }",
    ),
    Part::new(
        "measured-over-time",
        (Prometheus, "over-time.test", "/api/v1/query_range"),
        "probe: prometheus, with: { connection: over-time, queries: { depth: depth }, range: { last: 5m } }",
    ),
    Part::new(
        "alert-rules",
        (Prometheus, "rules.test", "/api/v1/rules"),
        "probe: prometheus, with: { connection: rules, rules: [Long] }, expect: { rules: { Long: [{ above: 5 }] } }",
    ),
    Part::new(
        "inputs-of-rules",
        (Prometheus, "inputs.test", "/api/v1/query"),
        "probe: prometheus, with: { connection: inputs, rules: [Long] }",
    ),
    Part::new(
        "amazons-prometheus",
        (Prometheus, WORKSPACE, ""),
        "probe: prometheus, with: { amp: { account: mirror, region: us-east-2, workspace: ws-1 }, queries: { depth: depth } }",
    ),
];

const SERVERS: [&str; 4] = ["measured", "over-time", "rules", "inputs"];
const WORKSPACE: &str = "aps-workspaces.us-east-2.amazonaws.com";

/// What the sound world holds for them.
pub fn add(state: &mut State, _: Times) {
    let sound = || {
        let rule = Rule::new("Long", "depth > 5", 60, &[("severity", "page")]);
        prometheus::Prometheus::default().measures("depth", &[("queue", "builds")], 1.0).rule(rule)
    };
    for name in SERVERS {
        state.prometheus.insert(format!("{name}.test"), sound());
    }
    let workspace = Some(("us-east-2".to_owned(), "ws-1".to_owned()));
    state.prometheus.insert(WORKSPACE.to_owned(), prometheus::Prometheus { workspace, ..sound() });
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    for name in SERVERS {
        all[name] = json!({ "kind": "prometheus", "url": format!("https://{name}.test") });
    }
}
