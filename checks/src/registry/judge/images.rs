//! An image: is it there, for every platform, with all its parts?

use super::{code, suits};
use crate::{
    clients::registry::{Found, Held, Platform},
    contract::{Code, Finding, Remedy, values::Digest},
    registry::evidence::{Content, Image, OfPlatform, Parts, Upstream},
};

/// The most digests that a finding names.
const MOST_NAMED: usize = 3;

pub(super) fn judge(image: &Image, needed: &[Platform], findings: &mut Vec<Finding>) {
    match &image.held {
        Err(missing) => findings.push(Finding::unobserved(missing)),
        Ok(Held::Hidden(words)) => findings.push(hidden(&image.name, words)),
        Ok(Held::Missing(words)) => {
            findings.push(missing(image, words));
            findings.extend(image.upstream.as_ref().and_then(|upstream| to_come(image, upstream, needed)));
        }
        Ok(Held::Found(found)) => {
            match &image.content {
                Some(Ok(content)) => self::content(image, content, needed, findings),
                Some(Err(missing)) => findings.push(Finding::unobserved(missing)),
                None => findings.push(unproven(image, "what it is made of was not read")),
            }
            if let Some(upstream) = &image.upstream {
                findings.extend(behind(image, found, upstream));
            }
        }
    }
}

/// An image to go back to that is the one that runs is no way back.
pub(super) fn way_back(image: &Image, findings: &mut Vec<Finding>) {
    let Some(now) = &image.now else { return };
    match &now.held {
        Err(missing) => findings.push(Finding::unobserved(missing)),
        Ok(Held::Hidden(words)) => findings.push(hidden(&format!("{}:{}", image.repository, now.tag), words)),
        Ok(Held::Found(found)) if found.digest.as_str() == image.reference => findings.push(
            Finding::new(code::CURRENT, &image.name)
                .expected(format_args!("another image than the one that {} points at now", now.tag))
                .seen(format_args!("{} is {}", now.tag, found.digest))
                .mended_by(Remedy::prose("record the digest of the version before, and keep it from being deleted")),
        ),
        Ok(Held::Found(_)) => {}
        Ok(Held::Missing(words)) => findings.push(
            Finding::new(code::MISSING, format!("{}:{}", image.repository, now.tag))
                .expected("the image that runs now, to compare with")
                .seen(words)
                .mended_by(listed(image).saying("name the tag that runs now:")),
        ),
    }
}

fn hidden(name: &str, words: &str) -> Finding {
    Finding::new(code::HIDDEN, name).expected("an image, or the word that there is none").seen(words).mended_by(
        Remedy::prose("give the connection a user who may pull it, then look again: forbidden and missing look alike"),
    )
}

fn missing(image: &Image, words: &str) -> Finding {
    match image.upstream.as_ref().map(|upstream| (upstream, &upstream.held)) {
        Some((_, Err(missing))) => Finding::unobserved(missing),
        Some((upstream, Ok(Held::Hidden(words)))) => hidden(&upstream.name, words),
        Some((upstream, Ok(Held::Missing(own)))) => {
            absent(image, &format!("{words}; nor at its upstream {}: {own}", upstream.name))
        }
        Some((upstream, Ok(Held::Found(_)))) => Finding::new(code::NOT_CACHED, &image.name)
            .expected("an image that was pulled once")
            .seen(format_args!("{words}; its upstream {} has it", upstream.name))
            .mended_by(pulled_once()),
        None => absent(image, words),
    }
}

/// What the first pull would bring: nothing for a platform that the upstream has nothing for.
fn to_come(image: &Image, upstream: &Upstream, needed: &[Platform]) -> Option<Finding> {
    let Ok(Held::Found(_)) = &upstream.held else { return None };
    match &upstream.content {
        None => Some(unproven(image, &format!("what {} is made of was not read", upstream.name))),
        Some(Err(missing)) => Some(Finding::unobserved(missing)),
        Some(Ok(Content::Gone(digest))) => Some(no_manifest(image, digest, "")),
        Some(Ok(content)) => {
            let finding = platforms(image, content, needed)?;
            let seen = format!("{}, at its upstream {}", finding.seen, upstream.name);
            Some(finding.seen(seen))
        }
    }
}

