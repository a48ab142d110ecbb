//! Whether a server is to be believed, and what is wrong with the servers themselves.

use super::{
    AUTHORITIES_DISAGREE, Bench, DNSSEC_BOGUS, LAME_SERVER, RESOLVER_HIJACKS, SERVFAIL, TTL_TOO_LONG, TTL_UNKNOWN,
    Verdict,
    groups::{Group, Row},
    words,
};
use crate::{
    clients::dns::{Rcode, Reply},
    contract::{Finding, Remedy, Unobserved, Weight},
    dns_wildcard::evidence::{Evidence, View, ZoneSeen},
};
use std::collections::{BTreeMap, BTreeSet};

/// True if and only if the view's answers count: it answered its control, and as an honest server does.
pub(super) fn is_believed(evidence: &Evidence, view: &View) -> bool {
    if view.authoritative {
        return matches!(&evidence.zone, Some(Ok(zone)) if is_serving(zone, view));
    }
    replies(view).next().is_some() && !is_hijacking(view)
}

fn replies(view: &View) -> impl Iterator<Item = &Reply> {
    view.controls.iter().filter_map(|control| control.answer.as_ref().ok())
}

/// True if and only if the resolver gives addresses to names that do not exist.
pub(super) fn is_hijacking(view: &View) -> bool {
    !view.authoritative && replies(view).any(|reply| reply.addresses().next().is_some())
}

/// True if and only if the resolver fails on its controls too.
pub(super) fn is_failing(view: &View) -> bool {
    !view.authoritative && replies(view).all(|reply| reply.rcode == Rcode::ServFail)
}

/// True if and only if the name server speaks for the zone.
fn is_serving(zone: &ZoneSeen, view: &View) -> bool {
    replies(view).any(|reply| {
        reply.aa && reply.rcode == Rcode::NoError && reply.soa().is_some_and(|(name, _)| name == zone.name)
    })
}

/// The version of the zone that the name server has.
pub(super) fn serial(view: &View) -> Option<u32> {
    replies(view).filter(|_| view.authoritative).find_map(|reply| reply.soa()).map(|(_, serial)| serial)
}

