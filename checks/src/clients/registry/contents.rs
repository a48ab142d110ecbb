//! What a manifest is made of: the platforms of an index, or the config and the layers of one platform's image.
//!
//! Read from the same bytes as [`Manifest`], which keeps less because comparing needs less. Layers that a registry need not
//! hold (`nondistributable`, fetched from elsewhere) are told apart, since asking for them proves nothing.

use super::{
    Manifest, Platform,
    manifest::{Child, is_platform_word},
};
use crate::contract::values::Digest;
use serde::{Deserialize, Serialize};

/// The most layers of one image that are believed (overlayfs, which runs them, takes 500 at most; images have tens).
pub const MOST_LAYERS: usize = 500;

/// Bytes that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Blob {
    /// Their digest.
    pub digest: Digest,
    /// Their length in bytes, as the manifest says.
    pub size: u64,
}

/// What a manifest is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contents {
    /// An image for each platform, build attestations left out.
    Index(Vec<Child>),
    /// One platform's image.
    Image(Parts),
    /// Something that is no image.
    Artifact,
}

/// What one platform's image is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Its config, which says for which platform it is.
    pub config: Blob,
    /// Its layers, those that the registry need not hold left out.
    pub layers: Vec<Blob>,
    /// How many layers come from elsewhere.
    pub elsewhere: usize,
}

impl Parts {
    /// The config and the layers, each once.
    #[must_use]
    pub fn blobs(&self) -> Vec<Blob> {
        let mut all: Vec<Blob> = std::iter::once(&self.config).chain(&self.layers).cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Whether a registry holds a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It does; its length in bytes, where it says so.
    Here(Option<u64>),
    /// It does not.
    Gone,
}

#[derive(Deserialize)]
struct Written {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    #[serde(rename = "mediaType", default)]
    media_type: String,
    digest: Digest,
    size: u64,
}

impl Descriptor {
    /// True for a layer that is not to be pushed to registries (OCI image specification, "Non-Distributable Layers").
    fn is_elsewhere(&self) -> bool {
        self.media_type.contains(".nondistributable.") || self.media_type.contains(".rootfs.foreign.")
    }

    fn blob(self) -> Blob {
        Blob { digest: self.digest, size: self.size }
    }
}

impl Contents {
    /// Reads the bytes of a manifest that was served as `media_type`.
    ///
    /// # Errors
    /// As [`Manifest::read`], and an image whose parts are not told, or are too many; said in words.
    pub fn read(media_type: &str, bytes: &[u8]) -> Result<Self, String> {
        match Manifest::read(media_type, bytes)? {
            Manifest::Index(children) => Ok(Self::Index(children)),
            Manifest::Image(None) => Ok(Self::Artifact),
            Manifest::Image(Some(_)) => parts(bytes).map(Self::Image),
        }
    }
}

fn parts(bytes: &[u8]) -> Result<Parts, String> {
    let written: Written =
        serde_json::from_slice(bytes).map_err(|error| format!("a manifest without its parts: {error}"))?;
    if written.layers.len() > MOST_LAYERS {
        return Err(format!("{} layers, more than {MOST_LAYERS}", written.layers.len()));
    }
    let (away, own): (Vec<_>, Vec<_>) = written.layers.into_iter().partition(Descriptor::is_elsewhere);
    Ok(Parts {
        config: written.config.blob(),
        layers: own.into_iter().map(Descriptor::blob).collect(),
        elsewhere: away.len(),
    })
}

/// The platform that a config says it is for (OCI image configuration, `os`, `architecture`, `variant`).
///
/// # Errors
/// It does not say; in words.
pub(crate) fn platform_of(config: &[u8]) -> Result<Platform, String> {
    #[derive(Deserialize)]
    struct Config {
        #[serde(default)]
        os: String,
        #[serde(default)]
        architecture: String,
        #[serde(default)]
        variant: Option<String>,
    }
    let config: Config = serde_json::from_slice(config).map_err(|error| format!("no config: {error}"))?;
    let Config { os, architecture, variant } = &config;
    let words = [Some(os), Some(architecture), variant.as_ref().filter(|word| !word.is_empty())];
    if words.iter().flatten().any(|word| !is_platform_word(word)) {
        return Err("its config does not say for which platform it is".to_owned());
    }
    Ok(Platform::new(os, architecture, variant.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::registry::MANIFEST_TYPES;

    const CHILD: &str = include_str!("../../../tests/recordings/registry/get-child-manifest.http");

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    #[test]
    fn a_recorded_manifest_gives_its_config_and_its_layers_with_their_lengths() {
        let body = CHILD.split_once("\r\n\r\n").expect("a head and a body").1;
        let Ok(Contents::Image(parts)) = Contents::read(MANIFEST_TYPES[2], body.as_bytes()) else {
            panic!("not an image")
        };
        assert!(parts.config.digest.short(8).starts_with("588080c5"));
        assert!(!parts.layers.is_empty() && parts.layers.iter().all(|layer| layer.size > 0));
        assert_eq!(parts.blobs().len(), parts.layers.len() + 1);
    }

    #[test]
    fn a_layer_that_comes_from_elsewhere_is_not_looked_for_and_one_that_comes_twice_is_looked_for_once() {
        let layer = |kind: &str, letter| format!(r#"{{"mediaType":"{kind}","digest":"{}","size":1}}"#, digest(letter));
        let own = layer("application/vnd.oci.image.layer.v1.tar+gzip", 'b');
        let away = layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", 'c');
        let text = format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[{own},{own},{away}]}}"#,
            layer("application/vnd.oci.image.config.v1+json", 'a')
        );
        let Ok(Contents::Image(parts)) = Contents::read(MANIFEST_TYPES[2], text.as_bytes()) else { panic!("{text}") };
        assert_eq!((parts.layers.len(), parts.elsewhere, parts.blobs().len()), (2, 1, 2));
    }

    #[test]
    fn an_image_without_its_layers_is_refused() {
        let config = format!(
            r#"{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":1}}"#,
            digest('a')
        );
        let text = format!(r#"{{"schemaVersion":2,"config":{config}}}"#);
        assert!(Contents::read(MANIFEST_TYPES[2], text.as_bytes()).is_err());
        let layer = format!(r#"{{"digest":"{}","size":1}}"#, digest('b'));
        let many = vec![layer; MOST_LAYERS + 1].join(",");
        let text = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{many}]}}"#);
        assert!(Contents::read(MANIFEST_TYPES[2], text.as_bytes()).is_err());
    }

    #[test]
    fn a_config_says_for_which_platform_it_is_or_nothing() {
        let arm = platform_of(br#"{"os":"linux","architecture":"arm64","variant":"v8"}"#).map(|one| one.to_string());
        assert_eq!(arm.as_deref(), Ok("linux/arm64"));
        for text in [r#"{"os":"linux"}"#, "{}", "[]", r#"{"os":"linux","architecture":"a/b"}"#] {
            assert!(platform_of(text.as_bytes()).is_err(), "{text}");
        }
    }
}
