//! What the licences entitle to: seats for the crowd, features that are licensed and on, and what the server says of them.

use super::{Entitled, Evidence, Expect, codes, cure, later};
use crate::{
    clients::coder::entitlements::{Feature, Standing},
    contract::{
        Code, Finding, Remedy, Window, spoken,
        values::{Need, TooMany},
    },
};
use jiff::SignedDuration;

/// Coder looks at its licences every ten minutes (`entitlements` refresh, coder/coder `enterprise/coderd`); an hour is far
/// too long.
const MOST_AGE: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let entitled = match &evidence.entitlements {
        None => return Vec::new(),
        Some(Err(missing)) => return vec![Finding::unobserved(missing)],
        Some(Ok(entitled)) => entitled,
    };
    let mut findings: Vec<Finding> = stale(evidence, entitled).into_iter().collect();
    let case = Case { expect, evidence, window };
    if let Some(seats) = entitled.seats {
        findings.extend(case.seats(entitled, seats.user_limit));
    }
    findings.extend(entitled.features.iter().filter_map(|(name, seen)| feature(&evidence.url, name, *seen)));
    if let Some(Ok(licences)) = &evidence.licences {
        findings.extend(later::judge(&case, entitled, licences));
    }
    let says = |code: Code, words: &str| {
        Finding::new(code, "entitlements").expected("nothing to say").seen(words).mended_by(cure::look(&evidence.url))
    };
    findings.extend(entitled.errors.iter().map(|words| says(codes::COMPLAINS, words)));
    findings.extend(entitled.warnings.iter().map(|words| says(codes::WARNS, words)));
    findings
}

fn stale(evidence: &Evidence, entitled: &Entitled) -> Option<Finding> {
    let age = evidence.asked_at.duration_since(entitled.refreshed_at?);
    (age > MOST_AGE).then(|| {
        Finding::new(codes::OLD, "entitlements")
            .expected(format_args!("looked at within {}", spoken(MOST_AGE)))
            .seen(format_args!("last looked at {} ago", spoken(age)))
            .mended_by(Remedy::prose("find out in the server's log why it no longer refreshes its entitlements"))
    })
}

/// How many will become active, and why so many; `None` where nobody has said how many come.
fn newcomers(expect: &Expect, evidence: &Evidence, window: &Window) -> Option<Result<Need, TooMany>> {
    if let Some(said) = &expect.newcomers {
        return Some(said.need(window.attendees));
    }
    let attendees = window.attendees?;
    let people = evidence.participants.iter().flatten().flatten();
    let (listed, active) = people.fold((0_u32, 0_u32), |(listed, active), person| {
        (listed.saturating_add(1), active.saturating_add(u32::from(person.status.as_deref() == Some("active"))))
    });
    // Of a list that is longer than the event, those who come may be the ones who are not active yet.
    if listed > attendees {
        let count = attendees.min(listed - active);
        let because = format!("{attendees} attendees of {listed} on the list, {active} of whom are active already");
        return Some(Ok(Need { count, because }));
    }
    let count = attendees - active;
    let because = match active {
        0 => format!("{attendees} attendees"),
        active => format!("{attendees} attendees less {active} who are active already"),
    };
    Some(Ok(Need { count, because }))
}

/// What the crowd is held against.
pub(super) struct Case<'a> {
    pub(super) expect: &'a Expect,
    pub(super) evidence: &'a Evidence,
    pub(super) window: &'a Window,
}

impl Case<'_> {
    /// The seats that the server tells of today.
    fn seats(&self, entitled: &Entitled, told: Option<Feature>) -> Option<Finding> {
        match told {
            Some(Feature { limit: Some(limit), actual: Some(actual), .. }) => self.room(limit, actual, ""),
            Some(Feature { limit: None, .. }) => None,
            _ if !entitled.is_licensed => None,
            Some(_) => Some(untold("a limit without the number of users", "count the users by hand")),
            None => Some(untold("the server says nothing of `user_limit`", "look at the licence's own text")),
        }
    }

    /// Whether `limit` seats, of which `actual` are taken, are enough for the crowd; `since` says from when.
    pub(super) fn room(&self, limit: i64, actual: i64, since: &str) -> Option<Finding> {
        let need = match newcomers(self.expect, self.evidence, self.window) {
            None => {
                return Some(untold("nobody has said how many come", "say the event's `attendees`, or `newcomers`"));
            }
            Some(Err(TooMany { attendees, last })) => {
                return Some(
                    Finding::new(codes::NO_NUMBER, "seats")
                        .expected(format_args!("a number for {attendees} attendees"))
                        .seen(format_args!("the table ends at {last}"))
                        .mended_by(Remedy::prose(
                            "add a step to `newcomers: { by_attendees: … }` for so many attendees",
                        )),
                );
            }
            Some(Ok(need)) => need,
        };
        let sum = actual.saturating_add(i64::from(need.count));
        (sum > limit).then(|| {
            Finding::new(codes::FEW_SEATS, "seats")
                .expected(format_args!("{sum} seats: {actual} active users and {} more ({})", need.count, need.because))
                .seen(format_args!("{limit}{since}"))
                .mended_by(Remedy::prose(format!(
                    "suspend accounts that nobody needs, or add a licence with {} seats more, at {}/deployment/licenses",
                    sum - limit,
                    self.evidence.url
                )))
        })
    }
}

fn untold(seen: &str, cure: &str) -> Finding {
    let finding = Finding::new(codes::SEATS_UNTOLD, "seats").expected("a number of seats for the crowd");
    finding.seen(seen).mended_by(Remedy::prose(cure))
}

/// `12 active users + 15 newcomers = 27 of 100 seats`.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let entitled = evidence.entitlements.as_ref().and_then(|entitled| entitled.as_ref().ok());
    let Some(Feature { limit: Some(limit), actual: Some(actual), .. }) = entitled.and_then(|all| all.seats?.user_limit)
    else {
        return Vec::new();
    };
    let Some(Ok(need)) = newcomers(expect, evidence, window) else { return Vec::new() };
    let sum = actual.saturating_add(i64::from(need.count));
    vec![format!("{actual} active users + {} newcomers ({}) = {sum} of {limit} seats", need.count, need.because)]
}

/// Whether a feature of the deployment at `url` is licensed and on; `None` for one that the server does not know.
pub(crate) fn feature(url: &str, name: &str, seen: Option<Feature>) -> Option<Finding> {
    let (code, seen) = match seen {
        None => (codes::NOT_ENTITLED, "the server knows no such feature"),
        Some(Feature { entitlement: Standing::NotEntitled, .. }) => (codes::NOT_ENTITLED, "not entitled"),
        Some(Feature { entitlement: Standing::GracePeriod, .. }) => (codes::FEATURE_IN_GRACE, "in grace"),
        Some(Feature { enabled: false, .. }) => (codes::FEATURE_OFF, "entitled, and not enabled"),
        Some(_) => return None,
    };
    let cure = if code.id == codes::FEATURE_OFF.id {
        Remedy::prose(format!("switch `{name}` on where the server is deployed from and roll it out"))
    } else {
        Remedy::prose(format!("add a licence that carries `{name}`, at {url}/deployment/licenses"))
    };
    Some(Finding::new(code, name).expected("entitled and enabled").seen(seen).mended_by(cure))
}
