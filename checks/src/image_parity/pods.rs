//! Judging what pods run, one site at a time.

use super::{
    code,
    evidence::{Container, Evidence, Pod, Read, Running, Tagged},
    expect::Level,
    image_id::ImageId,
    ledger::Likeness,
    remedy::{Behind, Wanted, feed},
    tags::Tags,
};
use crate::contract::{Finding, Remedy, values::Digest};
use std::collections::{BTreeMap, BTreeSet};

/// What the pods of one site are judged by.
pub(super) struct Site<'a> {
    pub(super) tags: &'a Tags<'a>,
    pub(super) evidence: &'a Evidence,
    pub(super) running: &'a Running,
    pub(super) wanted: Option<&'a Wanted<'a>>,
}

/// Containers by what they run.
type Groups<'a> = BTreeMap<ImageId, Vec<(&'a Pod, &'a Container)>>;

impl<'a> Site<'a> {
    /// Everything in the way at this site.
    pub(super) fn judge(&self) -> Vec<Finding> {
        let pods = match &self.running.pods {
            Ok(pods) => pods,
            Err(missing) => return vec![Finding::unobserved(missing).at(&self.running.site)],
        };
        let ready: Vec<&Pod> = pods.iter().filter(|pod| pod.is_ready).collect();
        let mut findings: Vec<Finding> = self.too_few(pods.len(), ready.len()).into_iter().collect();
        findings.extend(self.without_container(&ready));
        let (groups, silent) = self.groups(&ready);
        findings.extend(self.silent(&silent));
        let groups: Vec<(&ImageId, &Vec<(&Pod, &Container)>)> = groups.iter().collect();
        findings.extend(match self.wanted {
            Some(wanted) => self.against(wanted, &groups),
            None => self.among(&groups),
        });
        findings.into_iter().map(|finding| finding.at(&self.running.site)).collect()
    }

    fn too_few(&self, all: usize, ready: usize) -> Option<Finding> {
        let Running { namespace, selector, kubectl, has_namespace, .. } = self.running;
        let least = usize::try_from(self.tags.expect.pods.get()).unwrap_or(usize::MAX);
        if ready >= least {
            return None;
        }
        let seen = match (has_namespace, all) {
            (false, _) => format!("no namespace {namespace}"),
            (true, 0) => format!("no pod matches {selector}"),
            (true, all) => format!("{ready} ready of {all}"),
        };
        let look = ["get", "pods", "-l", selector.as_str(), "-o", "wide"];
        let remedy = kubectl.as_ref().map(|kubectl| kubectl.look_in(namespace, &look));
        let finding = Finding::new(code::TOO_FEW, self.subject())
            .expected(format_args!("{least} ready {}", if least == 1 { "pod" } else { "pods" }))
            .seen(seen);
        Some(match remedy {
            Some(remedy) => finding.mended_by(remedy.saying("see what keeps them:")),
            None => finding,
        })
    }

    /// Ready pods in which nothing could be compared.
    fn without_container(&self, ready: &[&Pod]) -> Option<Finding> {
        let without: Vec<&&Pod> =
            ready.iter().filter(|pod| self.evidence.compared(self.running, pod).is_empty()).collect();
        let first = without.first()?;
        let has: Vec<String> =
            first.containers.iter().map(|container| format!("{} ({})", container.name, container.image)).collect();
        let expected = match &self.running.container {
            Some(name) => format!("a container {name}"),
            None => format!("a container that uses {}", self.evidence.source.name),
        };
        Some(
            Finding::new(code::CONTAINER_MISSING, self.subject())
                .expected(expected)
                .seen(format_args!("{} of {} pods have only {}", without.len(), ready.len(), has.join(", ")))
                .mended_by(Remedy::prose(
                    "correct `selector` or `container` in the checklist, or the image in the workload",
                )),
        )
    }

