//! Keys: every system that tells when one ends.

use super::Part;
use gonogo_world::System::{Coder, Github, Kubernetes, Litellm, Web};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "key-by-alias",
        (Litellm, "alias.test", ""),
        "probe: key-expiry, with: { litellm: { connection: alias, key_alias: workshop } }",
    ),
    Part::new("own-key", (Litellm, "own.test", ""), "probe: key-expiry, with: { litellm: { connection: own } }"),
    Part::new(
        "held-key",
        (Litellm, "held.test", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: held, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new(
        "holder-of-key",
        (Kubernetes, "holder-of-key", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: sound, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new("own-token", (Coder, "coder.test", ""), "probe: key-expiry, with: { coder: { connection: coder } }"),
    Part::new(
        "named-token",
        (Coder, "other-coder.test", ""),
        "probe: key-expiry, with: { coder: { connection: other-coder, token_name: workshop } }",
    ),
    Part::new(
        "github-token",
        (Github, "api.github.com", ""),
        "probe: key-expiry, with: { github: { connection: github } }",
    ),
    Part::new(
        "pull-secret",
        (Kubernetes, "pull-secret", ""),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "secret-alone",
        (Kubernetes, "secret-alone", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "jwt-in-secret",
        (Kubernetes, "jwt-in-secret", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { jwt: { secret: { namespace: app, name: gateway, key: jwt } } }",
    ),
    Part::new(
        "json-time",
        (Web, "portal.test", ""),
        "probe: key-expiry, with: { json: { connection: portal, path: token, pointer: /expires_at } }",
    ),
    Part::new(
        "lasting-json",
        (Web, "lasting.test", ""),
        "probe: key-expiry, with: { json: { connection: lasting, path: token, pointer: /expires_at, null_is_never: true, absent_is_never: true } }",
    ),
];
