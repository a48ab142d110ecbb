//! Is there room on every node? Each node is judged by itself: nothing is averaged, and none that is silent is left out.

use super::{DOUBTED, Evidence, Expect, NO_SERIES, Node, Source, TOO_FEW, fill::Bar};
use crate::contract::{Finding, Unobserved, Why, Window};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.warnings.iter().map(|warning| doubted(evidence, warning)).collect();
    if let (Source::Prometheus { query, by_hand, .. }, true) = (&evidence.source, evidence.nodes.is_empty()) {
        findings.push(
            Finding::new(NO_SERIES, query)
                .expected("one series for each disk of each node")
                .seen("no series: none matches, or none was scraped in the last minutes")
                .mended_by(by_hand.clone()),
        );
        return findings;
    }
    findings.extend(too_few(expect, evidence));
    let silenced = refused(evidence);
    findings.extend(silenced.map(|(missing, nodes)| refusal(evidence, missing, nodes)));
    let bar = Bar::new(expect, evidence, window);
    for node in &evidence.nodes {
        match &node.disks {
            None => {}
            Some(Err(missing)) if silenced.is_some_and(|(first, _)| first.why == missing.why) => {}
            Some(Err(missing)) => findings.push(unseen(evidence, node, missing)),
            Some(Ok(disks)) => findings.extend(bar.judge(node, disks)),
        }
    }
    findings
}

fn doubted(evidence: &Evidence, warning: &str) -> Finding {
    let finding = Finding::new(DOUBTED, "prometheus").expected("a whole answer").seen(warning);
    finding.mended_by(evidence.by_hand(""))
}

fn too_few(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    let wanted = usize::try_from(expect.nodes.max(1)).unwrap_or(usize::MAX);
    let open = evidence.nodes.iter().filter(|node| node.takes_workspaces()).count();
    if open >= wanted {
        return None;
    }
    let closed: Vec<String> = evidence.nodes.iter().filter_map(why_closed).collect();
    let closed = if closed.is_empty() { String::new() } else { format!(": {}", closed.join(", ")) };
    let finding = Finding::new(TOO_FEW, "nodes")
        .expected(format_args!("{wanted} or more that are ready and take workspaces"))
        .seen(format_args!("{open} of {}{closed}", evidence.nodes.len()));
    Some(match &evidence.source {
        Source::Kubelets(kubectl) => finding.mended_by(kubectl.look(&["get", "nodes"])),
        Source::Prometheus { by_hand, .. } => finding.mended_by(by_hand.clone()),
    })
}

fn why_closed(node: &Node) -> Option<String> {
    let why = match (&node.disks, node.standing.is_ready, node.standing.is_open) {
        (None, ..) => "is gone",
        (_, false, _) => "is not ready",
        (_, _, false) => "takes no pods",
        _ => return None,
    };
    Some(format!("{} {why}", node.name))
}

/// What the credential is refused at two nodes or more: one missing right, not many silent nodes.
fn refused(evidence: &Evidence) -> Option<(&Unobserved, usize)> {
    let is_refusal = |missing: &&Unobserved| matches!(missing.why, Why::Forbidden | Why::Unauthorised);
    let missing = || evidence.nodes.iter().filter_map(|node| node.disks.as_ref()?.as_ref().err());
    let first = missing().find(is_refusal)?;
    let nodes = missing().filter(|missing| missing.why == first.why).count();
    (nodes > 1).then_some((first, nodes))
}

fn refusal(evidence: &Evidence, missing: &Unobserved, nodes: usize) -> Finding {
    let seen = format!("{nodes} of {} nodes: {}", evidence.nodes.len(), missing.detail);
    let finding = Finding { subject: "nodes/proxy".to_owned(), ..Finding::unobserved(missing) };
    finding.expected("every node's summary").seen(seen)
}

/// One node that is silent, by its own name, with the same look by hand.
fn unseen(evidence: &Evidence, node: &Node, missing: &Unobserved) -> Finding {
    let state = if node.standing.is_ready { "" } else { "not ready; " };
    let finding = Finding { subject: node.name.clone(), ..Finding::unobserved(missing) };
    let finding = finding.expected("the node's summary").seen(format_args!("{state}{}", missing.detail));
    match missing.why {
        Why::Forbidden | Why::Unauthorised => finding,
        _ => Finding { remedy: Some(evidence.by_hand(&node.name)), ..finding },
    }
}
