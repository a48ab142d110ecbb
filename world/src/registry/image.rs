//! Images as bytes: an index, a manifest and a config for each platform, and small layers, all made from a seed.
//!
//! The bytes are really what the digests say, so that a client that hashes them is right to do so.

use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The OCI index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The OCI manifest.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The Docker manifest list.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// The Docker manifest.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// Bytes of a media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The media type.
    pub media_type: String,
    /// The exact bytes.
    pub bytes: Bytes,
}

impl Content {
    fn json(media_type: &str, value: &Value) -> Self {
        Self::new(media_type, value.to_string())
    }

    fn new(media_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self { media_type: media_type.to_owned(), bytes: bytes.into() }
    }

    /// `sha256:` and 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{:x}", Sha256::digest(&self.bytes))
    }

    fn descriptor(&self) -> Value {
        json!({ "mediaType": self.media_type, "digest": self.digest(), "size": self.bytes.len() })
    }
}

/// An image for one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformImage {
    /// `linux/amd64`; `unknown/unknown` for an attestation.
    pub platform: String,
    /// The manifest.
    pub manifest: Content,
    /// The config.
    pub config: Content,
    /// The layers.
    pub layers: Vec<Content>,
}

/// What becomes of the layers of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layers {
    /// The same bytes: the copy's manifest is the source's platform manifest.
    Kept,
    /// Compressed anew under Docker's media types, as `docker pull`, `tag`, `push` does: only the config stays the same.
    Recompressed,
}

/// A whole image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The index; `None` for an image of one platform.
    pub index: Option<Content>,
    /// One for each platform, and one for each attestation.
    pub platforms: Vec<PlatformImage>,
}

struct Types {
    index: &'static str,
    manifest: &'static str,
    config: &'static str,
    layer: &'static str,
}

const OCI: Types = Types {
    index: OCI_INDEX,
    manifest: OCI_MANIFEST,
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};

const DOCKER: Types = Types {
    index: DOCKER_LIST,
    manifest: DOCKER_MANIFEST,
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

impl Image {
    /// An OCI image for linux/amd64 and linux/arm64 with a build attestation for each, as buildx makes it.
    #[must_use]
    pub fn multi_arch(seed: &str) -> Self {
        let mut platforms = built(&OCI, seed);
        let attestations: Vec<_> = platforms.iter().map(|platform| attestation(seed, platform)).collect();
        platforms.extend(attestations);
        Self::indexed(&OCI, platforms)
    }

    /// An OCI index for these architectures of linux, without attestations.
    #[must_use]
    pub fn for_architectures(seed: &str, architectures: &[&str]) -> Self {
        Self::indexed(&OCI, architectures.iter().map(|architecture| platform_image(&OCI, seed, architecture)).collect())
    }

    /// A Docker manifest list for linux/amd64 and linux/arm64.
    #[must_use]
    pub fn docker_list(seed: &str) -> Self {
        Self::indexed(&DOCKER, built(&DOCKER, seed))
    }

    /// The copy of one platform that pulling, tagging and pushing makes. An image without it has an empty copy.
    #[must_use]
    pub fn flattened(&self, platform: &str, layers: Layers) -> Self {
        let found = self.platform(platform).into_iter();
        let platforms = found.map(|image| match layers {
            Layers::Kept => image.clone(),
            Layers::Recompressed => recompressed(image),
        });
        Self { index: None, platforms: platforms.collect() }
    }

    /// What a tag points at: the index's digest, or else the only manifest's.
    #[must_use]
    pub fn digest(&self) -> String {
        let top = self.index.as_ref().or_else(|| self.platforms.first().map(|only| &only.manifest));
        top.map(Content::digest).unwrap_or_default()
    }

    /// The image for one platform.
    #[must_use]
    pub fn platform(&self, platform: &str) -> Option<&PlatformImage> {
        self.platforms.iter().find(|image| image.platform == platform)
    }

    fn indexed(types: &Types, platforms: Vec<PlatformImage>) -> Self {
        let manifests: Vec<Value> = platforms.iter().map(entry).collect();
        let index = json!({ "schemaVersion": 2, "mediaType": types.index, "manifests": manifests });
        Self { index: Some(Content::json(types.index, &index)), platforms }
    }
}

fn entry(image: &PlatformImage) -> Value {
    let mut entry = image.manifest.descriptor();
    let (os, architecture) = image.platform.split_once('/').unwrap_or(("unknown", "unknown"));
    entry["platform"] = json!({ "architecture": architecture, "os": os });
    if os == "unknown" {
        entry["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest" });
    }
    entry
}

fn built(types: &Types, seed: &str) -> Vec<PlatformImage> {
    ["amd64", "arm64"].map(|architecture| platform_image(types, seed, architecture)).into()
}

fn platform_image(types: &Types, seed: &str, architecture: &str) -> PlatformImage {
    let layers = vec![Content::new(types.layer, format!("layer of {seed} for {architecture}\n"))];
    let config = json!({
        "architecture": architecture,
        "os": "linux",
        "config": { "Entrypoint": ["/opt/coder"], "Labels": { "org.opencontainers.image.version": seed } },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{:x}", Sha256::digest(format!("{seed}/{architecture}")))] },
        "history": [{ "created_by": "COPY coder /opt/coder" }],
    });
    assembled(types, format!("linux/{architecture}"), Content::json(types.config, &config), layers)
}

fn assembled(types: &Types, platform: String, config: Content, layers: Vec<Content>) -> PlatformImage {
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": types.manifest,
        "config": config.descriptor(),
        "layers": layers.iter().map(Content::descriptor).collect::<Vec<_>>(),
    });
    PlatformImage { platform, manifest: Content::json(types.manifest, &manifest), config, layers }
}

fn attestation(seed: &str, of: &PlatformImage) -> PlatformImage {
    let statement = json!({ "_type": "https://in-toto.io/Statement/v0.1", "subject": [{ "name": seed, "digest": of.manifest.digest() }] });
    let config = json!({ "architecture": "unknown", "os": "unknown", "config": {}, "rootfs": { "type": "layers", "diff_ids": [] } });
    let layers = vec![Content::json("application/vnd.in-toto+json", &statement)];
    assembled(&OCI, "unknown/unknown".to_owned(), Content::json(OCI.config, &config), layers)
}

fn recompressed(image: &PlatformImage) -> PlatformImage {
    let again = |layer: &Content| {
        let mut bytes = layer.bytes.to_vec();
        bytes.extend_from_slice(b"compressed anew\n");
        Content::new(DOCKER.layer, bytes)
    };
    let config = Content { media_type: DOCKER.config.to_owned(), bytes: image.config.bytes.clone() };
    let layers = image.layers.iter().map(again).collect();
    assembled(&DOCKER, image.platform.clone(), config, layers)
}
