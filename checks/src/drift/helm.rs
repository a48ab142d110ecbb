//! Helm's releases: the newest version of each is deployed, and the expected ones are there.
//!
//! `deployed` says nothing of what was changed by hand since; that is `argocd`'s or `kubectl`'s to see. Only labels are
//! read: see [`helm`](crate::clients::helm).

use super::{codes, settings::ReleasesHere};
use crate::{
    clients::{
        connections::Cluster,
        helm::{Version, newest},
        kubernetes::{Kubectl, Selector, is_name, path, right},
    },
    contract::{Access, Code, Context, Finding, Invalid, Place, Unobserved, short, spoken},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From when on a change hangs: row F07 of the checklist of record, as `stale-lock` has it.
const HANGS: SignedDuration = SignedDuration::from_mins(30);

/// What the labels say, asked when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// How the cluster is reached.
    pub kubectl: Kubectl,
    /// The namespace; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What was asked.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
    /// The names that must be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
    /// Every release's newest version, by namespace and name.
    pub releases: Vec<Release>,
}

/// The newest version of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Which version; `None` where the label cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// `deployed`, `failed`, `pending-upgrade`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// True while Helm changes it, or was interrupted in that.
    #[serde(default)]
    pub is_under_way: bool,
    /// When Helm last wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Timestamp>,
}

/// The source with all that it needs.
pub(super) struct Looking {
    cluster: Cluster,
    which: ReleasesHere,
}

/// Refuses what says no place, or two.
pub(super) fn checked(which: &ReleasesHere, at: &str) -> Result<(), Invalid> {
    if which.namespace.is_some() == which.all_namespaces {
        return Err(Invalid::new(at, "exactly one of `namespace` and `all_namespaces: true` is needed"));
    }
    let names = which.namespace.iter().map(|name| ("namespace".to_owned(), name));
    for (key, name) in names.chain(which.expected.iter().enumerate().map(|(i, name)| (format!("expected.{i}"), name))) {
        if !is_name(name) {
            return Err(Invalid::new(&format!("{at}.{key}"), format!("`{name}` is no name of Kubernetes"))
                .help("a name has lower-case letters, digits, `-` and `.`"));
        }
    }
    Ok(())
}

/// Where their Secrets are listed.
pub(super) fn collection(which: &ReleasesHere) -> String {
    path("v1", which.namespace.as_deref(), &["secrets"])
}

/// Their Secrets alone.
pub(super) fn selector() -> Selector {
    Selector::labels("owner=helm")
}

impl Looking {
    pub(super) fn new(which: ReleasesHere, place: &Place) -> Result<Self, Invalid> {
        checked(&which, "helm")?;
        Ok(Self { cluster: place.cluster()?, which })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![Access::new("kubernetes", right("list", &collection(&self.which)))]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let seen = api.list_metadata(&collection(&self.which), &selector()).await?;
        Ok(Evidence {
            kubectl: api.kubectl().clone(),
            namespace: self.which.namespace.clone(),
            asked: seen.asked.clone(),
            asked_at: seen.asked_at,
            expected: self.which.expected.clone(),
            releases: newest(seen.iter().map(Version)).into_iter().map(Release::of).collect(),
        })
    }
}

impl Release {
    fn of(version: Version<'_>) -> Self {
        Self {
            namespace: version.namespace().to_owned(),
            name: short(version.release(), 253),
            version: version.number(),
            status: version.status().map(|status| short(status, 63)),
            is_under_way: version.is_under_way(),
            changed: version.changed(),
        }
    }
}

pub(super) fn judge(_: &super::Expect, evidence: &Evidence) -> Vec<Finding> {
    let place =
        evidence.namespace.as_ref().map_or_else(|| "all namespaces".to_owned(), |name| format!("namespace {name}"));
    let elsewhere = || {
        let words = ["get", "secrets", "--all-namespaces", "--selector", "owner=helm", "--show-labels"];
        evidence.kubectl.look(&words).saying("see which releases there are, and name them in the checklist")
    };
    let mut findings = Vec::new();
    if evidence.releases.is_empty() && evidence.expected.is_empty() {
        let finding = Finding::new(codes::NOTHING, format!("releases in {place}")).expected("at least one");
        findings.push(finding.seen("none").mended_by(elsewhere()));
    }
    for name in &evidence.expected {
        if !evidence.releases.iter().any(|release| release.name == *name) {
            let finding = Finding::new(codes::NO_RELEASE, format!("release/{name}")).expected("a release of this name");
            let seen = format!("{} others in {place}", evidence.releases.len());
            findings.push(finding.seen(seen).mended_by(elsewhere()));
        }
    }
    findings.extend(evidence.releases.iter().filter_map(|release| of(evidence, release)));
    findings
}

fn of(evidence: &Evidence, release: &Release) -> Option<Finding> {
    let (code, seen, says) = verdict(evidence.asked_at, release)?;
    let subject = match evidence.namespace {
        Some(_) => format!("release/{}", release.name),
        None => format!("release/{} in {}", release.name, release.namespace),
    };
    let selector = format!("owner=helm,name={}", release.name);
    let look =
        evidence.kubectl.look_in(&release.namespace, &["get", "secrets", "--selector", &selector, "--show-labels"]);
    Some(Finding::new(code, subject).expected("deployed").seen(seen).mended_by(look.saying(says)))
}

fn verdict(asked_at: Timestamp, release: &Release) -> Option<(Code, String, &'static str)> {
    let (Some(status), Some(version)) = (&release.status, release.version) else {
        let seen = "its secret has no labels `status` and `version`".to_owned();
        return Some((codes::RELEASE_UNREADABLE, seen, "see who wrote that secret"));
    };
    let age = release.changed.map(|changed| asked_at.duration_since(changed));
    let since = age.map_or_else(String::new, |age| format!(", {} before the look", spoken(age)));
    let seen = format!("version {version} is {status}{since}");
    if release.is_under_way {
        // One that does not say since when may hang for ever.
        return Some(if age.is_some_and(|age| age <= HANGS) {
            (codes::RELEASE_UNDER_WAY, seen, "wait for its end, and look again")
        } else {
            let says =
                "see whether a deployment still runs; if none does, roll the release back to its last deployed version";
            (codes::RELEASE_PENDING, seen, says)
        });
    }
    match status.as_str() {
        "deployed" => None,
        "failed" => Some((codes::RELEASE_FAILED, seen, "see why it failed; upgrade it again, or roll it back")),
        _ => Some((codes::NOT_DEPLOYED, seen, "install it again, or roll it back to a version that was deployed")),
    }
}
