//! Registry: an image's tag, manifest and blobs, in any registry and in ECR; rules, copies and a limit.

use super::Part;
use gonogo_world::{
    State,
    System::{Ecr, Kubernetes, Registry},
    ecr::{self, CacheRule, ReplicationRule, Repository},
    incidents::Times,
    registry::{self, Allowance, Image},
};
use jiff::SignedDuration;

const HOSTS: [&str; 3] = ["whole.test", "blobs.test", "limited.test"];
const REGIONS: [&str; 5] = ["ap-south-1", "ap-south-2", "ap-east-1", "sa-east-1", "eu-south-1"];

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "image-manifests",
        (Registry, "whole.test", ""),
        "probe: registry, with: { images: [{ image: whole.test/app:v1 }], platforms: [linux/amd64] }",
    ),
    Part::new(
        "image-blobs",
        (Registry, "blobs.test", "/blobs/"),
        "probe: registry, with: { images: [{ image: blobs.test/app:v1 }], platforms: [linux/amd64] }",
    ),
    Part::new(
        "image-in-ecr",
        (Ecr, "api.ecr.ap-south-1.amazonaws.com", ""),
        "probe: registry, with: { images: [{ ecr: mirror, regions: [ap-south-1], repository: app, tag: v1 }], platforms: [linux/amd64] }",
    ),
    Part::new(
        "way-back",
        (Ecr, "api.ecr.sa-east-1.amazonaws.com", ""),
        "probe: registry, with: { rollback: [{ ecr: mirror, regions: [sa-east-1], repository: app, digest: \"sha256:a8ec5fe88fcc9432190351e4033882b8089eb631b5a41940c970f340389613a1\" }], platforms: [linux/amd64] }",
    ),
    Part::new(
        "cache-rule",
        (Ecr, "api.ecr.ap-south-2.amazonaws.com", ""),
        "probe: registry, with: { pull_through: [{ ecr: mirror, regions: [ap-south-2], prefix: hub, upstream: registry-1.docker.io }] }, expect: { importable: [hub/*] }",
    ),
    Part::new(
        "copies",
        (Ecr, "api.ecr.ap-east-1.amazonaws.com", "#DescribeImageReplicationStatus"),
        "probe: registry, with: { replication: [{ ecr: mirror, region: ap-east-1, repository: app, tag: v1, to: [eu-south-1] }] }",
    ),
    Part::new(
        "pull-limit",
        (Registry, "limited.test", ""),
        "probe: registry, with: { limit: { image: limited.test/app:v1 } }, expect: { pulls: { nodes: 2, images: 2, from: [203.0.113.9] } }",
    ),
    Part::new(
        "node-platforms",
        (Kubernetes, "node-platforms", "/nodes"),
        "probe: registry, sites: [{site}], with: { images: [{ image: steady.test/app:v1 }], nodes: {} }",
    ),
];

/// Three registries, and a region for each question to ECR.
pub fn add(state: &mut State, times: Times) {
    let image = Image::multi_arch("v1");
    for host in HOSTS {
        let mut registry = registry::Registry::open();
        registry.push("app", "v1", &image);
        state.registries.insert(host.to_owned(), registry);
    }
    let limited = state.registries.get_mut("limited.test").expect("a registry");
    let source = Some("203.0.113.9".to_owned());
    limited.allowance = Some(Allowance { limit: 100, window: Some(3600), remaining: 76, source });
    for name in REGIONS {
        let mut repository = Repository::created(times.now - SignedDuration::from_hours(48));
        repository.push("v1", &image, times.now - SignedDuration::from_hours(24));
        repository.copy(&image.digest(), "eu-south-1", "COMPLETE", None);
        let region = ecr::Region {
            repositories: [("app".to_owned(), repository)].into(),
            pull_through: [("hub".to_owned(), CacheRule::for_upstream("registry-1.docker.io"))].into(),
            replication: vec![ReplicationRule { prefixes: Vec::new(), to: vec!["eu-south-1".to_owned()] }],
            ..ecr::Region::default()
        };
        state.aws.regions.insert(name.to_owned(), region);
    }
}
