//! What mends which link: a stale copy is copied anew, by digest; a pod is restarted only where a restart would fetch the
//! right image.

use super::evidence::{Container, Evidence, Pod, Running, Tagged, place_of};
use crate::contract::{Remedy, values::Digest};
use std::collections::BTreeSet;

/// The image as it should be: its digest, and a place that has it.
pub(super) struct Wanted<'a> {
    pub(super) digest: &'a Digest,
    pub(super) source: &'a Tagged,
}

impl Wanted<'_> {
    /// By its digest at the source.
    fn pinned(&self) -> Option<String> {
        self.source.place.as_ref().map(|place| format!("{place}@{}", self.digest))
    }

    /// Copies it, all platforms, byte for byte, to the mirror's tag.
    pub(super) fn copied_to(&self, mirror: &Tagged) -> Remedy {
        match (self.pinned(), mirror.image()) {
            (Some(from), Some(to)) => {
                let (from, to) = (format!("docker://{from}"), format!("docker://{to}"));
                Remedy::run(["skopeo", "copy", "--all", "--preserve-digests", from.as_str(), to.as_str()])
            }
            _ => Remedy::prose(format!("copy {} at {} to {}", self.source.name, self.digest, mirror.name)),
        }
    }

    /// Makes the repository that is missing; the copy is the next step.
    pub(super) fn created_at(&self, mirror: &Tagged) -> Remedy {
        let Some(ecr) = &mirror.ecr else { return self.copied_to(mirror) };
        let mut line = vec!["aws"];
        if let Some(profile) = &ecr.profile {
            line.extend(["--profile", profile]);
        }
        line.extend(["--region", &ecr.region, "ecr", "create-repository", "--repository-name", &ecr.repository]);
        Remedy::run(line).saying(format!("make the repository, then copy {} into it:", self.source.name))
    }

    /// Points the source's tag back at the digest that is pinned.
    pub(super) fn retagged(&self) -> Remedy {
        let to = self.source.image();
        match (self.pinned(), to) {
            (Some(from), Some(to)) if self.source.digest().is_some() => {
                let (from, to) = (format!("docker://{from}"), format!("docker://{to}"));
                Remedy::run(["skopeo", "copy", "--all", "--preserve-digests", from.as_str(), to.as_str()])
                    .saying("pin the digest that is there now in the checklist, or point the tag back:")
                    .disrupting("everyone who pulls this tag")
            }
            _ => Remedy::prose("pin the digest that is there now in the checklist, or point the tag back"),
        }
    }

    /// Brings the pods to the image. Where what they pull from is itself not right, that comes first.
    pub(super) fn brought_to(&self, pods: &Behind<'_>) -> Remedy {
        let workloads: BTreeSet<&str> = pods.pods.iter().filter_map(|(pod, _)| pod.workload.as_deref()).collect();
        let is_known = pods.pods.iter().all(|(pod, _)| pod.workload.is_some());
        let spoken = if is_known && !workloads.is_empty() {
            workloads.iter().copied().collect::<Vec<_>>().join(", ")
        } else {
            format!("what owns the pods of {}", pods.running.selector)
        };
        let namespace = &pods.running.namespace;
        if let Some(stale) = pods.stale_feed {
            return Remedy::prose(format!("mend {} first, then restart {spoken} in {namespace}", stale.name));
        }
        let kubectl = pods.running.kubectl.as_ref().filter(|kubectl| kubectl.context.is_some());
        let (Some(kubectl), [workload], true) = (kubectl, &workloads.iter().copied().collect::<Vec<_>>()[..], is_known)
        else {
            return Remedy::prose(format!("restart {spoken} in {namespace}, so that it pulls the image anew"));
        };
        let disrupted = format!("whoever is connected through {workload}");
        if pods.pods.iter().all(|(_, container)| fetches_anew(container, pods.feed)) {
            return kubectl.change_in(namespace, &["rollout", "restart", workload]).disrupting(disrupted);
        }
        let names: BTreeSet<&str> = pods.pods.iter().map(|(_, container)| container.name.as_str()).collect();
        let image = pods.feed.place.as_ref().zip(pods.feed.digest()).map(|(place, digest)| format!("{place}@{digest}"));
        match (&names.into_iter().collect::<Vec<_>>()[..], image) {
            ([name], Some(image)) => kubectl
                .change_in(namespace, &["set", "image", workload, &format!("{name}={image}")])
                .saying("a restart alone would not fetch it (pull policy or reference); name it by its digest:")
                .disrupting(disrupted),
            _ => Remedy::prose(format!("give {spoken} in {namespace} the image {} by its digest", self.source.name)),
        }
    }
}

/// Pods that run something else than is wanted.
pub(super) struct Behind<'a> {
    pub(super) running: &'a Running,
    pub(super) pods: Vec<(&'a Pod, &'a Container)>,
    /// What they pull from, or should.
    pub(super) feed: &'a Tagged,
    /// What they pull from, where that is not right itself.
    pub(super) stale_feed: Option<&'a Tagged>,
}

/// What the pods pull from: the place that their reference names, else their site's mirror, else the source.
pub(super) fn feed<'a>(evidence: &'a Evidence, site: &str, container: &Container) -> &'a Tagged {
    let all = || std::iter::once(&evidence.source).chain(&evidence.mirrors);
    let named = all().find(|tagged| tagged.place.as_deref() == Some(place_of(&container.image)));
    let own = evidence.mirrors.iter().find(|mirror| mirror.sites.iter().any(|own| own == site));
    named.or(own).unwrap_or(&evidence.source)
}

/// True if and only if a restarted container would run what the tag of `feed` points at now.
fn fetches_anew(container: &Container, feed: &Tagged) -> bool {
    let named = container.image.rsplit_once('@').is_none();
    let is_feed = feed.image().is_some_and(|image| {
        image == container.image || (image.ends_with(":latest") && container.image == place_of(&image))
    });
    // Kubernetes' own default, where a fixture or an old object leaves it out.
    let is_latest = container.image.ends_with(":latest") || place_of(&container.image) == container.image;
    let is_always = container.pull_policy == "Always" || (container.pull_policy.is_empty() && is_latest);
    named && is_feed && is_always
}
