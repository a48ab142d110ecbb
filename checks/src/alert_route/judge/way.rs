//! One alert at one Alertmanager: its receivers, their integrations, and what may hold it back.

use super::super::{
    Evidence, Expect, Inhibit, Manager, Set, codes,
    route::{Chosen, fit},
};
use super::heard;
use crate::{
    clients::alertmanager::Matcher,
    contract::{Code, Finding, Remedy, Window},
};
use std::collections::BTreeMap;

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
    findings.extend(each(expect, &chosen).iter().flat_map(|own| reaches(expect, way, own, window)));
    findings.extend(inhibited(expect, way));
    findings
}

/// The routes to each receiver that was agreed, since one of them does not stand in for another; all of them where none was, or
/// none is reached.
fn each<'a>(expect: &Expect, chosen: &[Chosen<'a>]) -> Vec<Vec<Chosen<'a>>> {
    let to = |name: &String| chosen.iter().filter(|one| one.receiver == *name).copied().collect::<Vec<_>>();
    let named: Vec<Vec<Chosen<'a>>> = expect.receivers.iter().map(to).filter(|own| !own.is_empty()).collect();
    if named.is_empty() { vec![chosen.to_vec()] } else { named }
}

/// Whether one of the routes tells somebody, throughout the window and in time.
fn reaches(expect: &Expect, way: &Way<'_>, own: &[Chosen<'_>], window: &Window) -> Vec<Finding> {
    let telling: Vec<&Chosen<'_>> = own.iter().filter(|one| way.tells(expect, one)).collect();
    if telling.is_empty() {
        return vec![way.tells_nobody(expect, own)];
    }
    heard::judge(expect, way, &telling, window)
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
pub(super) fn short(text: &str) -> String {
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

    pub(super) fn unreadable(&self, what: &str) -> Finding {
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
