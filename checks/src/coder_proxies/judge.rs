//! The server's own build, then each proxy against it, then the proxies that nobody named.

use super::{
    code::{EXTRA, UNNAMED, VERSION},
    evidence::Evidence,
    member,
    settings::Expect,
};
use crate::{
    clients::coder::buildinfo::Build,
    contract::{Finding, Remedy, Unobserved},
};
use std::collections::{BTreeMap, BTreeSet};

/// The server's own name among the regions.
pub(super) const PRIMARY: &str = "primary";

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unseen(evidence).into_iter().map(Finding::unobserved).collect();
    findings.extend(server(expect, evidence));
    let version = wanted(expect, evidence);
    let case = member::Case { expect, evidence, version: version.as_deref() };
    findings.extend(evidence.members.iter().flat_map(|one| case.member(one)));
    if expect.only_named {
        findings.extend(extra(evidence));
    }
    findings
}

/// What the server did not tell; one cause is told once.
fn unseen(evidence: &Evidence) -> Vec<&Unobserved> {
    let server = evidence.server.iter().filter_map(|build| build.as_ref().err());
    let answers = evidence.answers.iter().filter_map(|answer| answer.as_ref().err());
    distinct(server.chain(answers).chain(evidence.regions.as_ref().err()))
}

/// The first of those that say the same.
pub(super) fn distinct<'a>(all: impl Iterator<Item = &'a Unobserved>) -> Vec<&'a Unobserved> {
    let mut told: Vec<&Unobserved> = Vec::new();
    for missing in all {
        if !told.iter().any(|known| known.why == missing.why && known.detail == missing.detail) {
            told.push(missing);
        }
    }
    told
}

/// What everyone must run: the named version, or the server's where all its answers agree.
fn wanted(expect: &Expect, evidence: &Evidence) -> Option<String> {
    if let Some(version) = &expect.version {
        return Some(version.clone());
    }
    let versions: BTreeSet<&str> = evidence.server.iter().flatten().map(|build| build.version.as_str()).collect();
    match versions.len() {
        1 => versions.first().map(|version| (*version).to_owned()),
        _ => None,
    }
}

fn server(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let builds: Vec<&Build> = evidence.server.iter().flatten().collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for build in &builds {
        *counts.entry(&build.version).or_default() += 1;
    }
    let mut findings = Vec::new();
    let is_other = expect.version.as_ref().is_some_and(|version| counts.keys().any(|other| other != version));
    if counts.len() > 1 || is_other {
        let seen: Vec<String> =
            counts.iter().map(|(version, count)| format!("{version} in {count} of {}", builds.len())).collect();
        let expected = expect.version.clone().unwrap_or_else(|| "one build at every replica".to_owned());
        findings.push(
            Finding::new(VERSION, "server")
                .expected(expected)
                .seen(format!("{} answers", seen.join(", ")))
                .mended_by(Remedy::prose("see whether a rollout is under way, and let it end")),
        );
    }
    if let Some(version) = counts.keys().find(|version| Build::is_unnamed(version)) {
        findings.push(
            Finding::new(UNNAMED, "server").expected("a build of a release").seen(version).mended_by(Remedy::prose(
                "deploy a release, or compare the images' digests with the probe image-parity",
            )),
        );
    }
    findings
}

fn extra(evidence: &Evidence) -> Vec<Finding> {
    let listed = evidence.views().flat_map(|answer| &answer.proxies).filter(|row| !row.deleted).map(|row| &row.name);
    let regions = evidence.regions.iter().flatten().map(|region| &region.name);
    let is_named = |name: &str| name == PRIMARY || evidence.members.iter().any(|member| member.name == name);
    let names: BTreeSet<&String> = listed.chain(regions).filter(|name| !is_named(name)).collect();
    let finding = |name: &String| {
        Finding::new(EXTRA, name)
            .expected("no proxy but those that the checklist names")
            .seen("the server offers it")
            .mended_by(Remedy::prose("name it in the checklist, or delete it"))
    };
    names.into_iter().map(finding).collect()
}
