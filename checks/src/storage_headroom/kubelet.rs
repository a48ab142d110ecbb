//! Asks every node's kubelet for its summary, through the API server's proxy.
//!
//! Source of the fields: kubelet, `stats/v1alpha1`, `Summary`; every number in it may be absent.

use super::{Evidence, Filesystem, Node, Nodes, Source, Standing, evidence::summary as summary_path};
use crate::{
    clients::{
        connections::Cluster,
        kubernetes::{self, Api, Selector, path},
    },
    contract::{Context, Unobserved, Why},
};
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use serde::Deserialize;
use std::time::Duration;

/// The longest that one kubelet may take: a proxy in front of a hung one is silent for minutes.
const KUBELET: Duration = Duration::from_secs(5);
/// How many kubelets are asked at once.
pub(crate) const AT_ONCE: usize = 16;

/// Taints of nodes that are on their way out, or not in yet.
const CLOSING: [&str; 6] = [
    "node.kubernetes.io/unschedulable",
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "karpenter.sh/disrupted",
    "karpenter.sh/disruption",
    "ToBeDeletedByClusterAutoscaler",
];

pub(super) async fn observe(cx: &Context, cluster: &Cluster, wanted: &Nodes) -> Result<Evidence, Unobserved> {
    let api = cx.cluster(cluster).await?;
    let selector = Selector { labels: wanted.selector.clone(), fields: None };
    let list = api.list::<kubernetes::Node>(&path("v1", None, &["nodes"]), &selector).await?;
    let mut objects = list.value;
    objects.retain(|object| !wanted.exclude.contains(&object.metadata.name));
    let api = &api;
    let looks = stream::iter(objects).map(|object| async move { node(api, &object).await });
    let mut nodes: Vec<Node> = looks.buffer_unordered(AT_ONCE).collect().await;
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let source = Source::Kubelets(api.kubectl().clone());
    Ok(Evidence { source, asked_at: list.asked_at, nodes, warnings: Vec::new() })
}

async fn node(api: &Api, object: &kubernetes::Node) -> Node {
    let name = object.metadata.name.clone();
    let (disks, asked_at) = disks(api, &name).await;
    Node { name, standing: standing(object), disks, asked_at }
}

/// The disks of one node as its kubelet tells them (`None` for a node that is gone), and when it was asked.
pub(crate) async fn disks(api: &Api, name: &str) -> (Option<Result<Vec<Filesystem>, Unobserved>>, Option<Timestamp>) {
    let seen = api.find_within::<Summary>(&summary_path(name), KUBELET).await;
    let asked_at = seen.as_ref().ok().and_then(|seen| seen.as_ref()).map(|seen| seen.asked_at);
    let disks = match seen {
        Err(missing) => Some(Err(missing)),
        Ok(None) => None,
        Ok(Some(seen)) if seen.node.node_name != name => {
            let detail = format!("the kubelet of {} answered", seen.node.node_name);
            Some(Err(Unobserved::new(Why::WrongSystem, &seen.asked, detail)))
        }
        Ok(Some(seen)) => Some(Ok(seen.disks())),
    };
    (disks, asked_at)
}

fn standing(node: &kubernetes::Node) -> Standing {
    let is_closing = node.spec.taints.iter().any(|taint| CLOSING.contains(&taint.key.as_str()));
    let is_going = node.metadata.deletion_timestamp.is_some();
    Standing {
        is_ready: node.has("Ready"),
        is_open: !node.spec.unschedulable && !is_closing && !is_going,
        has_disk_pressure: node.has("DiskPressure"),
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Summary {
    node: Stats,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    node_name: String,
    #[serde(default)]
    fs: Option<Disk>,
    #[serde(default)]
    runtime: Option<Runtime>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtime {
    #[serde(default)]
    image_fs: Option<Disk>,
    #[serde(default)]
    container_fs: Option<Disk>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Disk {
    time: Option<Timestamp>,
    available_bytes: Option<u64>,
    capacity_bytes: Option<u64>,
    inodes_free: Option<u64>,
    inodes: Option<u64>,
}

impl Summary {
    /// The two that every node has, whether it says anything of them or not, and a third where it is apart.
    fn disks(&self) -> Vec<Filesystem> {
        let runtime = self.node.runtime.as_ref();
        let (images, containers) = (
            runtime.and_then(|runtime| runtime.image_fs.as_ref()),
            runtime.and_then(|runtime| runtime.container_fs.as_ref()),
        );
        let mut disks = vec![disk("nodefs", self.node.fs.as_ref()), disk("imagefs", images)];
        disks.extend(containers.map(|found| disk("containerfs", Some(found))));
        disks
    }
}

fn disk(name: &str, found: Option<&Disk>) -> Filesystem {
    let found = found.cloned().unwrap_or_default();
    Filesystem {
        name: name.to_owned(),
        time: found.time,
        capacity: found.capacity_bytes,
        available: found.available_bytes,
        inodes: found.inodes,
        inodes_free: found.inodes_free,
        ..Filesystem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disks(text: &str) -> Vec<Filesystem> {
        let text = text.replace('\r', "");
        let (_, body) = text.split_once("\n\n").expect("a head and a body");
        serde_json::from_str::<Summary>(body).expect("a summary").disks()
    }

    #[test]
    fn a_real_kubelets_disks_are_read_and_used_is_not_capacity_less_used() {
        let disks = disks(include_str!("../../tests/recordings/kubernetes/stats-real-kubelet.http"));
        let names: Vec<&str> = disks.iter().map(|disk| disk.name.as_str()).collect();
        assert_eq!(names[..2], ["nodefs", "imagefs"]);
        for disk in &disks {
            let used = disk.used().expect("a share");
            assert!((0.0..1.0).contains(&used), "{disk:?}");
            assert!(disk.time.is_some() && disk.inodes_used().is_some(), "{disk:?}");
        }
    }

    #[test]
    fn a_recorded_node_is_eighty_two_percent_full() {
        let disks = disks(include_str!("../../tests/recordings/kubernetes/stats-node-a.http"));
        let used = disks[0].used().expect("a share");
        assert!((used - 0.82).abs() < 0.001, "{used}");
    }
}
