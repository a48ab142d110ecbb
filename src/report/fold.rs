//! A run, folded into its report.

use super::{
    Acceptance, Counts, EventFacts, Outcome, Report, ReportItem, RunFacts, SCHEMA,
    settle::{Bar, lasts, settle},
    verdict::{Circumstances, provisional_until, verdict},
};
use crate::{
    plan::Plan,
    run::{Orders, Run},
};
use jiff::Timestamp;

/// What the report says of the machine and the command line.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The machine that looked.
    pub host: String,
    /// `--now` moved the judgement.
    pub is_as_if: bool,
    /// What the user accepts.
    pub accepted: Acceptance,
}

/// The report of a run.
#[must_use]
pub fn fold(plan: &Plan, run: &Run, orders: &Orders, frame: &Frame) -> Report {
    let window = &orders.window;
    let bar = Bar { window, measured_at: Timestamp::now(), skew: run.skew.as_ref() };
    let items: Vec<ReportItem> =
        run.fates.iter().enumerate().flat_map(|(i, fate)| settle(plan, i, fate, bar)).collect();
    let provisional_until = provisional_until(&items, window.ends);
    let circumstances = Circumstances {
        is_provisional: provisional_until.is_some(),
        is_over: window.now > window.ends,
        is_as_if: frame.is_as_if,
        is_cut_short: run.is_cut_short || run.signal.is_some(),
    };
    let (verdict, exit_code) = verdict(&items, &frame.accepted, circumstances);
    let notes = plan.notes.iter().cloned().chain(waiver_notes(plan, &items, orders)).collect();
    Report {
        schema: SCHEMA,
        verdict,
        exit_code: run.signal.unwrap_or(exit_code),
        event: event(plan, orders),
        counts: Counts::of(&items),
        run: RunFacts {
            looked_at: run.looked_at,
            judged_at: window.now,
            is_as_if: frame.is_as_if,
            took_ms: u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX),
            seed: orders.seed,
            host: frame.host.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            is_interrupted: run.signal.is_some(),
            is_cut_short: run.is_cut_short,
            is_final: frame.accepted.is_final,
            provisional_until,
        },
        items,
        notes,
    }
}

fn event(plan: &Plan, orders: &Orders) -> EventFacts {
    let window = &orders.window;
    EventFacts {
        name: plan.event.name.clone(),
        starts: window.starts,
        ends: window.ends,
        opens: window.starts.saturating_sub(window.lead).unwrap_or(window.starts),
        closes: window.closes(),
        timezone: window.zone.iana_name().unwrap_or("UTC").to_owned(),
        expected: plan.event.expected,
        attendees: plan.event.at_most,
        sites: plan.sites.clone(),
    }
}

/// Waivers that take nothing away: expired, or unneeded.
fn waiver_notes(plan: &Plan, items: &[ReportItem], orders: &Orders) -> Vec<String> {
    let mut notes = Vec::new();
    for waiver in &plan.waivers {
        let check = &waiver.check;
        if !lasts(waiver, &orders.window) {
            let (until, closes) = (orders.window.clock(waiver.until), orders.window.clock(orders.window.closes()));
            let by = &waiver.by;
            let end = if waiver.until < orders.window.closes() {
                format!("ends {until}, before the window does at {closes}")
            } else {
                format!("ended {until}")
            };
            notes.push(format!("the waiver of {check} by {by} {end}: it counts as if absent"));
            continue;
        }
        let mut looked = items
            .iter()
            .filter(|item| item.check == *check && !matches!(item.outcome, Outcome::Skipped | Outcome::NotDue));
        let is_used = |item: &ReportItem| {
            item.waived
                .iter()
                .any(|waived| waiver.codes.iter().any(|code| code == waived.finding.code) && waived.by == waiver.by)
        };
        if looked.clone().next().is_some() && !looked.any(is_used) {
            notes.push(format!(
                "the waiver of {check} by {} is not needed: nothing of what it names was found",
                waiver.by
            ));
        }
    }
    notes
}
