//! Does a schedule start something within the window, or does something that it started still run?

use super::{
    CronJob, Evidence,
    timing::{Timing, timing},
};
use crate::{
    contract::{Code, Does, Finding, Moment, Weight, Window, spoken},
    schedule_window::{codes, expect::Expect, objects::full, words},
};
use jiff::{SignedDuration, Timestamp};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(in crate::schedule_window) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = evidence.look.findings();
    for cronjob in &evidence.cronjobs {
        if expect.allows(&[&cronjob.full(), &cronjob.name]) {
            continue;
        }
        if cronjob.is_armed() {
            findings.extend(fires(evidence, cronjob, window));
        }
        if !expect.running_allowed && !cronjob.active.is_empty() {
            findings.push(runs(evidence, cronjob, window));
        }
    }
    findings
}

fn fires(evidence: &Evidence, cronjob: &CronJob, window: &Window) -> Option<Finding> {
    let (code, seen) = match timing(evidence, cronjob, window.opens(), window.closes()) {
        Timing::Fires(times) if times.is_empty() => return None,
        Timing::Fires(times) => (codes::FIRES_IN_WINDOW, format!("fires {}", words::told(&times, window))),
        Timing::FiresAnywhere => (codes::FIRES_IN_WINDOW, "fires within it, whatever the controller's zone".to_owned()),
        Timing::Unreadable(reason) => (codes::SCHEDULE_UNREADABLE, reason),
        Timing::Unzoned(reason) => (codes::ZONE_UNKNOWN, format!("may fire: {reason}")),
    };
    Some(finding(code, evidence, cronjob, window).seen(format!("{seen}; {}", evidence.about(cronjob))))
}

fn finding(code: Code, evidence: &Evidence, cronjob: &CronJob, window: &Window) -> Finding {
    let suspend = ["patch", "cronjob", &cronjob.name, "--patch", r#"{"spec":{"suspend":true}}"#];
    let remedy = evidence.look.cluster.change_in(&cronjob.namespace, &suspend);
    let kept = cronjob
        .managed_by
        .as_ref()
        .map_or_else(String::new, |manager| format!("; change it at {manager} too, which may set it back"));
    Finding::new(code, cronjob.full())
        .expected(words::nothing("start", window))
        .mended_by(remedy.saying(format!("switch it on again after {}{kept}", window.clock(window.closes()))))
}

/// A job that runs is in the way once the window has begun; before, it may well be over by then.
fn runs(evidence: &Evidence, cronjob: &CronJob, window: &Window) -> Finding {
    let has_begun = window.opens() <= window.now;
    let weight = if has_begun { Weight::Fail } else { codes::JOB_RUNNING.weight };
    let since = cronjob.last.map_or_else(String::new, |last| format!(", started {}", window.clock(last)));
    let suspended = if cronjob.is_suspended { "; that it is suspended does not stop it" } else { "" };
    let then = if cronjob.concurrency == "Forbid" && cronjob.is_armed() {
        "; a start that it holds up is made when it ends"
    } else {
        ""
    };
    let names = cronjob.active.join(", ");
    let look = evidence.look.cluster.look_in(&cronjob.namespace, &["get", "jobs"]);
    Finding::new(codes::JOB_RUNNING, cronjob.full())
        .weighing(weight)
        .expected("no job of it that runs")
        .seen(format!("{names} runs{since}{suspended}{then}; {}", evidence.about(cronjob)))
        .mended_by(look.saying("wait until it is over, then look again"))
}

impl CronJob {
    fn full(&self) -> String {
        full(&self.namespace, &self.name)
    }

    /// True while its schedule starts jobs.
    fn is_armed(&self) -> bool {
        !self.is_suspended && !self.is_deleting
    }
}

impl Evidence {
    /// The schedule and what it does.
    fn about(&self, cronjob: &CronJob) -> String {
        let zone = match (&cronjob.time_zone, &self.controller_zone) {
            (Some(zone), _) => format!(" in {zone}"),
            (None, Some(zone)) => format!(" in the controller's zone {zone}"),
            (None, None) => String::new(),
        };
        format!(
            "`{}`{zone}{}",
            cronjob.schedule,
            self.does(cronjob).map_or_else(String::new, |does| format!("; {does}"))
        )
    }

    fn does(&self, cronjob: &CronJob) -> Option<String> {
        let runs = || Some(format!("runs {}", cronjob.images.first()?));
        self.does.clone().or_else(runs)
    }
}

pub(in crate::schedule_window) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    evidence.cronjobs.iter().map(|cronjob| line(evidence, cronjob, window)).collect()
}

fn line(evidence: &Evidence, cronjob: &CronJob, window: &Window) -> String {
    let about = format!("{}, meant by {}: {}", cronjob.full(), cronjob.meant_by, evidence.about(cronjob));
    if cronjob.is_deleting {
        return format!("{about}; it was asked to go, and starts nothing");
    }
    if cronjob.is_suspended {
        // Source: kube-controller-manager, `mostRecentScheduleTime`: the last start that was missed is made, and no other.
        let within = cronjob.deadline.map_or_else(String::new, |deadline| {
            let seconds = i64::try_from(deadline).unwrap_or(i64::MAX);
            format!(" if that was due within the last {}", spoken(SignedDuration::from_secs(seconds)))
        });
        return format!(
            "{about}; suspended: switched on again, it makes the last start that it missed at once{within}"
        );
    }
    let (opens, closes) = (window.opens(), window.closes());
    let (before, after) = (opens.saturating_sub(DAY).unwrap_or(opens), closes.saturating_add(DAY).unwrap_or(closes));
    let exact = |from: Timestamp, to: Timestamp| match timing(evidence, cronjob, from, to) {
        Timing::Fires(times) => times,
        _ => Vec::new(),
    };
    let told =
        |time: Option<&Timestamp>| time.map_or_else(|| "none within a day".to_owned(), |time| window.clock(*time));
    let is_outside = |time: &&Timestamp| !window.contains(**time);
    let (earlier, later) = (exact(before, opens), exact(closes, after));
    let (last, next) = (earlier.iter().rev().find(is_outside), later.iter().find(is_outside));
    format!("{about}; last start before the window: {}; next after it: {}", told(last), told(next))
}

pub(in crate::schedule_window) fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
    let (from, to) = words::around(window);
    let mut moments = Vec::new();
    for cronjob in evidence.cronjobs.iter().filter(|cronjob| cronjob.is_armed()) {
        if let Timing::Fires(times) = timing(evidence, cronjob, from, to) {
            let says = evidence.does(cronjob).unwrap_or_default();
            let moment = |at| Moment::new(at, Does::Fires, cronjob.full()).saying(says.clone());
            moments.extend(times.into_iter().map(moment));
        }
    }
    moments
}
