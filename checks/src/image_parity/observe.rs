//! Looking: every tag and every site at once, and manifests only where digests differ.

use super::{
    evidence::{Evidence, Read, Running, Tagged},
    holder::Holder,
    image_id::ImageId,
    running::Stage,
};
use crate::{
    clients::registry::Manifest,
    contract::{Context, Unobserved, Why, values::Digest},
};
use futures::{StreamExt as _, future::join_all, join, stream};
use std::collections::{BTreeMap, BTreeSet};

/// The most manifests that are read at once.
const AT_ONCE: usize = 8;
/// The most manifests that are read at all.
const MOST: usize = 128;

/// Looks at everything.
pub(super) async fn observe(source: &Holder, mirrors: &[Holder], stages: &[Stage], cx: &Context) -> Evidence {
    let (first, others, running) = join!(
        source.look(cx),
        join_all(mirrors.iter().map(|mirror| mirror.look(cx))),
        join_all(stages.iter().map(|stage| stage.look(cx))),
    );
    let mut evidence = Evidence { source: first, mirrors: others, running, manifests: BTreeMap::new() };
    let holders: Vec<&Holder> = std::iter::once(source).chain(mirrors).collect();
    Reader { holders, cx }.read(&mut evidence).await;
    evidence
}

struct Reader<'a> {
    /// In the order of the evidence: the source, then the mirrors.
    holders: Vec<&'a Holder>,
    cx: &'a Context,
}

impl Reader<'_> {
    /// Reads what is needed to say at which level things differ; nothing where all are equal.
    async fn read(&self, evidence: &mut Evidence) {
        let (tags, ran) = (tags(evidence), ran(evidence));
        let tops: BTreeSet<&Digest> = tags.iter().copied().chain(ran.iter().map(ImageId::digest)).collect();
        let is_bare = ran.iter().any(|id| matches!(id, ImageId::Config(_)));
        if tops.len() <= 1 && !is_bare {
            return;
        }
        let mut known = BTreeMap::new();
        self.read_all(&tags.into_iter().cloned().collect(), evidence, &mut known).await;
        self.read_children(evidence, &mut known).await;
        // A runtime may name the platform's manifest: then it is known by now.
        let foreign = ran.iter().filter_map(|id| match id {
            ImageId::Manifest(digest) => Some(digest.clone()),
            ImageId::Config(_) => None,
        });
        self.read_all(&foreign.collect(), evidence, &mut known).await;
        self.read_children(evidence, &mut known).await;
        evidence.manifests = known;
    }

    async fn read_children(&self, evidence: &Evidence, known: &mut BTreeMap<Digest, Read>) {
        let indexes = known.values().filter_map(|read| match read {
            Read::Manifest(Manifest::Index(children)) => Some(children),
            _ => None,
        });
        let children = indexes.flatten().map(|child| child.digest.clone()).collect();
        self.read_all(&children, evidence, known).await;
    }

    async fn read_all(&self, wanted: &BTreeSet<Digest>, evidence: &Evidence, known: &mut BTreeMap<Digest, Read>) {
        let new: Vec<Digest> = wanted.iter().filter(|digest| !known.contains_key(*digest)).cloned().collect();
        let room = MOST.saturating_sub(known.len()).min(new.len());
        let (now, rest) = new.split_at(room);
        // Asked for outside the stream, whose closures would have to be valid for every lifetime.
        let looks: Vec<_> = now.iter().map(|digest| self.read_one(digest, evidence)).collect();
        let found: Vec<(Digest, Read)> = stream::iter(looks).buffer_unordered(AT_ONCE).collect().await;
        known.extend(found);
        known.extend(rest.iter().map(|digest| {
            let missing =
                Unobserved::new(Why::TooLarge, digest.as_str(), format_args!("more than {MOST} manifests to read"));
            (digest.clone(), Read::Unread(missing))
        }));
    }

    /// Asks those whose tag it is first, then the others in their order.
    async fn read_one(&self, digest: &Digest, evidence: &Evidence) -> (Digest, Read) {
        let tagged = std::iter::once(&evidence.source).chain(&evidence.mirrors);
        let (own, others): (Vec<_>, Vec<_>) =
            self.holders.iter().zip(tagged).partition(|(_, tagged)| tagged.digest() == Some(digest));
        let mut unread = None;
        for (holder, tagged) in own.into_iter().chain(others) {
            // A place that could not say what it holds is not asked again, and what it may hold stays unknown.
            let answer = match &tagged.held {
                Err(missing) => Err(missing.clone()),
                Ok(_) => holder.manifest(self.cx, digest).await,
            };
            match answer {
                Ok(Some(manifest)) => return (digest.clone(), Read::Manifest(manifest)),
                Ok(None) => {}
                Err(missing) => unread = unread.or(Some(missing)),
            }
        }
        (digest.clone(), unread.map_or(Read::Nowhere, Read::Unread))
    }
}

fn tags(evidence: &Evidence) -> BTreeSet<&Digest> {
    std::iter::once(&evidence.source).chain(&evidence.mirrors).filter_map(Tagged::digest).collect()
}

/// What ready pods run in the containers that are compared.
fn ran(evidence: &Evidence) -> BTreeSet<ImageId> {
    let pods = |running: &Running| running.pods.clone().unwrap_or_default();
    let mut ran = BTreeSet::new();
    for running in &evidence.running {
        for pod in pods(running).iter().filter(|pod| pod.is_ready) {
            ran.extend(evidence.compared(running, pod).into_iter().filter_map(super::evidence::Container::runs));
        }
    }
    ran
}
