//! Proxies: the server's list of them, its regions, its build, and a proxy's own.

use super::Part;
use gonogo_world::{State, System::Coder, coder::Region, incidents::Times};
use serde_json::{Value, json};

const HOSTS: [&str; 4] = ["views.test", "regions.test", "server.test", "serving.test"];

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "proxies-seen",
        (Coder, "views.test", "/workspaceproxies"),
        "probe: coder-proxies, with: { connection: views, proxies: { sites: [{site}], name: far, url: \"https://far.test\" } }, expect: { only_named: false }",
    ),
    Part::new(
        "proxies-offered",
        (Coder, "regions.test", "/regions"),
        "probe: coder-proxies, with: { connection: regions, proxies: { sites: [{site}], name: far, url: \"https://far.test\" } }, expect: { only_named: false }",
    ),
    Part::new(
        "proxies-server",
        (Coder, "server.test", "/buildinfo"),
        "probe: coder-proxies, with: { connection: server, proxies: { sites: [{site}], name: far, url: \"https://far.test\" } }, expect: { only_named: false }",
    ),
    Part::new(
        "proxy-itself",
        (Coder, "alone.test", ""),
        "probe: coder-proxies, with: { connection: serving, proxies: { sites: [{site}], name: alone } }, expect: { only_named: false }",
    ),
];

/// What the sound world holds for them.
pub fn add(state: &mut State, _: Times) {
    state.coder.regions.extend(HOSTS.map(|host| Region::new("primary", host, &[])));
    state.coder.regions.push(Region::new("far", "far.test", &[]));
    state.coder.regions.push(Region::new("alone", "alone.test", &[]));
}

/// The connections that they need.
pub fn connections(all: &mut Value) {
    for (name, host) in ["views", "regions", "server", "serving"].into_iter().zip(HOSTS) {
        let url = format!("https://{host}");
        all[name] = json!({ "kind": "coder", "url": url, "token": { "file": "coder-token" } });
    }
}
