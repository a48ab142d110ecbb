//! Plain names: at their own server, and at a resolver.

use super::Part;
use gonogo_world::{
    State,
    System::Dns,
    dns::{Server, Zone},
    incidents::Times,
};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "plain-authority",
        (Dns, "192.0.2.31", ""),
        "probe: dns, with: { names: [{ name: www.plain.test, target: [203.0.113.9] }], resolvers: [authoritative] }",
    ),
    Part::new(
        "plain-resolver",
        (Dns, "", "www.resolved.test"),
        "probe: dns, with: { names: [{ name: www.resolved.test, target: [203.0.113.9] }], resolvers: [8.8.8.8] }",
    ),
];

/// What the sound world holds for them: zones whose serials tell no time.
pub fn add(state: &mut State, _: Times) {
    let plain = Zone::new("plain.test").serial(7).name_server("ns.plain.test").address("ns.plain.test", "192.0.2.31");
    let resolved = Zone::new("resolved.test").serial(7).address("www.resolved.test", "203.0.113.9");
    let dns = std::mem::take(&mut state.dns);
    let dns = dns.zone(plain.address("www.plain.test", "203.0.113.9")).zone(resolved);
    state.dns = dns.server(Server::new("ns.plain.test", "192.0.2.31"));
}
