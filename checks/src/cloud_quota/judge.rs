//! Judging: each quota by itself, against what the event needs of it.
//!
//! A need that does not fit even if nothing were in use is a failure whether the use is known or not.

use super::{
    code,
    evidence::{Evidence, Found, Line, Usage},
    growth::Grown,
    remedy::{coming, note, remedy},
    room::{Fit, Room, number},
    settings::Expect,
};
use crate::{
    clients::aws::Quota,
    contract::{
        Finding, Remedy, Window, spoken,
        values::{Scaled, TooMany},
    },
};

/// What a finding about the need is about.
const SUBJECT: &str = "the need";

/// What is needed, and the arithmetic that says so.
struct Need {
    count: f64,
    because: String,
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let (mut findings, need) = match need(expect, evidence, window) {
        Ok(need) => (Vec::new(), Some(need)),
        Err(findings) => (findings, None),
    };
    let case = Case { expect, evidence, window, need };
    for line in &evidence.quotas {
        case.line(line, &mut findings);
    }
    findings
}

/// The arithmetic, a line for each quota.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let case = Case { expect, evidence, window, need: need(expect, evidence, window).ok() };
    evidence.quotas.iter().filter_map(|line| case.shown(line)).collect()
}

/// What the event needs: as the checklist says, as the cluster says, or the larger of the two.
fn need(expect: &Expect, evidence: &Evidence, window: &Window) -> Result<Need, Vec<Finding>> {
    let said = expect.need.as_ref().map(|scaled| said(scaled, window));
    let grown = evidence.new_nodes.as_ref().map(|growth| growth.needed(window));
    let grown = grown.map(|grown| grown.map(|Grown { vcpu, because }| Need { count: vcpu, because }));
    let (mut needs, mut findings) = (Vec::new(), Vec::new());
    for need in said.into_iter().chain(grown) {
        match need {
            Ok(need) => needs.push(need),
            Err(finding) => findings.push(finding),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    needs.into_iter().max_by(|a, b| a.count.total_cmp(&b.count)).ok_or_else(|| {
        vec![
            Finding::new(code::NO_NEED, SUBJECT)
                .expected("`need` in `expect`, or `new_nodes` in `with`")
                .seen("nothing to compare what is left with")
                .mended_by(Remedy::prose("say how much the event needs: `expect: { need: 80 }`")),
        ]
    })
}

fn said(scaled: &Scaled, window: &Window) -> Result<Need, Finding> {
    match scaled.need(window.attendees) {
        Ok(need) => Ok(Need { count: f64::from(need.count), because: need.because }),
        Err(TooMany { attendees, last }) => Err(Finding::new(code::NO_NUMBER, SUBJECT)
            .expected(format_args!("a number for {attendees} attendees"))
            .seen(format_args!("the table ends at {last}"))
            .mended_by(Remedy::prose("add a step to `need: { by_attendees: … }` for so many attendees"))),
    }
}

struct Case<'a> {
    expect: &'a Expect,
    evidence: &'a Evidence,
    window: &'a Window,
    need: Option<Need>,
}

impl Case<'_> {
    fn line(&self, line: &Line, findings: &mut Vec<Finding>) {
        let quota = match &line.quota {
            Ok(Found::Quota(quota)) => quota,
            Ok(Found::Missing { says }) => {
                findings.push(
                    Finding::new(code::NO_QUOTA, self.subject(line))
                        .expected(format_args!("a quota {} of {}", line.code, line.service))
                        .seen(says)
                        .mended_by(self.list(line)),
                );
                return;
            }
            Err(missing) => {
                findings.push(Finding::unobserved(missing));
                return;
            }
        };
        let used = self.used(line);
        if let Some(need) = &self.need {
            findings.extend(self.fit(line, quota, used.as_ref().ok().copied(), need));
        }
        findings.extend(used.err());
        if let Some(Err(missing)) = &line.increases {
            findings.push(Finding::unobserved(missing));
        }
    }

    fn fit(&self, line: &Line, quota: &Quota, used: Option<f64>, need: &Need) -> Option<Finding> {
        let room = self.room(quota, used);
        let (code, at_most) = match room.fit(need.count) {
            Fit::Well => return None,
            Fit::Tight => (code::TIGHT, room.usable()),
            Fit::Not => (code::EXCEEDED, room.left()),
        };
        let coming = coming(line, quota).map_or_else(String::new, |increase| note(increase, self.window));
        Some(
            Finding::new(code, self.subject(line))
                .expected(format_args!("at most {} needed", self.count(at_most)))
                .seen(format_args!("needs {}; {}{coming}", self.needed(need), self.arithmetic(line, quota, used)))
                .mended_by(remedy(self.evidence, line, quota, room.limit_for(need.count))),
        )
    }

    fn room(&self, quota: &Quota, used: Option<f64>) -> Room {
        Room { limit: quota.value, used: used.unwrap_or(0.0), headroom: self.expect.headroom }
    }

    /// What is in use, or why nobody knows.
    fn used(&self, line: &Line) -> Result<f64, Finding> {
        match (&line.usage, self.expect.used) {
            (None, Some(used)) => Ok(f64::from(used)),
            (None, None) => Err(Finding::new(code::UNTOLD, self.subject(line))
                .expected("a metric of its use")
                .seen("the quota names none")
                .mended_by(Remedy::prose("count what is in use by hand, and write it: `expect: { used: 12 }`"))),
            (Some(Err(missing)), _) => Err(Finding::unobserved(missing)),
            (Some(Ok(usage)), _) => self.recent(line, usage),
        }
    }

    fn recent(&self, line: &Line, usage: &Usage) -> Result<f64, Finding> {
        let within = self.expect.usage_within;
        let finding = |code| {
            Finding::new(code, self.subject(line))
                .expected(format_args!("a value of the last {}", spoken(within.signed())))
                .mended_by(Remedy::prose(
                    "look again in some minutes; where nothing ever ran in the region nothing is written, and one small \
                     instance makes it so",
                ))
        };
        let Some(latest) = usage.latest else {
            return Err(finding(code::NO_DATAPOINT).seen("no value in three hours, which is not zero"));
        };
        let age = usage.asked_at.duration_since(latest.at);
        if age > within.signed() {
            let (value, at) = (self.count(latest.value), self.window.clock(latest.at));
            let seen = format!("the last value is {value}, of {at}, {} before it was asked for", spoken(age));
            return Err(finding(code::STALE).seen(seen));
        }
        Ok(latest.value)
    }

    fn shown(&self, line: &Line) -> Option<String> {
        let Ok(Found::Quota(quota)) = &line.quota else { return None };
        let used = self.used(line).ok();
        let need = self.need.as_ref().map_or_else(String::new, |need| {
            let fits = match self.room(quota, used).fit(need.count) {
                Fit::Well => "fits",
                Fit::Tight => "fits without the headroom",
                Fit::Not => "does not fit",
            };
            format!("; needed {}: {fits}", self.needed(need))
        });
        let coming = coming(line, quota).map_or_else(String::new, |increase| note(increase, self.window));
        Some(format!("{}: {}{need}{coming}", self.subject(line), self.arithmetic(line, quota, used)))
    }

    /// `256 (applied) less 96 in use Mon 30 Nov 08:55 PST leaves 160 vCPU, of which 70 % is 112`.
    fn arithmetic(&self, line: &Line, quota: &Quota, used: Option<f64>) -> String {
        let room = self.room(quota, used);
        let kind = if quota.is_default { "Amazon's default value" } else { "applied" };
        let at = match &line.usage {
            Some(Ok(Usage { latest: Some(latest), .. })) => format!(" {}", self.window.clock(latest.at)),
            None => " as counted by hand".to_owned(),
            _ => String::new(),
        };
        let used = match used {
            Some(used) => format!("{} in use{at}", number(used)),
            None => "nobody knows what in use".to_owned(),
        };
        let share = 100.0 - self.expect.headroom.share() * 100.0;
        format!(
            "{} ({kind}) less {used} leaves {}{}, of which {} % is {}",
            number(quota.value),
            if used.starts_with("nobody") { "at most " } else { "" },
            self.count(room.left()),
            number(share),
            number(room.usable()),
        )
    }

    fn needed(&self, need: &Need) -> String {
        if need.because == number(need.count) { self.count(need.count) } else { need.because.clone() }
    }

    fn count(&self, count: f64) -> String {
        let unit = &self.evidence.unit;
        if unit.is_empty() { number(count) } else { format!("{} {unit}", number(count)) }
    }

    fn subject(&self, line: &Line) -> String {
        format!("{} in {}", line.name, self.evidence.region)
    }

    fn list(&self, line: &Line) -> Remedy {
        let profile = self.evidence.profile.iter().flat_map(|profile| ["--profile", profile.as_str()]);
        let region = ["--region", &self.evidence.region];
        let rest = ["service-quotas", "list-aws-default-service-quotas", "--service-code", &line.service];
        Remedy::run(["aws"].into_iter().chain(profile).chain(region).chain(rest))
            .saying("find the code, and correct it in the checklist:")
    }
}
