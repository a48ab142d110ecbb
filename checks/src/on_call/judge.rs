//! Is every level filled for the whole window, by those who should be there?

use super::{
    AWAY, BEYOND, Evidence, Expect, HANDOVER, NO_ROTA, NOBODY, ONE_FOR_TWO, OTHER, Person, Shift, UNTOLD,
    coverage::{Stretch, doubled, gaps, handovers},
    words::{level, stretch},
};
use crate::contract::{Finding, Remedy, Window};
use std::collections::BTreeMap;

/// How many gaps or hand-overs are told of by their times.
const TOLD: usize = 3;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings: Vec<Finding> = evidence.absent.iter().map(|id| no_rota(evidence, id)).collect();
    let span = (window.opens(), window.closes());
    if span.0 < evidence.since || span.1 > evidence.until {
        findings.push(beyond(evidence, window));
        return findings;
    }
    let case = Case { expect, evidence, window, span };
    for level in case.levels() {
        findings.extend(case.nobody(level));
        findings.extend(case.handover(level));
    }
    findings.extend(case.others());
    findings.extend(case.away());
    findings.extend(case.untold());
    findings.extend(case.one_for_two());
    findings
}

fn no_rota(evidence: &Evidence, id: &str) -> Finding {
    Finding::new(NO_ROTA, id)
        .expected("an escalation policy or schedule with this id")
        .seen(format_args!("{} knows none, and shows others to the same key", evidence.system))
        .mended_by(Remedy::prose("copy the id from the address of its page into the checklist"))
}

fn beyond(evidence: &Evidence, window: &Window) -> Finding {
    Finding::new(BEYOND, &evidence.system)
        .expected(format_args!("shifts until {}", window.clock(window.closes())))
        .seen(format_args!(
            "they were asked for from {} to {}",
            window.clock(evidence.since),
            window.clock(evidence.until)
        ))
        .mended_by(Remedy::prose("look nearer to the event, or raise `horizon`"))
}

struct Case<'a> {
    expect: &'a Expect,
    evidence: &'a Evidence,
    window: &'a Window,
    span: Stretch,
}

