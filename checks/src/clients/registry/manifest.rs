//! A manifest, read from its exact bytes: an index of platforms, or one platform's image.
//!
//! Only what tells images apart is kept. A config counts only where its type is an image's: all artifacts without a
//! config share the digest of `{}`, and would be "the same image".

use crate::contract::values::{Digest, written_as_text};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The four types of manifest that an image may have; all are asked for, always, since what is left out of `Accept`
/// decides which digest is answered.
pub const MANIFEST_TYPES: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];
/// The most bytes of a manifest (OCI distribution specification: registries should take at least as many).
pub const MOST_MANIFEST: usize = 4 << 20;
/// The most platforms of an index that are believed.
const MOST_PLATFORMS: usize = 64;
const CONFIG_TYPES: [&str; 2] =
    ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/// A platform: `linux/amd64`, `linux/arm/v7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The operating system.
    pub os: String,
    /// The architecture.
    pub architecture: String,
    /// The variant; `None` for arm64's only one, `v8`.
    pub variant: Option<String>,
}

impl Platform {
    pub(super) fn new(os: &str, architecture: &str, variant: Option<&str>) -> Self {
        let variant = variant.filter(|variant| !variant.is_empty() && (architecture, *variant) != ("arm64", "v8"));
        Self { os: os.to_owned(), architecture: architecture.to_owned(), variant: variant.map(str::to_owned) }
    }
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_word = |word: &&str| is_platform_word(word);
        match text.split('/').collect::<Vec<_>>()[..] {
            [os, architecture] if [os, architecture].iter().all(is_word) => Ok(Self::new(os, architecture, None)),
            [os, architecture, variant] if [os, architecture, variant].iter().all(is_word) => {
                Ok(Self::new(os, architecture, Some(variant)))
            }
            _ => Err(format!("`{}` is not a platform: `linux/amd64`", text.escape_debug())),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.as_ref().map_or(Ok(()), |variant| write!(f, "/{variant}"))
    }
}

written_as_text!(Platform, "Platform", "^[^/]+/[^/]+(/[^/]+)?$", "a platform: `linux/amd64`");

/// True if and only if `word` may stand in a platform's name.
pub(super) fn is_platform_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// One platform's image in an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// The platform; `None` where the index does not say.
    pub platform: Option<Platform>,
    /// Its manifest's digest.
    pub digest: Digest,
}

/// What a manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manifest {
    /// An image for each platform, build attestations left out.
    Index(Vec<Child>),
    /// One platform's image, by its config; `None` for an artifact that is no image.
    Image(Option<Digest>),
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "schemaVersion")]
    version: u32,
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
    manifests: Option<Vec<Descriptor>>,
    config: Option<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
    digest: Digest,
    platform: Option<WrittenPlatform>,
    #[serde(default)]
    annotations: Option<std::collections::HashMap<String, String>>,
}

#[derive(Deserialize)]
struct WrittenPlatform {
    architecture: String,
    os: String,
    variant: Option<String>,
}

impl Manifest {
    /// Reads the bytes of a manifest that was served as `media_type`.
    ///
    /// # Errors
    /// Another type, or bytes that are no manifest of that type; said in words.
    pub fn read(media_type: &str, bytes: &[u8]) -> Result<Self, String> {
        let media_type = essence(media_type);
        if !is_manifest_type(media_type) {
            return Err(format!("`{}` is no image's manifest", media_type.escape_debug()));
        }
        let written: Written = serde_json::from_slice(bytes).map_err(|error| format!("no manifest: {error}"))?;
        if written.version != 2 {
            return Err(format!("a manifest of schema {}, which cannot be compared", written.version));
        }
        // A body that calls itself otherwise than its header does would be read differently by different clients.
        if let Some(own) = written.media_type.as_deref().filter(|own| *own != media_type) {
            return Err(format!("served as {media_type}, but calls itself {}", own.escape_debug()));
        }
        match (written.manifests, written.config) {
            (Some(children), None) if is_index(media_type) => index(children),
            (None, Some(config)) if !is_index(media_type) => {
                let is_image = config.media_type.as_deref().is_some_and(|kind| CONFIG_TYPES.contains(&kind));
                Ok(Self::Image(is_image.then_some(config.digest)))
            }
            _ => Err(format!("its content is not that of {media_type}")),
        }
    }
}

fn index(children: Vec<Descriptor>) -> Result<Manifest, String> {
    let children: Vec<Child> = children.into_iter().filter(|child| !is_attestation(child)).map(child).collect();
    match children.len() {
        0 => Err("an index without any image".to_owned()),
        many if many > MOST_PLATFORMS => Err(format!("an index of {many} images, more than {MOST_PLATFORMS}")),
        _ => Ok(Manifest::Index(children)),
    }
}

