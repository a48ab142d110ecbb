//! What makes a quota larger: a request that is under way, or a new one.

use super::{
    evidence::{Evidence, Line},
    room::number,
};
use crate::{
    clients::aws::{Increase, Quota},
    contract::{Remedy, Window},
};

/// Asked for, and not decided.
const OPEN: [&str; 2] = ["PENDING", "CASE_OPENED"];
const APPROVED: &str = "APPROVED";

/// What is known of more: the newest request that is open, or that was approved and is not in force.
pub(super) fn coming<'a>(line: &'a Line, quota: &Quota) -> Option<&'a Increase> {
    let Some(Ok(increases)) = &line.increases else { return None };
    increases.iter().find(|increase| {
        let is_more = increase.desired > quota.value;
        is_more && (OPEN.contains(&increase.status.as_str()) || increase.status == APPROVED)
    })
}

/// The same in words, after what was seen.
pub(super) fn note(increase: &Increase, window: &Window) -> String {
    let asked = increase.created.map_or_else(String::new, |at| format!(", asked for {}", window.clock(at)));
    let desired = number(increase.desired);
    if increase.status == APPROVED {
        format!("; an increase to {desired} is approved{asked}, and not in force yet")
    } else {
        format!("; an increase to {desired} is {}{asked}", increase.status)
    }
}

/// What makes room for a limit of `wanted`.
pub(super) fn remedy(evidence: &Evidence, line: &Line, quota: &Quota, wanted: Option<f64>) -> Remedy {
    let Some(wanted) = wanted else {
        return Remedy::prose("no limit leaves 100 % free: expect less `headroom`");
    };
    if let Some(increase) = coming(line, quota).filter(|increase| increase.desired >= wanted) {
        return if increase.status == APPROVED {
            Remedy::prose("the increase is approved: look again until the limit shows it")
        } else {
            Remedy::prose("the request is under way: press for it in its support case, for it may take days")
        };
    }
    if !quota.is_adjustable {
        return Remedy::prose("this quota cannot be raised: free what is in use, or use another region or account");
    }
    let desired = number(wanted);
    let profile = evidence.profile.iter().flat_map(|profile| ["--profile", profile.as_str()]);
    let line = ["aws"].into_iter().chain(profile).chain([
        "--region",
        &evidence.region,
        "service-quotas",
        "request-service-quota-increase",
        "--service-code",
        &line.service,
        "--quota-code",
        &line.code,
        "--desired-value",
        &desired,
    ]);
    Remedy::run(line).saying("ask for more, which may take from minutes to days; with the right to:")
}
