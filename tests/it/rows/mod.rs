//! The checklist on paper, row by row: the workshop's own check for it passes in the world as it should have been, and
//! fails in the same world with one thing wrong.
//!
//! `examples/coder-workshop/rows.yaml` names these rows, so that COVERAGE.md claims nothing that is not shown here.

mod access;
mod after;
mod capacity;
mod images;
mod names;
mod outages;
mod paging;
mod people;
mod state;

use after::AFTER;
use outages::OUTAGES;

use crate::rig::{Report, Rig, example, times};
use gonogo_world::{
    Rule, State,
    incidents::{Times, workshop_2024_09_30::INCIDENT},
};
use jiff::SignedDuration;
use std::{collections::BTreeSet, sync::LazyLock};

/// One row: what is wrong in the world, and what shows it.
pub struct Row {
    /// The row on paper: `A05`.
    pub id: &'static str,
    /// The item that shows it: `gateway-key-copies@us-east-2`.
    pub item: &'static str,
    /// The code of the finding that it raises.
    pub code: &'static str,
    /// What goes wrong.
    pub breaks: fn(&mut State, &Times),
}

const ALL: &[&[Row]] =
    &[access::ROWS, images::ROWS, names::ROWS, capacity::ROWS, state::ROWS, paging::ROWS, people::ROWS];

/// Every row that is shown: its id, the item, the code.
pub fn shown() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let rows = ALL.iter().copied().flatten().map(|row| (row.id, row.item, row.code));
    let rows = rows.chain(OUTAGES.iter().map(|outage| (outage.id, outage.item, outage.code)));
    rows.chain(AFTER.iter().map(|after| (after.id, after.item, after.code)))
}

/// The report of the world as it should have been, with everything looked at.
static SOUND: LazyLock<Report> = LazyLock::new(|| looked(&[], |_, _| {}, None));

fn looked(arguments: &[&str], breaks: fn(&mut State, &Times), rule: Option<Rule>) -> Report {
    looked_at(times(), arguments, breaks, rule)
}

fn looked_at(times: Times, arguments: &[&str], breaks: fn(&mut State, &Times), rule: Option<Rule>) -> Report {
    let mut state = (INCIDENT.repaired)(times);
    breaks(&mut state, &times);
    let rig = Rig::workshop(state, times);
    if let Some(rule) = rule {
        rig.world.inject(rule).expect("a fault");
    }
    rig.report(&example(), arguments)
}

/// What is looked at of an item that is due only once the event is over, which it has been for an hour.
fn afterwards(item: &str, done: fn(&mut State, &Times)) -> Report {
    let now = times();
    let ended =
        Times { starts: now.now - SignedDuration::from_hours(3), ends: now.now - SignedDuration::from_hours(1), ..now };
    looked_at(ended, &["--only", check_of(item)], done, None)
}

fn check_of(item: &str) -> &str {
    item.split_once('@').map_or(item, |(check, _)| check)
}

/// Why the row is not shown.
fn unshown(item: &str, code: &str, breaks: fn(&mut State, &Times), rule: Option<Rule>) -> Option<String> {
    if SOUND.outcome(item) != "pass" {
        return Some(format!("{item} is {} where nothing is wrong: {:?}", SOUND.outcome(item), SOUND.codes(item)));
    }
    let broken = looked(&["--only", check_of(item)], breaks, rule);
    let (outcome, codes) = (broken.outcome(item), broken.codes(item));
    let is_shown = codes.contains(&code) && outcome != "pass";
    (!is_shown).then(|| format!("{item} is {outcome} with {codes:?}, and {code} was wanted"))
}

fn all_show(rows: &[Row]) {
    let wrong = rows.iter().filter_map(|row| unshown(row.item, row.code, row.breaks, None));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_access_passes_and_fails() {
    all_show(access::ROWS);
}

#[test]
fn every_row_of_images_passes_and_fails() {
    all_show(images::ROWS);
}

#[test]
fn every_row_of_names_passes_and_fails() {
    all_show(names::ROWS);
}

#[test]
fn every_row_of_capacity_passes_and_fails() {
    all_show(capacity::ROWS);
}

#[test]
fn every_row_of_state_passes_and_fails() {
    all_show(state::ROWS);
}

#[test]
fn every_row_of_paging_passes_and_fails() {
    all_show(paging::ROWS);
}

#[test]
fn every_row_of_people_passes_and_fails() {
    all_show(people::ROWS);
}

#[test]
fn every_row_of_outages_passes_and_fails() {
    let wrong = OUTAGES.iter().filter_map(|outage| unshown(outage.item, outage.code, |_, _| {}, Some((outage.rule)())));
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_row_of_afterwards_fails_until_it_is_done() {
    for after in AFTER {
        let undone = afterwards(after.item, |state, _| _ = state.unattested.insert("report-kept".to_owned()));
        assert!(undone.codes(after.item).contains(&after.code), "{}: {:?}", after.item, undone.codes(after.item));
        assert_eq!(afterwards(after.item, after.done).outcome(after.item), "pass", "{}", after.item);
    }
}

#[test]
fn no_row_is_shown_twice_by_one_item() {
    let mut seen = BTreeSet::new();
    for row in shown() {
        assert!(seen.insert(row), "{row:?}");
    }
}
