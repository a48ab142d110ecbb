//! Is everything there, and may so many pull it?

mod cache;
mod copies;
mod images;
mod limit;

use super::{Evidence, Expect, code};
use crate::{
    clients::registry::Platform,
    contract::{Finding, Remedy, Window},
};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = Vec::new();
    let has_images = !evidence.images.is_empty() || !evidence.rollback.is_empty();
    match &evidence.platforms {
        Err(missing) => findings.push(Finding::unobserved(missing)),
        Ok(needed) if has_images && needed.is_empty() => findings.push(
            Finding::new(code::NO_NODES, "platforms")
                .expected("at least one node with its platform")
                .seen("no node")
                .mended_by(Remedy::prose("name them in the checklist (`platforms: [linux/amd64]`): nodes come and go")),
        ),
        Ok(_) => {}
    }
    let needed = evidence.platforms.as_deref().unwrap_or_default();
    for image in &evidence.images {
        images::judge(image, needed, &mut findings);
    }
    for image in &evidence.rollback {
        images::judge(image, needed, &mut findings);
        images::way_back(image, &mut findings);
    }
    for rule in &evidence.pull_through {
        cache::judge(expect.importable.as_deref(), rule, &mut findings);
    }
    for copying in &evidence.replication {
        copies::judge(copying, &mut findings);
    }
    if let Some(limit) = &evidence.limit {
        limit::judge(expect.pulls.as_ref(), limit, window, &mut findings);
    }
    findings
}

/// The sizes of what is there, and the pulls that are needed.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let images = evidence.images.iter().chain(&evidence.rollback).flat_map(images::working);
    let limit = evidence.limit.iter().filter_map(|limit| limit::working(expect.pulls.as_ref(), limit, window));
    images.chain(limit).collect()
}

/// True if and only if a node of the platform `needed` may take an image that is for `own`.
pub(super) fn suits(own: &Platform, needed: &Platform) -> bool {
    own.os == needed.os
        && own.architecture == needed.architecture
        && (needed.variant.is_none() || own.variant == needed.variant)
}
