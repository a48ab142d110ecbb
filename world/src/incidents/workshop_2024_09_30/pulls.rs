//! What the crowd's nodes will pull: the workspaces' images in every region, behind which rules, and under which limit.
//!
//! The repositories are those of the platform's code. It has no replication; here the images are copied from the server's
//! region, so that the checklist can show how that is seen.

use super::{PLACES, SERVER, Times, ago};
use crate::ecr::{CacheRule, ReplicationRule, Repository};
use crate::registry::{Image, Registry};
use crate::state::State;

/// The repositories of the workspaces' images.
const IMAGES: [&str; 3] = ["base-ws", "claude-ws", "goose-ws"];
/// Prefixes of the pull-through caches, and their upstreams.
const CACHES: [(&str, &str); 4] =
    [("docker-hub", "registry-1.docker.io"), ("ghcr", "ghcr.io"), ("k8s", "registry.k8s.io"), ("quay", "quay.io")];
/// Where the nodes' pulls come from, and the checker's: a NAT gateway's address.
const GATEWAY: &str = "203.0.113.100";

/// The image to go back to: the version before the current one.
pub(super) fn previous_image() -> Image {
    Image::multi_arch("v2.19.4-devel+77c0ffe")
}

pub(super) fn add(state: &mut State, times: Times) {
    for place in PLACES {
        let Some(region) = state.aws.regions.get_mut(place.region) else { continue };
        for name in IMAGES {
            let image = Image::multi_arch(&format!("{name} of November"));
            let mut repository = Repository::created(ago(times, 365));
            repository.push("latest", &image, ago(times, 5));
            if place.region == SERVER.region {
                for other in PLACES.iter().filter(|other| other.region != SERVER.region) {
                    repository.copy(&image.digest(), other.region, "COMPLETE", None);
                }
            }
            region.repositories.insert(name.to_owned(), repository);
        }
        region.pull_through =
            CACHES.map(|(prefix, upstream)| (prefix.to_owned(), CacheRule::for_upstream(upstream))).into();
        if place.region == SERVER.region {
            let to = PLACES.iter().map(|other| other.region.to_owned()).filter(|other| other != SERVER.region);
            region.replication = vec![ReplicationRule { prefixes: IMAGES.map(str::to_owned).into(), to: to.collect() }];
        }
    }
    state.registries.insert("registry-1.docker.io".to_owned(), Registry::docker_hub(GATEWAY));
}
