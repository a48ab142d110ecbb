//! How many workspaces each region carries: three nodes of 16 vCPU with room for three each, and what their pool may add.

use super::{PLACES, Place, SERVER, clusters};
use crate::kubernetes::Cluster;
use crate::state::State;

/// The namespace of the workspaces.
const NAMESPACE: &str = "coder-ws";
/// The pool that makes nodes for them.
pub(super) const POOL: &str = "coder-workspace";
/// Processors that the pool may have: three nodes there and seven more, room for thirty in all.
const LIMIT: &str = "160";
/// The same before the incident: one node more, room for twelve.
const LOW: &str = "64";

/// What runs on every node, and the pool of each region.
pub(super) fn stock(state: &mut State) {
    for place in PLACES {
        if let Some(cluster) = state.clusters.get_mut(place.region) {
            for (name, cpu, memory) in
                [("aws-node", "50m", "64Mi"), ("kube-proxy", "100m", "32Mi"), ("ebs-csi-node", "30m", "120Mi")]
            {
                cluster.put_daemonset("kube-system", name, cpu, memory);
            }
            for node in clusters::nodes(place) {
                cluster.put_csi_node(&node, "ebs.csi.aws.com", Some(27));
            }
            if place.region != SERVER.region {
                // Beside the server it is there with the provisioners.
                *cluster = cluster.clone().namespace(NAMESPACE);
            }
            pool(cluster, place, LIMIT);
        }
    }
}

/// The pools of all regions may make one node more, as they came with the platform's template.
pub(super) fn cap(state: &mut State) {
    for place in PLACES {
        if let Some(cluster) = state.clusters.get_mut(place.region) {
            pool(cluster, place, LOW);
        }
    }
}

fn pool(cluster: &mut Cluster, place: &Place, limit: &str) {
    let nodes = u32::try_from(clusters::nodes(place).len()).unwrap_or(0);
    cluster.put_node_pool(POOL, |pool| {
        // No node goes away by the pool's own will, whatever else changes.
        "0".clone_into(&mut pool.budget);
        "480h".clone_into(&mut pool.expire_after);
        pool.limit("cpu", limit);
        pool.holds(nodes, 16);
    });
}