impl Case<'_> {
    /// The levels that must be filled; an empty list would let an empty schedule pass. One whose schedule is not there is told
    /// of by that.
    fn levels(&self) -> Vec<u32> {
        let mut levels = self.expect.levels.clone();
        if levels.is_empty() {
            levels.push(1);
        }
        levels.sort_unstable();
        levels.dedup();
        let is_known = |level: &u32| self.evidence.levels.iter().any(|known| known.level == *level);
        levels.retain(|level| self.evidence.absent.is_empty() || is_known(level));
        levels
    }

    fn at(&self, level: u32) -> impl Iterator<Item = &Shift> {
        self.evidence.shifts.iter().filter(move |shift| shift.level == level)
    }

    fn nobody(&self, at: u32) -> Option<Finding> {
        let gaps = gaps(self.at(at), self.span);
        let first = gaps.first()?;
        let told: Vec<String> = gaps.iter().take(TOLD).map(|gap| stretch(*gap, self.window)).collect();
        let more = if gaps.len() > TOLD { format!(", and {} times more", gaps.len() - TOLD) } else { String::new() };
        let why = if !self.evidence.levels.iter().any(|known| known.level == at) {
            "; there is no such level"
        } else if self.at(at).next().is_none() {
            "; no shift at all is listed: perhaps no escalation policy uses the schedule"
        } else {
            ""
        };
        let when = self.window.against_event(first.0);
        let remedy = format!("put somebody on call there for that time, at {}", self.evidence.system);
        Some(
            Finding::new(NOBODY, level(self.evidence, at))
                .expected(format_args!("somebody {}", stretch(self.span, self.window)))
                .seen(format_args!("nobody {}{more}; first {when}{why}", told.join(", ")))
                .mended_by(Remedy::prose(remedy)),
        )
    }

    fn handover(&self, at: u32) -> Option<Finding> {
        if self.expect.handover {
            return None;
        }
        let own: Vec<&Shift> = self.at(at).collect();
        let changes = handovers(&own, self.span);
        let told = changes.iter().take(TOLD).map(|(time, from, to)| {
            let (clock, when) = (self.window.clock(*time), self.window.against_event(*time));
            format!("{clock}, {when}: {} for {}", to.join(" and "), from.join(" and "))
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| {
            Finding::new(HANDOVER, level(self.evidence, at))
                .expected("the same people for the whole window")
                .seen(told.join("; "))
                .mended_by(Remedy::prose(
                    "override the schedule, so that the hand-over comes before or after, or brief both",
                ))
        })
    }

    /// Those at the levels that count, within the window, each once, with the level at which they are first.
    fn people(&self) -> BTreeMap<&Person, (u32, Stretch)> {
        let levels = self.levels();
        self.within(|level, _| levels.contains(&level))
    }

    /// Whoever is on call within the window, of those that `is_meant` by their level and themselves.
    fn within(&self, is_meant: impl Fn(u32, &Person) -> bool) -> BTreeMap<&Person, (u32, Stretch)> {
        let mut people: BTreeMap<&Person, (u32, Stretch)> = BTreeMap::new();
        for shift in &self.evidence.shifts {
            if let (Some(person), Some(within)) = (&shift.person, shift.within(self.span.0, self.span.1))
                && is_meant(shift.level, person)
            {
                people.entry(person).or_insert((shift.level, within));
            }
        }
        people
    }

    fn others(&self) -> Vec<Finding> {
        let wanted = &self.expect.people;
        let is_other = |person: &&Person| !wanted.is_empty() && !wanted.iter().any(|named| person.is(named));
        let other = |(person, (at, within)): (&Person, (u32, Stretch))| {
            Finding::new(OTHER, &person.name)
                .expected(format_args!("one of {}", wanted.join(", ")))
                .seen(format_args!("{} at {}", stretch(within, self.window), level(self.evidence, at)))
                .mended_by(Remedy::prose("override the schedule for the window, or name them in `people`"))
        };
        self.people().into_iter().filter(|(person, _)| is_other(person)).map(other).collect()
    }

    fn away(&self) -> Vec<Finding> {
        let is_of = |shift: &&Shift, named: &str| shift.person.as_ref().is_some_and(|person| person.is(named));
        let away = |named: &String| {
            let gaps = gaps(self.evidence.shifts.iter().filter(|shift| is_of(shift, named)), self.span);
            let first = gaps.first()?;
            Some(
                Finding::new(AWAY, named)
                    .expected(format_args!("on call {}", stretch(self.span, self.window)))
                    .seen(format_args!("not {}", stretch(*first, self.window)))
                    .mended_by(Remedy::prose("override the schedule for the window, or name whoever is there instead")),
            )
        };
        self.expect.through.iter().filter_map(away).collect()
    }

    /// Of those at the levels that count, and of those who were named, at whatever level.
    fn untold(&self) -> Vec<Finding> {
        let levels = self.levels();
        let is_named = |person: &Person| self.expect.through.iter().any(|named| person.is(named));
        let people = self.within(|level, person| levels.contains(&level) || is_named(person));
        let untold = |(person, (at, _)): (&Person, (u32, Stretch))| {
            Finding::new(UNTOLD, &person.name)
                .expected("at least one notification rule")
                .seen(format_args!("none, and on call at {}", level(self.evidence, at)))
                .mended_by(Remedy::prose("have them set up how they are told, in their own profile"))
        };
        people.into_iter().filter(|(person, _)| person.notified_by == Some(0)).map(untold).collect()
    }

    fn one_for_two(&self) -> Vec<Finding> {
        if !self.expect.distinct {
            return Vec::new();
        }
        let doubled = doubled(&self.evidence.shifts, &self.levels(), self.span);
        let one = |(person, both): (Person, Stretch)| {
            Finding::new(ONE_FOR_TWO, person.name)
                .expected("another person at each level")
                .seen(format_args!("at two of them {}", stretch(both, self.window)))
                .mended_by(Remedy::prose("put somebody else on call at one of them"))
        };
        doubled.into_iter().map(one).collect()
    }
}
