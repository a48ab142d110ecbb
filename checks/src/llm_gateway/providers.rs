//! The loss of any one provider. Each health endpoint stays green when the credential of one provider has ended; what is left
//! then is declared, for no gateway tells it.

use super::{Expect, codes, rates::crowd};
use crate::contract::{Finding, Remedy, Window};
use std::collections::BTreeMap;

pub(super) fn judge(expect: &Expect, wanted: &[String], window: &Window) -> Vec<Finding> {
    if expect.providers.is_empty() {
        return Vec::new();
    }
    let undeclared = wanted.iter().filter(|model| !expect.providers.contains_key(*model)).map(|model| {
        Finding::new(codes::PROVIDERS_UNSAID, model)
            .expected("its providers, with the requests a minute of each")
            .seen("not among `providers`")
            .mended_by(Remedy::prose(format!("add `{model}: {{ bedrock: 122, vertex: 2640 }}` to `providers`")))
    });
    let mut findings: Vec<Finding> = undeclared.collect();
    for (model, providers) in &expect.providers {
        findings.extend(loss(expect, model, providers, window));
    }
    findings
}

fn loss(expect: &Expect, model: &str, providers: &BTreeMap<String, u32>, window: &Window) -> Vec<Finding> {
    let each = expect.each_attendee.and_then(|each| each.requests_per_minute);
    let Some(crowd) = crowd(each, window) else {
        return vec![
            Finding::new(codes::USE_UNSAID, model)
                .expected("how many requests a minute each attendee makes")
                .seen(format_args!("{} providers are declared", providers.len()))
                .mended_by(Remedy::prose(
                    "say `each_attendee: { requests_per_minute: … }`, and the event's `attendees`",
                )),
        ];
    };
    let finding = |seen: String| {
        Finding::new(codes::LOSS, model)
            .expected(format_args!("{} requests a minute without any one provider", crowd.words))
            .seen(seen)
            .mended_by(Remedy::prose(format!("raise what the others carry of `{model}`, or add a provider")))
    };
    if providers.len() < 2 {
        let only = providers.keys().next().map_or_else(|| "no provider".to_owned(), |name| format!("{name} alone"));
        return vec![finding(only)];
    }
    let lost = without(providers).filter(|(_, left)| f64::from(*left) < crowd.count);
    lost.map(|(name, left)| finding(format!("{left} without {name}"))).collect()
}

/// For each provider what the others carry together.
fn without(providers: &BTreeMap<String, u32>) -> impl Iterator<Item = (&str, u32)> {
    let sum = providers.values().fold(0_u32, |sum, rate| sum.saturating_add(*rate));
    providers.iter().map(move |(name, rate)| (name.as_str(), sum.saturating_sub(*rate)))
}

/// `claude-sonnet: 122 requests a minute without vertex, 90 for 15 attendees × 6`.
pub(super) fn working(expect: &Expect, window: &Window) -> Vec<String> {
    let each = expect.each_attendee.and_then(|each| each.requests_per_minute);
    let Some(crowd) = crowd(each, window) else { return Vec::new() };
    let line = |model: &str, (name, left): (&str, u32)| {
        format!("{model}: {left} requests a minute without {name}, {} are needed", crowd.words)
    };
    let all = expect.providers.iter();
    all.flat_map(|(model, providers)| without(providers).map(|lost| line(model, lost)).collect::<Vec<_>>()).collect()
}