fn child(written: Descriptor) -> Child {
    let platform = written
        .platform
        .map(|platform| Platform::new(&platform.os, &platform.architecture, platform.variant.as_deref()));
    Child { platform, digest: written.digest }
}

fn is_attestation(child: &Descriptor) -> bool {
    let is_unknown =
        child.platform.as_ref().is_some_and(|platform| platform.os == "unknown" && platform.architecture == "unknown");
    let is_marked = child.annotations.as_ref().is_some_and(|marks| marks.contains_key("vnd.docker.reference.type"));
    is_unknown || is_marked
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// True if and only if images have manifests of this type.
pub(crate) fn is_manifest_type(media_type: &str) -> bool {
    MANIFEST_TYPES.contains(&essence(media_type))
}

fn is_index(media_type: &str) -> bool {
    MANIFEST_TYPES[..2].contains(&media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = include_str!("../../../tests/recordings/registry/get-index.http");
    const CHILD: &str = include_str!("../../../tests/recordings/registry/get-child-manifest.http");

    fn body(recording: &str) -> &str {
        recording.split_once("\r\n\r\n").expect("a head and a body").1
    }

    #[test]
    fn a_recorded_index_gives_its_platforms_and_its_bytes_their_digest() {
        let bytes = body(RECORDED).as_bytes();
        let told = RECORDED.lines().find_map(|line| line.strip_prefix("Docker-Content-Digest: ")).expect("a digest");
        assert_eq!(Digest::of(bytes).as_str(), told.trim());
        let Manifest::Index(children) = Manifest::read(MANIFEST_TYPES[0], bytes).expect("an index") else {
            panic!("not an index")
        };
        let platforms = children.iter().filter_map(|child| child.platform.as_ref()).map(ToString::to_string);
        assert_eq!(platforms.collect::<Vec<_>>(), ["linux/amd64", "linux/arm64"]);
    }

    #[test]
    fn a_recorded_manifest_gives_its_config() {
        let read = Manifest::read(MANIFEST_TYPES[2], body(CHILD).as_bytes()).expect("a manifest");
        let Manifest::Image(Some(config)) = read else { panic!("not an image: {read:?}") };
        assert!(config.short(8).starts_with("588080c5"));
    }

    #[test]
    fn an_artifact_has_no_config_that_could_be_compared() {
        let empty = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let text = format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{empty}"}},"layers":[]}}"#
        );
        assert_eq!(Manifest::read(MANIFEST_TYPES[2], text.as_bytes()), Ok(Manifest::Image(None)));
    }

    #[test]
    fn attestations_are_no_platforms_and_arm64_has_one_variant() {
        let digest = format!("sha256:{}", "1".repeat(64));
        let entry = |platform: &str, more: &str| format!(r#"{{"digest":"{digest}","platform":{platform}{more}}}"#);
        let text = format!(
            r#"{{"schemaVersion":2,"manifests":[{},{},{}]}}"#,
            entry(r#"{"os":"linux","architecture":"arm64","variant":"v8"}"#, ""),
            entry(r#"{"os":"unknown","architecture":"unknown"}"#, ""),
            entry(r#"{"os":"linux","architecture":"amd64"}"#, r#","annotations":{"vnd.docker.reference.type":"x"}"#),
        );
        let Ok(Manifest::Index(children)) = Manifest::read(MANIFEST_TYPES[0], text.as_bytes()) else {
            panic!("{text}")
        };
        assert_eq!(children.len(), 1);
        assert_eq!(children[0].platform, Some("linux/arm64".parse().expect("a platform")));
    }

    #[test]
    fn what_is_no_manifest_of_its_type_is_refused() {
        let digest = format!("sha256:{}", "1".repeat(64));
        let image = format!(r#"{{"schemaVersion":2,"config":{{"digest":"{digest}"}}}}"#);
        let named = format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[]}}"#, MANIFEST_TYPES[1]);
        for (kind, text) in [
            ("text/html", "<html>"),
            (MANIFEST_TYPES[0], "<html>"),
            (MANIFEST_TYPES[0], image.as_str()),
            (MANIFEST_TYPES[0], named.as_str()),
            (MANIFEST_TYPES[0], r#"{"schemaVersion":2,"manifests":[]}"#),
            (MANIFEST_TYPES[2], r#"{"schemaVersion":1,"fsLayers":[]}"#),
            (MANIFEST_TYPES[2], ""),
        ] {
            assert!(Manifest::read(kind, text.as_bytes()).is_err(), "{kind} {text}");
        }
    }
}
