//! One alert at one Alertmanager: its receivers, their integrations, and the times at which they are muted.

use super::super::{
    Evidence, Expect, Inhibit, Manager, Set, codes,
    route::{Chosen, fit},
};
use super::late::late;
use crate::{
    clients::alertmanager::Matcher,
    contract::{Code, Finding, Remedy, Window},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// The most minutes of a window that are gone through; a longer one in longer steps.
const MINUTES: i64 = 20_000;

/// One alert at one Alertmanager.
pub(super) struct Way<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) manager: &'a Manager,
    pub(super) set: &'a Set,
    pub(super) name: &'a str,
    pub(super) labels: &'a BTreeMap<String, String>,
}

pub(super) fn judge(expect: &Expect, way: &Way<'_>, window: &Window) -> Vec<Finding> {
    let chosen = match way.set.route.of(way.labels) {
        Ok(chosen) => chosen,
        Err(matcher) => return vec![way.unreadable(&format!("the pattern {matcher}"))],
    };
    let mut findings: Vec<Finding> = receivers(expect, way, &chosen).into_iter().collect();
    let telling: Vec<&Chosen<'_>> = chosen.iter().filter(|one| way.tells(expect, one)).collect();
    if telling.is_empty() {
        findings.push(way.tells_nobody(expect, &chosen));
    } else {
        findings.extend(muted(way, &telling, window));
        findings.extend(late(expect, way, &telling));
    }
    findings.extend(inhibited(expect, way));
    findings
}

fn receivers(expect: &Expect, way: &Way<'_>, chosen: &[Chosen<'_>]) -> Option<Finding> {
    let lacks: Vec<&str> = expect
        .receivers
        .iter()
        .map(String::as_str)
        .filter(|name| chosen.iter().all(|one| one.receiver != *name))
        .collect();
    (!lacks.is_empty()).then(|| {
        way.about(codes::OTHER_RECEIVER, "compare the labels with the routes' matchers")
            .expected(format_args!("to reach {}", lacks.join(", ")))
            .seen(format_args!("it goes to {}", named(chosen)))
    })
}

