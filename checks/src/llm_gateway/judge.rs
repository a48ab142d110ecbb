//! From what was seen to what is in the way, part by part.

use super::{Evidence, Expect, Gateway, budget, calls, models, providers, rates, ready, unlooked};
use crate::{
    coder_deployment::entitled::feature,
    contract::{Finding, Window},
};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unlooked::judge(expect, evidence).into_iter().collect();
    match &evidence.gateway {
        Gateway::Litellm(seen) => {
            findings.extend(ready::judge(expect, &evidence.url, &seen.readiness));
            findings.extend(seen.models.iter().flat_map(|served| models::judge(served, "the gateway")));
            let wanted = seen.models.as_ref().map_or(&[][..], |models| &models.wanted);
            match &seen.keys {
                Some(Ok(keys)) => {
                    let keys = budget::counting(keys, window.now);
                    findings.extend(
                        keys.into_iter().flat_map(|key| budget::judge(expect, key, seen.models.as_ref(), window)),
                    );
                }
                Some(Err(missing)) => findings.push(Finding::unobserved(missing)),
                None => {}
            }
            findings.extend(providers::judge(expect, wanted, window));
        }
        Gateway::AiBridge(seen) => {
            match &seen.feature {
                Ok(seen) => findings.extend(feature(&evidence.url, "aibridge", *seen)),
                Err(missing) => findings.push(Finding::unobserved(missing)),
            }
            for door in &seen.doors {
                findings.extend(models::judge(&door.models, &format!("{} through {}", door.provider, door.url)));
            }
            let mut wanted: Vec<String> = seen.doors.iter().flat_map(|door| door.models.wanted.clone()).collect();
            wanted.sort();
            wanted.dedup();
            findings.extend(providers::judge(expect, &wanted, window));
        }
    }
    findings.extend(evidence.calls.iter().flatten().filter_map(calls::judge));
    findings
}

/// The arithmetic of budgets, rates and providers.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let mut lines = Vec::new();
    if let Gateway::Litellm(seen) = &evidence.gateway
        && let Some(Ok(keys)) = &seen.keys
    {
        let keys = budget::counting(keys, window.now);
        let purses = || keys.iter().flat_map(|key| key.purses.iter().flatten());
        lines.extend(purses().filter_map(|purse| budget::working(expect, purse, window)));
        lines.extend(purses().flat_map(|purse| rates::working(expect, purse, window)));
    }
    lines.extend(providers::working(expect, window));
    lines
}
