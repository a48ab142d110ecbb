//! Who holds what for how long, and whether anybody works under it. Ages are counted to the look: what was held then says
//! nothing of who holds it later.

use super::{
    codes, cure,
    evidence::{Evidence, Kind, Life, Lock, Source},
    expect::{CountedFrom, Expect},
};
use crate::{
    clients::clocks::MOST_SKEW,
    contract::{Code, Finding, spoken},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    let mut findings: Vec<Finding> = nothing(expect, evidence).into_iter().collect();
    findings.extend(evidence.holders_unseen.as_ref().map(Finding::unobserved));
    findings.extend(evidence.locks.iter().filter_map(|lock| of(expect, evidence, lock)));
    findings.extend(twice(evidence));
    findings
}

/// Nothing was there, so that nothing can be said of it.
fn nothing(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    if evidence.has_state == Some(false) && evidence.locks.is_empty() {
        let finding =
            Finding::new(codes::NO_SUCH_STATE, wanted(evidence)).expected("a state of this name, and its lock free");
        return Some(finding.seen("no such state").mended_by(cure::elsewhere(evidence)));
    }
    if evidence.looked_at > 0 {
        return None;
    }
    let namespace = match &evidence.source {
        Source::Cluster { namespace: Some(namespace), .. } => namespace.as_str(),
        _ => "",
    };
    let seen = match &evidence.has_namespace {
        Some(Ok(false)) => format!("the namespace {namespace} does not exist"),
        Some(Err(missing)) if expect.none_expected => return Some(Finding::unobserved(missing)),
        Some(Err(missing)) => {
            format!("none, and whether the namespace {namespace} exists could not be seen: {}", missing.detail)
        }
        _ if expect.none_expected => return None,
        Some(Ok(true)) => format!("none in the namespace {namespace}"),
        None => "none in any namespace".to_owned(),
    };
    let finding = Finding::new(codes::NO_SUCH_LOCK, wanted(evidence)).expected("at least one, held or free");
    Some(finding.seen(seen).mended_by(cure::elsewhere(evidence)))
}

fn of(expect: &Expect, evidence: &Evidence, lock: &Lock) -> Option<Finding> {
    let (code, seen) = verdict(expect, evidence.asked_at, lock)?;
    let bound = spoken(expect.held_at_most.signed());
    let expected = match code {
        code if code == codes::RELEASE_UNDER_WAY => "no release that is being changed".to_owned(),
        code if code == codes::LOCK_UNREADABLE => "a lock that says by whom and since when it is held".to_owned(),
        _ if lock.kind == Kind::Job => format!("ended within {bound}"),
        _ => format!("free, or held by what lives, for at most {bound}"),
    };
    let finding = Finding::new(code, subject(evidence, lock)).expected(expected).seen(seen);
    Some(finding.mended_by(cure::of(evidence, lock)))
}

fn verdict(expect: &Expect, asked_at: Timestamp, lock: &Lock) -> Option<(Code, String)> {
    if let Some(reason) = &lock.unreadable {
        return Some((codes::LOCK_UNREADABLE, with(lock, reason.clone())));
    }
    let Some(from) = counted_from(expect, lock) else {
        return Some((codes::LOCK_UNREADABLE, with(lock, "it does not say since when it is held".to_owned())));
    };
    let skew = SignedDuration::from_secs(MOST_SKEW);
    let age = asked_at.duration_since(from);
    if lock.last_sign().is_some_and(|sign| sign > asked_at + skew) {
        return Some((codes::LOCK_FROM_FUTURE, with(lock, format!("its time is {} after the look", spoken(age)))));
    }
    let says = words(expect, lock, age);
    if lock.runs_out.is_some_and(|end| end + skew < asked_at) {
        let end = lock.runs_out.unwrap_or(asked_at);
        let ago = spoken(asked_at.duration_since(end));
        return Some((codes::LEASE_EXPIRED, with(lock, format!("it ran out {ago} ago; {says}"))));
    }
    if lock.life == Life::Gone {
        return Some((codes::HOLDER_GONE, with(lock, says)));
    }
    let is_too_old = age > expect.held_at_most.signed();
    let code = match (lock.kind, is_too_old) {
        (Kind::Release, true) => codes::RELEASE_PENDING,
        (Kind::Release, false) => codes::RELEASE_UNDER_WAY,
        (Kind::Job, true) if lock.is_suspended => codes::JOB_SUSPENDED,
        (Kind::Job, true) => codes::JOB_UNFINISHED,
        (_, true) => codes::HELD_TOO_LONG,
        (_, false) => return None,
    };
    Some((code, with(lock, says)))
}

pub(super) fn counted_from(expect: &Expect, lock: &Lock) -> Option<Timestamp> {
    match expect.counted_from {
        CountedFrom::Renewed => lock.last_sign(),
        CountedFrom::Acquired => lock.taken.or(lock.renewed),
    }
}

/// For how long, and whether its holder lives.
fn words(expect: &Expect, lock: &Lock, age: SignedDuration) -> String {
    let age = spoken(age.max(SignedDuration::ZERO));
    let is_renewal = expect.counted_from == CountedFrom::Renewed && lock.renewed > lock.taken;
    let since = match lock.kind {
        Kind::Job | Kind::Application => format!("for {age}"),
        _ if is_renewal => format!("last renewed {age} before the look"),
        _ => format!("taken {age} before the look"),
    };
    if lock.life_says.is_empty() { since } else { format!("{since}; {}", lock.life_says) }
}

/// By whom and for what, before everything else that is said of it.
fn with(lock: &Lock, says: String) -> String {
    let holder = match (&lock.holder, lock.kind) {
        (Some(holder), Kind::Job) => Some(format!("of {holder}")),
        (Some(holder), _) => Some(format!("held by {holder}")),
        (None, _) => None,
    };
    let doing = Some(lock.doing.clone()).filter(|doing| !doing.is_empty());
    holder.into_iter().chain(doing).chain([says]).collect::<Vec<_>>().join("; ")
}

/// The same piece of work in several unfinished jobs.
fn twice(evidence: &Evidence) -> Vec<Finding> {
    let mut works = BTreeMap::<&str, Vec<&Lock>>::new();
    for lock in &evidence.locks {
        if let Some(work) = lock.work.as_deref().filter(|work| !work.is_empty()) {
            works.entry(work).or_default().push(lock);
        }
    }
    let several = works.into_iter().filter(|(_, locks)| locks.len() > 1);
    several
        .map(|(work, locks)| {
            let names: Vec<String> = locks.iter().map(|lock| subject(evidence, lock)).collect();
            Finding::new(codes::WORK_LISTED_TWICE, work)
                .expected("one unfinished job for each piece of work")
                .seen(format!("{} unfinished jobs: {}", names.len(), names.join(", ")))
                .mended_by(cure::twice(evidence))
        })
        .collect()
}

/// As `kubectl` writes it, with the namespace where several are looked at.
pub(super) fn subject(evidence: &Evidence, lock: &Lock) -> String {
    let name = format!("{}/{}", lock.kind.word(), lock.name);
    match &evidence.source {
        Source::Cluster { namespace: None, .. } => format!("{name} in {}", lock.namespace),
        _ => name,
    }
}

fn wanted(evidence: &Evidence) -> String {
    match &evidence.source {
        Source::Cluster { wanted, .. } => wanted.clone(),
        Source::S3 { bucket, key, .. } => format!("state/{bucket}/{key}"),
    }
}
