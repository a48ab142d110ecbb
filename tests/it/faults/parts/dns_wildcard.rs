//! Names: at their own servers, at resolvers, on the way to a zone, and of what other checks ask.

use super::Part;
use gonogo_world::System::Dns;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "authority-1",
        (Dns, "192.0.2.11", ""),
        "probe: dns-wildcard, with: { domain: ai.both.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "authority-2",
        (Dns, "192.0.2.12", ""),
        "probe: dns-wildcard, with: { domain: ui.both.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "one-authority",
        (Dns, "192.0.2.13", ""),
        "probe: dns-wildcard, with: { domain: ai.one.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "resolver",
        (Dns, "1.1.1.1", ""),
        "probe: dns-wildcard, with: { domain: ai.steady.test, target: [203.0.113.9], resolvers: [1.1.1.1] }",
    ),
    Part::new(
        "second-resolver",
        (Dns, "9.9.9.9", ""),
        "probe: dns-wildcard, with: { domain: ai.steady.test, target: [203.0.113.9], resolvers: [authoritative, 9.9.9.9] }",
    ),
    Part::new(
        "system-resolver",
        (Dns, "", "ai.system.test"),
        "probe: dns-wildcard, with: { domain: ai.system.test, target: [203.0.113.9], resolvers: [system] }",
    ),
    Part::new(
        "zone-cut",
        (Dns, "192.0.2.53", "cut.test"),
        "probe: dns-wildcard, with: { domain: ai.cut.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "target",
        (Dns, "", "lb.target.test"),
        "probe: dns-wildcard, with: { domain: ai.aimed.test, target: lb.target.test, resolvers: [authoritative, 8.8.8.8] }",
    ),
    Part::new(
        "page-by-name",
        (Dns, "", "web.named.test"),
        "probe: http, with: { url: \"https://web.named.test/\" }, expect: { body: { equals: all is well with this page } }",
    ),
];
