//! Are they there, as many as must be, and does what must hold of them hold?
//!
//! What a status says counts only if it is of the last change. Of many like findings the first are given whole, and the rest
//! counted: a thousand pods in the way are one thing to mend.

mod conditions;
mod count;
mod holds;

use super::{Evidence, Expect, NO_NAMESPACE, NO_OBJECT, NO_RESOURCE, Served};
use crate::contract::{Code, Finding, Remedy, Window, text::nearest};

pub(super) use count::working;

/// How many findings of one code about one expectation are given whole.
const MOST: usize = 10;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    if !matches!(evidence.served, Served::As(_)) {
        return vec![not_served(evidence)];
    }
    if let Some(Ok(false)) = evidence.has_namespace {
        return vec![no_namespace(evidence)];
    }
    let mut findings: Vec<Finding> = evidence.missing.iter().map(|name| no_object(evidence, name)).collect();
    findings.extend(evidence.unseen.iter().map(Finding::unobserved));
    if let Some(Err(missing)) = &evidence.has_namespace {
        findings.push(Finding::unobserved(missing));
    }
    findings.extend(count::count(expect, evidence, window));
    findings.extend(conditions::conditions(expect, evidence, window));
    findings.extend(holds::holds(expect, evidence, window));
    bounded(findings, evidence)
}

fn not_served(evidence: &Evidence) -> Finding {
    let (resource, group) = (&evidence.resource, evidence.resource.group());
    let (seen, remedy) = match &evidence.served {
        Served::OtherKinds(kinds) => {
            let near = nearest(&resource.kind, kinds.iter().map(String::as_str));
            let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            (format!("{} has no {}{near}", resource.api, resource.kind), "name the kind as the cluster does")
        }
        Served::OtherVersions(versions) if versions.is_empty() => (
            format!("the cluster has no group {group}"),
            "install what brings it, or name the group as the cluster does",
        ),
        Served::OtherVersions(versions) => {
            (format!("the cluster has {} only", versions.join(", ")), "name a version that the cluster has")
        }
        Served::As(plural) => (format!("it is served as {plural}"), ""),
    };
    let by_hand = evidence.cluster.look(&["api-resources", &format!("--api-group={group}")]);
    Finding::new(NO_RESOURCE, format!("{} {}", resource.api, resource.kind))
        .expected("a kind that the cluster serves")
        .seen(seen)
        .mended_by(by_hand.saying(remedy))
}

fn no_namespace(evidence: &Evidence) -> Finding {
    let namespace = evidence.range.namespace().unwrap_or_default();
    Finding::new(NO_NAMESPACE, format!("namespace/{namespace}"))
        .expected(format_args!("{} {}", evidence.asked_for(), evidence.range.words()))
        .seen(format_args!("the namespace {namespace} does not exist"))
        .mended_by(evidence.list_all().saying("see where they are, and name that namespace in the checklist"))
}

fn no_object(evidence: &Evidence, name: &str) -> Finding {
    Finding::new(NO_OBJECT, evidence.word(name, None))
        .expected(format_args!("a {} of this name {}", evidence.resource.kind, evidence.range.words()))
        .seen("none")
        .mended_by(evidence.list_all().saying("see what is there; make it, or name the right one in the checklist"))
}

/// The first findings of each code and expectation; of the others, how many they are.
fn bounded(findings: Vec<Finding>, evidence: &Evidence) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut more: Vec<(Finding, usize)> = Vec::new();
    for finding in findings {
        let is_like = |other: &Finding| other.code == finding.code && other.expected == finding.expected;
        if kept.iter().filter(|other| is_like(other)).count() < MOST {
            kept.push(finding);
        } else if let Some((_, count)) = more.iter_mut().find(|(other, _)| is_like(other)) {
            *count += 1;
        } else {
            more.push((finding, 1));
        }
    }
    kept.extend(more.into_iter().map(|(finding, count)| Finding {
        subject: evidence.plural(),
        seen: format!("{count} more, beside the {MOST} that are named"),
        remedy: Some(evidence.list()),
        ..finding
    }));
    kept
}

/// A finding about one object.
fn about(evidence: &Evidence, code: Code, object: &super::Object) -> Finding {
    Finding::new(code, evidence.subject(object)).mended_by(evidence.describe(object))
}

/// What mends a status that is behind.
fn wait(evidence: &Evidence, object: &super::Object) -> Remedy {
    evidence.describe(object).saying("look again shortly; if it stays so, its controller does not run")
}
