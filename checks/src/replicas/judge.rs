//! Are they enough, will they stay enough, and what makes them so?
//!
//! An autoscaler's bounds are judged beside the counts: what is ready now is worth nothing if it may be scaled down.

use super::{
    BLIND, CAPPED, Evidence, Expect, NO_NUMBER, NOT_READY, NOTHING, TOO_FEW, Target, UNDONE, Workload,
    autoscaler::Autoscaler,
    crowd::Crowd,
    state::{state, wait},
};
use crate::contract::{Code, Finding, Remedy, Weight, Window, values::Need};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    if evidence.workloads.is_empty() {
        return vec![nothing(evidence)];
    }
    let case = Case { evidence, crowd: Crowd::of(evidence) };
    let mut findings = Vec::new();
    match expect.ready.need(window.attendees) {
        Ok(need) => case.enough(&at_least_one(need), &mut findings),
        Err(too_many) => findings.push(
            Finding::new(NO_NUMBER, evidence.target.word())
                .expected(format_args!("a number for {} attendees", too_many.attendees))
                .seen(format_args!("the table ends at {}; {}", too_many.last, case.crowd.words()))
                .mended_by(Remedy::prose("add a step to `ready: { by_attendees: … }` for so many attendees")),
        ),
    }
    if let Some(Err(missing)) = &evidence.autoscalers {
        findings.push(Finding::unobserved(missing));
    }
    let is_waiting = findings.iter().any(|finding| finding.code == NOT_READY.id);
    for workload in case.crowd.workloads {
        findings.extend(state(evidence, workload, expect.updated && !is_waiting));
    }
    for scaler in case.crowd.scalers() {
        findings.extend(blind(evidence, scaler));
    }
    findings
}

/// Nothing ready is never enough, even for no attendees.
fn at_least_one(need: Need) -> Need {
    if need.count > 0 { need } else { Need { count: 1, because: format!("1, though {}", need.because) } }
}

fn nothing(evidence: &Evidence) -> Finding {
    let namespace = &evidence.namespace;
    let seen = match &evidence.has_namespace {
        Some(Ok(false)) => format!("the namespace {namespace} does not exist"),
        Some(Err(missing)) => {
            format!("none, and whether the namespace {namespace} exists could not be seen: {}", missing.detail)
        }
        _ => format!("none in the namespace {namespace}"),
    };
    let expected = match &evidence.target {
        Target::Selector(_) => "at least one Deployment or StatefulSet with these labels",
        Target::Deployment(_) => "a Deployment of this name",
        Target::StatefulSet(_) => "a StatefulSet of this name",
    };
    let by_hand = evidence.cluster.look(&["get", "deployments,statefulsets", "--all-namespaces", "--show-labels"]);
    Finding::new(NOTHING, evidence.target.word())
        .expected(expected)
        .seen(seen)
        .mended_by(by_hand.saying("see what is there, and name it in the checklist"))
}

struct Case<'a> {
    evidence: &'a Evidence,
    crowd: Crowd<'a>,
}

impl Case<'_> {
    fn enough(&self, need: &Need, findings: &mut Vec<Finding>) {
        let crowd = &self.crowd;
        // Counts from before the last change say nothing of what is wished for now.
        let is_known = !crowd.workloads.iter().any(Workload::is_stale);
        let is_short = is_known && crowd.counted() < need.count;
        let held_down = crowd.floor() < need.count && !crowd.scalers().is_empty();
        if is_short && crowd.desired() < need.count {
            findings.push(self.finding(TOO_FEW, need).mended_by(self.scale(need, held_down)));
        } else if is_short && !crowd.workloads.iter().any(Workload::is_stuck) {
            let remedy = crowd.furthest().map(|furthest| wait(self.evidence, furthest));
            findings.push(Finding { remedy, ..self.finding(NOT_READY, need) });
        }
        if crowd.ceiling() < need.count && !crowd.scalers().is_empty() {
            findings.push(self.bounds(CAPPED, need, "most", crowd.ceiling()));
        } else if held_down {
            let weight = if is_short { Weight::Fail } else { UNDONE.weight };
            findings.push(self.bounds(UNDONE, need, "least", crowd.floor()).weighing(weight));
        }
    }

    fn finding(&self, code: Code, need: &Need) -> Finding {
        let subject = self.crowd.only().map_or_else(|| self.evidence.target.word(), Workload::word);
        let complaint = self.crowd.workloads.iter().find_map(Workload::complaint);
        let complaint = complaint.map_or_else(String::new, |condition| format!("; {}", condition.reason));
        Finding::new(code, subject)
            .expected(format_args!("ready: {}", need.because))
            .seen(format_args!("{}{complaint}", self.crowd.words()))
    }

    fn scale(&self, need: &Need, held_down: bool) -> Remedy {
        if held_down {
            return Remedy::prose("raise the autoscaler's bounds: it would undo a `kubectl scale`");
        }
        let Some(only) = self.crowd.only() else {
            return Remedy::prose(format!("scale one or more of them, so that together they wish for {}", need.count));
        };
        let replicas = format!("--replicas={}", need.count);
        let remedy = self.evidence.cluster.change_in(&self.evidence.namespace, &["scale", &only.word(), &replicas]);
        match &only.managed_by {
            Some(manager) => remedy.saying(format!("change it at {manager} too, which may set it back")),
            None => remedy,
        }
    }

    fn bounds(&self, code: Code, need: &Need, which: &str, bound: u32) -> Finding {
        let scalers = self.crowd.scalers();
        let names: Vec<String> = scalers.iter().map(|scaler| format!("hpa/{}", scaler.name)).collect();
        let ranges: Vec<String> = scalers.iter().map(|scaler| format!("{} to {}", scaler.min, scaler.max)).collect();
        let finding = Finding::new(code, names.join(", "))
            .expected(format_args!("ready: {}", need.because))
            .seen(format_args!("holds {}, so at {which} {bound} in all", ranges.join(", ")));
        match scalers.as_slice() {
            [only] => finding.mended_by(self.patch(only, need)),
            _ => finding.mended_by(Remedy::prose(format!(
                "raise their minima, so that together they hold {} or more",
                need.count
            ))),
        }
    }

    /// Raises the autoscaler's minimum by what is lacking, and its maximum where that is below it.
    fn patch(&self, scaler: &Autoscaler, need: &Need) -> Remedy {
        let min = scaler.min.saturating_add(need.count.saturating_sub(self.crowd.floor()));
        let spec = if scaler.max < min {
            format!(r#"{{"spec":{{"minReplicas":{min},"maxReplicas":{min}}}}}"#)
        } else {
            format!(r#"{{"spec":{{"minReplicas":{min}}}}}"#)
        };
        self.evidence.cluster.change_in(&self.evidence.namespace, &["patch", "hpa", &scaler.name, "--patch", &spec])
    }
}

fn blind(evidence: &Evidence, scaler: &Autoscaler) -> Option<Finding> {
    let complaint = scaler.complaint()?;
    let name = format!("hpa/{}", scaler.name);
    let look = evidence.cluster.look_in(&evidence.namespace, &["describe", &name]);
    let seen = format!("{} is False: {}", complaint.kind, complaint.reason);
    Some(Finding::new(BLIND, name).expected("an autoscaler that can act").seen(seen).mended_by(look))
}
