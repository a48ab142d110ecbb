//! A five-field schedule as Kubernetes and Karpenter read it, and the times at which it fires.
//!
//! Both use the Go library robfig/cron v3 (`ParseStandard`), so what it does counts: a local time that a zone skips does not
//! fire, one that it has twice fires twice (its `spec_test.go`: "2am nightly job (skipped)", "1am nightly job (runs
//! twice)"); of two day fields either is enough unless one begins with a plain `*`; `@every 1h` counts from the last start.
//! The crate croner was rejected: it fires once where Kubernetes fires twice, and at another time where Kubernetes
//! does not, and knows no `@every`. It is kept as the tests' second opinion where no clock is set.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

/// The most firings that are told one by one.
pub(super) const MOST: usize = 10_000;

/// When something fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// At every minute whose local time fits.
    Fields(Fields),
    /// So long after the last start.
    Every(SignedDuration),
}

/// One bit for each value that a field allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// True where one of the two day fields allows every day, so that the other decides alone.
    has_free_day: bool,
}

/// A field's bounds and the names of its values.
struct Bounds {
    what: &'static str,
    first: u32,
    last: u32,
    names: &'static [&'static str],
}

const MINUTES: Bounds = Bounds { what: "minute", first: 0, last: 59, names: &[] };
const HOURS: Bounds = Bounds { what: "hour", first: 0, last: 23, names: &[] };
const DAYS: Bounds = Bounds { what: "day of the month", first: 1, last: 31, names: &[] };
const MONTHS: Bounds = Bounds {
    what: "month",
    first: 1,
    last: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAYS: Bounds =
    Bounds { what: "day of the week", first: 0, last: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

impl Schedule {
    /// Reads a schedule as it stands in a `CronJob` or a disruption budget.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
            return Err(format!(
                "`{text}` names a zone, which only `timeZone` may: some releases obey it, others refuse it"
            ));
        }
        if let Some(every) = text.strip_prefix("@every ") {
            let length = duration(every).filter(SignedDuration::is_positive);
            let length = length.ok_or_else(|| format!("`{every}` is no length of time"))?;
            return Ok(Self::Every(SignedDuration::from_secs(length.as_secs().max(1))));
        }
        let fields = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            fields => fields,
        };
        Fields::parse(fields).map(Self::Fields)
    }

    /// True where no zone's clock makes a difference: at every hour of every day, and in each quarter of it alike.
    pub(super) const fn is_the_same_everywhere(&self) -> bool {
        match self {
            Self::Every(_) => true,
            Self::Fields(Fields { minutes, hours, days, months, weekdays, .. }) => {
                const HOUR: u64 = (1 << 60) - 1;
                let quarter_later = ((*minutes << 15) | (*minutes >> 45)) & HOUR;
                quarter_later == *minutes
                    && *hours == (1 << 24) - 1
                    && *days == (1 << 32) - 2
                    && *months == (1 << 13) - 2
                    && *weekdays == (1 << 7) - 1
            }
        }
    }

    /// The first [`MOST`] firings from `from` to `to`, both included, by the clocks of `zone`; `last` is the last start, from
    /// which `@every` counts.
    pub(super) fn firings(
        &self,
        zone: &TimeZone,
        last: Option<Timestamp>,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Timestamp> {
        match self {
            Self::Fields(fields) => fields.firings(zone, from, to),
            Self::Every(every) => last.map_or_else(Vec::new, |last| repeated(last, *every, from, to)),
        }
    }
}

/// The times `first + n × every`, n at least 1, from `from` to `to`; at most [`MOST`].
pub(super) fn repeated(first: Timestamp, every: SignedDuration, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let (start, stride) = (first.as_second(), every.as_secs().max(1));
    let count = from.as_second().saturating_sub(start).saturating_add(stride - 1).div_euclid(stride).max(1);
    let at = |n: i64| Timestamp::from_second(start.saturating_add(n.saturating_mul(stride))).ok();
    (count..).map_while(at).skip_while(|time| *time < from).take_while(|time| *time <= to).take(MOST).collect()
}

