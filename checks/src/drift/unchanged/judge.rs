//! What changed after the last time that all was seen to work.

use super::{Baseline, Change, Evidence, Watched};
use crate::{
    contract::{Code, Finding, Remedy, Window, spoken},
    drift::codes,
};
use jiff::Timestamp;

pub(in crate::drift) fn judge(evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.watched.iter().flat_map(|watched| unseen(evidence, watched)).collect();
    match &evidence.since {
        Baseline::Unusable { named, reason } => findings.push(no_baseline(named, reason)),
        Baseline::Since { at, says } => {
            let bar = format!("no change after {} ({says})", window.clock(*at));
            let changes = evidence.watched.iter().flat_map(|watched| watched.changes.iter().map(move |c| (watched, c)));
            findings.extend(changes.filter_map(|(watched, change)| {
                let (code, seen) = since(*at, change, window)?;
                let finding = Finding::new(code, subject(watched, change)).expected(&bar).seen(seen);
                Some(finding.mended_by(look(evidence, change)))
            }));
        }
    }
    findings
}

fn no_baseline(named: &str, reason: &str) -> Finding {
    let remedy = Remedy::prose(
        "look at everything (`gonogo run -o table -o json=this-run.json`); where nothing else is in the way, keep that file as the report that is named here",
    );
    let finding = Finding::new(codes::NO_BASELINE, named).expected("a time at which all was seen to work");
    finding.seen(reason).mended_by(remedy)
}

/// What of a source was not there to be seen, whatever the time.
fn unseen(evidence: &Evidence, watched: &Watched) -> Vec<Finding> {
    if let Some(missing) = &watched.unseen {
        return vec![Finding::unobserved(missing)];
    }
    let mut findings = Vec::new();
    if watched.found == 0 && !watched.may_be_none && watched.missing.is_empty() {
        let finding = Finding::new(codes::NOTHING, watched.what.as_str()).expected("at least one");
        findings.push(finding.seen("none").mended_by(Remedy::prose("name in the checklist where they are")));
    }
    for subject in &watched.missing {
        let is_release = subject.starts_with("release/");
        let code = if is_release { codes::NO_RELEASE } else { codes::NO_APPLICATION };
        let wanted = if is_release { "a release of this name" } else { "an Application of this name" };
        let list = ["get", "applications.argoproj.io", "--all-namespaces"];
        let releases = ["get", "secrets", "--all-namespaces", "--selector", "owner=helm"];
        let kubectl = evidence.kubectl.clone().unwrap_or_default();
        let remedy = kubectl.look(if is_release { &releases } else { &list });
        let finding = Finding::new(code, subject.as_str()).expected(wanted);
        let seen = format!("{}, and not it: {} in all", watched.what, watched.found);
        findings
            .push(finding.seen(seen).mended_by(remedy.saying("see which there are, and name them in the checklist")));
    }
    findings
}

/// What is wrong with a change, if anything is.
fn since(bar: Timestamp, change: &Change, window: &Window) -> Option<(Code, String)> {
    let Some(at) = change.at else {
        return Some((codes::UNDATED, "it does not say when it was last changed".to_owned()));
    };
    let by = if change.by.is_empty() { String::new() } else { format!(", {}", change.by) };
    let seen = || format!("changed {}, {} after that{by}", window.clock(at), spoken(at.duration_since(bar)));
    (at > bar).then(|| (codes::CHANGED, seen()))
}

fn subject(watched: &Watched, change: &Change) -> String {
    if change.namespace.is_empty() || watched.what.ends_with(&format!(" {}", change.namespace)) {
        change.subject.clone()
    } else {
        format!("{} in {}", change.subject, change.namespace)
    }
}

fn look(evidence: &Evidence, change: &Change) -> Remedy {
    let says = "make sure that this was meant: a GO from before it says nothing of it; where a report is the baseline, keep the one of this run, once nothing else stands in its way";
    let Some((kind, name)) = change.subject.split_once('/') else { return Remedy::prose(says) };
    let kubectl = evidence.kubectl.clone().unwrap_or_default();
    match kind {
        "application" => kubectl.look_in(&change.namespace, &["get", "applications.argoproj.io", name, "-o", "yaml"]),
        "release" => {
            let selector = format!("owner=helm,name={name}");
            kubectl.look_in(&change.namespace, &["get", "secrets", "--selector", &selector, "--show-labels"])
        }
        "push" => Remedy::run(["gh", "api", &format!("repos/{}/commits/{name}", change.namespace)]),
        kind => kubectl.look_in(&change.namespace, &["get", kind, name, "-o", "yaml", "--show-managed-fields"]),
    }
    .saying(says)
}
