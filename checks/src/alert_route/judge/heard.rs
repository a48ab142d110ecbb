//! The window, minute by minute: whether a route that tells is heard, and whether one that is heard tells in time.

use super::{
    super::{Expect, codes, route::Chosen},
    way::{Way, short},
};
use crate::contract::{Finding, Window};
use jiff::{SignedDuration, Timestamp};

/// The most minutes of a window that are gone through; a longer one in longer steps.
const MINUTES: i64 = 20_000;

/// What was seen of the minutes.
#[derive(Default)]
struct Seen<'a> {
    looked: i64,
    unheard: i64,
    /// The first at which nobody is told.
    silent: Option<Timestamp>,
    /// The first at which whoever is told is told too late, and the soonest of the routes.
    late: Option<(Timestamp, &'a Chosen<'a>)>,
}

pub(super) fn judge(expect: &Expect, way: &Way<'_>, telling: &[&Chosen<'_>], window: &Window) -> Vec<Finding> {
    let seen = match look(expect, way, telling, window) {
        Ok(seen) => seen,
        Err(what) => return vec![way.unreadable(&what)],
    };
    muted(way, telling, &seen, window).into_iter().chain(late(expect, way, &seen, window)).collect()
}

fn look<'a>(expect: &Expect, way: &Way<'_>, telling: &[&'a Chosen<'a>], window: &Window) -> Result<Seen<'a>, String> {
    let (opens, closes) = (window.opens(), window.closes());
    let is_timed = telling.iter().any(|one| !one.route.active.is_empty() || !one.route.mute.is_empty());
    let minutes = closes.duration_since(opens).as_mins().max(0);
    let step = SignedDuration::from_mins(if is_timed { minutes / MINUTES + 1 } else { minutes + 1 });
    let (mut at, mut seen) = (opens, Seen::default());
    while at <= closes {
        seen.looked += 1;
        let mut soonest: Option<&Chosen<'_>> = None;
        for one in telling.iter().copied() {
            if is_heard(way, one, at)? && soonest.is_none_or(|other| one.longest() < other.longest()) {
                soonest = Some(one);
            }
        }
        match soonest {
            None => {
                seen.unheard += 1;
                seen.silent = seen.silent.or(Some(at));
            }
            Some(one) if one.longest().0 > expect.told_within => seen.late = seen.late.or(Some((at, one))),
            Some(_) => {}
        }
        at = at.saturating_add(step).unwrap_or(Timestamp::MAX);
    }
    Ok(seen)
}

/// Whether a route tells anybody at `at`.
fn is_heard(way: &Way<'_>, one: &Chosen<'_>, at: Timestamp) -> Result<bool, String> {
    let within = |names: &[String]| -> Result<bool, String> {
        for name in names {
            let spans = way.set.intervals.get(name).ok_or_else(|| format!("the interval `{name}`"))?;
            for span in spans {
                if span.holds(at)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    };
    let is_active = one.route.active.is_empty() || within(&one.route.active)?;
    Ok(is_active && !within(&one.route.mute)?)
}

fn muted(way: &Way<'_>, telling: &[&Chosen<'_>], seen: &Seen<'_>, window: &Window) -> Option<Finding> {
    let first = seen.silent?;
    let words = |all: Vec<&str>| short(&all.join(", "));
    let receivers = words(telling.iter().map(|one| one.receiver).collect());
    let names = telling.iter().flat_map(|one| one.route.mute.iter().chain(&one.route.active));
    Some(
        way.about(codes::MUTED, "take the interval off the route, or off the day, until the window closes")
            .expected(format_args!(
                "to be heard from {} to {}",
                window.clock(window.opens()),
                window.clock(window.closes())
            ))
            .seen(format_args!(
                "{receivers} not heard from {}, {} % of the window, by {}",
                window.clock(first),
                seen.unheard * 100 / seen.looked.max(1),
                words(names.map(String::as_str).collect())
            )),
    )
}

fn late(expect: &Expect, way: &Way<'_>, seen: &Seen<'_>, window: &Window) -> Option<Finding> {
    let (first, one) = seen.late?;
    let from = if first == window.opens() { String::new() } else { format!(", from {}", window.clock(first)) };
    let (wait, key) = one.longest();
    let (says, waits) = if key == "group_wait" {
        ("shorten `group_wait` of the route, or of the one that it inherits it from", "for others of the group")
    } else {
        (
            "shorten `group_interval` of the route, or of the one that it inherits it from; or group by `[...]`",
            "with an alert that joins a group already told of",
        )
    };
    Some(
        way.about(codes::LATE, says)
            .expected(format_args!("to be told within {}", expect.told_within))
            .seen(format_args!("{} waits {wait} {waits} (`{key}`){from}", short(one.receiver))),
    )
}
