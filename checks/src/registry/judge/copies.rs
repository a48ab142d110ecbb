//! Copies to other regions: does a rule make them, and is this image's there?
//!
//! A rule copies what is pushed after it was made: the rule alone proves nothing of an image, nor does an empty list. A status is of the
//! copying: whether the copy is still there is asked where it went.

use super::code;
use crate::{
    clients::{
        aws::{Replicated, ReplicationRule},
        registry::Held,
    },
    contract::{Code, Finding, Remedy, values::Digest},
    registry::evidence::{Arrival, Copying},
};

const AGAIN: &str = "push the image again: a rule copies only what is pushed after it was made";

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
        Ok(None) => findings.push(no_source(copying)),
        Ok(Some(copies)) => match &copying.source {
            Err(missing) => findings.push(Finding::unobserved(missing)),
            Ok(Held::Found(found)) => {
                let wanted = Wanted { copying, rules, copies, digest: &found.digest };
                findings.extend(copying.to.iter().filter_map(|arrival| wanted.one(arrival)));
            }
            Ok(_) => findings.push(no_source(copying)),
        },
    }
}

/// What is wanted in every region.
struct Wanted<'a> {
    copying: &'a Copying,
    rules: Option<&'a [ReplicationRule]>,
    copies: &'a [Replicated],
    digest: &'a Digest,
}

fn no_source(copying: &Copying) -> Finding {
    let look = copying.ecr.by_hand(&["describe-images", "--repository-name", &copying.repository]);
    finding(code::MISSING, copying, &copying.ecr.region)
        .expected("an image to copy")
        .seen("no such image where it is copied from")
        .mended_by(look.saying("push it there, or name one that is there:"))
}

fn finding(code: Code, copying: &Copying, region: &str) -> Finding {
    Finding::new(code, format!("{}:{} in {region}", copying.repository, copying.tag))
}

impl Wanted<'_> {
    fn finding(&self, code: Code, region: &str, seen: String) -> Finding {
        finding(code, self.copying, region).expected("COMPLETE").seen(seen)
    }

    fn one(&self, arrival: &Arrival) -> Option<Finding> {
        let Copying { ecr, repository, tag, account, .. } = self.copying;
        let (from, region) = (&ecr.region, arrival.ecr.region.as_str());
        let finding = |code: Code, seen: String| self.finding(code, region, seen);
        let is_covered = self.rules.map(|rules| rules.iter().any(|rule| rule.covers(repository, region, account)));
        if is_covered == Some(false) {
            let many = self.rules.map_or(0, <[ReplicationRule]>::len);
            let seen = format!("none of {many} rules of {from} covers it in account {account}");
            return Some(finding(code::NOT_REPLICATED, seen).mended_by(Remedy::prose(format!(
                "add a replication rule from {from} to {region} of account {account}, then push the image again"
            ))));
        }
        let by_hand = || {
            let id = format!("imageTag={tag}");
            let words = ["describe-image-replication-status", "--repository-name", repository, "--image-id", &id];
            ecr.by_hand(&words)
        };
        let Some(copy) = self.copies.iter().find(|copy| copy.region == region && copy.account == *account) else {
            let seen = format!("no copy to {region} was ever begun: it was pushed before the rule");
            return Some(finding(code::NOT_REPLICATED, seen).mended_by(Remedy::prose(AGAIN)));
        };
        match copy.status.as_str() {
            "COMPLETE" => self.arrived(arrival),
            "FAILED" => Some(
                finding(
                    code::COPY_FAILED,
                    format!("FAILED: {}", copy.failure.as_deref().unwrap_or("no reason is given")),
                )
                .mended_by(by_hand().saying("push the image again once the cause is mended; then:")),
            ),
            other => Some(
                finding(code::COPY_UNFINISHED, other.escape_debug().to_string())
                    .mended_by(by_hand().saying("wait, then look again:")),
            ),
        }
    }

    /// What was copied once may have been deleted since, or its tag moved.
    fn arrived(&self, arrival: &Arrival) -> Option<Finding> {
        let seen = match &arrival.held {
            Err(missing) => return Some(Finding::unobserved(missing)),
            Ok(Held::Found(found)) if found.digest == *self.digest => return None,
            Ok(Held::Found(found)) => format!("it points at {} there", found.digest),
            Ok(Held::Missing(words) | Held::Hidden(words)) => format!("COMPLETE, and not there any more: {words}"),
        };
        let Copying { repository, tag, .. } = self.copying;
        let look = arrival.ecr.by_hand(&["describe-images", "--repository-name", repository]);
        let finding = finding(code::NOT_REPLICATED, self.copying, &arrival.ecr.region);
        let says = format!("see what takes images away there (a lifecycle policy), and push {repository}:{tag} again:");
        Some(finding.expected(self.digest.as_str()).seen(seen).mended_by(look.saying(says)))
    }
}
