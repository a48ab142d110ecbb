//! `replicas`: do enough copies run, and will they still when the crowd comes?
//!
//! Ready copies are counted over the Deployments and `StatefulSets` that are meant, and the bounds of their autoscalers are
//! read, because an autoscaler undoes a scale within a minute. Pods are not counted one by one: a controller's own count,
//! with the generation that it has seen, is what `kubectl` acts on.

mod autoscaler;
mod crowd;
mod evidence;
mod judge;
mod observe;
mod settings;
mod state;
mod workload;

pub use autoscaler::Autoscaler;
pub use evidence::Evidence;
pub use settings::{Expect, Settings, Target};
pub use workload::{Kind, Workload};

use crate::{
    clients::{connections::Cluster, kubernetes::right},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};

/// Fewer are wished for than are needed.
const TOO_FEW: Code = Code::fail("too-few-replicas", "fewer copies are wished for than the event needs");
/// Enough are wished for, but they are not ready.
const NOT_READY: Code = Code::fail("replicas-not-ready", "enough copies are wished for, but too few are ready");
/// Nothing there to count.
const NOTHING: Code = Code::fail("no-such-workload", "nothing of that name or selector is there");
/// The crowd is larger than the table.
const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
/// Its controller gave up.
const STUCK: Code =
    Code::fail("rollout-stuck", "a rollout has exceeded its deadline: its new copies do not become ready");
/// It is on its way out.
const DELETED: Code = Code::fail("workload-being-deleted", "the workload is being deleted");
/// The autoscaler's maximum.
const CAPPED: Code = Code::fail("hpa-max-below-need", "the autoscaler never allows as many copies as the event needs");
/// The autoscaler's minimum.
const UNDONE: Code =
    Code::warn("hpa-undoes-scale", "the autoscaler may hold fewer copies than the event needs, and undoes a scale");
/// The autoscaler sees nothing.
const BLIND: Code = Code::warn("hpa-inactive", "the autoscaler cannot act, so nothing grows with the load");
/// A rollout is under way.
const UNFINISHED: Code =
    Code::warn("rollout-unfinished", "a rollout is under way: old and new copies run side by side");
/// The controller has not seen the last wish.
const UNSEEN: Code = Code::unknown("status-stale", "the status is from before the last change of the object");

/// The probe, ready to look.
pub struct Replicas {
    cluster: Cluster,
    namespace: String,
    target: Target,
    has_autoscalers: bool,
}

impl Replicas {
    /// A look at the workloads alone, for another probe that counts them.
    pub(crate) fn counting(cluster: Cluster, settings: &Settings) -> Result<Self, Invalid> {
        let (namespace, target) = (settings.namespace.clone(), settings.target()?);
        Ok(Self { cluster, namespace, target, has_autoscalers: false })
    }
}

impl Probe for Replicas {
    const KIND: &'static str = "replicas";
    const CODES: &'static [Code] =
        &[TOO_FEW, NOT_READY, NOTHING, NO_NUMBER, STUCK, DELETED, CAPPED, UNDONE, BLIND, UNFINISHED, UNSEEN];
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let target = settings.target()?;
        let Settings { namespace, autoscalers: has_autoscalers, .. } = settings;
        Ok(Self { cluster: place.cluster()?, namespace, target, has_autoscalers })
    }

    fn access(&self) -> Vec<Access> {
        let looks = self.target.looks(&self.namespace);
        let mut rights: Vec<String> = looks.iter().map(|(verb, path)| right(verb, path)).collect();
        if self.has_autoscalers {
            rights.push(right("list", &autoscaler::path("v2", &self.namespace)));
        }
        rights.push("get namespaces".to_owned());
        rights.into_iter().map(|right| Access::new("kubernetes", right)).collect()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }
}
