//! The zone's records at its provider against the declared ones, and whether their last change has settled.

use super::{
    evidence::{AtProvider, DeclaredRecord, Evidence, NameSeen, ZoneAtProvider},
    judge::{CHANGE_UNSETTLED, RECORD_DIFFERS, RECORD_EXTRA, RECORD_MISSING, ZONE_ELSEWHERE},
    provider::content,
    settings::{Expect, Ttl},
};
use crate::{
    clients::cloudflare::Record,
    contract::{Does, Finding, Moment, Remedy, Unobserved, Weight, Why, Window, spoken, values::Period},
    dns_wildcard::judge::TTL_TOO_LONG,
};
use jiff::{SignedDuration, Timestamp};

/// The types of which one more leads people elsewhere, whatever else the name has.
const LEADING: [&str; 6] = ["A", "AAAA", "CNAME", "HTTPS", "NS", "SVCB"];

/// What is wrong with the zone at its provider.
pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let Some(provider) = &evidence.provider else { return Vec::new() };
    let zone = match &provider.seen {
        Ok(zone) => zone,
        Err(missing) => return vec![Finding::unobserved(missing)],
    };
    let mut findings: Vec<Finding> = served(&provider.zone, zone);
    findings.extend(paused(provider, zone));
    findings.extend(different(provider, zone));
    let absence = evidence.names.iter().filter_map(NameSeen::absence_kept).max();
    for record in zone.records.iter().filter(|record| counts(provider, record)) {
        findings.extend(unsettled(record, absence, window));
        findings.extend(too_long(expect, record));
    }
    findings
}

/// Whether the world asks this provider at all: a zone that has moved away keeps its records there.
fn served(name: &str, zone: &ZoneAtProvider) -> Vec<Finding> {
    let finding = |seen: String| {
        Finding::new(ZONE_ELSEWHERE, name).expected("active, and its name servers asked by everybody").seen(seen).mended_by(
            Remedy::prose(format!(
                "have the registrar of {name} name the servers that the provider gives: {}; or look where the zone is served",
                zone.name_servers.join(", ")
            )),
        )
    };
    if zone.status != "active" {
        return vec![finding(format!("its status is {}", short(&zone.status)))];
    }
    match &zone.asked {
        Err(missing) => vec![Finding::unobserved(missing)],
        Ok(asked) if asked.is_empty() => vec![finding("the world knows no such zone".to_owned())],
        Ok(asked) => {
            let is_own = |server: &String| zone.name_servers.iter().any(|own| own.eq_ignore_ascii_case(server));
            let strange: Vec<&str> = asked.iter().filter(|server| !is_own(server)).map(String::as_str).collect();
            if strange.is_empty() {
                Vec::new()
            } else {
                vec![finding(format!("the world asks {}", strange.join(", ")))]
            }
        }
    }
}

fn paused(provider: &AtProvider, zone: &ZoneAtProvider) -> Option<Finding> {
    let hidden = provider.declared.iter().find(|record| record.proxied).filter(|_| zone.paused)?;
    let finding = Finding::new(RECORD_DIFFERS, hidden.name.clone()).expected("proxied");
    Some(
        finding
            .seen("the whole zone is paused: names lead to their origins")
            .mended_by(Remedy::prose(format!("un-pause the zone {} at Cloudflare", provider.zone))),
    )
}

fn is_of(record: &Record, wanted: &DeclaredRecord) -> bool {
    record.name.eq_ignore_ascii_case(&wanted.name)
}

/// True for a record of a declared name that leads people, or whose type is declared: others of the name are not looked at.
fn counts(provider: &AtProvider, record: &Record) -> bool {
    let mut declared = provider.declared.iter().filter(|wanted| is_of(record, wanted)).peekable();
    declared.peek().is_some()
        && (LEADING.contains(&record.kind.as_str()) || declared.any(|wanted| wanted.kind == record.kind))
}

