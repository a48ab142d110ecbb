//! Nodes whose disks are not known: one missing right is one finding, a silent node one of its own.

use super::{code::UNMEASURED, evidence::Picture, reckon::Reckoning};
use crate::{
    clients::kubernetes::path,
    contract::{Finding, Unobserved, Why},
};

pub(super) fn unmeasured(reckoning: &Reckoning<'_>, picture: &Picture) -> Vec<Finding> {
    let refused = refused(reckoning, picture);
    let mut findings: Vec<Finding> = refused.map(|(missing, count)| refusal(missing, count)).into_iter().collect();
    for (name, why) in &reckoning.unmeasured {
        let by_hand =
            picture.cluster.look(&["get", "--raw", &path("v1", None, &["nodes", name, "proxy", "stats", "summary"])]);
        match missing(picture, name) {
            Some(missing) if refused.is_some_and(|(first, _)| first.why == missing.why) => {}
            Some(missing) => {
                let finding = Finding::unobserved(missing);
                let remedy = finding.remedy.clone().unwrap_or(by_hand);
                findings.push(Finding { subject: (*name).to_owned(), ..finding }.mended_by(remedy));
            }
            None => findings
                .push(Finding::new(UNMEASURED, *name).expected("how full its disk is").seen(why).mended_by(by_hand)),
        }
    }
    findings
}

fn missing<'a>(picture: &'a Picture, name: &str) -> Option<&'a Unobserved> {
    let node = picture.nodes.iter().find(|node| node.name == name)?;
    node.disks.as_ref()?.as_ref().err()
}

/// What the credential is refused at two nodes or more: one missing right, not many silent nodes.
fn refused<'a>(reckoning: &Reckoning<'_>, picture: &'a Picture) -> Option<(&'a Unobserved, usize)> {
    let all = || reckoning.unmeasured.iter().filter_map(|(name, _)| missing(picture, name));
    let first = all().find(|missing| matches!(missing.why, Why::Forbidden | Why::Unauthorised))?;
    let count = all().filter(|missing| missing.why == first.why).count();
    (count > 1).then_some((first, count))
}

fn refusal(missing: &Unobserved, count: usize) -> Finding {
    let finding = Finding { subject: "nodes/proxy".to_owned(), ..Finding::unobserved(missing) };
    finding.expected("every node's summary").seen(format_args!("{count} nodes: {}", missing.detail))
}
