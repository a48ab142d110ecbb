//! Shifts in words, and as marks on the timeline.

use super::{
    Evidence, Expect,
    coverage::{Stretch, gaps},
};
use crate::contract::{Does, Moment, Window, spoken};

/// How many shifts are told of.
const TOLD: usize = 20;

/// `level 1 of Workshop`.
pub(super) fn level(evidence: &Evidence, level: u32) -> String {
    match evidence.levels.iter().find(|known| known.level == level) {
        Some(known) => format!("level {level} of {}", known.name),
        None => format!("level {level}"),
    }
}

/// `from Wed 2 Dec 09:00 PST to Wed 2 Dec 09:30 PST (30 min)`.
pub(super) fn stretch((from, to): Stretch, window: &Window) -> String {
    format!("from {} to {} ({})", window.clock(from), window.clock(to), spoken(to.duration_since(from)))
}

/// The shifts in the window, and how much of it they cover.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let (opens, closes) = (window.opens(), window.closes());
    let shifts = evidence.shifts.iter().filter_map(|shift| {
        let who = shift.person.as_ref().map_or("nobody", |person| person.name.as_str());
        let within = shift.within(opens, closes)?;
        Some(format!("{}: {who} {}", level(evidence, shift.level), stretch(within, window)))
    });
    let mut lines: Vec<String> = shifts.take(TOLD).collect();
    for wanted in &expect.levels {
        let own = evidence.shifts.iter().filter(|shift| shift.level == *wanted);
        let open: i64 = gaps(own, (opens, closes)).iter().map(|(from, to)| to.duration_since(*from).as_secs()).sum();
        let whole = closes.duration_since(opens).as_secs().max(1);
        lines.push(format!("{}: {} % of the window", level(evidence, *wanted), (whole - open) * 100 / whole));
    }
    lines
}

/// Every shift that begins or ends.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let of = |shift: &super::Shift| {
        let who = shift.person.as_ref().map_or("nobody", |person| person.name.as_str());
        let subject = format!("shift of {who}");
        let says = level(evidence, shift.level);
        let mark = |at, does| Moment::new(at, does, subject.clone()).saying(says.clone());
        let starts = shift.starts.map(|at| mark(at, Does::Begins));
        [starts, shift.ends.map(|at| mark(at, Does::Ends))]
    };
    evidence.shifts.iter().flat_map(of).flatten().collect()
}
