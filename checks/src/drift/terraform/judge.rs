//! What a plan means. Its exit code alone is never believed.

use super::{Change, Evidence, Summary};
use crate::{
    clients::program::Ended,
    contract::{Code, Finding, Remedy},
    drift::{
        codes,
        expect::{Act, Expect},
    },
};

pub(in crate::drift) fn judge(expect: &Expect, plan: &Evidence) -> Vec<Finding> {
    match plan.ended {
        Ended::Exit(code @ (0 | 2)) if plan.errors.is_empty() => match contradiction(plan, code) {
            Some(seen) => {
                let finding = about(plan, codes::CONTRADICTS)
                    .expected("a plan that says the same by its exit code and by its words");
                vec![finding.seen(seen).mended_by(look(plan))]
            }
            None => of_plan(expect, plan),
        },
        Ended::Exit(_) | Ended::Signal(_) => vec![failed(plan)],
    }
}

fn failed(plan: &Evidence) -> Finding {
    let why = if plan.errors.is_empty() { "it says nothing".to_owned() } else { plan.errors.join("; ") };
    let finding = about(plan, codes::FAILED).expected("a whole plan: exit code 0 or 2");
    finding.seen(format!("{}: {why}", plan.ended)).mended_by(look(plan))
}

/// What does not fit together.
fn contradiction(plan: &Evidence, code: i32) -> Option<String> {
    let Some(summary) = plan.summary else {
        return Some(format!("exit code {code}, and no summary: the plan was not read to its end"));
    };
    let is_some = plan.changes.iter().any(is_planned) || !plan.outputs.is_empty() || !is_nothing(summary);
    let by_others = plan.changes.iter().any(|change| change.is_outside);
    if code == 0 && is_some {
        return Some(format!("exit code 0, which is no change, and {}", words(plan, summary)));
    }
    if code == 2 && !is_some && !by_others {
        return Some("exit code 2, which is some change, and none in what it wrote".to_owned());
    }
    let count = |actions: &[&str]| {
        let of = plan.changes.iter().filter(|change| !change.is_outside && actions.contains(&change.action.as_str()));
        of.count() as u64
    };
    let listed = (count(&["create", "replace"]), count(&["update"]), count(&["delete", "replace"]));
    let is_short = summary.add > listed.0 || summary.change > listed.1 || summary.remove > listed.2;
    (is_short && plan.left_out == 0).then(|| format!("{}, and fewer are named", words(plan, summary)))
}

fn is_planned(change: &Change) -> bool {
    !change.is_outside && (change.action != "noop" || change.was.is_some())
}

fn is_nothing(summary: Summary) -> bool {
    summary == Summary::default()
}

fn words(plan: &Evidence, summary: Summary) -> String {
    let Summary { add, change, import, remove } = summary;
    let outputs = plan.outputs.len();
    format!("{add} to add, {change} to change, {remove} to remove, {import} to import, {outputs} outputs to change")
}

fn of_plan(expect: &Expect, plan: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_empty = plan.refreshed == 0 && plan.changes.is_empty();
    if is_empty {
        let finding =
            about(plan, codes::NOTHING).expected("at least one resource in the state, compared with what is there");
        let remedy = looking(plan, "see that the folder, the workspace and the backend are the ones that are meant");
        findings.push(finding.seen("the plan compared no resource").mended_by(remedy));
    }
    findings.extend(plan.changes.iter().filter_map(|change| of_change(expect, plan, change)));
    if plan.left_out > 0 {
        let finding = about(plan, codes::DRIFTED).expected("what was declared");
        findings.push(finding.seen(format!("{} more changes", plan.left_out)).mended_by(look(plan)));
    }
    // Outputs that change with a resource say nothing more.
    if !plan.outputs.is_empty() && plan.changes.is_empty() {
        let names: Vec<String> =
            plan.outputs.iter().take(10).map(|output| format!("{} ({})", output.name, output.action)).collect();
        let finding = about(plan, codes::STATE_ONLY).expected("outputs as the state has them");
        findings.push(
            finding
                .seen(format!("{} outputs would change: {}", plan.outputs.len(), names.join(", ")))
                .mended_by(look(plan)),
        );
    }
    findings
}

fn of_change(expect: &Expect, plan: &Evidence, change: &Change) -> Option<Finding> {
    let act = match change.action.as_str() {
        "create" => Some(Act::Create),
        "update" => Some(Act::Update),
        "delete" => Some(Act::Delete),
        "replace" => Some(Act::Replace),
        "noop" if change.was.is_none() => return None,
        _ => None,
    };
    if act.is_some_and(|act| expect.allows(&change.address, act)) {
        return None;
    }
    let moved = change.was.as_ref().map_or_else(String::new, |was| format!(", which was {was}"));
    // What others moved, read or forgot is no less changed by others.
    let code = if change.is_outside && need_not_be_undone(plan) {
        codes::OUTSIDE
    } else if act.is_some() || change.is_outside || !is_of_state(&change.action) {
        codes::DRIFTED
    } else {
        codes::STATE_ONLY
    };
    let seen = if change.is_outside {
        format!("changed outside of it: {}{moved}", change.action)
    } else {
        format!("to be made so: {}{moved}", change.action)
    };
    Some(Finding::new(code, change.address.as_str()).expected("what was declared").seen(seen).mended_by(look(plan)))
}

/// The plan has nothing to do: what others changed is not declared, or is to be ignored.
fn need_not_be_undone(plan: &Evidence) -> bool {
    plan.ended == Ended::Exit(0) && !plan.refresh_only
}

/// What is done to the state alone; an action that is not known may do anything.
fn is_of_state(action: &str) -> bool {
    matches!(action, "read" | "move" | "import" | "noop" | "forget" | "remove")
}

fn about(plan: &Evidence, code: Code) -> Finding {
    Finding::new(code, format!("root module {}", plan.root))
}

fn look(plan: &Evidence) -> Remedy {
    looking(plan, "read the plan; apply it, declare what was changed by hand, or allow it in the checklist")
}

/// The plan by hand, and the variables that it needs.
fn looking(plan: &Evidence, says: &str) -> Remedy {
    let by_hand = plan.by_hand.clone();
    let says = if by_hand.says.is_empty() { says.to_owned() } else { format!("{says} ({})", by_hand.says) };
    by_hand.saying(says)
}
