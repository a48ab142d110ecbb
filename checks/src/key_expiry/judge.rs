//! From what was seen to what is in the way.
//!
//! What a system says of a key now (refused, blocked, gone) holds whatever the clocks say; all else compares times, and
//! proves nothing where the server's clock and this machine's differ.

use super::{
    codes, cure,
    evidence::{Ends, Evidence, Key, Look, Standing},
    expect::Expect,
    rotation, served,
    source::Source,
    term, usage,
};
use crate::contract::{Finding, Remedy, Window, core, spoken, values::Period};
use jiff::{SignedDuration, Timestamp};

/// The bar, and everything a judgement of one key may look at.
pub(super) struct Bar<'a> {
    pub(super) expect: &'a Expect,
    pub(super) window: &'a Window,
    pub(super) source: &'a Source,
    /// Until when a key must be valid: the event's end and the margin, and never less than the window.
    pub(super) needed: Timestamp,
}

fn after(window: &Window, margin: Period) -> Timestamp {
    window.ends.saturating_add(margin.signed()).unwrap_or(Timestamp::MAX)
}

impl<'a> Bar<'a> {
    fn new(expect: &'a Expect, source: &'a Source, window: &'a Window) -> Self {
        let past = after(window, expect.valid_past_event);
        Self { expect, window, source, needed: past.max(window.closes()) }
    }

    /// Until when a key must be valid to be worth no word.
    pub(super) fn warned(&self) -> Option<Timestamp> {
        Some(after(self.window, self.expect.warn_past_event?))
    }

    /// `valid until Wed 2 Dec 11:30 PST, 1 h after the end`.
    pub(super) fn wanted(&self) -> String {
        format!("valid until {}, {}", self.window.clock(self.needed), self.window.against_event(self.needed))
    }
}

/// What is in the way, key by key in the evidence's order.
pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let bar = Bar::new(expect, &evidence.source, window);
    let unseen: Vec<Finding> = evidence.unseen.iter().map(Finding::unobserved).collect();
    if evidence.keys.is_empty() && !unseen.is_empty() {
        return unseen;
    }
    if evidence.keys.is_empty() {
        let nothing = Finding::new(codes::KEY_MISSING, evidence.look.asked.clone());
        return vec![nothing.expected("at least one key").seen("none")];
    }
    let skew = evidence.look.skew();
    let mut findings: Vec<Finding> = skew.map(|seconds| skewed(&evidence.look, seconds)).into_iter().collect();
    for key in &evidence.keys {
        let subject = subject(key, &evidence.keys, window);
        findings.extend(standing(&bar, key, &subject));
        if skew.is_none() && is_timed(key) {
            findings.extend(term::judge(&bar, key, &subject));
            findings.extend(usage::judge(&bar, key, &subject).filter(|_| key.standing == Standing::InForce));
            let rotation = key.rotation.as_ref();
            findings.extend(rotation.and_then(|rotation| rotation::judge(window, rotation, &key.name, &subject)));
        }
    }
    if skew.is_none() {
        findings.extend(served::judge(evidence, window));
    }
    findings.extend(unseen);
    findings
}

/// True for a key whose times count: what is refused, gone or empty has none, and of a key that is switched off only
/// an end of its own is a second thing in the way.
fn is_timed(key: &Key) -> bool {
    match key.standing {
        Standing::InForce | Standing::Untrusted { .. } | Standing::WrongName { .. } => true,
        Standing::Blocked { .. } => matches!(key.ends, Ends::At { .. }),
        _ => false,
    }
}

/// The key's name; where several share it, with the time that it was made.
fn subject(key: &Key, all: &[Key], window: &Window) -> String {
    let is_alone = all.iter().filter(|other| other.name == key.name).count() < 2;
    match key.issued {
        Some(issued) if !is_alone => format!("{}, made {}", key.name, window.clock(issued)),
        _ => key.name.clone(),
    }
}

fn standing(bar: &Bar<'_>, key: &Key, subject: &str) -> Option<Finding> {
    let finding = |code, seen: String| {
        Finding::new(code, subject).expected(bar.wanted()).seen(seen).mended_by(cure::anew(bar, &key.name))
    };
    match &key.standing {
        Standing::InForce => None,
        Standing::Blocked { says } => {
            Some(Finding::new(codes::KEY_BLOCKED, subject).expected("in force").seen(says).mended_by(Remedy::prose(
                format!("find out who switched `{}` off and why; switch it on again or issue another", key.name),
            )))
        }
        Standing::Refused { says } => Some(finding(codes::KEY_REFUSED, format!("refused: {says}"))),
        Standing::Ended { says } => Some(finding(codes::EXPIRED, format!("refused: {says}"))),
        Standing::Missing { says } => Some(finding(codes::KEY_MISSING, says.clone())),
        Standing::Empty { says } => Some(finding(codes::KEY_EMPTY, says.clone())),
        Standing::Lacking { says } => {
            let remedy = format!("give `{}` the right that it lacks, and have its owner accept that", key.name);
            let lacking = Finding::new(codes::KEY_LACKS_RIGHT, subject).expected("all its rights").seen(says);
            Some(lacking.mended_by(Remedy::prose(remedy)))
        }
        Standing::Untrusted { says } => {
            let remedy = "serve a certificate of an authority that clients know, with its intermediates";
            let untrusted =
                Finding::new(codes::CERTIFICATE_UNTRUSTED, subject).expected("a certificate that clients trust");
            Some(untrusted.seen(with_note(says, key)).mended_by(Remedy::prose(remedy)))
        }
        Standing::WrongName { says } => {
            let remedy = "serve a certificate that has the name; a client asks for it by SNI";
            let wrong =
                Finding::new(codes::CERTIFICATE_WRONG_NAME, subject).expected("a certificate for who is asked for");
            Some(wrong.seen(with_note(says, key)).mended_by(Remedy::prose(remedy)))
        }
    }
}

fn with_note(says: &str, key: &Key) -> String {
    key.note.as_ref().map_or_else(|| says.to_owned(), |note| format!("{says}; {note}"))
}

fn skewed(look: &Look, seconds: i64) -> Finding {
    let side = if seconds > 0 { "ahead of" } else { "behind" };
    let by = spoken(SignedDuration::from_secs(seconds));
    Finding::new(core::CLOCK_SKEW, look.asked.clone())
        .expected("clocks within 30 s of each other")
        .seen(format!("the server's clock is {by} {side} this machine's"))
        .mended_by(Remedy::run(["timedatectl", "status"]).saying("set the clock that is wrong, then look again"))
}
