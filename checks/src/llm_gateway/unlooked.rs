//! Expectations that nothing which is looked at can answer: to hold them for met would be a pass that nobody saw.

use super::{Evidence, Expect, Gateway, codes, settings::seventy};
use crate::contract::{Finding, Remedy};

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    let (has_keys, is_bridge) = match &evidence.gateway {
        Gateway::Litellm(seen) => (seen.keys.is_some(), false),
        Gateway::AiBridge(_) => (false, true),
    };
    let each = expect.each_attendee;
    let said = [
        ("version", is_bridge && expect.version.is_some()),
        ("budget_used_at_most", !has_keys && expect.budget_used_at_most != seventy()),
        ("each_attendee.dollars", !has_keys && each.is_some_and(|each| each.dollars.is_some())),
        (
            "each_attendee.requests_per_minute",
            !has_keys && expect.providers.is_empty() && each.is_some_and(|each| each.requests_per_minute.is_some()),
        ),
        ("each_attendee.tokens_per_minute", !has_keys && each.is_some_and(|each| each.tokens_per_minute.is_some())),
        ("each_attendee.requests_at_once", !has_keys && each.is_some_and(|each| each.requests_at_once.is_some())),
    ];
    let names: Vec<&str> = said.into_iter().filter(|(_, is_said)| *is_said).map(|(name, _)| name).collect();
    let cure = if is_bridge {
        "leave them out: AI Bridge tells neither its release nor budgets and limits; rates are held against `providers`"
    } else {
        "look at the key that they are held against, `litellm: { key: … }`, or leave them out"
    };
    (!names.is_empty()).then(|| {
        Finding::new(codes::NOT_LOOKED_AT, "expect")
            .expected("nothing that is not looked at")
            .seen(names.join(", "))
            .mended_by(Remedy::prose(cure))
    })
}
