//! What is known of digests, and whether two of them are the same image: index, platform, config, in this order.
//!
//! A config's digest covers the settings and the uncompressed layers, so equal configs are equal images however they were
//! packed, flattened or compressed anew.

use super::{
    evidence::Read,
    expect::{Level, Platforms},
    image_id::ImageId,
};
use crate::{
    clients::registry::{Child, Manifest, Platform},
    contract::{Unobserved, values::Digest},
};
use std::collections::BTreeMap;

/// How alike two images are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Likeness<'a> {
    /// The same, at this level and below.
    Same(Level),
    /// Another image.
    Other,
    /// It has no image for this platform; it has one for these.
    Lacks(Platform, Vec<Platform>),
    /// A manifest that would tell could not be read.
    Unread(&'a Unobserved),
    /// A manifest that would tell is gone.
    Gone(&'a Digest),
}

impl Likeness<'_> {
    /// The worst first: what is certainly wrong before what cannot be told.
    const fn rank(&self) -> u8 {
        match self {
            Self::Other => 0,
            Self::Lacks(..) => 1,
            Self::Unread(_) => 2,
            Self::Gone(_) => 3,
            Self::Same(Level::Config) => 4,
            Self::Same(Level::Platform) => 5,
            Self::Same(Level::Index) => 6,
        }
    }

    /// True if and only if it is the same image, as equal as `level` asks.
    pub(super) fn is_at_least(&self, level: Level) -> bool {
        matches!(self, Self::Same(own) if *own >= level)
    }
}

/// What is known of digests.
#[derive(Clone, Copy)]
pub(super) struct Ledger<'a> {
    pub(super) manifests: &'a BTreeMap<Digest, Read>,
    pub(super) platforms: &'a Platforms,
}

/// One platform's image.
struct Leaf<'a> {
    digest: &'a Digest,
    /// `None` for an artifact that is no image. Where it is not known, the digest still may show that both are the same.
    config: Result<Option<&'a Digest>, Likeness<'a>>,
}