impl Fields {
    fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(format!("`{text}` has {} fields, and a schedule has five", fields.len()));
        };
        let (days, is_any_day) = DAYS.field(days)?;
        let (weekdays, is_any_weekday) = WEEKDAYS.field(weekdays)?;
        Ok(Self {
            minutes: MINUTES.field(minutes)?.0,
            hours: HOURS.field(hours)?.0,
            days,
            months: MONTHS.field(months)?.0,
            weekdays,
            has_free_day: is_any_day || is_any_weekday,
        })
    }

    fn firings(&self, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let mut times = Vec::new();
        let mut second = from.as_second() + i64::from(from.subsec_nanosecond() > 0);
        second = second.saturating_add(59).div_euclid(60) * 60;
        while let Ok(at) = Timestamp::from_second(second)
            && at <= to
            && times.len() < MOST
        {
            let there = zone.to_datetime(at);
            if !self.has_hour(there) {
                second += i64::from(60 - there.minute()) * 60;
                continue;
            }
            if has(self.minutes, there.minute()) {
                times.push(at);
            }
            second += 60;
        }
        times
    }

    fn has_hour(&self, there: DateTime) -> bool {
        let day = has(self.days, there.day());
        let weekday = has(self.weekdays, there.weekday().to_sunday_zero_offset());
        let is_day = if self.has_free_day { day && weekday } else { day || weekday };
        is_day && has(self.months, there.month()) && has(self.hours, there.hour())
    }
}

fn has(bits: u64, value: i8) -> bool {
    u32::try_from(value).is_ok_and(|value| bits.checked_shr(value).is_some_and(|rest| rest & 1 == 1))
}

impl Bounds {
    /// The bits of a field, and whether a part of it is a plain `*`.
    fn field(&self, text: &str) -> Result<(u64, bool), String> {
        let mut parts = text.split(',').filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_none() {
            return Err(format!("`{text}` is no {}", self.what));
        }
        parts.try_fold((0, false), |(bits, is_any), part| {
            let (more, is_star) = self.part(part).ok_or_else(|| format!("`{part}` is no {}", self.what))?;
            Ok((bits | more, is_any || is_star))
        })
    }

    /// `*`, `?`, `5`, `5-10`, each with or without `/step`; `5/15` runs to the field's end.
    fn part(&self, part: &str) -> Option<(u64, bool)> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let is_star = matches!(range, "*" | "?");
        let (first, last) = match range.split_once('-') {
            _ if is_star => (self.first, self.last),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            None => (self.value(range)?, if step.is_some() { self.last } else { self.value(range)? }),
        };
        if first < self.first || last > self.last || first > last {
            return None;
        }
        let step = step.unwrap_or(1);
        let stride = usize::try_from(step).ok()?;
        let bits = (first..=last).step_by(stride).fold(0, |bits, value| bits | (1 << value));
        Some((bits, is_star && step == 1))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        match named {
            Some(index) => u32::try_from(index).ok().map(|index| index + self.first),
            None => number(text),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A length of time as Go writes one: `720h`, `1h0m0s`, `1h30m`, `0`.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let is_go = |letter: char| letter.is_ascii_digit() || ".hmsunµ".contains(letter);
    match text {
        "0" => Some(SignedDuration::ZERO),
        "" => None,
        text => text.parse().ok().filter(|_| text.chars().all(is_go)),
    }
}

/// The zone that a name means; `None` for one that this release does not know.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

/// Every offset from UTC that a zone may have, in quarters of an hour: -12:00 to +14:00.
pub(super) fn every_zone() -> impl Iterator<Item = TimeZone> {
    (-48..=56).filter_map(|quarter: i32| jiff::tz::Offset::from_seconds(quarter * 900).ok()).map(TimeZone::fixed)
}

#[cfg(test)]
mod tests;
