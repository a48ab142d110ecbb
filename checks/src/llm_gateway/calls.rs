//! Calls of one token: what became of each. Leave that was not given is one unknown, however many models there are.

use super::{Call, codes, evidence::Seen};
use crate::{
    clients::litellm::call::Called,
    contract::{Finding, Remedy, Why},
};

/// The calls as evidence; those for which there was no leave once.
pub(super) fn called(made: Vec<(String, Seen<Called>)>) -> Vec<Call> {
    let is_withheld = |outcome: &Seen<Called>| outcome.as_ref().is_err_and(|missing| missing.why == Why::Withheld);
    let mut all: Vec<Call> = Vec::new();
    for (of, outcome) in made {
        if !is_withheld(&outcome) || !all.iter().any(|call| is_withheld(&call.outcome)) {
            all.push(Call { of, outcome });
        }
    }
    all
}

pub(super) fn judge(call: &Call) -> Option<Finding> {
    let finding = |code, seen: String, cure: String| {
        let finding = Finding::new(code, &call.of).expected("a completion").seen(seen);
        Some(finding.mended_by(Remedy::prose(cure)))
    };
    match &call.outcome {
        Err(missing) => {
            let mut finding = Finding::unobserved(missing);
            if missing.why == Why::Withheld {
                finding.remedy =
                    Some(Remedy::prose("run again with --allow-cost, which pays for one token of each model"));
            }
            Some(finding)
        }
        Ok(Called::Completed) => None,
        Ok(Called::FellBack { times }) => finding(
            codes::CALL_FELL_BACK,
            format!("the gateway turned to another model, {times} times"),
            "find out why the model itself does not answer; its fallback has a budget and a rate of its own".to_owned(),
        ),
        Ok(Called::Empty { says }) => {
            finding(codes::CALL_EMPTY, says.clone(), "look at the model's deployment in the gateway".to_owned())
        }
        Ok(Called::Refused { status, kind, says }) => {
            let (code, cure) = meaning(*status, kind, says);
            finding(code, format!("status {status}, {kind}: {says}"), cure.to_owned())
        }
    }
}

/// What a refusal means: by its type, where the gateway gives one of its own, then by its status.
fn meaning(status: u16, kind: &str, says: &str) -> (crate::contract::Code, &'static str) {
    let is_denied = kind.ends_with("_model_access_denied");
    match (kind, status) {
        ("budget_exceeded", _) => (codes::CALL_BUDGET, "raise the budget"),
        _ if is_denied => (codes::DENIED, "allow the model to the key"),
        ("expired_key" | "token_not_found_in_db" | "authentication_error", _) | ("auth_error", 401) => {
            (codes::CALL_KEY, "put a key that is in force in its place")
        }
        ("not_found_error", _) => (codes::NO_MODEL, "configure the model, or correct its name"),
        ("invalid_request_error", 400) if says.contains("Invalid model name") => {
            (codes::NO_MODEL, "configure the model, or correct its name")
        }
        (_, 429) => (codes::CALL_THROTTLED, "raise the limit, or find out who uses it up"),
        _ => (codes::CALL_FAILED, "look at the provider behind the model: its credential, its region, its status page"),
    }
}
