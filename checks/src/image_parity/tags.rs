//! Judging the source and its mirrors.

use super::{
    code,
    evidence::Tagged,
    expect::{Expect, Level},
    ledger::{Ledger, Likeness},
    remedy::Wanted,
    short::Shorts,
};
use crate::{
    clients::registry::{Found, Held, Platform},
    contract::{Finding, Remedy, Window},
};

/// What the tags are judged by.
pub(super) struct Tags<'a> {
    pub(super) expect: &'a Expect,
    pub(super) ledger: Ledger<'a>,
    pub(super) shorts: &'a Shorts,
    pub(super) window: &'a Window,
}

impl<'a> Tags<'a> {
    /// The source: there, with every platform, and pointing at the digest that is pinned.
    pub(super) fn source(&self, source: &'a Tagged) -> Vec<Finding> {
        let found = match found(source, None) {
            Ok(found) => found,
            Err(finding) => return vec![*finding],
        };
        let mut findings = Vec::new();
        if let Some(pin) = &self.expect.digest
            && !self.ledger.compare(pin, &found.digest).is_at_least(self.expect.level)
        {
            findings.push(
                Finding::new(code::PIN_DIFFERS, &source.name)
                    .expected(format_args!("{}, as pinned", self.shorts.say(pin)))
                    .seen(self.shorts.say(&found.digest))
                    .mended_by(Wanted { digest: pin, source }.retagged()),
            );
        }
        let missing = self.ledger.lacks(&found.digest);
        findings.extend(missing.into_iter().map(|platform| {
            self.lacking(source, platform, &self.ledger.platforms_of(&found.digest))
                .mended_by(Remedy::prose(format!("publish {} for {platform}", source.name)))
        }));
        findings
    }

    /// A mirror, against what is wanted; where that is not known, only that it is there.
    pub(super) fn mirror(&self, mirror: &'a Tagged, wanted: Option<&Wanted<'a>>) -> Option<Finding> {
        let found = match found(mirror, wanted) {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let wanted = wanted?;
        let likeness = self.ledger.compare(wanted.digest, &found.digest);
        let finding = match &likeness {
            Likeness::Same(level) if *level >= self.expect.level => return None,
            Likeness::Same(level) => self.flattened(mirror, found, *level, wanted),
            Likeness::Other => self.stale(mirror, found, wanted),
            Likeness::Lacks(platform, has) => self.lacking(mirror, platform, has),
            Likeness::Unread(missing) => return Some(Finding::unobserved(missing)),
            Likeness::Gone(digest) => {
                return Some(
                    Finding::new(code::UNPROVEN, &mirror.name)
                        .expected(self.wanted(wanted))
                        .seen(format_args!("{} was there, and its manifest is gone", self.shorts.say(digest))),
                );
            }
        };
        Some(finding.mended_by(wanted.copied_to(mirror)))
    }

    /// True if and only if pulling from it gives what is wanted.
    pub(super) fn is_right(&self, tagged: &'a Tagged, wanted: &Wanted<'a>) -> bool {
        tagged.digest().is_some_and(|digest| self.ledger.compare(wanted.digest, digest).is_at_least(self.expect.level))
    }

    fn stale(&self, mirror: &Tagged, found: &Found, wanted: &Wanted<'_>) -> Finding {
        let pushed = found.pushed_at.map(|time| format!(", pushed {}", self.window.clock(time))).unwrap_or_default();
        let platforms: Vec<String> = self.expect.platform.iter().map(ToString::to_string).collect();
        Finding::new(code::STALE, &mirror.name).expected(self.wanted(wanted)).seen(format_args!(
            "{}{pushed}: another image, down to the config for {}",
            self.shorts.say(&found.digest),
            platforms.join(", ")
        ))
    }

    fn flattened(&self, mirror: &Tagged, found: &Found, level: Level, wanted: &Wanted<'_>) -> Finding {
        let is_flat = self.ledger.is_index(wanted.digest) && !self.ledger.is_index(&found.digest);
        let how = if is_flat { "one platform of it, flattened" } else { "packed otherwise" };
        Finding::new(code::FLATTENED, &mirror.name)
            .expected(format_args!("{}, the same to the {}", self.wanted(wanted), self.expect.level))
            .seen(format_args!("{}: {how}; the same from the {level} down only", self.shorts.say(&found.digest)))
    }

    fn lacking(&self, tagged: &Tagged, platform: &Platform, has: &[Platform]) -> Finding {
        let has: Vec<String> = has.iter().map(ToString::to_string).collect();
        let short = tagged.digest().map(|digest| self.shorts.say(digest)).unwrap_or_default();
        Finding::new(code::PLATFORM_MISSING, &tagged.name)
            .expected(format_args!("an image for {platform}"))
            .seen(format_args!("{short} has {}", if has.is_empty() { "none".to_owned() } else { has.join(", ") }))
    }

    fn wanted(&self, wanted: &Wanted<'_>) -> String {
        let why = if self.expect.digest.is_some() { "pinned".to_owned() } else { wanted.source.name.clone() };
        format!("{} as {why}", self.shorts.say(wanted.digest))
    }
}

/// What is there, or what that nothing is there means.
fn found<'a>(tagged: &'a Tagged, wanted: Option<&Wanted<'_>>) -> Result<&'a Found, Box<Finding>> {
    match &tagged.held {
        Ok(Held::Found(found)) => Ok(found),
        Ok(Held::Missing(why)) => Err(Box::new(missing(tagged, why, wanted))),
        Ok(Held::Hidden(why)) => Err(Box::new(hidden(tagged, why))),
        Err(missing) => Err(Box::new(Finding::unobserved(missing))),
    }
}

fn missing(tagged: &Tagged, why: &str, wanted: Option<&Wanted<'_>>) -> Finding {
    let finding = Finding::new(code::MISSING, &tagged.name)
        .expected(format_args!("an image under {}", tagged.reference))
        .seen(why);
    finding.mended_by(match wanted {
        Some(wanted) if why.starts_with("no repository") => wanted.created_at(tagged),
        Some(wanted) => wanted.copied_to(tagged),
        None => Remedy::prose(format!("publish {}, or correct its name in the checklist", tagged.name)),
    })
}

fn hidden(tagged: &Tagged, why: &str) -> Finding {
    let by_hand = match tagged.image() {
        Some(image) => Remedy::run(["skopeo", "inspect", "--raw", &format!("docker://{image}")])
            .saying("give the connection a user who may pull it; a missing image looks the same from here:"),
        None => Remedy::prose("give the connection a user who may pull it"),
    };
    Finding::new(code::HIDDEN, &tagged.name).expected("an image that may be pulled").seen(why).mended_by(by_hand)
}
