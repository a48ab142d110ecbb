//! What became of an item, judged: pure, so that a stored run can be judged again.
//!
//! Evidence becomes findings, waivers take theirs away, and the heaviest that is left and names the site (or none)
//! decides the outcome of each member.

use super::{Outcome, ReportItem, Waived};
use crate::{
    checklist::Severity,
    plan::{Plan, PlanItem, Waiver},
    run::{Fate, Looked},
};
use gonogo_checks::{
    clients::{clocks::Skew, looks::panic_text},
    contract::{Finding, Weight, Window, core},
};
use jiff::Timestamp;
use std::panic::AssertUnwindSafe;

/// By what is judged.
#[derive(Clone, Copy)]
pub struct Bar<'a> {
    /// The event and the time.
    pub window: &'a Window,
    /// When the look's age is measured, by this machine's clock.
    pub measured_at: Timestamp,
    /// This machine's clock is not what the servers' are.
    pub skew: Option<&'a Skew>,
}

/// True if and only if the item `need`, with that fate, meets the need of an item at `site`.
#[must_use]
pub fn meets_need(plan: &Plan, need: usize, fate: &Fate, site: Option<&str>, window: &Window) -> bool {
    let bar = Bar { window, measured_at: Timestamp::now(), skew: None };
    let rows = settle(plan, need, fate, bar);
    let at_site: Vec<&ReportItem> = rows.iter().filter(|row| site.is_some() && row.site.as_deref() == site).collect();
    if at_site.is_empty() {
        rows.iter().all(|row| row.outcome.meets_need())
    } else {
        at_site.iter().all(|row| row.outcome.meets_need())
    }
}

/// The rows of the report for item `i`: one, or one for each member of a relation.
#[must_use]
pub fn settle(plan: &Plan, i: usize, fate: &Fate, bar: Bar<'_>) -> Vec<ReportItem> {
    let item = &plan.items[i];
    let found = match fate {
        Fate::Looked(looked) => findings(item, looked, bar),
        _ => Vec::new(),
    };
    let members: Vec<Option<&str>> = if item.members.is_empty() {
        vec![item.site.as_deref()]
    } else {
        item.members.iter().map(|member| Some(member.as_str())).collect()
    };
    let first = row_id(item, members[0]);
    let mut rows: Vec<ReportItem> = members.into_iter().map(|site| row(plan, item, site, &found, fate, bar)).collect();
    if let Fate::Looked(Looked { seen: Ok(evidence), .. }) = fate {
        tell(&mut rows[0], item, evidence, bar.window);
    }
    for further in rows.iter_mut().skip(1) {
        further.evidence = None;
        further.evidence_of = Some(first.clone());
    }
    rows
}

/// Adds what the evidence tells besides findings; nothing where it does not read, which is a finding by itself.
fn tell(row: &mut ReportItem, item: &PlanItem, evidence: &serde_json::Value, window: &Window) {
    let told = std::panic::catch_unwind(AssertUnwindSafe(|| {
        (item.item.working(evidence, window), item.item.moments(evidence, window))
    }));
    let Ok((Ok(working), Ok(mut moments))) = told else { return };
    for moment in &mut moments {
        moment.site = moment.site.take().or_else(|| item.site.clone());
    }
    (row.working, row.moments) = (working, moments);
}

/// Everything that was found, whoever's site it is.
fn findings(item: &PlanItem, looked: &Looked, bar: Bar<'_>) -> Vec<Finding> {
    let evidence = match &looked.seen {
        Err(missing) => return vec![Finding::unobserved(missing)],
        Ok(evidence) => evidence,
    };
    // A judge that breaks is a bug of its probe: that item's `unknown`, not the report's end.
    let judged = std::panic::catch_unwind(AssertUnwindSafe(|| item.item.judge(evidence, bar.window)));
    let mut found = match judged {
        Err(panic) => return vec![Finding::new(core::PANICKED, &item.id).seen(panic_text(&*panic))],
        Ok(Err(error)) => return vec![Finding::new(core::EVIDENCE_UNREADABLE, &item.id).seen(error)],
        Ok(Ok(found)) => found,
    };
    let age = bar.measured_at.duration_since(looked.asked_at);
    if let Some(max_age) =
        item.max_age.filter(|max_age| age > jiff::SignedDuration::try_from(*max_age).unwrap_or_default())
    {
        let seen = format!("looked {} ago", gonogo_checks::contract::spoken(age));
        found.push(
            Finding::new(core::STALE, &item.id)
                .expected(format_args!("no older than {} s", max_age.as_secs()))
                .seen(seen),
        );
    }
    let is_told = found.iter().any(|finding| finding.code == core::CLOCK_SKEW.id);
    if let Some(skew) = bar.skew.filter(|_| item.item.reads_clock() && !is_told) {
        let seen = format!("{}'s clock is {} s from this machine's", skew.host, skew.seconds);
        found.push(Finding::new(core::CLOCK_SKEW, &item.id).expected("clocks within 30 s").seen(seen));
    }
    if found.iter().all(|finding| finding.weight == Weight::Warn) && looked.attempts > 1 {
        found.push(
            Finding::new(core::FLAKY, &item.id)
                .expected("an answer at once")
                .seen(format_args!("{} attempts", looked.attempts)),
        );
    }
    found
}

