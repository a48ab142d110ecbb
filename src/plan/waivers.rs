//! Waivers, checked against what is planned: a waiver of nothing waives nothing, and must not look as if it did.

use super::{draft::Draft, needs::sites_of};
use crate::checklist::{Checklist, Waiver as Written};
use gonogo_checks::contract::{
    CORE_CODES,
    text::{At, Placed, Problem, nearest},
};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// Findings of one check that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Whose findings.
    pub check: String,
    /// Which findings.
    pub codes: Vec<String>,
    /// At which sites; `None` for all, and for findings without a site.
    pub sites: Option<Vec<String>>,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when. One that ends before the event's window does counts as if absent, which is judged, not planned.
    pub until: Timestamp,
    /// Where it is written.
    pub at: At,
}

impl Waiver {
    /// Whether it speaks of a finding.
    #[must_use]
    pub fn covers(&self, check: &str, code: &str, site: Option<&str>) -> bool {
        let is_there = match (&self.sites, site) {
            (None, _) => true,
            (Some(sites), Some(site)) => sites.iter().any(|named| named == site),
            (Some(_), None) => false,
        };
        self.check == check && is_there && self.codes.iter().any(|named| named == code)
    }
}

/// The waivers of a checklist, as far as they waive something.
pub(super) fn waivers(checklist: &Checklist, drafts: &[Draft<'_>], problems: &mut Vec<Problem>) -> Vec<Waiver> {
    if checklist.waivers.is_empty() {
        return Vec::new();
    }
    let mut planned: HashMap<&str, Vec<&Draft<'_>>> = HashMap::new();
    for draft in drafts {
        planned.entry(&draft.check.name.text).or_default().push(draft);
    }
    let known = |name: &str| checklist.broken.contains(name) || checklist.checks.iter().any(|c| c.name.text == name);
    for waiver in &checklist.waivers {
        match planned.get(waiver.check.value.as_str()) {
            Some(items) => {
                codes(waiver, items[0], problems);
                sites(waiver, items, problems);
            }
            None if known(&waiver.check.value) => {}
            None => problems.push(unknown_check(&waiver.check, checklist)),
        }
    }
    checklist.waivers.iter().map(plain).collect()
}

fn plain(written: &Written) -> Waiver {
    let words = |placed: &[Placed<String>]| placed.iter().map(|word| word.value.clone()).collect::<Vec<_>>();
    Waiver {
        check: written.check.value.clone(),
        codes: words(&written.codes),
        sites: written.sites.as_deref().map(words),
        by: written.by.clone(),
        reason: written.reason.clone(),
        until: written.until.value,
        at: written.at,
    }
}

/// The complaint about a check that is not there.
pub(super) fn unknown_check(name: &Placed<String>, checklist: &Checklist) -> Problem {
    let known = checklist.checks.iter().map(|check| check.name.text.as_str());
    let problem = Problem::new(name.at, format!("no check is called `{}`", name.value));
    match nearest(&name.value, known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("write the name of a check under `checks:`"),
    }
}

fn codes(waiver: &Written, item: &Draft<'_>, problems: &mut Vec<Problem>) {
    let known: HashSet<&str> = item.kind.codes.iter().chain(CORE_CODES).map(|code| code.id).collect();
    for code in waiver.codes.iter().filter(|code| !known.contains(code.value.as_str())) {
        let own: Vec<&str> = item.kind.codes.iter().map(|code| code.id).collect();
        let help = match nearest(&code.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of: {}; `gonogo explain {}` says what they mean", own.join(", "), item.kind.name),
        };
        let message = format!("`{}` finds nothing that is called `{}`", item.kind.name, code.value);
        problems.push(Problem::new(code.at, message).help(help));
    }
}

fn sites(waiver: &Written, items: &[&Draft<'_>], problems: &mut Vec<Problem>) {
    for site in waiver.sites.iter().flatten() {
        let is_planned = items
            .iter()
            .any(|item| item.site.is_some_and(|own| own.name == site.value) || item.members.contains(&site.value));
        if !is_planned {
            let message = format!("`{}` is not planned at `{}`", waiver.check.value, site.value);
            let sites = sites_of(items).join(", ");
            let help =
                if sites.is_empty() { "it has no sites".to_owned() } else { format!("it is planned at {sites}") };
            problems.push(Problem::new(site.at, message).help(help));
        }
    }
}
