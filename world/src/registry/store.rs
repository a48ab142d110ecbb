//! A repository: contents by digest, and tags that point at some of them.

use std::collections::BTreeMap;

use super::image::{Content, Image};

/// A content that is held, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The bytes.
    pub content: Content,
    /// Whether it is an index or a manifest; the rest are blobs.
    pub is_manifest: bool,
}

/// A repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repository {
    /// Tag to digest.
    pub tags: BTreeMap<String, String>,
    /// By digest.
    pub contents: BTreeMap<String, Stored>,
    /// Whether only people with credentials may see it.
    pub is_private: bool,
}

impl Repository {
    /// Stores an image with all that belongs to it, and points a tag at it.
    pub fn push(&mut self, tag: &str, image: &Image) {
        for platform in &image.platforms {
            self.keep(&platform.config, false);
            self.keep(&platform.manifest, true);
            for layer in &platform.layers {
                self.keep(layer, false);
            }
        }
        if let Some(index) = &image.index {
            self.keep(index, true);
        }
        self.tags.insert(tag.to_owned(), image.digest());
    }

    /// Drops one content, as a garbage collection that was interrupted does: whatever names it is left as it is.
    pub fn lose(&mut self, digest: &str) {
        self.contents.remove(digest);
    }

    /// The manifest or index of a tag or a digest.
    #[must_use]
    pub fn manifest(&self, reference: &str) -> Option<&Content> {
        let digest = self.tags.get(reference).map_or(reference, String::as_str);
        let stored = self.contents.get(digest)?;
        stored.is_manifest.then_some(&stored.content)
    }

    /// A content of this digest that is no manifest.
    #[must_use]
    pub fn blob(&self, digest: &str) -> Option<&Content> {
        let stored = self.contents.get(digest)?;
        (!stored.is_manifest).then_some(&stored.content)
    }

    /// Indexes and manifests, with their digests.
    pub fn manifests(&self) -> impl Iterator<Item = (&str, &Content)> {
        let manifests = self.contents.iter().filter(|(_, stored)| stored.is_manifest);
        manifests.map(|(digest, stored)| (digest.as_str(), &stored.content))
    }

    fn keep(&mut self, content: &Content, is_manifest: bool) {
        let stored = Stored { content: content.clone(), is_manifest };
        self.contents.insert(content.digest(), stored);
    }
}
