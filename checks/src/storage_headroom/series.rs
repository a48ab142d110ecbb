//! Asks Prometheus: one query for the used shares, and where they are wanted, one for inodes and one for sizes.

use super::{Evidence, Filesystem, FromPrometheus, Node, Source, Standing};
use crate::{
    clients::{
        connections::Endpoint,
        prometheus::{Sample, Vector, by_hand},
    },
    contract::{Context, Unobserved},
};
use std::collections::BTreeMap;

/// Labels that name a node, the most telling first.
const NODE: [&str; 4] = ["node", "nodename", "kubernetes_node", "instance"];
/// Labels that name a disk, the most telling first.
const DISK: [&str; 3] = ["mountpoint", "device", "id"];

pub(super) async fn observe(
    cx: &Context,
    endpoint: &Endpoint,
    queries: &FromPrometheus,
) -> Result<Evidence, Unobserved> {
    let also = async |query: &Option<String>| match query {
        Some(query) => cx.prometheus(endpoint, query).await.map(Some),
        None => Ok(None),
    };
    let (used, inodes, capacity) =
        futures::try_join!(cx.prometheus(endpoint, &queries.used), also(&queries.inodes), also(&queries.capacity))?;
    let mut nodes: BTreeMap<String, Vec<Filesystem>> = BTreeMap::new();
    for sample in &used.samples {
        let mut disk = Filesystem { name: name(sample, &DISK), time: sample.time, ..Filesystem::default() };
        disk.used_share = sample.value;
        disk.capacity = matching(capacity.as_ref(), sample).and_then(whole);
        disk.inodes_share = matching(inodes.as_ref(), sample).and_then(|sample| sample.value);
        nodes.entry(node_name(queries, sample)).or_default().push(disk);
    }
    let all = [Some(&used), inodes.as_ref(), capacity.as_ref()];
    let warnings = all.into_iter().flatten().flat_map(|vector| vector.warnings.clone()).collect();
    let nodes = nodes.into_iter().map(|(name, disks)| node(name, disks)).collect();
    let source = Source::Prometheus {
        query: queries.used.clone(),
        asks_inodes: queries.inodes.is_some(),
        by_hand: by_hand(endpoint, &queries.used),
    };
    Ok(Evidence { source, asked_at: used.asked_at, nodes, warnings })
}

fn node(name: String, mut disks: Vec<Filesystem>) -> Node {
    disks.sort_by(|a, b| a.name.cmp(&b.name));
    Node { name, standing: Standing::default(), disks: Some(Ok(disks)), asked_at: None }
}

fn node_name(queries: &FromPrometheus, sample: &Sample) -> String {
    match &queries.label {
        Some(label) => sample.labels.get(label).cloned().unwrap_or_default(),
        None => name(sample, &NODE),
    }
}

/// The first of these labels that it has; without any, all its labels.
fn name(sample: &Sample, labels: &[&str]) -> String {
    let found = labels.iter().find_map(|label| sample.labels.get(*label)).filter(|value| !value.is_empty());
    found.cloned().unwrap_or_else(|| {
        let pairs = sample.labels.iter().map(|(label, value)| format!("{label}={value}"));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
    })
}

/// The sample of the other query for the same disk, or for the same node where that query tells disks not apart.
fn matching<'a>(other: Option<&'a Vector>, sample: &Sample) -> Option<&'a Sample> {
    let is_part = |other: &&Sample| {
        let own = other.labels.iter().filter(|(label, _)| *label != "__name__");
        !other.labels.is_empty() && own.clone().all(|(label, value)| sample.labels.get(label) == Some(value))
    };
    other?.samples.iter().filter(is_part).max_by_key(|other| other.labels.len())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates")]
fn whole(sample: &Sample) -> Option<u64> {
    sample.value.filter(|bytes| *bytes >= 1.0).map(|bytes| bytes as u64)
}