impl Bench<'_> {
    /// What is wrong with the zone's servers.
    pub(super) fn zone_findings(&self, is_disagreement_known: bool) -> Vec<Finding> {
        let zone = match &self.evidence.zone {
            None => return Vec::new(),
            Some(Err(missing)) => return vec![Finding::unobserved(missing)],
            Some(Ok(zone)) => zone,
        };
        let mut findings: Vec<_> = zone.unseen.values().map(Finding::unobserved).collect();
        findings.extend(self.lame(zone));
        let mut serials = BTreeMap::<u32, Vec<&str>>::new();
        for view in self.views.iter().filter(|view| view.authoritative) {
            serials.entry(serial(view).unwrap_or_default()).or_default().push(&view.server);
        }
        if serials.len() > 1 && !is_disagreement_known {
            let seen: Vec<_> = serials
                .iter()
                .rev()
                .map(|(serial, servers)| format!("serial {serial} at {}", words::list(servers)))
                .collect();
            findings.push(
                Finding::new(AUTHORITIES_DISAGREE, zone.name.clone())
                    .expected("one version of the zone at all its name servers")
                    .seen(seen.join("; "))
                    .weighing(Weight::Warn)
                    .mended_by(Remedy::prose("look again in a few minutes; if it stays, the zone transfer is broken")),
            );
        }
        findings
    }

    /// Name servers that are listed and do not serve the zone. While one serves it, resolvers find their way.
    fn lame(&self, zone: &ZoneSeen) -> Vec<Finding> {
        let authorities = || self.evidence.views.iter().filter(|view| view.authoritative);
        let is_served =
            authorities().any(|view| is_serving(zone, view) || view.controls.iter().any(|c| c.answer.is_err()));
        let mut lame: Vec<(&str, String)> =
            zone.homeless.iter().map(|server| (server.as_str(), "its name has no address".to_owned())).collect();
        for view in authorities().filter(|view| !is_serving(zone, view)) {
            if let Some(reply) = replies(view).next() {
                lame.push((&view.server, denial(reply)));
            }
        }
        // Where a network answers DNS in others' place, every server seems lame and offers recursion.
        let is_intercepted = !is_served && lame.len() > 1 && authorities().flat_map(replies).all(|reply| reply.ra);
        let weight = match (is_served, is_intercepted) {
            (true, _) => Weight::Warn,
            (false, true) => Weight::Unknown,
            (false, false) => Weight::Fail,
        };
        let finding = |(server, how): (&str, String)| {
            Finding::new(LAME_SERVER, server)
                .expected(format!("serves the zone {}, which lists it", zone.name))
                .seen(how)
                .weighing(weight)
                .mended_by(Remedy::prose(format!(
                    "take {server} out of the NS records of {} here and at its parent, or make it serve the zone",
                    zone.name
                )))
        };
        lame.into_iter().map(finding).collect()
    }

    /// SERVFAIL where the resolver itself works.
    pub(super) fn failures(&self, group: &Group, failed: &[&Row]) -> Vec<Finding> {
        let is_bogus = |row: &&&Row| {
            row.view.unchecked.as_ref().is_some_and(|answer| answer.as_ref().is_ok_and(Reply::is_definite))
        };
        let (bogus, broken): (Vec<&Row>, Vec<&Row>) = failed.iter().partition(|row| is_bogus(row));
        let mut findings = Vec::new();
        let who = |rows: &[&Row]| words::says(rows.iter().map(|row| row.view.server.as_str()));
        let because = |rows: &[&Row]| {
            let said = rows.iter().find_map(|row| Self::reason(row));
            said.map_or_else(String::new, |why| format!(" (it gives error {why})"))
        };
        if let Some(first) = bogus.first() {
            let dig = ["dig", "+dnssec", "+cd", "-q", first.asked, "-t", "A"];
            let finding = Finding::new(DNSSEC_BOGUS, group.subject.clone())
                .expected(self.expected(group))
                .seen(format!(
                    "SERVFAIL for {}{}, an answer without validation, {}",
                    first.asked,
                    because(&bogus),
                    who(&bogus)
                ))
                .mended_by(Remedy::run(dig).saying(format!(
                    "renew the signatures of {} or correct the DS record at its parent; the signatures and their dates",
                    self.zone_name()
                )));
            findings.push(finding);
        }
        if let Some(first) = broken.first() {
            let recursive = || group.rows.iter().filter(|row| !row.view.authoritative);
            let is_everywhere = broken.iter().any(|row| row.view.authoritative) || recursive().all(Row::is_failed);
            let dig = ["dig", "+trace", "-q", first.asked, "-t", "A"];
            let finding = Finding::new(SERVFAIL, group.subject.clone())
                .expected(self.expected(group))
                .seen(format!("SERVFAIL for {}{}, {}", first.asked, because(&broken), who(&broken)))
                .weighing(if is_everywhere { Weight::Fail } else { Weight::Unknown })
                .mended_by(Remedy::run(dig).saying("find the name server where the chain breaks"));
            findings.push(finding);
        }
        findings
    }

    /// What the resolver says of its failure.
    fn reason(row: &Row) -> Option<String> {
        let view = row.view;
        let named = view.names.iter().flat_map(|named| std::iter::once(&named.own).chain(&named.below));
        let readings = view.random.iter().chain(&view.deep).chain(named).filter(|reading| reading.name == row.asked);
        readings.flat_map(|reading| [&reading.a, &reading.aaaa]).flatten().find_map(|reply| reply.because.clone())
    }

    /// Whether answers may be kept too long. What a resolver says counts down: it may prove too much, and never little enough.
    pub(super) fn ttl_finding(&self, wildcard: &Group) -> Option<Finding> {
        let most = self.expect.ttl_at_most?;
        let right = || wildcard.rows.iter().filter(|row| row.is_right());
        let longest = right().filter_map(|row| row.verdict.ttl()).max()?;
        let expected = format!("a TTL of at most {most}");
        let seen = crate::contract::values::Period::seconds(u64::from(longest));
        if u64::from(longest) <= most.0.as_secs() {
            let is_proven = right().any(|row| row.view.authoritative && row.verdict.ttl().is_some());
            let finding = Finding::new(TTL_UNKNOWN, wildcard.subject.clone()).expected(expected);
            let seen = format!("{seen} left at a resolver, and no word of a name server of the zone");
            let remedy =
                Remedy::prose("let `resolvers` have `authoritative`, and see that the zone's name servers answer");
            return (!is_proven).then(|| finding.seen(seen).mended_by(remedy));
        }
        let finding = Finding::new(TTL_TOO_LONG, wildcard.subject.clone()).expected(expected).seen(seen);
        Some(finding.mended_by(Remedy::prose(format!(
            "lower the TTL of the records of {} in {} to {} s or less",
            wildcard.subject,
            self.zone_name(),
            most.0.as_secs()
        ))))
    }

    /// Who could not be asked or is not to be believed: one finding for each view and reason.
    pub(super) fn view_findings(&self, groups: &[Group]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for view in &self.evidence.views {
            if is_hijacking(view) {
                findings.push(hijack(view));
                continue;
            }
            if replies(view).next().is_none() {
                let missing = view.controls.iter().find_map(|control| control.answer.as_ref().err());
                findings.extend(missing.map(Finding::unobserved));
                continue;
            }
            findings.extend(unseen(view, groups));
        }
        findings
    }
}

/// What one view did not answer, by reason.
fn unseen(view: &View, groups: &[Group]) -> Vec<Finding> {
    let mut missing: Vec<(&Unobserved, usize)> = Vec::new();
    for row in groups.iter().flat_map(|group| &group.rows).filter(|row| std::ptr::eq(row.view, view)) {
        if let Verdict::Unseen(unseen) = &row.verdict {
            match missing.iter_mut().find(|(known, _)| known.why == unseen.why) {
                Some((_, count)) => *count += 1,
                None => missing.push((unseen, 1)),
            }
        }
    }
    let finding = |(missing, count): (&Unobserved, usize)| {
        let finding = Finding::unobserved(missing);
        if count == 1 { finding } else { finding.seen(format!("{}; so for {count} kinds of names", missing.detail)) }
    };
    missing.into_iter().map(finding).collect()
}

fn hijack(view: &View) -> Finding {
    let lies = view.controls.iter().filter_map(|control| Some((&control.of, control.answer.as_ref().ok()?)));
    let lie = lies.map(|(of, reply)| (of, reply.addresses().collect::<BTreeSet<_>>())).find(|(_, lie)| !lie.is_empty());
    let (of, addresses) = lie.map(|(of, lie)| (of.clone(), words::list(lie))).unwrap_or_default();
    Finding::new(RESOLVER_HIJACKS, view.server.clone())
        .expected(format!("no address for {of}"))
        .seen(format!("it answers {addresses}"))
        .mended_by(Remedy::prose(
            "look from another network, or name a resolver that tells the truth; where a wildcard of its own answers, name another `control`",
        ))
}

fn denial(reply: &Reply) -> String {
    let by = if reply.ra { ", as a resolver would" } else { "" };
    match reply.rcode {
        Rcode::NoError if !reply.aa => format!("answers without authority{by}"),
        Rcode::NoError => "answers for another zone".to_owned(),
        code => format!("answers {code}"),
    }
}
