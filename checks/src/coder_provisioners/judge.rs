//! Enough of them, free, of one build; and nothing stuck in their queue.

use super::{
    code::{NO_ORGANIZATION, UNLOOKED},
    crowd,
    evidence::{Evidence, Organization},
    queue,
    settings::Expect,
    versions,
};
use crate::contract::{Finding, Remedy, Unobserved, Window};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unseen(expect, evidence).into_iter().map(Finding::unobserved).collect();
    findings.extend(absent(evidence));
    findings.extend(evidence.pools.iter().flat_map(|pool| crowd::judge(expect, evidence, pool, window)));
    if expect.same_version {
        findings.extend(versions::judge(evidence));
    }
    for organization in &evidence.organizations {
        findings.extend(queue::judge(expect, evidence, organization));
    }
    let is_looked_at = |name: &str| evidence.pools.iter().any(|pool| pool.name == name);
    findings.extend(expect.pools.keys().filter(|name| !is_looked_at(name)).map(|name| {
        Finding::new(UNLOOKED, name)
            .expected("a pool of `with`")
            .seen(format_args!("`with` names {}", names(evidence)))
            .mended_by(Remedy::prose("write the same name under `pools` of `with` and of `expect`"))
    }));
    findings
}

/// What could not be seen; one cause is told once.
fn unseen<'a>(expect: &Expect, evidence: &'a Evidence) -> Vec<&'a Unobserved> {
    let server = evidence.server.as_ref().err().filter(|_| expect.same_version);
    let lists = evidence.organizations.iter().filter(|organization| !organization.is_absent);
    let lists = lists.flat_map(|organization| [organization.daemons.as_ref().err(), organization.jobs.as_ref().err()]);
    let mut told: Vec<&Unobserved> = Vec::new();
    for missing in server.into_iter().chain(lists.flatten()) {
        if !told.iter().any(|known| known.why == missing.why && known.detail == missing.detail) {
            told.push(missing);
        }
    }
    told
}

fn absent(evidence: &Evidence) -> impl Iterator<Item = Finding> {
    let absent = evidence.organizations.iter().filter(|organization| organization.is_absent);
    absent.map(|Organization { name, .. }| {
        Finding::new(NO_ORGANIZATION, name)
            .expected("an organisation of this name")
            .seen("an owner's token sees none")
            .mended_by(
                Remedy::run(["coder", "--url", &evidence.url, "organizations", "show", "me"])
                    .saying("see which there are, and name the right one in the checklist"),
            )
    })
}

fn names(evidence: &Evidence) -> String {
    evidence.pools.iter().map(|pool| pool.name.as_str()).collect::<Vec<_>>().join(", ")
}
