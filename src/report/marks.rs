//! The marks of a timeline, in order: the event's own, the checks', the waivers', and what was seen.

use super::Report;
use crate::{
    checklist::Stage,
    plan::{Plan, PlanItem},
};
use gonogo_checks::contract::{Does, Moment};
use indexmap::{IndexMap, IndexSet};
use jiff::{SignedDuration, Timestamp};

/// How many times one thing may happen, on one side of the window or in it, before its lines become one.
const MOST_ALIKE: usize = 2;

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// The event's own marks stand before others of their minute.
    rank: u8,
    /// What.
    pub says: String,
}

impl Mark {
    fn own(at: Timestamp, says: impl Into<String>) -> Self {
        Self { at, rank: 0, says: says.into() }
    }

    fn of(at: Timestamp, says: String) -> Self {
        Self { at, rank: 1, says }
    }
}

/// Every mark, in order of time.
#[must_use]
pub fn all(plan: &Plan, report: &Report) -> Vec<Mark> {
    let mut marks = events(report);
    marks.extend(checks(plan, report));
    let ends = |waiver: &crate::plan::Waiver| Mark::of(waiver.until, format!("the waiver of {} ends", waiver.check));
    marks.extend(plan.waivers.iter().map(ends));
    marks.extend(seen(report));
    marks.sort();
    marks.dedup();
    marks
}

fn events(report: &Report) -> Vec<Mark> {
    let event = &report.event;
    let mut marks =
        vec![Mark::own(report.run.judged_at, "NOW"), Mark::own(event.starts, "START"), Mark::own(event.ends, "END")];
    if event.opens < event.starts {
        marks.push(Mark::own(event.opens, "the window opens"));
    }
    if event.closes > event.ends {
        marks.push(Mark::own(event.closes, "the window closes"));
    }
    marks
}

/// When checks become due, begin to block, and must have been looked at anew.
fn checks(plan: &Plan, report: &Report) -> Vec<Mark> {
    let mut lists: IndexMap<(Timestamp, &str), IndexSet<&str>> = IndexMap::new();
    for item in plan.items.iter().filter(|item| item.selected) {
        for (at, what) in turns(item, report) {
            lists.entry((at, what)).or_default().insert(&item.check);
        }
    }
    let mark = |((at, what), checks): ((Timestamp, &str), IndexSet<&str>)| {
        Mark::of(at, format!("{what}: {}", checks.into_iter().collect::<Vec<_>>().join(", ")))
    };
    lists.into_iter().map(mark).collect()
}

/// The turns in an item's own time.
fn turns(item: &PlanItem, report: &Report) -> Vec<(Timestamp, &'static str)> {
    let (event, now) = (&report.event, report.run.judged_at);
    let mut turns = vec![match item.stage {
        Stage::Before if now > event.ends => (event.ends, "was due until here"),
        Stage::Before => (now, "due from now until the end"),
        Stage::During => (event.opens, "due from here until the end"),
        Stage::After => (event.ends, "due from here on, now that it is over"),
    }];
    turns.extend(item.blocks_from.map(|from| (from, "blocks a GO from here on")));
    if let Some(age) = item.max_age.and_then(|age| SignedDuration::try_from(age).ok())
        && let Ok(at) = event.starts.checked_sub(age)
    {
        turns.push((at, "looks from here on still count at the start"));
    }
    turns
}

/// What happens again and again: whose it is, and on which side of the window.
type Series<'r> = (&'r str, Option<&'r str>, Does, &'r str, u8);

fn seen(report: &Report) -> Vec<Mark> {
    let side = |at: Timestamp| u8::from(at >= report.event.opens) + u8::from(at > report.event.closes);
    let mut series: IndexMap<Series<'_>, Vec<&Moment>> = IndexMap::new();
    for item in &report.items {
        for moment in &item.moments {
            let key =
                (moment.subject.as_str(), moment.site.as_deref(), moment.does, item.check.as_str(), side(moment.at));
            series.entry(key).or_default().push(moment);
        }
    }
    let mut places: IndexMap<(Timestamp, String), IndexSet<&str>> = IndexMap::new();
    for ((_, site, _, check, _), mut moments) in series {
        moments.sort_by_key(|moment| moment.at);
        for (at, says) in told(report, check, &moments) {
            places.entry((at, says)).or_default().extend(site);
        }
    }
    let mark = |((at, says), sites): ((Timestamp, String), IndexSet<&str>)| {
        let sites: Vec<&str> = sites.into_iter().collect();
        Mark::of(at, if sites.is_empty() { says } else { format!("{}: {says}", sites.join(", ")) })
    };
    places.into_iter().map(mark).collect()
}

fn told(report: &Report, check: &str, moments: &[&Moment]) -> Vec<(Timestamp, String)> {
    let line = |moment: &Moment, times: String| {
        let says = if moment.says.is_empty() { String::new() } else { format!(": {}", moment.says) };
        (moment.at, format!("{} {}{times}{says} [{check}]", moment.subject, moment.does.word()))
    };
    match moments {
        [first, .., last] if moments.len() > MOST_ALIKE => {
            let until = super::words::clock(report, last.at);
            vec![line(first, format!(" {} times, the last at {until}", moments.len()))]
        }
        few => few.iter().map(|moment| line(moment, String::new())).collect(),
    }
}