fn says(record: &Record) -> String {
    content(&record.kind, &record.content).unwrap_or_else(|| record.content.clone())
}

fn different(provider: &AtProvider, zone: &ZoneAtProvider) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut spare: Vec<&Record> = zone.records.iter().collect();
    let mut unmatched = Vec::new();
    for wanted in &provider.declared {
        let is_it =
            |record: &&Record| is_of(record, wanted) && record.kind == wanted.kind && says(record) == wanted.content;
        match spare.iter().position(is_it) {
            Some(at) => findings.extend(unlike(wanted, spare.remove(at), &provider.zone)),
            None => unmatched.push(wanted),
        }
    }
    for wanted in unmatched {
        // One of the same name and type that nobody declared stands in its place; an address in an alias's too.
        let is_instead =
            |record: &&Record| is_of(record, wanted) && (record.kind == wanted.kind || excludes(record, wanted));
        match spare.iter().position(is_instead) {
            Some(at) => findings.push(instead(wanted, spare.remove(at), &provider.zone)),
            None => findings.push(absent(wanted, &provider.zone)),
        }
    }
    let extra = spare.into_iter().filter(|record| counts(provider, record));
    let is_apex_server = |record: &Record| record.kind == "NS" && record.name.eq_ignore_ascii_case(&provider.zone);
    findings.extend(extra.filter(|record| !is_apex_server(record)).map(|record| surplus(record, &provider.zone)));
    findings
}

/// True where an alias and an address stand for each other: a name has one or the other.
fn excludes(record: &Record, wanted: &DeclaredRecord) -> bool {
    let of = |kind: &str| matches!(kind, "A" | "AAAA" | "CNAME");
    of(&record.kind) && of(&wanted.kind) && (record.kind == "CNAME" || wanted.kind == "CNAME")
}

fn unlike(wanted: &DeclaredRecord, record: &Record, zone: &str) -> Option<Finding> {
    let mut differs = Vec::new();
    if record.proxied != wanted.proxied {
        let word = |proxied| if proxied { "proxied" } else { "DNS only" };
        differs.push((word(wanted.proxied).to_owned(), word(record.proxied).to_owned()));
    }
    if let Some(ttl) = wanted.ttl.filter(|ttl| *ttl != record.ttl) {
        differs.push((format!("TTL {}", Ttl(ttl)), format!("TTL {}", Ttl(record.ttl))));
    }
    let (expected, seen): (Vec<_>, Vec<_>) = differs.into_iter().unzip();
    let subject = format!("{} {}", wanted.name, wanted.kind);
    let finding = Finding::new(RECORD_DIFFERS, subject).expected(expected.join(", ")).seen(seen.join(", "));
    let says = format!("set the record {} of {} in {zone} to {}", wanted.kind, wanted.name, expected.join(", "));
    (!expected.is_empty()).then(|| finding.mended_by(Remedy::prose(says)))
}

fn instead(wanted: &DeclaredRecord, record: &Record, zone: &str) -> Finding {
    let seen = format!("{} {}", short(&record.kind), short(&says(record)));
    Finding::new(RECORD_DIFFERS, format!("{} {}", wanted.name, wanted.kind))
        .expected(format!("{} {}", wanted.kind, wanted.content))
        .seen(seen)
        .mended_by(Remedy::prose(format!(
            "replace the record of {} in {zone} by {} {}, or correct the declared one",
            wanted.name, wanted.kind, wanted.content
        )))
}

fn absent(wanted: &DeclaredRecord, zone: &str) -> Finding {
    let line = format!("{} {} {}", wanted.name, wanted.kind, wanted.content);
    Finding::new(RECORD_MISSING, format!("{} {}", wanted.name, wanted.kind))
        .expected(&line)
        .seen("no such record of the name")
        .mended_by(Remedy::prose(format!("add to {zone}: {line}")))
}

