//! `stale-lock`: does anything hold a lock that nobody works under any more, or hold it for too long?
//!
//! One source a check: Leases, Terraform's state lock, Helm's pending releases, unfinished Jobs, Argo CD's operations, a
//! platform's own lock in a `ConfigMap`. It reports and never breaks: whether a holder still works is for whoever knows it to
//! say, and no command that takes a lock away is ever shown. Terraform's locks in `DynamoDB` are not looked at: a
//! lock object and a table are two questions, and Terraform has deprecated the table.

mod argo;
pub(crate) mod codes;
mod configmap;
mod cure;
mod evidence;
mod expect;
mod helm;
mod holder;
mod jobs;
mod judge;
mod leases;
mod lock_info;
mod scope;
mod settings;
mod terraform;
mod timeline;
mod working;

pub use evidence::{Evidence, Kind, Life, Lock, Source};
pub use expect::{CountedFrom, Expect};
pub use settings::{
    Applications, ConfigMapLock, HolderIs, Jobs, KubernetesState, Leases, Releases, S3State, Settings, TerraformState,
};

use crate::contract::{Access, Code, Context, Finding, Invalid, Moment, Place, Probe, Unobserved, Window};

/// The probe.
pub struct StaleLock(Looking);

/// Each source with all that it needs.
enum Looking {
    Leases(leases::Looking),
    S3(terraform::OnS3),
    Kubernetes(terraform::InCluster),
    Helm(helm::Looking),
    Jobs(jobs::Looking),
    Argo(argo::Looking),
    ConfigMap(configmap::Looking),
}

impl Probe for StaleLock {
    const KIND: &'static str = "stale-lock";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        Ok(Self(match settings {
            Settings::Leases(leases) => Looking::Leases(leases::Looking::new(leases, place)?),
            Settings::Terraform(TerraformState::S3(state)) => Looking::S3(terraform::OnS3::new(state, place)?),
            Settings::Terraform(TerraformState::Kubernetes(state)) => {
                Looking::Kubernetes(terraform::InCluster::new(state, place)?)
            }
            Settings::Helm(releases) => Looking::Helm(helm::Looking::new(releases, place)?),
            Settings::Jobs(jobs) => Looking::Jobs(jobs::Looking::new(jobs, place)?),
            Settings::Argo(applications) => Looking::Argo(argo::Looking::new(applications, place)?),
            Settings::Configmap(lock) => Looking::ConfigMap(configmap::Looking::new(lock, place)?),
        }))
    }

    fn access(&self) -> Vec<Access> {
        match &self.0 {
            Looking::Leases(looking) => looking.access(),
            Looking::S3(looking) => looking.access(),
            Looking::Kubernetes(looking) => looking.access(),
            Looking::Helm(looking) => looking.access(),
            Looking::Jobs(looking) => looking.access(),
            Looking::Argo(looking) => looking.access(),
            Looking::ConfigMap(looking) => looking.access(),
        }
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let mut evidence = match &self.0 {
            Looking::Leases(looking) => looking.observe(cx).await?,
            Looking::S3(looking) => looking.observe(cx).await?,
            Looking::Kubernetes(looking) => looking.observe(cx).await?,
            Looking::Helm(looking) => looking.observe(cx).await?,
            Looking::Jobs(looking) => looking.observe(cx).await?,
            Looking::Argo(looking) => looking.observe(cx).await?,
            Looking::ConfigMap(looking) => looking.observe(cx).await?,
        };
        evidence.locks.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        Ok(evidence)
    }

    fn judge(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence)
    }

    fn working(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<String> {
        working::working(expect, evidence)
    }

    fn moments(evidence: &Evidence, _: &Window) -> Vec<Moment> {
        timeline::moments(evidence)
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
