//! Coder's deployment: every part of it that is one answer, at a host of its own.

use super::Part;
use gonogo_world::{
    State,
    System::Coder,
    coder::{Bridge, Estate, Feature, Licence, Provider, Region},
    incidents::Times,
};
use serde_json::{Value, json};

use crate::faults::product::after;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "server-build",
        (Coder, "build.coder.test", ""),
        "probe: coder-deployment, with: { connection: build-coder, build: v2.20.0-devel+4b2f1c9 }",
    ),
    Part::new(
        "sign-in-page",
        (Coder, "page.coder.test", ""),
        "probe: coder-deployment, with: { connection: page-coder, sign_in: [github] }",
    ),
    Part::new(
        "sign-up-setting",
        (Coder, "config.coder.test", "/deployment/config"),
        "probe: coder-deployment, with: { connection: config-coder, sign_up: { through: github, organisations: [launch] }, sign_in: [github] }",
    ),
    Part::new(
        "accounts",
        (Coder, "users.coder.test", ""),
        "probe: coder-deployment, with: { connection: users-coder, participants: { names: [workshop-owner, workshop-automation] } }",
    ),
    Part::new(
        "licences",
        (Coder, "licences.coder.test", "/licenses"),
        "probe: coder-deployment, with: { connection: licences-coder, licence: true }",
    ),
    Part::new(
        "seats",
        (Coder, "seats.coder.test", ""),
        "probe: coder-deployment, with: { connection: seats-coder, seats: true, features: [aibridge] }",
    ),
    Part::new(
        "automation-token",
        (Coder, "tokens.coder.test", ""),
        "probe: coder-deployment, with: { connection: tokens-coder, tokens: [{ name: ci, user: workshop-automation }] }",
    ),
];

/// The part of each host's name in front of `.coder.test`.
pub const HOSTS: [&str; 9] =
    ["build", "page", "config", "users", "licences", "seats", "tokens", "bridge", "bridged-models"];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    let hosts = HOSTS.map(|host| Region::new("primary", &format!("{host}.coder.test"), &[]));
    state.coder.regions.extend(hosts);
    let on = Feature { is_licensed: true, is_enabled: true };
    state.coder.estate = Estate {
        github: Provider {
            is_enabled: true,
            allows_signups: true,
            organisations: vec!["launch".to_owned()],
            ..Provider::default()
        },
        licences: vec![Licence::bought(times.now, after(times))],
        seats: Some(100),
        features: [("aibridge".to_owned(), on)].into(),
        bridge: Bridge::of("anthropic", &["claude-sonnet-4-5"]),
        ..Estate::default()
    };
}

/// The connections that lead to them.
pub fn connections(all: &mut Value) {
    for host in HOSTS {
        let url = format!("https://{host}.coder.test");
        all[format!("{host}-coder")] = json!({ "kind": "coder", "url": url, "token": { "file": "owner-token" } });
    }
}