fn surplus(record: &Record, zone: &str) -> Finding {
    let (kind, said) = (short(&record.kind), short(&says(record)));
    Finding::new(RECORD_EXTRA, format!("{} {kind}", short(&record.name)))
        .expected("the declared records and no others")
        .seen(format!("{kind} {said}"))
        .mended_by(Remedy::prose(format!(
            "remove {kind} {said} of {} from {zone}, or declare it under `cloudflare.records`",
            short(&record.name)
        )))
}

/// When everybody has the record as it is now: twice its TTL after it was changed, since a cache may fill from another just
/// before; of a new name, twice the time for which its absence may be kept.
fn settles(record: &Record, absence: Option<u32>) -> Option<(Timestamp, Timestamp, u32)> {
    let after = |from: Option<Timestamp>, seconds: u32| {
        let from = from?;
        Some((from, from.checked_add(SignedDuration::from_secs(2 * i64::from(seconds))).ok()?, seconds))
    };
    let changed = after(record.modified_on.max(record.created_on), record.kept());
    let made = absence.and_then(|absence| after(record.created_on, absence));
    changed.into_iter().chain(made).max_by_key(|(_, settled, _)| *settled)
}

fn unsettled(record: &Record, absence: Option<u32>, window: &Window) -> Option<Finding> {
    let subject = format!("{} {}", short(&record.name), short(&record.kind));
    let Some(change) = settles(record, absence) else {
        let missing = Unobserved::new(Why::Malformed, subject, "the record does not say when it was changed");
        let by_hand = Remedy::prose("look in the audit log of the provider for the record's last change");
        return Some(Finding::unobserved(&missing.by_hand(by_hand)));
    };
    (change.1 > window.opens()).then(|| late(&subject, change, window))
}

/// A change of `subject` that has not reached everybody when the window opens.
pub(super) fn late(subject: &str, (changed, settled, kept): (Timestamp, Timestamp, u32), window: &Window) -> Finding {
    let length = spoken(SignedDuration::from_secs(i64::from(kept)));
    Finding::new(CHANGE_UNSETTLED, subject)
        .expected(format!("its last change settled when the window opens, {}", window.clock(window.opens())))
        .seen(format!(
            "changed {}, and kept for {length}: it has reached everybody by {}",
            window.clock(changed),
            window.clock(settled)
        ))
        .mended_by(Remedy::prose(format!(
            "change nothing more, and look again after {}, {}",
            window.clock(settled),
            window.against_event(settled)
        )))
}

fn too_long(expect: &Expect, record: &Record) -> Option<Finding> {
    let most = expect.ttl_at_most?;
    let kept = u64::from(record.kept());
    (kept > most.0.as_secs()).then(|| {
        Finding::new(TTL_TOO_LONG, record.name.clone())
            .expected(format!("a TTL of at most {most}"))
            .seen(Period::seconds(kept))
            .weighing(Weight::Fail)
            .mended_by(Remedy::prose(format!(
                "lower the TTL of {} to {} s or less",
                short(&record.name),
                most.0.as_secs()
            )))
    })
}

/// When the last change of each declared record has reached everybody.
pub(super) fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
    let Some(provider) = &evidence.provider else { return Vec::new() };
    let Ok(zone) = &provider.seen else { return Vec::new() };
    let absence = evidence.names.iter().filter_map(NameSeen::absence_kept).max();
    let records = zone.records.iter().filter(|record| counts(provider, record));
    let settled = records.filter_map(|record| Some((record, settles(record, absence)?.1)));
    let coming = settled.filter(|(_, settled)| *settled > window.now);
    coming
        .map(|(record, settled)| {
            Moment::new(settled, Does::Begins, format!("{} {}", short(&record.name), short(&record.kind)))
                .saying("its last change has reached everybody")
        })
        .collect()
}

/// A provider's words, for a person.
fn short(text: &str) -> String {
    crate::contract::short(text, 120)
}