impl<'a> Ledger<'a> {
    /// How alike what a tag points at is to what is wanted, over every platform that must be there.
    pub(super) fn compare(&self, wanted: &'a Digest, other: &'a Digest) -> Likeness<'a> {
        if wanted == other {
            return Likeness::Same(Level::Index);
        }
        let each = self.platforms.iter().filter_map(|platform| self.compare_for(platform, wanted, other));
        // Nothing that could be compared: another digest, and nothing that shows it to be the same image.
        each.min_by_key(Likeness::rank).unwrap_or(Likeness::Other)
    }

    /// How alike what a container runs is to what is wanted. A runtime may name the index or the platform's manifest; which
    /// of them says nothing of the image, so both count as the same at every level.
    pub(super) fn runs(&self, wanted: &'a Digest, id: &'a ImageId) -> Likeness<'a> {
        let digest = match id {
            ImageId::Config(config) => return self.has_config(wanted, config),
            ImageId::Manifest(digest) => digest,
        };
        if digest == wanted || self.children(wanted).iter().any(|child| child.digest == *digest) {
            return Likeness::Same(Level::Index);
        }
        match self.manifests.get(digest) {
            Some(Read::Manifest(Manifest::Index(_))) => match self.compare(wanted, digest) {
                // It runs on some platform, so the one that its index lacks is not the one.
                Likeness::Lacks(..) => Likeness::Other,
                likeness => likeness,
            },
            Some(Read::Manifest(Manifest::Image(Some(config)))) => self.has_config(wanted, config),
            Some(Read::Unread(missing)) => Likeness::Unread(missing),
            // Nobody who should hold the image holds this one.
            Some(Read::Manifest(Manifest::Image(None)) | Read::Nowhere) | None => Likeness::Other,
        }
    }

    /// The platforms that are wanted and that this index does not have.
    pub(super) fn lacks(&self, index: &Digest) -> Vec<&'a Platform> {
        let children = self.children(index);
        let is_lacking = |platform: &&Platform| !children.is_empty() && child(children, platform).is_none();
        self.platforms.iter().filter(is_lacking).collect()
    }

    /// The platforms of an index.
    pub(super) fn platforms_of(&self, index: &Digest) -> Vec<Platform> {
        self.children(index).iter().filter_map(|child| child.platform.clone()).collect()
    }

    /// True if and only if this digest is an index.
    pub(super) fn is_index(&self, digest: &Digest) -> bool {
        !self.children(digest).is_empty()
    }

    /// For one platform; `None` where what is wanted has none such, which is found at the source.
    fn compare_for(&self, platform: &Platform, wanted: &'a Digest, other: &'a Digest) -> Option<Likeness<'a>> {
        if !self.manifests.contains_key(wanted) {
            return Some(Likeness::Other);
        }
        if self.is_index(wanted) && child(self.children(wanted), platform).is_none() {
            return None;
        }
        let ours = match self.leaf(wanted, platform) {
            Ok(leaf) => leaf,
            Err(likeness) => return Some(likeness),
        };
        if ours.digest == other {
            return Some(Likeness::Same(Level::Platform));
        }
        let theirs = match self.leaf(other, platform) {
            Ok(leaf) => leaf,
            Err(likeness) => return Some(likeness),
        };
        Some(match (ours.config, theirs.config) {
            _ if ours.digest == theirs.digest => Likeness::Same(Level::Platform),
            (Err(likeness), _) | (_, Err(likeness)) => likeness,
            (Ok(Some(ours)), Ok(Some(theirs))) if ours == theirs => Likeness::Same(Level::Config),
            (_, Ok(Some(config))) if theirs.digest == other => self.other_platform(wanted, other, config, platform),
            _ => Likeness::Other,
        })
    }

    /// A single image that is not the platform's: perhaps it is another platform's of the same index.
    fn other_platform(&self, wanted: &'a Digest, other: &Digest, config: &Digest, lacking: &Platform) -> Likeness<'a> {
        let is_it =
            |child: &&Child| child.digest == *other || self.config(&child.digest).ok().flatten() == Some(config);
        let has = self.children(wanted).iter().find(is_it).and_then(|child| child.platform.clone());
        has.map_or(Likeness::Other, |has| Likeness::Lacks(lacking.clone(), vec![has]))
    }

    /// Whether any platform of what is wanted has this config.
    fn has_config(&self, wanted: &'a Digest, config: &Digest) -> Likeness<'a> {
        let children = self.children(wanted);
        let digests: Vec<&Digest> =
            if children.is_empty() { vec![wanted] } else { children.iter().map(|child| &child.digest).collect() };
        let mut unknown = None;
        for digest in digests {
            match self.config(digest) {
                Ok(Some(own)) if own == config => return Likeness::Same(Level::Config),
                Ok(_) => {}
                Err(likeness) => unknown = unknown.or(Some(likeness)),
            }
        }
        unknown.unwrap_or(Likeness::Other)
    }

    fn leaf(&self, digest: &'a Digest, platform: &Platform) -> Result<Leaf<'a>, Likeness<'a>> {
        let children = self.children(digest);
        if children.is_empty() {
            return Ok(Leaf { digest, config: self.config(digest) });
        }
        match child(children, platform) {
            None => Err(Likeness::Lacks(platform.clone(), self.platforms_of(digest))),
            Some(child) => Ok(Leaf { digest: &child.digest, config: self.config(&child.digest) }),
        }
    }

    fn config(&self, digest: &'a Digest) -> Result<Option<&'a Digest>, Likeness<'a>> {
        match self.manifests.get(digest) {
            Some(Read::Manifest(Manifest::Image(config))) => Ok(config.as_ref()),
            Some(Read::Manifest(Manifest::Index(_))) => Ok(None),
            Some(Read::Unread(missing)) => Err(Likeness::Unread(missing)),
            Some(Read::Nowhere) | None => Err(Likeness::Gone(digest)),
        }
    }

    fn children(&self, digest: &Digest) -> &'a [Child] {
        match self.manifests.get(digest) {
            Some(Read::Manifest(Manifest::Index(children))) => children,
            _ => &[],
        }
    }
}

/// The child for `platform`: the very one, or the only one of its architecture.
fn child<'a>(children: &'a [Child], platform: &Platform) -> Option<&'a Child> {
    let very = children.iter().find(|child| child.platform.as_ref() == Some(platform));
    let is_near = |child: &&Child| {
        child.platform.as_ref().is_some_and(|own| {
            (&own.os, &own.architecture) == (&platform.os, &platform.architecture) && platform.variant.is_none()
        })
    };
    let mut near = children.iter().filter(is_near);
    very.or_else(|| near.next().filter(|_| near.next().is_none()))
}