/// `pager, audit`; the root is said to be it.
fn named(chosen: &[Chosen<'_>]) -> String {
    let one = |one: &Chosen<'_>| {
        if one.is_default { format!("{}, by the default route", one.receiver) } else { one.receiver.to_owned() }
    };
    short(&chosen.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The most letters of what a configuration says.
const WORDS: usize = 240;

/// Bounded, without control characters.
fn short(text: &str) -> String {
    crate::contract::short(text, WORDS)
}

impl Way<'_> {
    fn subject(&self) -> String {
        if self.evidence.managers.len() > 1 {
            format!("{} at {}", self.name, self.manager.url)
        } else {
            self.name.to_owned()
        }
    }

    pub(super) fn about(&self, code: Code, says: &str) -> Finding {
        let url = format!("--alertmanager.url={}", self.manager.url);
        let mut words = ["amtool", "config", "routes", "test", url.as_str()].map(str::to_owned).to_vec();
        words.extend(self.labels.iter().map(|(label, value)| format!("{label}={value}")));
        Finding::new(code, self.subject()).mended_by(Remedy::run(words).saying(says))
    }

    fn unreadable(&self, what: &str) -> Finding {
        self.about(codes::UNREADABLE, "mend it in the Alertmanager's configuration")
            .expected("routes that can be read")
            .seen(format_args!("{} cannot be read", short(what)))
    }

    fn kinds(&self, one: &Chosen<'_>) -> Vec<&str> {
        self.set.receivers.get(one.receiver).into_iter().flatten().map(|(kind, _)| kind.as_str()).collect()
    }

    /// Whether the receiver tells anybody, in a way that was agreed.
    fn tells(&self, expect: &Expect, one: &Chosen<'_>) -> bool {
        let kinds = self.kinds(one);
        match expect.integrations.as_slice() {
            [] => !kinds.is_empty(),
            wanted => wanted.iter().any(|kind| kinds.contains(&kind.as_str())),
        }
    }

    fn tells_nobody(&self, expect: &Expect, chosen: &[Chosen<'_>]) -> Finding {
        let kinds: Vec<&str> = chosen.iter().flat_map(|one| self.kinds(one)).collect();
        if kinds.is_empty() {
            return self
                .about(codes::SWALLOWED, "give the receiver an integration, or route the alert to one that has")
                .expected("a receiver with an integration")
                .seen(format_args!("it goes to {}, which has none", named(chosen)));
        }
        self.about(
            codes::OTHER_INTEGRATION,
            "give the receiver the integration that was agreed, or route the alert to one that has",
        )
        .expected(format_args!("to be told by {}", expect.integrations.join(" or ")))
        .seen(format_args!("it goes to {}, which tells by {}", named(chosen), kinds.join(", ")))
    }

    /// Whether a route tells anybody at `at`.
    fn is_heard(&self, one: &Chosen<'_>, at: Timestamp) -> Result<bool, String> {
        let within = |names: &[String]| -> Result<bool, String> {
            for name in names {
                let spans = self.set.intervals.get(name).ok_or_else(|| format!("the interval `{name}`"))?;
                for span in spans {
                    if span.holds(at)? {
                        return Ok(true);
                    }
                }
            }
            Ok(false)
        };
        let is_active = one.route.active.is_empty() || within(&one.route.active)?;
        Ok(is_active && !within(&one.route.mute)?)
    }
}

fn muted(way: &Way<'_>, telling: &[&Chosen<'_>], window: &Window) -> Option<Finding> {
    if telling.iter().any(|one| one.route.active.is_empty() && one.route.mute.is_empty()) {
        return None;
    }
    let (opens, closes) = (window.opens(), window.closes());
    let minutes = closes.duration_since(opens).as_mins().max(0);
    let step = SignedDuration::from_mins(minutes / MINUTES + 1);
    let (mut at, mut first, mut unheard, mut looked) = (opens, None, 0_i64, 0_i64);
    while at <= closes {
        looked += 1;
        let mut is_heard = false;
        for one in telling {
            match way.is_heard(one, at) {
                Ok(heard) => is_heard |= heard,
                Err(what) => return Some(way.unreadable(&what)),
            }
        }
        if !is_heard {
            unheard += 1;
            first = first.or(Some(at));
        }
        at = at.saturating_add(step).unwrap_or(Timestamp::MAX);
    }
    let first = first?;
    let names: Vec<&str> =
        telling.iter().flat_map(|one| one.route.mute.iter().chain(&one.route.active)).map(String::as_str).collect();
    Some(
        way.about(codes::MUTED, "take the interval off the route, or off the day, until the window closes")
            .expected(format_args!("to be heard from {} to {}", window.clock(opens), window.clock(closes)))
            .seen(format_args!(
                "not heard from {}, {} % of the window, by {}",
                window.clock(first),
                unheard * 100 / looked.max(1),
                short(&names.join(", "))
            )),
    )
}

fn inhibited(expect: &Expect, way: &Way<'_>) -> Vec<Finding> {
    let Some(weight) = expect.inhibition.weight() else { return Vec::new() };
    let held = way.set.inhibitions.iter().filter_map(|inhibit| match holds(inhibit, way.labels) {
        Ok(true) => Some(
            way.about(codes::INHIBITED, "see whether that alert fires, and whether it is heard itself; where this is meant, say `inhibition: ok`")
                .expected("an alert that nothing holds back")
                .seen(source(inhibit))
                .weighing(weight),
        ),
        Ok(false) => None,
        Err(matcher) => Some(way.unreadable(&format!("the pattern {matcher}"))),
    });
    held.collect()
}

/// Whether it may hold back an alert of these labels. One that is like source and target at once is held back only by what is
/// not, which cannot be told beforehand.
fn holds(inhibit: &Inhibit, labels: &BTreeMap<String, String>) -> Result<bool, String> {
    fit(&inhibit.target, labels)
}

/// `an alert with severity="critical" and the same instance holds it back`.
fn source(inhibit: &Inhibit) -> String {
    let like = inhibit.source.iter().map(Matcher::to_string).collect::<Vec<_>>().join(", ");
    let same =
        if inhibit.equal.is_empty() { String::new() } else { format!(" and the same {}", inhibit.equal.join(", ")) };
    short(&format!("an alert with {like}{same} holds it back"))
}

/// `a full disk: pager (pagerduty 1), audit (nobody)`, and what may hold it back.
pub(super) fn working(way: &Way<'_>) -> Vec<String> {
    let Ok(chosen) = way.set.route.of(way.labels) else { return Vec::new() };
    let one = |one: &Chosen<'_>| {
        let kinds = way.kinds(one);
        format!(
            "{} ({})",
            named(std::slice::from_ref(one)),
            if kinds.is_empty() { "nobody".to_owned() } else { kinds.join(", ") }
        )
    };
    let line = format!("{}: to {}", way.name, chosen.iter().map(one).collect::<Vec<_>>().join(", "));
    let held = way.set.inhibitions.iter().filter(|inhibit| holds(inhibit, way.labels).unwrap_or(true));
    std::iter::once(line).chain(held.map(|inhibit| format!("{}: {}", way.name, source(inhibit)))).collect()
}
