//! Whom each alert reaches at each Alertmanager, and what keeps it from them within the window.

mod heard;
mod silences;
mod way;

use super::{Evidence, Expect, Manager, Set, codes};
use crate::contract::{Finding, Moment, Remedy, Window};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manager in &evidence.managers {
        let set = match &manager.set {
            Ok(set) => set,
            Err(missing) => {
                findings.push(Finding::unobserved(missing));
                continue;
            }
        };
        findings.extend(settling(manager, set));
        for (name, labels) in &evidence.alerts {
            findings.extend(way::judge(expect, &way::Way { evidence, manager, set, name, labels }, window));
        }
        findings.extend(silences::judge(expect, evidence, manager, set, window));
    }
    findings
}

fn settling(manager: &Manager, set: &Set) -> Option<Finding> {
    (set.cluster == "settling").then(|| {
        Finding::new(codes::ALERTMANAGER_SETTLING, manager.url.clone())
            .expected("a cluster that is ready, or none")
            .seen("its status is `settling`: it has not yet heard from its peers")
            .mended_by(Remedy::prose("look again in a minute"))
    })
}

pub(super) fn working(evidence: &Evidence) -> Vec<String> {
    let mut lines = Vec::new();
    for manager in &evidence.managers {
        let Ok(set) = &manager.set else { continue };
        lines.push(format!(
            "{}: Alertmanager {}, {} members, {} asked",
            manager.url,
            set.version,
            set.peers.max(1),
            evidence.managers.len()
        ));
        for (name, labels) in &evidence.alerts {
            lines.extend(way::working(&way::Way { evidence, manager, set, name, labels }));
        }
    }
    lines
}

pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    evidence.managers.iter().filter_map(|manager| manager.set.as_ref().ok()).flat_map(silences::moments).collect()
}
