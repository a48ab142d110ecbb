//! Secret parity: a source in Secrets Manager, and copies in a cluster.

use super::Part;
use gonogo_world::{
    State,
    System::{Aws, Kubernetes},
    aws::{Secret, Services},
    ecr::Region,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::SignedDuration;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "secret-source",
        (Aws, "secretsmanager.ca-central-1.amazonaws.com", ""),
        "probe: secret-parity, with: { source: { aws_secret: { connection: mirror, region: ca-central-1, id: launch/key } }, copies: [{ sites: [{site}], namespace: app, name: gateway, key: token }] }",
    ),
    Part::new(
        "secret-copy",
        (Kubernetes, "secret-copy", ""),
        "probe: secret-parity, with: { source: { aws_secret: { connection: mirror, region: ca-west-1, id: launch/key } }, copies: [{ sites: [{site}], namespace: app, name: gateway, key: token }] }",
    ),
    Part::new(
        "secret-copy-alone",
        (Kubernetes, "secret-copy-alone", "/secrets/"),
        "probe: secret-parity, with: { source: { aws_secret: { connection: mirror, region: ca-west-1, id: launch/key } }, copies: [{ sites: [{site}], namespace: app, name: gateway, key: token }] }",
    ),
];

/// The source, as every cluster holds it.
pub fn add(state: &mut State, times: Times) {
    for region in ["ca-central-1", "ca-west-1"] {
        let secret = Secret::text(workshop::LITELLM_PROBE_KEY, times.now - SignedDuration::from_hours(48));
        let services = Services::default().secret("launch/key", secret);
        state.aws.regions.insert(region.to_owned(), Region { services, ..Region::default() });
    }
}
