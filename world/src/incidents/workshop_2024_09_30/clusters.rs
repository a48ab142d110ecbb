//! The clusters: servers or proxies in each, provisioners and gateways beside the server, and the nodes under them.

use super::{AWS_ACCOUNT, MIRROR, Place, SERVER, SOURCE, SOURCE_REPOSITORY, TAG, Times, ago, resources};
use crate::kubernetes::{Cluster, Image, NodeStats};
use crate::registry;

/// The share of a node's disk that is used when all is well.
const USED: f64 = 0.42;
/// Provisioners for fifteen people.
pub(super) const PROVISIONERS: u32 = 10;

pub(super) fn cluster(place: &Place, image: &registry::Image, times: Times) -> Cluster {
    let mut cluster = Cluster::new(place.cluster_uid).since(ago(times, 20)).namespace(place.namespace);
    for name in nodes(place) {
        put_node(&mut cluster, place, &name, USED);
    }
    put_coder(&mut cluster, place, image);
    resources::put(&mut cluster);
    if place.region != SERVER.region {
        return cluster;
    }
    cluster = cluster.namespace("coder-ws").namespace("litellm");
    put_provisioners(&mut cluster, PROVISIONERS);
    cluster.deployment("litellm", "litellm", |gateway| {
        gateway.scale(4);
        gateway.runs(&Image::new("litellm", "ghcr.io/berriai/litellm:main-v1.74.0-stable"));
    })
}

/// The nodes of a region.
pub(super) fn nodes(place: &Place) -> Vec<String> {
    let network = place.addresses[0].rsplit('.').next().unwrap_or("0");
    (1..=3).map(|node| format!("ip-10-{network}-{node}-7.{}.compute.internal", place.region)).collect()
}

/// Adds or replaces a node, with the share of its disk that is used.
pub(super) fn put_node(cluster: &mut Cluster, place: &Place, name: &str, used: f64) {
    cluster.put_node(name, NodeStats::used(used), |node| {
        node.zone = format!("{}a", place.region);
    });
}

/// Two servers or proxies that run this image: the server from the source, a proxy from its region's mirror.
pub(super) fn put_coder(cluster: &mut Cluster, place: &Place, image: &registry::Image) {
    let from = if place.region == SERVER.region {
        format!("{SOURCE}/{SOURCE_REPOSITORY}:{TAG}")
    } else {
        format!("{AWS_ACCOUNT}.dkr.ecr.{}.amazonaws.com/{MIRROR}:{TAG}", place.region)
    };
    cluster.put_deployment(place.namespace, "coder", |coder| {
        coder.scale(2);
        coder.runs(&Image::new("coder", &from).at(&image.digest()));
    });
}

/// So many provisioners, all ready.
pub(super) fn put_provisioners(cluster: &mut Cluster, replicas: u32) {
    cluster.put_deployment("coder-ws", "coder-provisioner", |provisioner| {
        provisioner.scale(replicas);
        let image = format!("{SOURCE}/{SOURCE_REPOSITORY}:{TAG}");
        provisioner.runs(&Image::new("coder", &image).at(&super::current_image().digest()));
        super::mounts::of_provisioner(provisioner);
    });
}
