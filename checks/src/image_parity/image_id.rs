//! What a runtime says that a container runs, in the three forms that kubelets report.
//!
//! Only the digest is compared: containerd names the first repository it knows the content by, which may be one that
//! nobody asked for. Source: containerd, `internal/cri/server/container_status.go`; Docker's `docker-pullable://`.

use crate::contract::values::Digest;
use std::str::FromStr;

/// What a container runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageId {
    /// A manifest or an index, as a registry knows it.
    Manifest(Digest),
    /// The config of an image that came from no registry.
    Config(Digest),
}

impl ImageId {
    /// The digest.
    pub const fn digest(&self) -> &Digest {
        match self {
            Self::Manifest(digest) | Self::Config(digest) => digest,
        }
    }
}

impl FromStr for ImageId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        match text.rsplit_once('@') {
            Some((_, digest)) => digest.parse().map(Self::Manifest),
            None => text.parse().map(Self::Config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_found_in_every_form_that_kubelets_report() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let manifest = ImageId::Manifest(digest.parse().expect("a digest"));
        let config = ImageId::Config(digest.parse().expect("a digest"));
        let read = |text: String| text.parse::<ImageId>().expect("an id");
        assert_eq!(read(format!("ghcr.io:443/a/b@{digest}")), manifest);
        assert_eq!(read(format!("docker-pullable://a/b@{digest}")), manifest);
        assert_eq!(read(format!("docker://{digest}")), config);
        assert_eq!(read(digest.clone()), config);
        for text in ["", "ghcr.io/a/b:latest", "a@sha256:12", "import-2024@"] {
            assert!(text.parse::<ImageId>().is_err(), "{text:?}");
        }
    }
}
