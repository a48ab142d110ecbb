//! What every node's kubelet says of its disks; only of those that take workspaces.

use super::evidence::Node;
use crate::{
    clients::kubernetes::Api,
    contract::{Unobserved, Why},
    storage_headroom::kubelet,
};
use futures::{StreamExt as _, stream};

pub(super) async fn look(api: &Api, nodes: &mut [Node]) {
    let open = nodes.iter_mut().filter(|node| node.closed.is_none());
    let looks: Vec<_> = open.map(|node| one(api, node)).collect();
    stream::iter(looks).buffer_unordered(kubelet::AT_ONCE).collect::<Vec<()>>().await;
}

async fn one(api: &Api, node: &mut Node) {
    let (disks, asked_at) = kubelet::disks(api, &node.name).await;
    let gone = || Err(Unobserved::new(Why::NotFound, &node.name, "the node went away while it was looked at"));
    node.disks = Some(disks.unwrap_or_else(gone));
    node.disks_asked_at = asked_at;
}
