//! The checklist on paper, row by row: the workshop's own check for it passes in the world as it should have been, and
//! fails in the same world with one thing wrong.
//!
//! `examples/coder-workshop/rows.yaml` names these rows, so that COVERAGE.md claims nothing that is not shown here.

mod access;
mod capacity;
mod images;
mod names;
mod paging;
mod people;
mod state;

use crate::rig::{Report, Rig, example, times};
use gonogo_world::{
    State,
    incidents::{Times, workshop_2024_09_30::INCIDENT},
};
use std::{collections::BTreeMap, sync::LazyLock};

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

/// Every row that is shown.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    ALL.iter().copied().flatten()
}

/// The report of the world as it should have been, with everything looked at.
static SOUND: LazyLock<Report> = LazyLock::new(|| report(&["--allow-cost"], |_, _| {}));

fn report(arguments: &[&str], breaks: fn(&mut State, &Times)) -> Report {
    let times = times();
    let mut state = (INCIDENT.repaired)(times);
    breaks(&mut state, &times);
    Rig::workshop(state, times).report(&example(), arguments)
}

fn shows(row: &Row) -> Result<(), String> {
    let Row { id, item, code, breaks } = row;
    if SOUND.outcome(item) != "pass" {
        return Err(format!("{id}: {item} is {} where nothing is wrong", SOUND.outcome(item)));
    }
    let (check, _) = item.split_once('@').unwrap_or((item, ""));
    let broken = report(&["--allow-cost", "--only", check], *breaks);
    let codes = broken.codes(item);
    if !codes.contains(code) || broken.outcome(item) == "pass" {
        return Err(format!("{id}: {item} is {} with {codes:?}, and {code} was wanted", broken.outcome(item)));
    }
    Ok(())
}

fn all_show(rows: &[Row]) {
    let wrong: Vec<String> = rows.iter().filter_map(|row| shows(row).err()).collect();
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
fn no_row_is_shown_twice_by_one_item() {
    let mut seen = BTreeMap::new();
    for row in rows() {
        *seen.entry((row.id, row.item, row.code)).or_insert(0) += 1;
    }
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
}
