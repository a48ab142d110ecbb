//! Judging: the source first, then the mirrors, then each site's pods, in the order of the checklist.

use super::{
    evidence::{Container, Evidence, Running},
    expect::Expect,
    image_id::ImageId,
    ledger::Ledger,
    pods::Site,
    remedy::Wanted,
    short::Shorts,
    tags::Tags,
};
use crate::contract::{Finding, Window, values::Digest};
use std::collections::BTreeSet;

/// Everything in the way.
pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let ids: Vec<ImageId> = evidence.running.iter().flat_map(ids).collect();
    let tags = std::iter::once(&evidence.source).chain(&evidence.mirrors).filter_map(|tagged| tagged.digest());
    let named: BTreeSet<&Digest> = tags.chain(ids.iter().map(ImageId::digest)).chain(expect.digest.as_ref()).collect();
    let shorts = Shorts::of(&named);
    let ledger = Ledger { manifests: &evidence.manifests, platforms: &expect.platform };
    let tags = Tags { expect, ledger, shorts: &shorts, window };

    let source = &evidence.source;
    let wanted = expect.digest.as_ref().or_else(|| source.digest()).map(|digest| Wanted { digest, source });
    let mut findings = tags.source(source);
    for mirror in &evidence.mirrors {
        let Some(finding) = tags.mirror(mirror, wanted.as_ref()) else { continue };
        if mirror.sites.is_empty() {
            findings.push(finding);
        } else {
            findings.extend(mirror.sites.iter().map(|site| finding.clone().at(site)));
        }
    }
    for running in &evidence.running {
        findings.extend(Site { tags: &tags, evidence, running, wanted: wanted.as_ref() }.judge());
    }
    // One account that cannot be asked is one finding at each place, not one for each look.
    let mut distinct: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if !distinct.contains(&finding) {
            distinct.push(finding);
        }
    }
    distinct
}

fn ids(running: &Running) -> Vec<ImageId> {
    let pods = running.pods.as_deref().unwrap_or_default();
    pods.iter().flat_map(|pod| &pod.containers).filter_map(Container::runs).collect()
}
