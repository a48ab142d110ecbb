//! A registry's limit: whose is it, is it enough, and is enough of it left?
//!
//! What is left now is worth little days before: a limit that is whole again before the window opens only warns.

use super::code;
use crate::{
    clients::registry::{Allowance, Share},
    contract::{Finding, Remedy, Weight, Window},
    registry::{evidence::Limit, expect::Pulls},
};
use jiff::SignedDuration;
use std::net::IpAddr;

pub(super) fn judge(pulls: Option<&Pulls>, limit: &Limit, window: &Window, findings: &mut Vec<Finding>) {
    let Some(pulls) = pulls else {
        findings.push(
            Finding::new(code::UNKNOWN, &limit.image)
                .expected("the number of pulls that the crowd makes")
                .seen("none in the checklist")
                .mended_by(Remedy::prose("add `expect: { pulls: { nodes: 5, images: 3 } }`")),
        );
        return;
    };
    let told = match &limit.told {
        Ok(told) => told,
        Err(missing) => return findings.push(Finding::unobserved(missing)),
    };
    match Need::of(pulls, window) {
        Ok(need) => findings.extend(enough(pulls, limit, told, &need, window)),
        Err(seen) => findings.push(
            Finding::new(code::NO_NUMBER, &limit.image)
                .expected("a number of nodes for so many attendees")
                .seen(seen)
                .mended_by(Remedy::prose("add a step to `nodes: { by_attendees: … }` for so many attendees")),
        ),
    }
}

/// The pulls that must fit, and how the number was reached.
struct Need {
    pulls: u64,
    because: String,
}

impl Need {
    fn of(pulls: &Pulls, window: &Window) -> Result<Self, String> {
        let nodes = pulls.nodes.need(window.attendees).map_err(|too_many| too_many.to_string())?;
        let (images, factor) = (pulls.images.get(), pulls.factor.get());
        // No new node is no reason to call any limit enough.
        let count = nodes.count.max(1);
        let all = u64::from(count).saturating_mul(u64::from(images)).saturating_mul(u64::from(factor));
        Ok(Self { pulls: all, because: format!("{count} nodes × {images} images × {factor} = {all} pulls") })
    }
}

fn enough(pulls: &Pulls, limit: &Limit, told: &Allowance, need: &Need, window: &Window) -> Option<Finding> {
    let finding = |code| Finding::new(code, &limit.image).expected(&need.because);
    let whole = match told.limit {
        Some(whole) => whole,
        None if pulls.unlimited && told.remaining.is_none() => return None,
        None => {
            return Some(finding(code::UNKNOWN).seen("no `ratelimit-limit` in its answer").mended_by(by_hand(limit)));
        }
    };
    if whole.count < need.pulls {
        let seen = format!("{} for {}", spoken(whole), source(told));
        return Some(finding(code::TOO_LOW).seen(seen).mended_by(Remedy::prose(
            "let the nodes sign in with an account of a higher limit, or pull through a cache in the region",
        )));
    }
    if let Some(words) = elsewhere(pulls, limit, told) {
        return Some(finding(code::ELSEWHERE).seen(words).mended_by(Remedy::prose(
            "run this check where the nodes are, and name the addresses that they leave by: `pulls: { from: [203.0.113.9] }`",
        )));
    }
    let left = match (told.remaining, told.is_refused) {
        (_, true) => 0,
        (Some(left), false) => left.count,
        (None, false) => {
            return Some(
                finding(code::UNKNOWN).seen("no `ratelimit-remaining` in its answer").mended_by(by_hand(limit)),
            );
        }
    };
    if left >= need.pulls {
        return None;
    }
    let is_whole_by_then = whole.window.is_some_and(|seconds| {
        let seconds = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        limit.asked_at.checked_add(seconds).is_ok_and(|whole_again| whole_again <= window.opens())
    });
    let weight = if is_whole_by_then { Weight::Warn } else { Weight::Fail };
    let seen = format!("{left} left of {} for {}", spoken(whole), source(told));
    Some(finding(code::USED_UP).weighing(weight).seen(seen).mended_by(Remedy::prose(
        "find what pulls so much, pull what is needed onto the nodes beforehand, or let the nodes sign in",
    )))
}

/// Why the limit is not known to be the nodes' own; `None` where it is.
fn elsewhere(pulls: &Pulls, limit: &Limit, told: &Allowance) -> Option<String> {
    let counted = told.source.as_deref();
    let is_address = counted.is_some_and(|source| address(source).is_some());
    match counted {
        Some(source) if is_address && pulls.from.is_empty() => {
            Some(format!("counted for the address {source}, and nothing says by which the nodes leave"))
        }
        Some(source) if is_address => {
            let is_theirs = pulls.from.iter().any(|own| address(own) == address(source) || own == source);
            (!is_theirs).then(|| format!("counted for {source}, and the nodes leave by {}", pulls.from.join(", ")))
        }
        None if limit.is_anonymous => {
            Some("asked without a credential, and the registry does not say whom it counts".to_owned())
        }
        // Counted for the user who signs in, wherever that is.
        _ => None,
    }
}

/// An address, also where its network's length stands behind it.
fn address(text: &str) -> Option<IpAddr> {
    text.split('/').next().unwrap_or(text).parse().ok()
}

fn source(told: &Allowance) -> &str {
    told.source.as_deref().unwrap_or("whoever asks")
}

fn spoken(share: Share) -> String {
    match share.window {
        Some(seconds) => format!(
            "{} in {}",
            share.count,
            crate::contract::spoken(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)),)
        ),
        None => share.count.to_string(),
    }
}

fn by_hand(limit: &Limit) -> Remedy {
    Remedy::run(["skopeo", "inspect", "--debug", "--raw", &format!("docker://{}", limit.image)]).saying(
        "a mirror that answers in the registry's place tells no limit; where there is none, say so: `pulls: { unlimited: true }`; the same look:",
    )
}

/// `5 nodes × 3 images × 2 = 30 pulls; 76 left of 100 in 6 h`.
pub(super) fn working(pulls: Option<&Pulls>, limit: &Limit, window: &Window) -> Option<String> {
    let need = Need::of(pulls?, window).ok()?;
    let told = limit.told.as_ref().ok()?;
    let (whole, left) = (told.limit?, told.remaining?);
    Some(format!("{}; {} left of {}", need.because, left.count, spoken(whole)))
}
