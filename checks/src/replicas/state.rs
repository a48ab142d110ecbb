//! One workload by itself: whether its counts are to be believed, and whether it is one version.

use super::{DELETED, Evidence, STUCK, UNFINISHED, UNSEEN, Workload};
use crate::contract::{Finding, Remedy};

/// What is in the way at `workload`, whatever the sum; rollouts only where `minds_rollouts`.
pub(super) fn state(evidence: &Evidence, workload: &Workload, minds_rollouts: bool) -> Option<Finding> {
    if workload.is_deleting {
        Some(deleted(workload))
    } else if workload.is_stale() {
        Some(stale(evidence, workload))
    } else if workload.is_stuck() {
        Some(stuck(evidence, workload))
    } else if minds_rollouts && workload.is_rolling() {
        Some(rolling(evidence, workload))
    } else {
        None
    }
}

fn deleted(workload: &Workload) -> Finding {
    Finding::new(DELETED, workload.word())
        .expected("a workload that stays")
        .seen("it was asked to go, and goes once its copies have")
        .mended_by(Remedy::prose("let it go, then make it anew from its source"))
}

fn stale(evidence: &Evidence, workload: &Workload) -> Finding {
    let (seen, wished) = (workload.observed_generation, workload.generation);
    Finding::new(UNSEEN, workload.word())
        .expected(format_args!("counts of generation {wished}"))
        .seen(format_args!("counts of generation {seen}: its controller has not seen the last change"))
        .mended_by(wait(evidence, workload))
}

fn stuck(evidence: &Evidence, workload: &Workload) -> Finding {
    Finding::new(STUCK, workload.word())
        .expected("a rollout that ends within its deadline")
        .seen(format_args!("ProgressDeadlineExceeded: {}", counts(workload)))
        .mended_by(evidence.cluster.look_in(&evidence.namespace, &["describe", &workload.word()]))
}

fn rolling(evidence: &Evidence, workload: &Workload) -> Finding {
    let finding = Finding::new(UNFINISHED, workload.word()).expected("one version, all of it");
    let seen = format!("{}, {} in all", counts(workload), workload.total);
    if workload.is_paused {
        let resume = ["rollout", "resume", &workload.word()];
        let remedy = evidence.cluster.change_in(&evidence.namespace, &resume).disrupting("whom its old copies serve");
        return finding.seen(format_args!("{seen}, and held")).mended_by(remedy);
    }
    finding.seen(seen).mended_by(wait(evidence, workload))
}

fn counts(workload: &Workload) -> String {
    format!("{} of {} up to date, {} ready", workload.updated, workload.desired, workload.counted())
}

/// Waits for what is under way to end, and says what it waits for.
pub(super) fn wait(evidence: &Evidence, workload: &Workload) -> Remedy {
    let words = ["rollout", "status", &workload.word(), "--timeout=2m"];
    evidence.cluster.look_in(&evidence.namespace, &words)
}