    fn groups<'p>(&self, ready: &[&'p Pod]) -> (Groups<'p>, Vec<&'p Pod>) {
        let (mut groups, mut silent) = (Groups::new(), Vec::new());
        for pod in ready {
            for container in self.evidence.compared(self.running, pod) {
                match container.runs() {
                    Some(id) => groups.entry(id).or_default().push((*pod, container)),
                    None => silent.push(*pod),
                }
            }
        }
        (groups, silent)
    }

    fn silent(&self, pods: &[&Pod]) -> Option<Finding> {
        let first = pods.first()?;
        let remedy = self.running.kubectl.as_ref().map(|kubectl| {
            kubectl.look_in(&self.running.namespace, &["get", "pod", &first.name, "-o", "jsonpath={.status}"])
        });
        let finding = Finding::new(code::UNPROVEN, &first.name)
            .expected("the digest that it runs")
            .seen(format_args!("{} ready without an imageID that can be read", counted(pods.len(), "container")));
        Some(match remedy {
            Some(remedy) => finding.mended_by(remedy),
            None => finding,
        })
    }

    /// Against what is wanted: one finding for what is wrong, and what could not be told.
    fn against(
        &self,
        wanted: &Wanted<'a>,
        groups: &[(&'a ImageId, &'a Vec<(&'a Pod, &'a Container)>)],
    ) -> Vec<Finding> {
        let level = self.tags.expect.level;
        let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
        for (id, members) in groups {
            match self.tags.ledger.runs(wanted.digest, id) {
                Likeness::Same(own) if own >= level => {}
                Likeness::Unread(missing) => unknown.push(Finding::unobserved(missing)),
                Likeness::Gone(_) => unknown.push(self.unproven(id, members.len(), level)),
                // A bare config tells no more than the config, however equal the rest may be.
                Likeness::Same(_) if matches!(id, ImageId::Config(_)) => {
                    unknown.push(self.unproven(id, members.len(), level));
                }
                likeness => wrong.push((*id, *members, likeness)),
            }
        }
        let Some((_, first, likeness)) = wrong.first() else { return unknown };
        let Some((_, container)) = first.first() else { return unknown };
        let feed = feed(self.evidence, &self.running.site, container);
        let behind = Behind {
            running: self.running,
            pods: wrong.iter().flat_map(|(_, members, _)| members.iter().copied()).collect(),
            feed,
            stale_feed: Some(feed).filter(|feed| !self.tags.is_right(feed, wanted)),
        };
        let right = groups.len() - wrong.len() - unknown.len();
        let is_mixed = right > 0 || wrong[1..].iter().any(|(id, ..)| self.is_other(wrong[0].0, id));
        let finding = Finding::new(if is_mixed { code::MIXED } else { code::DIFFER }, self.subject())
            .expected(format_args!("{} as {}", self.tags.shorts.say(wanted.digest), self.wanted_by(wanted)))
            .seen(self.who_has_what(groups, likeness))
            .mended_by(wanted.brought_to(&behind));
        std::iter::once(finding).chain(unknown).collect()
    }

    /// Where nothing is known to be wanted: at least the same everywhere.
    fn among(&self, groups: &[(&'a ImageId, &'a Vec<(&'a Pod, &'a Container)>)]) -> Vec<Finding> {
        let Some(((first, _), others)) = groups.split_first() else { return Vec::new() };
        if !others.iter().any(|(id, _)| self.is_other(first, id)) {
            return Vec::new();
        }
        vec![
            Finding::new(code::MIXED, self.subject())
                .expected("one image")
                .seen(self.who_has_what(groups, &Likeness::Other))
                .mended_by(Remedy::prose("find out first which image is wanted")),
        ]
    }

    /// True if and only if the two are known to be different images, whichever of them is the index of the other.
    fn is_other(&self, a: &ImageId, b: &ImageId) -> bool {
        let differ = |a: &ImageId, b: &ImageId| {
            matches!(self.tags.ledger.runs(a.digest(), b), Likeness::Other | Likeness::Lacks(..))
        };
        differ(a, b) && differ(b, a)
    }

    fn unproven(&self, id: &ImageId, count: usize, level: Level) -> Finding {
        let kind = match id {
            ImageId::Manifest(_) => "manifest",
            ImageId::Config(_) => "config",
        };
        Finding::new(code::UNPROVEN, self.subject()).expected(format_args!("the same to the {level}")).seen(
            format_args!(
                "{}: the runtime names the {kind} {}, which tells no more",
                counted(count, "container"),
                self.tags.shorts.say(id.digest())
            ),
        )
    }

    /// `2 of 3 run 41ab..e0, as the mirror holds; 1 of 3 runs 9f2c..17, as the source holds`.
    fn who_has_what(
        &self,
        groups: &[(&'a ImageId, &'a Vec<(&'a Pod, &'a Container)>)],
        likeness: &Likeness<'_>,
    ) -> String {
        let all: usize = groups.iter().map(|(_, members)| members.len()).sum();
        let each = groups.iter().map(|(id, members)| {
            let runs = if members.len() == 1 { "runs" } else { "run" };
            let also = self.held_by(id.digest());
            format!("{} of {all} {runs} {}{also}", members.len(), self.tags.shorts.say(id.digest()))
        });
        let each = each.collect::<Vec<_>>().join("; ");
        match likeness {
            Likeness::Same(level) => format!("{each}: the same from the {level} down only"),
            _ => each,
        }
    }

    /// Who else has it, the nearest first: a place that this site pulls from says more than three others.
    fn held_by(&self, digest: &Digest) -> String {
        let Evidence { source, mirrors, manifests, .. } = self.evidence;
        if source.digest() == Some(digest) {
            return ", as the source holds".to_owned();
        }
        let holders = mirrors.iter().filter(|mirror| mirror.digest() == Some(digest));
        let (own, others): (Vec<&Tagged>, Vec<&Tagged>) =
            holders.partition(|mirror| mirror.sites.contains(&self.running.site));
        match (&own[..], &others[..], manifests.get(digest)) {
            ([], [], Some(Read::Nowhere)) => ", which no registry of the checklist holds".to_owned(),
            ([], [], _) => String::new(),
            ([], [other, ..], _) => format!(", as {} holds", other.name),
            _ => ", as the mirror holds".to_owned(),
        }
    }

    fn wanted_by(&self, wanted: &Wanted<'_>) -> String {
        if self.tags.expect.digest.is_some() { "pinned".to_owned() } else { wanted.source.name.clone() }
    }

    /// The workload, where all pods are of one; else how they were found.
    fn subject(&self) -> String {
        let pods = self.running.pods.as_deref().unwrap_or_default();
        let workloads: BTreeSet<Option<&str>> = pods.iter().map(|pod| pod.workload.as_deref()).collect();
        match workloads.iter().collect::<Vec<_>>()[..] {
            [Some(workload)] => format!("{workload} in {}", self.running.namespace),
            _ => format!("pods {} in {}", self.running.selector, self.running.namespace),
        }
    }
}

fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