fn absent(image: &Image, words: &str) -> Finding {
    Finding::new(code::MISSING, &image.name)
        .expected("an image")
        .seen(words)
        .mended_by(listed(image).saying("push it there, or name one that is there:"))
}

/// The same look by hand: what is there instead.
fn listed(image: &Image) -> Remedy {
    match &image.ecr {
        Some(ecr) => ecr.by_hand(&["describe-images", "--repository-name", &image.repository]),
        None => Remedy::run(["skopeo", "list-tags", &format!("docker://{}", image.repository)]),
    }
}

fn unproven(image: &Image, words: &str) -> Finding {
    Finding::new(code::PLATFORM_UNPROVEN, &image.name)
        .expected("an image that says for which platform it is")
        .seen(words)
        .mended_by(inspected(image))
}

fn inspected(image: &Image) -> Remedy {
    let is_digest = image.reference.contains(':');
    if let Some(ecr) = &image.ecr {
        let id = format!("{}={}", if is_digest { "imageDigest" } else { "imageTag" }, image.reference);
        return ecr.by_hand(&["describe-images", "--repository-name", &image.repository, "--image-ids", &id]);
    }
    let mark = if is_digest { '@' } else { ':' };
    Remedy::run(["skopeo", "inspect", "--raw", &format!("docker://{}{mark}{}", image.repository, image.reference)])
}

fn content(image: &Image, content: &Content, needed: &[Platform], findings: &mut Vec<Finding>) {
    findings.extend(platforms(image, content, needed));
    match content {
        Content::Gone(digest) => findings.push(no_manifest(image, digest, "")),
        Content::Artifact => {}
        Content::Single(single) => parts(image, single, findings),
        Content::Index { images, .. } => images.iter().for_each(|one| parts(image, one, findings)),
    }
}

/// What is wrong with the platforms that it is for, if anything is.
fn platforms(image: &Image, content: &Content, needed: &[Platform]) -> Option<Finding> {
    match content {
        Content::Gone(_) => None,
        Content::Artifact => Some(lacks(image, needed, "something that is no image")),
        Content::Single(single) => {
            // Without its config, which is then among what is missing.
            let Some(own) = &single.platform else {
                return Some(unproven(image, "its config, which would say, is not there"));
            };
            let lacking: Vec<Platform> = needed.iter().filter(|one| !suits(own, one)).cloned().collect();
            let seen = format!("one platform's image, for {own}");
            (!lacking.is_empty()).then(|| lacks(image, &lacking, &seen))
        }
        Content::Index { offers, unnamed, .. } => {
            let is_offered = |one: &&Platform| offers.iter().any(|own| suits(own, one));
            let lacking: Vec<Platform> = needed.iter().filter(|one| !is_offered(one)).cloned().collect();
            match (lacking.is_empty(), *unnamed) {
                (true, _) => None,
                (false, 0) => Some(lacks(image, &lacking, &format!("images for {}", words(offers)))),
                (false, unnamed) => {
                    let names = words(&lacking);
                    let seen = format!("{unnamed} of its images name no platform, and none is for {names}");
                    Some(unproven(image, &seen))
                }
            }
        }
    }
}

fn lacks(image: &Image, lacking: &[Platform], seen: &str) -> Finding {
    Finding::new(code::PLATFORM_MISSING, &image.name)
        .expected(format_args!("an image for {}", words(lacking)))
        .seen(seen)
        .mended_by(Remedy::prose(format!(
            "build and push it for {} too, as one index (`docker buildx build --platform`, `skopeo copy --all`)",
            words(lacking)
        )))
}

