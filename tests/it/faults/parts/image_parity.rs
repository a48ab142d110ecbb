//! Image parity: a source and a mirror in any registry, ECR with its account, and pods.

use super::Part;
use gonogo_world::System::{Ecr, Kubernetes, Registry};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "source",
        (Registry, "source.test", ""),
        "probe: image-parity, with: { source: { image: source.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "mirror",
        (Registry, "mirror.test", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: mirror.test/app:v1 }] }",
    ),
    Part::new(
        "token-service",
        (Registry, "tokens.test", "/token"),
        "probe: image-parity, with: { source: { image: tokens.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "tag-behind-token",
        (Registry, "behind.test", "/manifests/"),
        "probe: image-parity, with: { source: { image: behind.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "repacked-mirror",
        (Registry, "repacked.test", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: repacked.test/app:v1 }] }",
    ),
    Part::new(
        "ecr",
        (Ecr, "api.ecr.us-east-2.amazonaws.com", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ ecr: mirror, regions: [us-east-2], repository: app, tag: v1 }] }",
    ),
    Part::new(
        "ecr-account",
        (Ecr, "sts.us-west-2.amazonaws.com", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ ecr: account, regions: [us-west-2], repository: app, tag: v1 }] }",
    ),
    Part::new(
        "pods",
        (Kubernetes, "pods", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, running: { sites: [{site}], namespace: app, selector: app.kubernetes.io/name=web, container: web } }",
    ),
    Part::new(
        "pod-list",
        (Kubernetes, "pod-list", "/pods"),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, running: { sites: [{site}], namespace: app, selector: app.kubernetes.io/name=web, container: web } }",
    ),
];
