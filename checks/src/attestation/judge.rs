//! Does the word of a person count, for this statement, for this event, until its window closes?

use super::{
    BY_ANOTHER, Confirmation, ENDS, Evidence, Expect, FUTURE, NOT_ATTESTED, OTHER_EVENT, OTHERWISE, STALE, TOO_EARLY,
    settings::Moment,
};
use crate::contract::{Code, Finding, Remedy, Window};
use jiff::SignedDuration;

/// How much later than now a confirmation may be, by another machine's clock.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let case = Case { evidence, window };
    let Some(word) = &evidence.confirmed else {
        return vec![case.finding(NOT_ATTESTED, "").seen("nobody has confirmed it")];
    };
    let findings = [
        case.otherwise(word),
        case.another_event(word),
        case.by_another(word, expect),
        case.future(word),
        case.stale(word, expect),
        case.too_early(word, expect),
        case.ends(word),
    ];
    findings.into_iter().flatten().collect()
}

struct Case<'a> {
    evidence: &'a Evidence,
    window: &'a Window,
}

impl Case<'_> {
    /// A finding whose remedy is to confirm it, `when` it may be done.
    fn finding(&self, code: Code, when: &str) -> Finding {
        let Evidence { key, statement, .. } = self.evidence;
        let says = format!("once it is so, whoever has seen it runs `gonogo attest {key} --by` with their name{when}");
        Finding::new(code, key).expected(format_args!("\"{statement}\"")).mended_by(Remedy::prose(says))
    }

    fn said(&self, word: &Confirmation) -> String {
        format!("{} confirmed it {}", word.by, self.window.clock(word.at))
    }

    fn otherwise(&self, word: &Confirmation) -> Option<Finding> {
        let is_other = word.statement != self.evidence.statement;
        let seen = format!("{}, when it read \"{}\"", self.said(word), word.statement);
        is_other.then(|| self.finding(OTHERWISE, "").seen(seen))
    }

    fn another_event(&self, word: &Confirmation) -> Option<Finding> {
        let is_other = word.event != self.window.starts;
        let seen = format!("{}, for an event that starts {}", self.said(word), self.window.clock(word.event));
        is_other.then(|| self.finding(OTHER_EVENT, "").seen(seen))
    }

    fn by_another(&self, word: &Confirmation, expect: &Expect) -> Option<Finding> {
        let asked = expect.by.as_ref()?;
        if asked.contains(&word.by) {
            return None;
        }
        let whose = asked.join(" or ");
        Some(self.finding(BY_ANOTHER, "").expected(format_args!("the word of {whose}")).seen(self.said(word)))
    }

    fn future(&self, word: &Confirmation) -> Option<Finding> {
        let is_future = word.at.duration_since(self.window.now) > SKEW;
        let seen = format!("{}, and it is {} now", self.said(word), self.window.clock(self.window.now));
        is_future.then(|| self.finding(FUTURE, "; the clock that wrote it, or this machine's, is wrong").seen(seen))
    }

    fn stale(&self, word: &Confirmation, expect: &Expect) -> Option<Finding> {
        let within = SignedDuration::try_from(expect.within?.0).ok()?;
        let from = self.window.starts.saturating_sub(within).ok()?;
        if word.at >= from {
            return None;
        }
        let when = format!(", from {} on", self.window.clock(from));
        let finding = self.finding(STALE, if self.window.now < from { &when } else { "" });
        Some(finding.seen(format_args!("{}, {}", self.said(word), self.window.against_event(word.at))))
    }

    fn too_early(&self, word: &Confirmation, expect: &Expect) -> Option<Finding> {
        let from = match expect.not_before? {
            Moment::Start => self.window.starts,
            Moment::End => self.window.ends,
        };
        if word.at >= from {
            return None;
        }
        let when = format!(", from {} on", self.window.clock(from));
        let finding = self.finding(TOO_EARLY, if self.window.now < from { &when } else { "" });
        let seen = format!("{}, {}", self.said(word), self.window.against_event(word.at));
        Some(finding.expected(format_args!("confirmed from {} on", self.window.clock(from))).seen(seen))
    }

    fn ends(&self, word: &Confirmation) -> Option<Finding> {
        let until = word.until.filter(|until| *until < self.window.closes())?;
        let closes = self.window.clock(self.window.closes());
        let finding = self.finding(ENDS, &format!(", with an `--until` no earlier than {closes}"));
        Some(finding.seen(format_args!(
            "{}, until {}, {}",
            self.said(word),
            self.window.clock(until),
            self.window.against_event(until)
        )))
    }
}
