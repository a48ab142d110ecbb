//! From what was seen to what is in the way, part by part.

use super::{Build, Evidence, Expect, codes, entitled, entry, licence};
use crate::{
    contract::{Finding, Probe as _, Remedy, Window},
    key_expiry::{self, KeyExpiry, NeverExpires},
};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.build.iter().filter_map(build).collect();
    findings.extend(entry::judge(evidence));
    findings.extend(licence::judge(expect, evidence, window));
    findings.extend(entitled::judge(expect, evidence, window));
    let bar = key_expiry::Expect {
        valid_past_event: expect.tokens_past_event,
        warn_past_event: None,
        renewed_within: None,
        max_age: None,
        never_expires: Some(NeverExpires::Ok),
    };
    for token in &evidence.tokens {
        match token {
            Ok(token) => findings.extend(KeyExpiry::judge(&bar, token, window)),
            Err(missing) => findings.push(Finding::unobserved(missing)),
        }
    }
    findings
}

/// Whole texts are compared: Coder itself compares no more than the first two numbers.
fn build(build: &Build) -> Option<Finding> {
    match &build.runs {
        Ok(runs) if *runs == build.wanted => None,
        Ok(runs) => Some(Finding::new(codes::BUILD, "server").expected(&build.wanted).seen(runs).mended_by(
            Remedy::prose("roll out the release that was tested, or test this one and write it into `build`"),
        )),
        Err(missing) => Some(Finding::unobserved(missing)),
    }
}
