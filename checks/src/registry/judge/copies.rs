//! Copies to other regions: does a rule make them, and is this image's there?
//!
//! A rule copies what is pushed after it was made: the rule alone proves nothing of an image, nor does an empty list.

use super::code;
use crate::{
    clients::aws::{Replicated, ReplicationRule},
    contract::{Code, Finding, Remedy},
    registry::evidence::Copying,
};

pub(super) fn judge(copying: &Copying, findings: &mut Vec<Finding>) {
    let rules = match &copying.rules {
        Ok(rules) => Some(rules.as_slice()),
        Err(missing) => {
            findings.push(Finding::unobserved(missing));
            None
        }
    };
    match &copying.copies {
        Err(missing) if copying.rules.as_ref().err() != Some(missing) => findings.push(Finding::unobserved(missing)),
        Err(_) => {}
        Ok(None) => findings.push(
            finding(code::MISSING, copying, &copying.ecr.region)
                .expected("an image to copy")
                .seen("no such image where it is copied from")
                .mended_by(
                    copying
                        .ecr
                        .by_hand(&["describe-images", "--repository-name", &copying.repository])
                        .saying("push it there, or name one that is there:"),
                ),
        ),
        Ok(Some(copies)) => {
            findings.extend(copying.to.iter().filter_map(|region| one(copying, rules, copies, region)));
        }
    }
}

fn finding(code: Code, copying: &Copying, region: &str) -> Finding {
    Finding::new(code, format!("{}:{} in {region}", copying.repository, copying.tag))
}

fn one(copying: &Copying, rules: Option<&[ReplicationRule]>, copies: &[Replicated], region: &str) -> Option<Finding> {
    let finding = |code: Code, seen: String| finding(code, copying, region).expected("COMPLETE").seen(seen);
    let from = &copying.ecr.region;
    let is_covered = rules.map(|rules| rules.iter().any(|rule| rule.covers(&copying.repository, region)));
    if is_covered == Some(false) {
        let many = rules.map_or(0, <[ReplicationRule]>::len);
        return Some(finding(code::NOT_REPLICATED, format!("none of {many} rules of {from} covers it")).mended_by(
            Remedy::prose(format!("add a replication rule from {from} to {region}, then push the image again")),
        ));
    }
    let by_hand = || {
        let id = format!("imageTag={}", copying.tag);
        let words = ["describe-image-replication-status", "--repository-name", &copying.repository, "--image-id", &id];
        copying.ecr.by_hand(&words)
    };
    let Some(copy) = copies.iter().find(|copy| copy.region == *region) else {
        return Some(
            finding(code::NOT_REPLICATED, format!("no copy to {region} was ever begun: it was pushed before the rule"))
                .mended_by(Remedy::prose("push the image again: a rule copies only what is pushed after it was made")),
        );
    };
    match copy.status.as_str() {
        "COMPLETE" => None,
        "FAILED" => Some(
            finding(code::COPY_FAILED, format!("FAILED: {}", copy.failure.as_deref().unwrap_or("no reason is given")))
                .mended_by(by_hand().saying("push the image again once the cause is mended; then:")),
        ),
        other => Some(
            finding(code::COPY_UNFINISHED, other.escape_debug().to_string())
                .mended_by(by_hand().saying("wait, then look again:")),
        ),
    }
}
