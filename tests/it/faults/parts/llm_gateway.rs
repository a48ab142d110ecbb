//! Gateways to models: each answer that one hangs on, at a host of its own.

use super::Part;
use gonogo_world::{
    State,
    System::{Coder, Litellm},
    incidents::{Times, workshop_2024_09_30 as workshop},
    litellm::{Gateway, Key, Role},
};
use serde_json::{Value, json};

use crate::faults::product::after;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "gateway-readiness",
        (Litellm, "ready.test", ""),
        "probe: llm-gateway, with: { litellm: { connection: ready-gateway } }",
    ),
    Part::new(
        "gateway-models",
        (Litellm, "models.test", "/v1/models"),
        "probe: llm-gateway, with: { litellm: { connection: models-gateway, models: [claude-sonnet] } }",
    ),
    Part::new(
        "gateway-own-key",
        (Litellm, "purse.test", "/key/info"),
        "probe: llm-gateway, with: { litellm: { connection: purse-gateway, key: {} } }, expect: { each_attendee: { dollars: 1 } }",
    ),
    Part::new(
        "gateway-named-key",
        (Litellm, "purses.test", "/key/list"),
        "probe: llm-gateway, with: { litellm: { connection: purses-gateway, key: { alias: workshop } } }, expect: { each_attendee: { dollars: 1 } }",
    ),
    Part::new(
        "ai-bridge",
        (Coder, "bridge.coder.test", ""),
        "probe: llm-gateway, with: { ai_bridge: { connection: bridge-coder, models: { anthropic: [claude-sonnet-4-5] } } }",
    ),
    Part::new(
        "ai-bridge-models",
        (Coder, "bridged-models.coder.test", "/aibridge/"),
        "probe: llm-gateway, with: { ai_bridge: { connection: bridged-models-coder, models: { anthropic: [claude-sonnet-4-5] } } }",
    ),
];

const HOSTS: [&str; 4] = ["ready", "models", "purse", "purses"];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    for host in HOSTS {
        let mut gateway = Gateway::new("sk-world-master");
        let mut probe = Key::new("gonogo", workshop::LITELLM_PROBE_KEY, times.now).of("gonogo", Role::Viewer);
        let mut workshop = Key::new("workshop", "sk-world-workshop", times.now).until(after(times));
        (probe.max_budget, workshop.max_budget) = (Some(50.0), Some(50.0));
        gateway.keys = vec![probe.until(after(times)), workshop];
        state.litellm.insert(format!("{host}.test"), gateway);
    }
}

/// The connections that lead to them.
pub fn connections(all: &mut Value) {
    for host in HOSTS {
        let url = format!("https://{host}.test");
        all[format!("{host}-gateway")] = json!({ "kind": "litellm", "url": url, "token": { "file": "gateway-key" } });
    }
}
