//! What changed after the last time that all was seen to work.

use super::{Baseline, Change, Evidence, Watched};
use crate::{
    contract::{Finding, Remedy, Window, spoken},
    drift::codes,
};

pub(in crate::drift) fn judge(evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let (since, says) = match &evidence.since {
        Baseline::Since { at, says } => (*at, says),
        Baseline::Unusable { named, reason } => {
            let finding =
                Finding::new(codes::NO_BASELINE, named.as_str()).expected("a time at which all was seen to work");
            let remedy = Remedy::prose(
                "look at everything (`gonogo run -o json=last-go.json`), and keep the report once it is GO",
            );
            return vec![finding.seen(reason).mended_by(remedy)];
        }
    };
    let mut findings = Vec::new();
    for watched in &evidence.watched {
        if let Some(missing) = &watched.unseen {
            findings.push(Finding::unobserved(missing));
            continue;
        }
        if watched.found == 0 && !watched.may_be_none {
            let finding = Finding::new(codes::NOTHING, watched.what.as_str()).expected("at least one");
            findings.push(finding.seen("none").mended_by(Remedy::prose("name in the checklist where they are")));
        }
        let bar = format!("no change after {} ({says})", window.clock(since));
        for change in &watched.changes {
            let (code, seen) = match change.at {
                None => (codes::UNDATED, "it does not say when it was last changed".to_owned()),
                Some(at) if at > since => {
                    let by = if change.by.is_empty() { String::new() } else { format!(", {}", change.by) };
                    let after = spoken(at.duration_since(since));
                    (codes::CHANGED, format!("changed {}, {after} after that{by}", window.clock(at)))
                }
                Some(_) => continue,
            };
            let finding = Finding::new(code, subject(watched, change)).expected(&bar).seen(seen);
            findings.push(finding.mended_by(look(evidence, change)));
        }
    }
    findings
}

fn subject(watched: &Watched, change: &Change) -> String {
    if change.namespace.is_empty() || watched.what.ends_with(&format!(" {}", change.namespace)) {
        change.subject.clone()
    } else {
        format!("{} in {}", change.subject, change.namespace)
    }
}

fn look(evidence: &Evidence, change: &Change) -> Remedy {
    let says = "make sure that this was meant, and look at everything again: a GO from before it says nothing of it";
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