fn words(platforms: &[Platform]) -> String {
    let words: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn no_manifest(image: &Image, digest: &Digest, of: &str) -> Finding {
    gap(image, code::MANIFEST_MISSING, format!("the manifest {digest}{of}"), "not there".to_owned())
}

/// Something that is not there: in a cache that can still fetch it, the first pull waits; anywhere else it fails.
fn gap(image: &Image, code: Code, expected: String, seen: String) -> Finding {
    let own = match &image.held {
        Ok(Held::Found(found)) => Some(&found.digest),
        _ => None,
    };
    // An upstream whose tag has moved on may have dropped what this one is made of.
    let has_it =
        |upstream: &&Upstream| matches!(&upstream.held, Ok(Held::Found(theirs)) if Some(&theirs.digest) == own);
    let filler = image.upstream.as_ref().filter(has_it);
    match filler {
        Some(upstream) => Finding::new(code::NOT_CACHED, &image.name)
            .expected(expected)
            .seen(format!("{seen}; its upstream {} may give it", upstream.name))
            .mended_by(pulled_once()),
        None => Finding::new(code, &image.name).expected(expected).seen(seen).mended_by(anew()),
    }
}

fn pulled_once() -> Remedy {
    Remedy::prose("pull it once from a node of each platform in this region, before the crowd does")
}

/// Nothing but a push fills the gap: a copy of what is there has it too.
fn anew() -> Remedy {
    Remedy::prose("push the image again from where it was built (or `skopeo copy --all` from another registry), whole")
}

fn parts(image: &Image, one: &OfPlatform, findings: &mut Vec<Finding>) {
    let of = one.platform.as_ref().map_or_else(String::new, |platform| format!(" for {platform}"));
    match &one.parts {
        Err(missing) => findings.push(Finding::unobserved(missing)),
        Ok(None) => findings.push(no_manifest(image, &one.digest, &of)),
        Ok(Some(parts)) => whole(image, parts, &of, findings),
    }
}

fn whole(image: &Image, parts: &Parts, of: &str, findings: &mut Vec<Finding>) {
    let finding = |code: Code, expected: String, seen: String| {
        Finding::new(code, &image.name).expected(expected).seen(seen).mended_by(anew())
    };
    let all = format!("all {} blobs of the image{of}", parts.blobs);
    if !parts.missing.is_empty() {
        let named: Vec<&str> = parts.missing.iter().take(MOST_NAMED).map(Digest::as_str).collect();
        let seen = format!("{} not there: {}", parts.missing.len(), named.join(", "));
        findings.push(gap(image, code::BLOB_MISSING, all, seen));
    }
    if let Some(first) = parts.differ.first() {
        let seen = format!("{} has {}{}", first.digest, first.held, more(parts.differ.len()));
        findings.push(finding(code::BLOB_DIFFERS, format!("{} bytes", first.named), seen));
    }
    if let Some((missing, many)) = &parts.unread {
        let finding = Finding::unobserved(missing);
        findings.push(Finding { seen: format!("{}{}", finding.seen, more(*many)), ..finding });
    }
}

fn more(many: usize) -> String {
    if many > 1 { format!("; {} more likewise", many - 1) } else { String::new() }
}

/// A tag of a pull-through cache is asked for upstream at most about once in 24 hours (ECR user guide, "Sync an upstream
/// registry with an Amazon ECR private registry").
fn behind(image: &Image, found: &Found, upstream: &Upstream) -> Option<Finding> {
    let seen = match &upstream.held {
        Err(missing) => return Some(Finding::unobserved(missing)),
        Ok(Held::Hidden(words)) => return Some(hidden(&upstream.name, words)),
        Ok(Held::Found(theirs)) if theirs.digest == found.digest => return None,
        Ok(Held::Found(theirs)) => format!("{} here, {} at {}", found.digest, theirs.digest, upstream.name),
        Ok(Held::Missing(words)) => format!("{} here, and nothing at {}: {words}", found.digest, upstream.name),
    };
    Some(
        Finding::new(code::BEHIND, &image.name).expected("the same digest as its upstream's").seen(seen).mended_by(
            Remedy::prose("name the image by the wanted digest, which the cache always fetches, or wait a day"),
        ),
    )
}

/// What each platform's image comes to.
pub(super) fn working(image: &Image) -> Vec<String> {
    let images: &[OfPlatform] = match &image.content {
        Some(Ok(Content::Index { images, .. })) => images,
        Some(Ok(Content::Single(single))) => std::slice::from_ref(single),
        _ => &[],
    };
    let line = |one: &OfPlatform| {
        let Ok(Some(parts)) = &one.parts else { return None };
        let platform = one.platform.as_ref()?;
        let mebibytes = parts.bytes.div_ceil(1 << 20);
        Some(format!("{} for {platform}: {} blobs, {mebibytes} MiB", image.name, parts.blobs))
    };
    images.iter().filter_map(line).collect()
}
