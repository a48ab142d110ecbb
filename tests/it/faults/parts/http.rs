//! Pages: by their words, by their JSON, several times, and Coder's answer to a name that no workspace has.

use super::Part;
use gonogo_world::System::{Coder, Web};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "page",
        (Web, "page.test", ""),
        "probe: http, with: { url: \"https://page.test/\" }, expect: { body: { equals: all is well with this page } }",
    ),
    Part::new(
        "status-page",
        (Web, "status.test", ""),
        "probe: http, with: { url: \"https://status.test/\" }, expect: { body: { json: [{ pointer: /db, equals: connected }] } }",
    ),
    Part::new(
        "sampled-page",
        (Web, "sampled.test", ""),
        "probe: http, with: { url: \"https://sampled.test/\", samples: 3 }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "routing",
        (Coder, "routing.test", ""),
        "probe: http, with: { url: \"https://${random.label}.routing.test/\" }, expect: { status: 400, body: { contains: Could not parse subdomain application URL } }",
    ),
];
