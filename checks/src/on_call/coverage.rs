//! The arithmetic of shifts: where they leave gaps, where they overlap, and where they change.

use super::{Person, Shift};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of time, its end not included.
pub(super) type Stretch = (Timestamp, Timestamp);

/// What no shift covers between two times.
pub(super) fn gaps<'a>(shifts: impl Iterator<Item = &'a Shift>, (from, to): Stretch) -> Vec<Stretch> {
    let mut covered: Vec<Stretch> =
        shifts.filter(|shift| shift.person.is_some()).filter_map(|shift| shift.within(from, to)).collect();
    covered.sort_unstable();
    let (mut gaps, mut at) = (Vec::new(), from);
    for (starts, ends) in covered {
        if starts > at {
            gaps.push((at, starts));
        }
        at = at.max(ends);
    }
    if at < to {
        gaps.push((at, to));
    }
    gaps
}

/// Who is at two of the levels at once, and the first time that they are.
pub(super) fn doubled(shifts: &[Shift], levels: &[u32], (from, to): Stretch) -> BTreeMap<Person, Stretch> {
    let known = |shift: &&Shift| levels.contains(&shift.level) && shift.person.is_some();
    let shifts: Vec<&Shift> = shifts.iter().filter(known).collect();
    let mut doubled: BTreeMap<Person, Stretch> = BTreeMap::new();
    for (i, one) in shifts.iter().enumerate() {
        for other in shifts[i + 1..].iter().filter(|other| other.level != one.level) {
            let is_same =
                one.person.as_ref().map(|person| &person.id) == other.person.as_ref().map(|person| &person.id);
            let both = one.within(from, to).and_then(|(starts, ends)| other.within(starts, ends));
            if let (true, Some(person), Some(both)) = (is_same, &one.person, both) {
                let first = doubled.entry(person.clone()).or_insert(both);
                *first = both.min(*first);
            }
        }
    }
    doubled
}

/// Where others are on call after than before, at one level: the time, who goes and who comes.
pub(super) fn handovers(shifts: &[&Shift], (from, to): Stretch) -> Vec<(Timestamp, Vec<String>, Vec<String>)> {
    let edges: BTreeSet<Timestamp> = shifts
        .iter()
        .flat_map(|shift| [shift.starts, shift.ends])
        .flatten()
        .filter(|time| from < *time && *time < to)
        .collect();
    let names = |people: BTreeSet<&Person>| people.into_iter().map(|person| person.name.clone()).collect::<Vec<_>>();
    let change = |time: Timestamp| {
        let starts_before = |shift: &&&Shift| shift.starts.is_none_or(|starts| starts < time);
        let before = shifts.iter().filter(starts_before).filter(|shift| shift.ends.is_none_or(|ends| ends >= time));
        let after = shifts
            .iter()
            .filter(|shift| shift.starts.is_none_or(|starts| starts <= time))
            .filter(|shift| shift.ends.is_none_or(|ends| ends > time));
        let before: BTreeSet<&Person> = before.filter_map(|shift| shift.person.as_ref()).collect();
        let after: BTreeSet<&Person> = after.filter_map(|shift| shift.person.as_ref()).collect();
        // From or to nobody is a gap, which is told by itself.
        let is_change = before != after && !before.is_empty() && !after.is_empty();
        is_change.then(|| (time, names(before), names(after)))
    };
    edges.into_iter().filter_map(change).collect()
}
