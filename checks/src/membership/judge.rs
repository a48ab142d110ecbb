//! Judging: who is not in, in groups that one remedy mends; whether the list fits the event.

use super::{
    evidence::{Evidence, Person},
    settings::Expect,
};
use crate::{
    clients::github::membership::Standing,
    contract::{Code, Finding, Remedy, Unobserved, Window},
};

pub(super) const PEOPLE_ABSENT: Code =
    Code::fail("people-absent", "people who will come are not members of the organisation, nor invited");
pub(super) const PEOPLE_PENDING: Code =
    Code::fail("people-pending", "people were invited and have not accepted: until then they are not let in");
pub(super) const NO_SUCH_LOGIN: Code =
    Code::fail("no-such-login", "the list names logins that do not exist, or what is no login");
pub(super) const NOBODY_LISTED: Code = Code::fail("nobody-listed", "the list names nobody");
pub(super) const FEW_LISTED: Code = Code::fail("few-listed", "the list names fewer people than it should");
pub(super) const NO_NUMBER: Code =
    Code::fail("no-number-for-attendees", "the table of numbers ends below the number of attendees");
pub(super) const MORE_THAN_PLANNED: Code =
    Code::warn("more-than-planned", "the list names more people than the event is planned for");
pub(super) const LISTED_TWICE: Code = Code::warn("listed-twice", "the list names somebody more than once");

/// Every finding that the probe may raise.
pub(super) const CODES: &[Code] = &[
    PEOPLE_ABSENT,
    PEOPLE_PENDING,
    NO_SUCH_LOGIN,
    NOBODY_LISTED,
    FEW_LISTED,
    NO_NUMBER,
    MORE_THAN_PLANNED,
    LISTED_TWICE,
];

/// How many people one finding names.
const NAMED: usize = 30;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let mut findings = Vec::new();
    if evidence.people.is_empty() {
        let finding = Finding::new(NOBODY_LISTED, &evidence.list).expected("everybody who will come");
        let remedy = Remedy::prose(format!("put a login on each line of {}", evidence.list));
        findings.push(finding.seen("nobody").mended_by(remedy));
    }
    findings.extend(absent(evidence));
    findings.extend(pending(evidence));
    findings.extend(unknown_logins(evidence));
    findings.extend(unseen(evidence));
    findings.extend(length(expect, evidence, window));
    if !evidence.twice.is_empty() {
        let finding =
            Finding::new(LISTED_TWICE, &evidence.list).expected("everybody once").seen(names(&evidence.twice));
        findings.push(finding.mended_by(Remedy::prose(format!(
            "find out in {} whether somebody else was meant: one who is there twice hides one who is missing",
            evidence.list
        ))));
    }
    findings
}

fn of(evidence: &Evidence, wanted: Standing) -> Vec<&str> {
    let is_of = |person: &&Person| person.standing.as_ref().is_ok_and(|standing| *standing == wanted);
    evidence.people.iter().filter(is_of).map(|person| person.login.as_str()).collect()
}

/// `3 of 15: a, b, c`.
fn share(evidence: &Evidence, people: &[&str]) -> String {
    format!("{} of {}: {}", people.len(), evidence.people.len() + evidence.unfit.len(), names(people))
}

/// `1 person`, `3 people`.
fn heads(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn names<T: AsRef<str>>(people: &[T]) -> String {
    let named: Vec<&str> = people.iter().take(NAMED).map(AsRef::as_ref).collect();
    match people.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn absent(evidence: &Evidence) -> Option<Finding> {
    let people = of(evidence, Standing::Absent);
    let organisation = &evidence.organisation;
    let finding = Finding::new(PEOPLE_ABSENT, organisation)
        .expected(format!("everybody in {} is an active member", evidence.list));
    let says = format!(
        "have an owner invite them at https://github.com/orgs/{organisation}/people, and tell them to accept before the event"
    );
    (!people.is_empty()).then(|| finding.seen(share(evidence, &people)).mended_by(Remedy::prose(says)))
}

fn pending(evidence: &Evidence) -> Option<Finding> {
    let people = of(evidence, Standing::Pending);
    let organisation = &evidence.organisation;
    let finding = Finding::new(PEOPLE_PENDING, organisation)
        .expected(format!("everybody in {} is an active member", evidence.list));
    let says = format!(
        "tell them to accept at https://github.com/orgs/{organisation}/invitation; an invitation ends after seven days, then an owner has to renew it"
    );
    (!people.is_empty()).then(|| finding.seen(share(evidence, &people)).mended_by(Remedy::prose(says)))
}

fn unknown_logins(evidence: &Evidence) -> Option<Finding> {
    let mut people = of(evidence, Standing::NoAccount);
    people.extend(evidence.unfit.iter().map(String::as_str));
    let finding = Finding::new(NO_SUCH_LOGIN, &evidence.list).expected("logins of people at GitHub");
    let says = format!("ask these people for the name of their GitHub account, and correct {}", evidence.list);
    (!people.is_empty()).then(|| finding.seen(share(evidence, &people)).mended_by(Remedy::prose(says)))
}

/// Who could not be looked at: one finding for each reason.
fn unseen(evidence: &Evidence) -> Vec<Finding> {
    let mut reasons: Vec<(&Unobserved, Vec<&str>)> = Vec::new();
    for person in &evidence.people {
        let Err(missing) = &person.standing else { continue };
        match reasons.iter_mut().find(|(known, _)| known.why == missing.why) {
            Some((_, people)) => people.push(&person.login),
            None => reasons.push((missing, vec![&person.login])),
        }
    }
    let finding = |(missing, people): (&Unobserved, Vec<&str>)| {
        Finding::unobserved(missing).seen(format!("{}; so for {}", missing.detail, share(evidence, &people)))
    };
    reasons.into_iter().map(finding).collect()
}

/// Whether the list is as long as it should be.
fn length(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let listed = evidence.people.len() + evidence.unfit.len();
    let list = &evidence.list;
    let mut findings = Vec::new();
    match expect.at_least.as_ref().map(|least| least.need(window.attendees)) {
        Some(Err(too_many)) => findings.push(
            Finding::new(NO_NUMBER, list)
                .expected("a number for so many")
                .seen(too_many)
                .mended_by(Remedy::prose("add a further step to the table in the checklist")),
        ),
        Some(Ok(need)) if u64::from(need.count) > listed as u64 && listed > 0 => findings.push(
            Finding::new(FEW_LISTED, list)
                .expected(format!("at least {}", need.because))
                .seen(heads(listed))
                .mended_by(Remedy::prose(format!(
                    "get the whole list of registrations into {list}, or correct `at_least`"
                ))),
        ),
        _ => {}
    }
    if let Some(planned) = window.attendees.filter(|planned| listed as u64 > u64::from(*planned)) {
        findings.push(
            Finding::new(MORE_THAN_PLANNED, list)
                .expected(format!("at most {planned} people, for whom everything else is judged"))
                .seen(heads(listed))
                .mended_by(Remedy::prose("raise `attendees` in the checklist's event, and look at capacity again")),
        );
    }
    findings
}
