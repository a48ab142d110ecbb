//! Judging: what could not be seen, too little to compare, then each filesystem, then the volumes that are shared.

use super::{
    TOO_FEW,
    evidence::{Evidence, Looked},
    expect::Expect,
    path::Links,
    shared, spaces,
};
use crate::contract::{Finding, Remedy};

/// The most findings that are told one by one.
const MOST: usize = 60;

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.unseen.iter().map(Finding::unobserved).collect();
    findings.extend(too_few(expect, evidence));
    let links = Links::new(&evidence.symlinks, evidence.ignore_case);
    for space in &evidence.spaces {
        findings.extend(spaces::overlaps(expect, evidence, space, &links));
    }
    findings.extend(shared::overlaps(expect, evidence));
    bounded(findings)
}

fn too_few(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    let count: usize = evidence.spaces.iter().map(|space| space.mounts.len()).sum();
    let missing = evidence.no_namespaces.join(", ");
    let is_enough = u32::try_from(count).unwrap_or(u32::MAX) >= expect.at_least.get() && missing.is_empty();
    // What was not seen may hold the rest.
    if is_enough || !evidence.unseen.is_empty() {
        return None;
    }
    let ended = match evidence.finished {
        0 => String::new(),
        count => format!(", {count} more have ended"),
    };
    let (subject, seen) = match &evidence.looked {
        Looked::List => ("the list".to_owned(), format!("{count}")),
        Looked::File(path) => (path.clone(), format!("{count} mounts in {} objects", evidence.objects)),
        Looked::Cluster { of, .. } if !missing.is_empty() => {
            (of.clone(), format!("the namespace {missing} does not exist"))
        }
        Looked::Cluster { of, .. } => (of.clone(), format!("{count} mounts in {} objects{ended}", evidence.objects)),
    };
    let remedy = match &evidence.looked {
        Looked::Cluster { cluster, .. } => cluster
            .look(&["get", "deployments,statefulsets,daemonsets,jobs,cronjobs,pods", "--all-namespaces"])
            .saying("see what is there, and name it in the checklist"),
        _ => Remedy::prose("name what is to be compared in the checklist"),
    };
    let expected = format!("at least {} to compare", expect.at_least);
    Some(Finding::new(TOO_FEW, subject).expected(expected).seen(seen).mended_by(remedy))
}

/// Of very many, those that weigh most; the rest as one, which weighs as the heaviest of them.
fn bounded(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() <= MOST {
        return findings;
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    let rest = findings.split_off(MOST);
    if let Some(first) = rest.into_iter().next() {
        let seen = format!("{}; and more like it, which are not told one by one", first.seen);
        findings.push(first.seen(seen));
    }
    findings
}
