//! A disruption budget: how many nodes of a pool may go at once, and when.
//!
//! Source: Karpenter, `Budget.IsActive` and `GetAllowedDisruptions`: the smallest of the budgets in force counts, a percentage
//! is rounded up (so only `0` and `0%` allow none), a schedule is UTC and in force for its duration after each hit. A node
//! that expires goes whatever the budgets say.

use crate::{
    contract::Window,
    schedule_window::cron::{self, Schedule},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// One budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// A number or a percentage.
    pub nodes: String,
    /// When it comes into force, as a schedule in UTC; always, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// For how long it then is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// For which reasons: `Underutilized`, `Empty`, `Drifted`; every one, where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<String>>,
}

impl Budget {
    /// What Karpenter puts where nothing is said.
    pub(super) fn tenth() -> Self {
        Self { nodes: "10%".to_owned(), schedule: None, duration: None, reasons: None }
    }

    /// The budget that keeps every node from the window's begin to its end, and is over by itself.
    pub(super) fn over(window: &Window) -> Self {
        let opens = window.starts.saturating_sub(window.lead).unwrap_or(window.starts);
        let begin = Timestamp::from_second(opens.as_second().div_euclid(60) * 60).unwrap_or(opens);
        let minutes = (window.closes().duration_since(begin).as_secs() + 59) / 60;
        let at = begin.to_zoned(TimeZone::UTC);
        let schedule = format!("{} {} {} {} *", at.minute(), at.hour(), at.day(), at.month());
        let duration = format!("{}h{}m", minutes / 60, minutes % 60);
        Self { nodes: "0".to_owned(), schedule: Some(schedule), duration: Some(duration), reasons: None }
    }

    /// The same as JSON for a patch.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn keeps_all(&self, reason: &str) -> bool {
        let is_meant = self.reasons.as_ref().is_none_or(|reasons| reasons.iter().any(|own| own == reason));
        is_meant && matches!(self.nodes.trim(), "0" | "0%")
    }

    /// When it is in force between two times.
    fn spans(&self, from: Timestamp, to: Timestamp) -> Result<Vec<(Timestamp, Timestamp)>, String> {
        let (schedule, duration) = match (&self.schedule, &self.duration) {
            (None, None) => return Ok(vec![(from, to)]),
            (Some(schedule), Some(duration)) => (Schedule::parse(schedule)?, duration),
            _ => return Err("a budget with a schedule needs a duration, and the other way round".to_owned()),
        };
        let Some(length) = cron::duration(duration) else {
            return Err(format!("`{duration}` is no length of time"));
        };
        let hits = schedule.firings(&TimeZone::UTC, None, from.saturating_sub(length).unwrap_or(from), to);
        let end = |hit: Timestamp| hit.saturating_add(length).unwrap_or(Timestamp::MAX);
        Ok(hits.into_iter().map(|hit| (hit, end(hit))).collect())
    }
}

/// True if and only if, for `reason`, at every moment between two times some budget allows no node to go.
pub(super) fn keeps(budgets: &[Budget], reason: &str, from: Timestamp, to: Timestamp) -> Result<bool, String> {
    let mut spans = Vec::new();
    for budget in budgets.iter().filter(|budget| budget.keeps_all(reason)) {
        spans.extend(budget.spans(from, to)?);
    }
    spans.sort_unstable();
    let reach = spans.into_iter().fold(None, |reach: Option<Timestamp>, (begin, end)| match reach {
        None if begin <= from => Some(end),
        Some(reach) if begin <= reach => Some(reach.max(end)),
        reach => reach,
    });
    Ok(reach.is_some_and(|reach| reach >= to))
}

/// The lengths that a pool's budgets are told by: `10%`, `0 from 0 15 2 12 * for 4h30m`.
pub(super) fn told(budgets: &[Budget]) -> String {
    let one = |budget: &Budget| {
        let when = match (&budget.schedule, &budget.duration) {
            (Some(schedule), Some(duration)) => format!(" at `{schedule}` UTC for {duration}"),
            _ => String::new(),
        };
        let why = budget.reasons.as_ref().map_or_else(String::new, |reasons| format!(" ({})", reasons.join(", ")));
        format!("{}{why}{when}", budget.nodes)
    };
    if budgets.is_empty() { "none".to_owned() } else { budgets.iter().map(one).collect::<Vec<_>>().join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn timed(schedule: &str, duration: &str) -> Budget {
        Budget { schedule: Some(schedule.to_owned()), duration: Some(duration.to_owned()), ..none() }
    }

    fn none() -> Budget {
        Budget { nodes: "0".to_owned(), ..Budget::tenth() }
    }

    #[test]
    fn a_budget_keeps_only_where_it_covers_every_moment() {
        let (from, to) = (time("2026-12-02T15:00:00Z"), time("2026-12-02T19:30:00Z"));
        let of = |reasons: &str| Budget { reasons: Some(vec![reasons.to_owned()]), ..none() };
        for (budgets, is_kept) in [
            (vec![none()], true),
            (vec![Budget { nodes: "0%".to_owned(), ..none() }], true),
            (vec![Budget::tenth()], false),
            (vec![Budget { nodes: "1%".to_owned(), ..none() }], false),
            (vec![], false),
            (vec![of("Drifted")], true),
            (vec![of("Underutilized")], false),
            (vec![timed("0 15 * * *", "4h30m")], true),
            (vec![timed("0 15 * * *", "4h")], false),
            (vec![timed("0 16 * * *", "8h")], false),
            // Begun the day before.
            (vec![timed("0 20 1 12 *", "24h")], true),
            // One takes over from the other.
            (vec![timed("0 14 * * *", "3h"), timed("0 17 * * *", "3h")], true),
            (vec![timed("0 14 * * *", "3h"), timed("1 17 * * *", "3h")], false),
            (vec![timed("0 */2 * * *", "2h")], true),
        ] {
            assert_eq!(keeps(&budgets, "Drifted", from, to), Ok(is_kept), "{}", told(&budgets));
        }
        assert!(keeps(&[timed("soon", "1h")], "Drifted", from, to).is_err());
        assert!(keeps(&[Budget { duration: Some("1h".to_owned()), ..none() }], "Drifted", from, to).is_err());
    }
}
