//! Helm's releases, as far as the labels of their Secrets tell.
//!
//! A version of a release is a Secret of type `helm.sh/release.v1` with the labels `owner=helm`, `name`, `version`, `status` and
//! `modifiedAt` or `createdAt` in seconds (helm/helm, `pkg/storage/driver/secrets.go`). Only metadata is asked for: the
//! Secret's value is the release with all that it was given, secrets too.

use super::kubernetes::Meta;
use jiff::Timestamp;
use std::collections::BTreeMap;

const UNDER_WAY: [&str; 4] = ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"];

/// One version of a release.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a>(pub &'a Meta);

impl<'a> Version<'a> {
    /// The release that it is of; where the label is missing, the Secret's own name.
    #[must_use]
    pub fn release(self) -> &'a str {
        self.0.labels.get("name").unwrap_or(&self.0.name)
    }

    /// The release's namespace.
    #[must_use]
    pub fn namespace(self) -> &'a str {
        &self.0.namespace
    }

    /// The Secret's name.
    #[must_use]
    pub fn secret(self) -> &'a str {
        &self.0.name
    }

    /// Which version it is.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        self.0.labels.get("version")?.parse().ok()
    }

    /// `deployed`, `failed`, `pending-upgrade`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        self.0.labels.get("status").map(String::as_str)
    }

    /// True if and only if Helm is changing it, or was when it was interrupted.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        self.status().is_some_and(|status| UNDER_WAY.contains(&status))
    }

    /// When Helm last wrote it.
    #[must_use]
    pub fn changed(self) -> Option<Timestamp> {
        let label = |label| {
            let seconds = self.0.labels.get(label)?.parse().ok()?;
            Timestamp::from_second(seconds).ok()
        };
        label("modifiedAt").or_else(|| label("createdAt")).or(self.0.creation_timestamp)
    }
}

/// The newest version of each release, by namespace and name; one whose number cannot be read is newer than all.
#[must_use]
pub fn newest<'a>(versions: impl Iterator<Item = Version<'a>>) -> Vec<Version<'a>> {
    let mut newest = BTreeMap::<_, Version<'a>>::new();
    for version in versions {
        let of = newest.entry((version.namespace(), version.release())).or_insert(version);
        let rank = |version: Version<'_>| version.number().unwrap_or(u64::MAX);
        if rank(version) > rank(*of) {
            *of = version;
        }
    }
    newest.into_values().collect()
}
