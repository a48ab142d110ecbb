//! Asks for the shifts, and first whether their policy or schedule exists: of one that does not, the list is empty too.

use super::{
    Evidence, Level, Person, Shift,
    settings::{From, Target},
};
use crate::{
    clients::{
        connections::Endpoint,
        incident_io,
        pagerduty::{self, Rota},
    },
    contract::{Context, Unobserved},
};
use jiff::{SignedDuration, Timestamp};

/// The longest name that is kept.
const NAME: usize = 80;
/// The most levels of one policy.
const MOST_LEVELS: usize = 50;

pub(super) async fn observe(target: &Target, cx: &Context) -> Result<Evidence, Unobserved> {
    let (since, until) = stretch(cx.now(), target);
    match &target.from {
        From::Policy(at, id) => {
            let empty = nothing("PagerDuty", cx.now(), (since, until));
            policy(cx, at, id, empty).await
        }
        From::Schedules(at, ids) => {
            let mut evidence = nothing("PagerDuty", cx.now(), (since, until));
            for (id, level) in ids.iter().zip(1..) {
                schedule(cx, at, id, level, &mut evidence).await?;
            }
            Ok(sorted(evidence))
        }
        From::IncidentIo(at, ids) => {
            let mut evidence = nothing("incident.io", cx.now(), (since, until));
            for (id, level) in ids.iter().zip(1..) {
                incident(cx, at, id, level, &mut evidence).await?;
            }
            Ok(sorted(evidence))
        }
    }
}

/// From the hour that has begun, so that equal looks of a run ask the same, until the horizon.
fn stretch(now: Timestamp, target: &Target) -> (Timestamp, Timestamp) {
    let since = Timestamp::from_second(now.as_second() / 3600 * 3600).unwrap_or(now);
    let horizon = target.horizon.signed() + SignedDuration::from_hours(1);
    (since, since.saturating_add(horizon).unwrap_or(since))
}

fn nothing(system: &str, asked_at: Timestamp, (since, until): (Timestamp, Timestamp)) -> Evidence {
    Evidence {
        system: system.to_owned(),
        asked_at,
        since,
        until,
        levels: Vec::new(),
        absent: Vec::new(),
        shifts: Vec::new(),
    }
}

fn sorted(mut evidence: Evidence) -> Evidence {
    evidence.shifts.sort_by(|a, b| (a.level, a.starts, a.ends, &a.person).cmp(&(b.level, b.starts, b.ends, &b.person)));
    evidence.shifts.dedup();
    evidence
}

async fn policy(cx: &Context, at: &Endpoint, id: &str, mut evidence: Evidence) -> Result<Evidence, Unobserved> {
    let Some(policy) = cx.pagerduty_rota(at, Rota::Policy, id).await? else {
        evidence.absent.push(id.to_owned());
        return Ok(evidence);
    };
    let name = name(&policy);
    let levels = (1..).take(policy.escalation_rules.len().min(MOST_LEVELS));
    evidence.levels = levels.map(|level| Level { level, name: name.clone() }).collect();
    let listed = cx.pagerduty_oncalls(at, (Rota::Policy, id), (evidence.since, evidence.until)).await?;
    evidence.asked_at = evidence.asked_at.min(listed.asked_at);
    evidence.shifts = listed.oncalls.into_iter().map(|oncall| shift(oncall.escalation_level, oncall)).collect();
    Ok(sorted(evidence))
}

async fn schedule(
    cx: &Context,
    at: &Endpoint,
    id: &str,
    level: u32,
    evidence: &mut Evidence,
) -> Result<(), Unobserved> {
    let Some(schedule) = cx.pagerduty_rota(at, Rota::Schedule, id).await? else {
        evidence.absent.push(id.to_owned());
        return Ok(());
    };
    evidence.levels.push(Level { level, name: name(&schedule) });
    let listed = cx.pagerduty_oncalls(at, (Rota::Schedule, id), (evidence.since, evidence.until)).await?;
    evidence.asked_at = evidence.asked_at.min(listed.asked_at);
    evidence.shifts.extend(listed.oncalls.into_iter().map(|oncall| shift(level, oncall)));
    Ok(())
}

async fn incident(
    cx: &Context,
    at: &Endpoint,
    id: &str,
    level: u32,
    evidence: &mut Evidence,
) -> Result<(), Unobserved> {
    let Some(schedule) = cx.incident_io_schedule(at, id).await? else {
        evidence.absent.push(id.to_owned());
        return Ok(());
    };
    evidence.levels.push(Level { level, name: plain(&schedule.name) });
    let listed = cx.incident_io_entries(at, id, (evidence.since, evidence.until)).await?;
    evidence.asked_at = evidence.asked_at.min(listed.asked_at);
    let shift = |entry: incident_io::Entry| Shift {
        level,
        person: entry.user.map(|user| Person {
            name: plain(user.name.as_deref().unwrap_or(&user.id)),
            id: plain(&user.id),
            email: user.email.as_deref().map(plain),
            notified_by: None,
        }),
        starts: Some(entry.start_at),
        ends: Some(entry.end_at),
    };
    evidence.shifts.extend(listed.entries.into_iter().map(shift));
    Ok(())
}

fn shift(level: u32, oncall: pagerduty::OnCall) -> Shift {
    let person = oncall.user.map(|user| Person {
        name: plain(user.name.as_deref().or(user.summary.as_deref()).unwrap_or(&user.id)),
        id: plain(&user.id),
        email: user.email.as_deref().map(plain),
        notified_by: user.notification_rules.map(|rules| rules.len()),
    });
    Shift { level, person, starts: oncall.start, ends: oncall.end }
}

fn name(named: &pagerduty::Named) -> String {
    plain(named.name.as_deref().or(named.summary.as_deref()).unwrap_or(&named.id))
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(NAME).collect()
}
