//! When a `CronJob` fires between two times, as far as that can be known.

use super::{CronJob, Evidence};
use crate::schedule_window::cron::{self, Schedule};
use jiff::{Timestamp, tz::TimeZone};

/// What is known.
pub(super) enum Timing {
    /// It fires then, or never where there is none.
    Fires(Vec<Timestamp>),
    /// It fires whatever the zone, but when depends on it.
    FiresAnywhere,
    /// Its schedule cannot be read.
    Unreadable(String),
    /// It may fire; by whose clock is not known.
    Unzoned(String),
}

pub(super) fn timing(evidence: &Evidence, cronjob: &CronJob, from: Timestamp, to: Timestamp) -> Timing {
    let schedule = match Schedule::parse(&cronjob.schedule) {
        Ok(schedule) => schedule,
        Err(reason) => return Timing::Unreadable(reason),
    };
    let last = cronjob.last.or(cronjob.made);
    let firings = |zone: &TimeZone| schedule.firings(zone, last, from, to);
    if let Schedule::Every(_) = schedule {
        return match last {
            Some(_) => Timing::Fires(firings(&TimeZone::UTC)),
            None => Timing::Unreadable("from when it counts is not said".to_owned()),
        };
    }
    match (&cronjob.time_zone, &evidence.controller_zone) {
        (Some(name), _) => match cron::zone(name) {
            Some(zone) => Timing::Fires(firings(&zone)),
            None => Timing::Unzoned(format!("nothing is known of its zone `{name}`")),
        },
        (None, Some(name)) => match cron::zone(name) {
            Some(zone) => Timing::Fires(firings(&zone)),
            None => Timing::Unzoned(format!("nothing is known of the controller's zone `{name}`")),
        },
        (None, None) if schedule.is_the_same_everywhere() => Timing::Fires(firings(&TimeZone::UTC)),
        (None, None) => anywhere(firings),
    }
}

/// What holds in every zone.
fn anywhere(firings: impl Fn(&TimeZone) -> Vec<Timestamp>) -> Timing {
    let (mut is_always, mut is_never) = (true, true);
    for zone in cron::every_zone() {
        let is_none = firings(&zone).is_empty();
        (is_always, is_never) = (is_always && !is_none, is_never && is_none);
        if !is_always && !is_never {
            return Timing::Unzoned("it names no zone, and the controller's is not said".to_owned());
        }
    }
    if is_never { Timing::Fires(Vec::new()) } else { Timing::FiresAnywhere }
}
