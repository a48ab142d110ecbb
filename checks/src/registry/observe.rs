//! Looking: the needed platforms first, then everything side by side.

use super::{Registry, Which, evidence::Evidence, images::Look};
use crate::{
    clients::{
        kubernetes::{Node, Selector, path},
        registry::Platform,
    },
    contract::{Context, Unobserved},
};
use futures::{StreamExt as _, future::join_all, join, stream};

/// The most images that are looked at at once.
const AT_ONCE: usize = 4;

/// Looks at everything.
pub(super) async fn observe(probe: &Registry, cx: &Context) -> Evidence {
    let asked_at = cx.now();
    let platforms = platforms(&probe.platforms, cx).await;
    let needed = platforms.as_deref().unwrap_or_default();
    let limit = async {
        match &probe.limit {
            Some(limit) => Some(limit.look(cx).await),
            None => None,
        }
    };
    let (images, rollback, pull_through, replication, limit) = join!(
        all(&probe.images, cx, needed),
        all(&probe.rollback, cx, needed),
        join_all(probe.pull_through.iter().map(|cache| cache.look(cx))),
        join_all(probe.replication.iter().map(|copying| copying.look(cx))),
        limit,
    );
    Evidence { asked_at, platforms, images, rollback, pull_through, replication, limit }
}

async fn all(looks: &[Look], cx: &Context, platforms: &[Platform]) -> Vec<super::evidence::Image> {
    // Asked for outside the stream, whose closures would have to be valid for every lifetime.
    let looks: Vec<_> = looks.iter().map(|look| look.look(cx, platforms)).collect();
    stream::iter(looks).buffered(AT_ONCE).collect().await
}

/// The platforms of nodes are read from the labels that every kubelet sets (Kubernetes, "Well-Known Labels").
async fn platforms(which: &Which, cx: &Context) -> Result<Vec<Platform>, Unobserved> {
    let (cluster, selector) = match which {
        Which::Named(platforms) => return Ok(platforms.clone()),
        Which::OfNodes(cluster, selector) => (cluster, selector),
    };
    let api = cx.cluster(cluster).await?;
    let selector = Selector { labels: selector.clone(), fields: None };
    let nodes = api.list::<Node>(&path("v1", None, &["nodes"]), &selector).await?.value;
    let of = |node: &Node| {
        let label = |key: &str| node.metadata.labels.get(key).map(String::as_str);
        format!("{}/{}", label("kubernetes.io/os").unwrap_or_default(), label("kubernetes.io/arch").unwrap_or_default())
            .parse::<Platform>()
            .ok()
    };
    let mut platforms: Vec<Platform> = nodes.iter().filter_map(of).collect();
    platforms.sort();
    platforms.dedup();
    Ok(platforms)
}
