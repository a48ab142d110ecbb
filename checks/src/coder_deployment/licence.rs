//! The licences against the event: in force now, and one after the other until the margin has passed.
//!
//! The grace after a licence's end is not counted: in it the server warns everyone, and its end may be moved.

use super::{Evidence, Expect, codes, cure, force::stretches};
use crate::{
    clients::coder::licences::Licence,
    contract::{Finding, Window},
};
use jiff::Timestamp;

/// What a licence is called: a deployment numbers them.
pub(super) fn name(licence: &Licence) -> String {
    format!("licence {}", licence.id)
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let licences = match &evidence.licences {
        None => return Vec::new(),
        Some(Err(missing)) => return vec![Finding::unobserved(missing)],
        Some(Ok(licences)) => licences,
    };
    let past = window.ends.saturating_add(expect.licence_past_event.signed()).unwrap_or(Timestamp::MAX);
    let needed = past.max(window.closes());
    let case = Case { url: &evidence.url, licences, window, needed };
    let chain = chain(licences, window.now);
    let Some(last) = chain.last() else { return vec![case.none()] };
    let mut findings = Vec::new();
    if last.expires < needed {
        findings.push(case.ends(last));
    }
    let mut stretches = stretches(licences, window).into_iter();
    let on_trial = stretches.find(|stretch| stretch.licences.iter().all(|licence| licence.trial));
    if let Some(trial) = on_trial.and_then(|stretch| stretch.last()).filter(|_| !expect.trial) {
        findings.push(
            Finding::new(codes::TRIAL, name(trial))
                .expected("a licence that was bought")
                .seen("a trial")
                .mended_by(cure::licence(&evidence.url, &window.clock(needed))),
        );
    }
    findings
}

/// The licence that is in force at `now`, and those that follow without a gap, each lasting longer than the one before.
fn chain(licences: &[Licence], now: Timestamp) -> Vec<&Licence> {
    let (mut chain, mut at) = (Vec::new(), now);
    loop {
        let follows = |licence: &&Licence| licence.begins.is_none_or(|begins| begins <= at) && licence.expires > at;
        let Some(next) = licences.iter().filter(follows).max_by_key(|licence| licence.expires) else { return chain };
        at = next.expires;
        chain.push(next);
    }
}

struct Case<'a> {
    url: &'a str,
    licences: &'a [Licence],
    window: &'a Window,
    needed: Timestamp,
}

impl Case<'_> {
    fn wanted(&self) -> String {
        format!("in force until {}, {}", self.window.clock(self.needed), self.window.against_event(self.needed))
    }

    fn cure(&self) -> crate::contract::Remedy {
        cure::licence(self.url, &self.window.clock(self.needed))
    }

    /// None is in force now.
    fn none(&self) -> Finding {
        let now = self.window.now;
        let begun = || self.licences.iter().filter(|licence| licence.begins.is_none_or(|begins| begins <= now));
        if let Some(in_grace) = begun().filter(|licence| licence.grace_ends > now).max_by_key(|l| l.grace_ends) {
            let (expired, over) = (self.window.clock(in_grace.expires), self.window.clock(in_grace.grace_ends));
            return Finding::new(codes::IN_GRACE, name(in_grace))
                .expected(self.wanted())
                .seen(format!("expired {expired}; its grace is over {over}"))
                .mended_by(self.cure());
        }
        let last = self.licences.iter().max_by_key(|licence| licence.expires);
        let seen = last.map_or_else(
            || "there is none".to_owned(),
            |last| match last.begins.filter(|begins| *begins > now) {
                Some(begins) => format!("{} begins only {}", name(last), self.window.clock(begins)),
                None => format!("{} expired {}", name(last), self.window.clock(last.expires)),
            },
        );
        Finding::new(codes::NO_LICENCE, "licence").expected(self.wanted()).seen(seen).mended_by(self.cure())
    }

    /// The last of the chain ends too soon.
    fn ends(&self, last: &Licence) -> Finding {
        let (clock, against) = (self.window.clock(last.expires), self.window.against_event(last.expires));
        let next = self.licences.iter().filter(|licence| licence.expires > last.expires).filter_map(|l| l.begins).min();
        let gap =
            next.map_or_else(String::new, |next| format!("; the next begins {}, after a gap", self.window.clock(next)));
        Finding::new(codes::LICENCE_ENDS, name(last))
            .expected(self.wanted())
            .seen(format!("expires {clock}, {against}{gap}"))
            .mended_by(self.cure())
    }
}
