//! Overlaps of paths within one filesystem.

use super::{
    NESTED, TWICE, UNSOUND,
    evidence::{Evidence, Looked, Mount, Space},
    expect::{Expect, Extraction},
    path::{Links, components, shown},
    words,
};
use crate::contract::{Finding, Remedy, Weight};
use std::collections::BTreeMap;

/// What is put at one place.
type Placed<'a> = BTreeMap<Vec<String>, Vec<&'a Mount>>;

pub(super) fn overlaps(expect: &Expect, evidence: &Evidence, space: &Space, links: &Links) -> Vec<Finding> {
    let (mut placed, mut findings) = (Placed::new(), Vec::new());
    for mount in &space.mounts {
        match components(&mount.path, links, evidence.ignore_case) {
            Ok(at) => placed.entry(at).or_default().push(mount),
            Err(unsound) => findings.push(
                Finding::new(UNSOUND, words::within(space, &words::mount(mount)))
                    .expected("an absolute path")
                    .seen(format!("`{}`: {}", mount.path, unsound.words()))
                    .mended_by(see(evidence, space, "write the whole path from the root")),
            ),
        }
    }
    for (at, mounts) in &placed {
        findings.extend(twice(evidence, space, at, mounts));
        findings.extend(nested(expect, evidence, space, at, &placed));
    }
    findings
}

fn twice(evidence: &Evidence, space: &Space, at: &[String], mounts: &[&Mount]) -> Option<Finding> {
    if mounts.len() < 2 {
        return None;
    }
    let written: Vec<String> = mounts.iter().map(|mount| words::mount(mount)).collect();
    Some(
        Finding::new(TWICE, words::within(space, &shown(at)))
            .expected("one thing at one path")
            .seen(format!("{} things are put there: {}", mounts.len(), words::several(&written)))
            .mended_by(see(evidence, space, "give each of them a path of its own")),
    )
}

/// All that lies inside `outer`, as one finding.
fn nested(expect: &Expect, evidence: &Evidence, space: &Space, outer: &[String], placed: &Placed) -> Option<Finding> {
    let parent = shown(outer);
    // In the order of components, what lies inside a path follows it without a gap.
    let after = placed.range(outer.to_vec()..).skip(1).take_while(|(at, _)| at.starts_with(outer));
    let inner = after.filter(|(at, _)| !expect.allows(&parent, &shown(at)));
    let inner: Vec<String> =
        inner.map(|(at, mounts)| mounts.first().map_or_else(|| shown(at), |mount| words::placed(mount, at))).collect();
    if inner.is_empty() {
        return None;
    }
    let is_ordered = expect.extraction == Extraction::Ordered;
    let mounts = placed.get(outer).and_then(|mounts| mounts.first());
    let own = mounts.map_or_else(|| parent.clone(), |mount| words::placed(mount, outer));
    let (expected, says) = if is_ordered {
        (
            "the outer path first, and never deleted after",
            "keep the guarantee: parent first, and no clean-up of the parent",
        )
    } else {
        (
            "no path inside another while their order is not guaranteed",
            "move the inner path out, or set them up parent first, never delete the parent, and then write `extraction: ordered`",
        )
    };
    Some(
        Finding::new(NESTED, words::within(space, &parent))
            .weighing(if is_ordered { Weight::Warn } else { Weight::Fail })
            .expected(expected)
            .seen(format!("{own} holds {}; set-up is {}", words::several(&inner), expect.extraction.word()))
            .mended_by(see(evidence, space, says)),
    )
}

/// Where it is written, and what to do there.
pub(super) fn see(evidence: &Evidence, space: &Space, says: &str) -> Remedy {
    match (&evidence.looked, &space.owner) {
        (Looked::Cluster { cluster, .. }, Some(owner)) => {
            let object = format!("{}/{}", owner.kind.to_lowercase(), owner.name);
            cluster.look_in(&owner.namespace, &["get", &object, "-o", "yaml"]).saying(says)
        }
        (Looked::File(path), _) => Remedy::prose(format!("in {path}: {says}")),
        _ => Remedy::prose(says),
    }
}
