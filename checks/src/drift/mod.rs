//! `drift`: is what runs still what was declared, and has anything changed since the last GO?
//!
//! One source a check, each with an evidence of its own: a plan of Terraform or `OpenTofu`, `kubectl diff`, Argo CD, Helm, and what
//! changed since a time. Exit codes are read beside what the program wrote, because the same number means a change to
//! one and an error to the other. Values are never kept: addresses, names and actions only, since a plan and a diff show secrets.

mod argocd;
mod codes;
mod expect;
mod helm;
mod kubectl;
mod pattern;
mod settings;
mod terraform;
mod unchanged;

pub use argocd::{Application, Evidence as Applications};
pub use expect::{Act, Allowed, Expect};
pub use helm::{Evidence as Releases, Release};
pub use kubectl::{Differing, Evidence as Diff};
pub use pattern::Pattern;
pub use settings::{
    ApplicationsHere, Kubectl, Pushes, ReleasesHere, Settings, Since, Terraform, Unchanged as UnchangedSettings,
    Workloads,
};
pub use terraform::{Change as Planned, Evidence as Plan, Output, Summary};
pub use unchanged::{Baseline, Change, Evidence as Unchanged, Watched};

use crate::contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window};
use serde::{Deserialize, Serialize};

/// The probe.
pub struct Drift(Looking);

/// Each source with all that it needs.
enum Looking {
    Terraform(terraform::Looking),
    Kubectl(kubectl::Looking),
    Argocd(argocd::Looking),
    Helm(helm::Looking),
    Unchanged(Box<unchanged::Looking>),
}

/// What was seen of the one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A plan of Terraform or `OpenTofu`.
    Terraform(Plan),
    /// `kubectl diff`.
    Kubectl(Diff),
    /// Argo CD's Applications.
    Argocd(Applications),
    /// Helm's releases.
    Helm(Releases),
    /// What changed since a time.
    Unchanged(Unchanged),
}

impl Probe for Drift {
    const KIND: &'static str = "drift";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Ok(Self(match settings {
            Settings::Terraform(root) => Looking::Terraform(terraform::Looking::new("terraform", root, place)?),
            Settings::Tofu(root) => Looking::Terraform(terraform::Looking::new("tofu", root, place)?),
            Settings::Kubectl(manifests) => Looking::Kubectl(kubectl::Looking::new(manifests, place)?),
            Settings::Argocd(which) => Looking::Argocd(argocd::Looking::new(which, place)?),
            Settings::Helm(which) => Looking::Helm(helm::Looking::new(which, place)?),
            Settings::Unchanged(what) => Looking::Unchanged(Box::new(unchanged::Looking::new(what, place)?)),
        }))
    }

    fn access(&self) -> Vec<Access> {
        match &self.0 {
            Looking::Terraform(looking) => looking.access(),
            Looking::Kubectl(looking) => looking.access(),
            Looking::Argocd(looking) => looking.access(),
            Looking::Helm(looking) => looking.access(),
            Looking::Unchanged(looking) => looking.access(),
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        Ok(match &self.0 {
            Looking::Terraform(looking) => Evidence::Terraform(looking.observe(cx).await?),
            Looking::Kubectl(looking) => Evidence::Kubectl(looking.observe(cx).await?),
            Looking::Argocd(looking) => Evidence::Argocd(looking.observe(cx).await?),
            Looking::Helm(looking) => Evidence::Helm(looking.observe(cx).await?),
            Looking::Unchanged(looking) => Evidence::Unchanged(looking.observe(cx).await?),
        })
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        match evidence {
            Evidence::Terraform(plan) => terraform::judge(expect, plan),
            Evidence::Kubectl(diff) => kubectl::judge(expect, diff),
            Evidence::Argocd(applications) => argocd::judge(expect, applications),
            Evidence::Helm(releases) => helm::judge(expect, releases),
            Evidence::Unchanged(unchanged) => unchanged::judge(unchanged, window),
        }
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
