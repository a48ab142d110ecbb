//! An image's name as it is written: `ghcr.io/coder/coder-preview:latest`, `nginx`, `registry.example:5000/a/b@sha256:…`.
//!
//! Read as Docker and containerd read it: a first part without a dot or a port is no host but a repository of Docker Hub,
//! and what has neither tag nor digest means `latest`. Grammar: distribution's reference package.

use crate::contract::values::{Digest, written_as_text};
use std::{fmt, str::FromStr};

/// Docker Hub's name in an image's name; its API answers elsewhere.
const HUB: &str = "docker.io";
/// Where Docker Hub's API answers.
const HUB_API: &str = "registry-1.docker.io";

/// Which of a repository's images.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// Whatever the tag points at now.
    Tag(String),
    /// This one for ever.
    Digest(Digest),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => f.write_str(tag),
            Self::Digest(digest) => write!(f, "{digest}"),
        }
    }
}

/// The name of an image in an OCI registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageName {
    /// The registry: `ghcr.io`, `127.0.0.1:5000`.
    pub registry: String,
    /// The repository: `coder/coder-preview`.
    pub repository: String,
    /// Which image of it.
    pub reference: Reference,
}

impl ImageName {
    /// The host, and the port where one is written, at which the registry's API answers.
    #[must_use]
    pub fn api(&self) -> &str {
        if self.registry == HUB { HUB_API } else { &self.registry }
    }

    /// The registry and the repository, without tag and digest.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// This very image, by its digest.
    #[must_use]
    pub fn pinned(&self, digest: &Digest) -> String {
        format!("{}@{digest}", self.place())
    }
}

impl FromStr for ImageName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not the name of an image: `host/repository:tag`", text.escape_debug());
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.parse::<Digest>()?)),
            None => (text, None),
        };
        let (first, path) = rest.split_once('/').unwrap_or(("", rest));
        let is_host = first.contains(['.', ':']) || first == "localhost";
        let (registry, path) = if is_host { (first, path) } else { (HUB, rest) };
        let (path, tag) = path.rsplit_once(':').unwrap_or((path, "latest"));
        let registry = if registry == "index.docker.io" { HUB } else { registry };
        let is_official = registry == HUB && !path.contains('/');
        let repository = if is_official { format!("library/{path}") } else { path.to_owned() };
        if !is_authority(registry) || !is_path(&repository) || !is_tag(tag) {
            return Err(wrong());
        }
        let reference = digest.map_or_else(|| Reference::Tag(tag.to_owned()), Reference::Digest);
        Ok(Self { registry: registry.to_owned(), repository, reference })
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if matches!(self.reference, Reference::Tag(_)) { ':' } else { '@' };
        write!(f, "{}/{}{mark}{}", self.registry, self.repository, self.reference)
    }
}

written_as_text!(ImageName, "ImageName", "^[^ ]+$", "the name of an image: `host/repository:tag`");

/// True if and only if `text` may be a repository's path: what may stand in a URL as it is.
#[must_use]
pub fn is_path(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        part.bytes().all(|byte| is_word(byte) || b"._-".contains(&byte))
            && part.bytes().next().is_some_and(is_word)
            && part.bytes().last().is_some_and(is_word)
    };
    text.len() <= 255 && text.split('/').all(is_part)
}

/// True if and only if `text` may be a tag (OCI distribution specification, "Pulling manifests").
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || b".-".contains(&byte))
}

fn is_authority(text: &str) -> bool {
    url::Url::parse(&format!("https://{text}/")).is_ok_and(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(text: &str) -> ImageName {
        text.parse().expect("a name")
    }

    #[test]
    fn a_name_is_read_as_docker_reads_it() {
        for (text, whole) in [
            ("ghcr.io/coder/coder-preview:latest", "ghcr.io/coder/coder-preview:latest"),
            ("ghcr.io/coder/coder", "ghcr.io/coder/coder:latest"),
            ("nginx", "docker.io/library/nginx:latest"),
            ("bitnami/redis:7", "docker.io/bitnami/redis:7"),
            ("localhost/x:1", "localhost/x:1"),
            ("127.0.0.1:5000/x", "127.0.0.1:5000/x:latest"),
        ] {
            assert_eq!(image(text).to_string(), whole);
        }
        assert_eq!(image("nginx").api(), "registry-1.docker.io");
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(image(&format!("a.io/x:1@{digest}")).to_string(), format!("a.io/x@{digest}"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_name() {
        for text in [
            "",
            "a.io/",
            "a.io/X",
            "a.io/../x",
            "a.io/x:",
            "a.io/x y",
            "a.io/x?y",
            "u@a.io/x",
            "a.io/x@sha256:1",
            "a.io/x#y",
            "a.io//x",
            "a.io/x:-1",
            "a.io/x/",
            "https://a.io/x",
        ] {
            assert!(text.parse::<ImageName>().is_err(), "{text:?}");
        }
    }
}