fn row_id(item: &PlanItem, site: Option<&str>) -> String {
    match site {
        Some(site) => format!("{}@{site}", item.check),
        None => item.check.clone(),
    }
}

/// The row of item `i` that concerns `site`: of a relation, that member's, or its first.
fn named(plan: &Plan, i: usize, site: Option<&str>) -> String {
    let item = &plan.items[i];
    let member = item.members.iter().find(|member| Some(member.as_str()) == site).or_else(|| item.members.first());
    row_id(item, member.map(String::as_str).or(item.site.as_deref()))
}

fn row(plan: &Plan, item: &PlanItem, site: Option<&str>, found: &[Finding], fate: &Fate, bar: Bar<'_>) -> ReportItem {
    let concerns = |finding: &&Finding| finding.site.is_none() || finding.site.as_deref() == site;
    let (mut findings, mut waived) = (Vec::new(), Vec::new());
    for finding in found.iter().filter(concerns) {
        let mut finding = finding.clone();
        finding.site = site.map(str::to_owned);
        match plan.waivers.iter().find(|waiver| covers(waiver, item, site, &finding, bar.window)) {
            Some(by) => waived.push(waived_by(by, finding)),
            None => findings.push(finding),
        }
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    let outcome = match fate {
        Fate::Skipped => Outcome::Skipped,
        Fate::NotDue(_) => Outcome::NotDue,
        Fate::Blocked(_) => Outcome::Blocked,
        Fate::Looked(_) if findings.is_empty() && !waived.is_empty() => Outcome::Waived,
        Fate::Looked(_) => Outcome::of(findings.first().map(|finding| finding.weight)),
    };
    let blocks_from = item.blocks_from.filter(|from| bar.window.now < *from);
    let severity = if blocks_from.is_some() { Severity::Advisory } else { item.severity_of(site) };
    let looked = if let Fate::Looked(looked) = fate { Some(looked) } else { None };
    ReportItem {
        id: row_id(item, site),
        check: item.check.clone(),
        title: item.title.clone(),
        site: site.map(str::to_owned),
        probe: item.kind.name,
        severity,
        outcome,
        findings,
        waived,
        blocked_by: if let Fate::Blocked(needs) = fate {
            needs.iter().map(|&need| named(plan, need, site)).collect()
        } else {
            Vec::new()
        },
        explained_by: causes(plan, item, site).map(|cause| named(plan, cause, site)).collect(),
        due: if let Fate::NotDue(due) = fate { *due } else { None },
        blocks_from,
        evidence: looked.and_then(|looked| looked.seen.as_ref().ok().cloned()),
        evidence_of: None,
        working: Vec::new(),
        moments: Vec::new(),
        looked_at: looked.map(|looked| looked.asked_at),
        attempts: looked.map_or(0, |looked| looked.attempts),
        took_ms: looked.map_or(0, |looked| u64::try_from(looked.took.as_millis()).unwrap_or(u64::MAX)),
        owner: item.owner.clone(),
        contact: item.contact.clone(),
        runbook: item.runbook.clone(),
        remedy: item.remedy.clone(),
        fallback: item.fallback.clone(),
        because: item.because.clone(),
        covers: item.covers.clone(),
        tags: item.tags.clone(),
    }
}

/// What explains the row of `site`: of a check that stands there too, its item there and not those elsewhere.
fn causes<'a>(plan: &'a Plan, item: &'a PlanItem, site: Option<&'a str>) -> impl Iterator<Item = usize> + 'a {
    let all = item.explained_by.iter().copied();
    all.clone().filter(move |&cause| {
        let (check, at) = (&plan.items[cause].check, plan.items[cause].site.as_deref());
        let is_here = |other: usize| plan.items[other].check == *check && plan.items[other].site.as_deref() == site;
        at == site || !item.explained_by.iter().any(|&other| is_here(other))
    })
}

/// True if and only if `waiver` takes this finding away.
fn covers(waiver: &Waiver, item: &PlanItem, site: Option<&str>, finding: &Finding, window: &Window) -> bool {
    lasts(waiver, window) && waiver.covers(&item.check, finding.code, site)
}

/// True if and only if `waiver` holds until the window has closed, and after that still.
pub(super) fn lasts(waiver: &Waiver, window: &Window) -> bool {
    waiver.until >= window.closes().max(window.now)
}

fn waived_by(waiver: &Waiver, finding: Finding) -> Waived {
    Waived { finding, by: waiver.by.clone(), reason: waiver.reason.clone(), until: waiver.until }
}
