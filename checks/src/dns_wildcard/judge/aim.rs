//! Where names must lead: the target's addresses, as every resolver that is believed gives them.

use super::{Bench, TARGET_MISSING, servers, words};
use crate::{
    clients::dns::Chain,
    contract::{Finding, Remedy, Unobserved, Why},
    dns_wildcard::evidence::{Evidence, Said, TargetSeen},
};
use std::{collections::BTreeSet, net::IpAddr};

/// The target's addresses.
pub(super) struct Aim<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) addresses: BTreeSet<IpAddr>,
    /// What the resolvers that are believed say of the host.
    said: Vec<&'a Said>,
    /// True where the name hides its target, and only the zone's own servers say what is right.
    is_hidden: bool,
}

impl<'a> Aim<'a> {
    /// The union of what was said: a balancer's answers rotate, and each of them is its own.
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        let is_liar = |by: &str| evidence.views.iter().any(|view| view.server == by && servers::is_hijacking(view));
        let said: Vec<_> = evidence.target.said.iter().filter(|said| !is_liar(&said.by)).collect();
        let addresses = addresses(&evidence.target, said.iter().copied());
        Self { host: evidence.target.host.as_deref(), addresses, said, is_hidden: false }
    }

    /// Of a name that hides its target: what the zone's own servers say; any address where none of them was asked.
    pub(super) fn of_zone(evidence: &'a Evidence) -> Self {
        let authorities = evidence.views.iter().filter(|view| view.authoritative);
        let authorities = authorities.filter(|view| servers::is_believed(evidence, view));
        let readings = authorities.flat_map(|view| &view.names).map(|named| &named.own);
        let addresses = readings.flat_map(|reading| {
            let replies = [&reading.a, &reading.aaaa].into_iter().filter_map(|answer| answer.as_ref().ok());
            replies.flat_map(|reply| Chain::of(reply, &reading.name).addresses)
        });
        Self { host: None, addresses: addresses.collect(), said: Vec::new(), is_hidden: true }
    }

    pub(super) fn has_v4(&self) -> bool {
        self.addresses.iter().any(IpAddr::is_ipv4)
    }

    pub(super) fn has_v6(&self) -> bool {
        self.addresses.iter().any(IpAddr::is_ipv6)
    }

    /// `lb.example.net (203.0.113.10, 203.0.113.11)`.
    pub(super) fn said(&self) -> String {
        let list = words::list(self.addresses.iter());
        match self.host {
            Some(host) if list.is_empty() => host.to_owned(),
            Some(host) => format!("{host} ({list})"),
            None if list.is_empty() => "an address".to_owned(),
            None => list,
        }
    }
}

fn addresses<'a>(target: &'a TargetSeen, said: impl Iterator<Item = &'a Said>) -> BTreeSet<IpAddr> {
    let host = target.host.as_deref().unwrap_or_default();
    let answers = said.flat_map(|said| [&said.a, &said.aaaa]);
    let said = answers.filter_map(|answer| answer.as_ref().ok()).flat_map(|reply| Chain::of(reply, host).addresses);
    // A filter that blocks names answers 0.0.0.0 for the target and for the wildcard alike.
    target.given.iter().copied().chain(said.filter(|address| !address.is_unspecified())).collect()
}

/// Whose addresses these are, of all that the checklist names.
pub(super) fn owner<'a>(evidence: &'a Evidence, stray: &BTreeSet<IpAddr>) -> Option<&'a str> {
    let owns = |other: &TargetSeen| !addresses(other, other.said.iter()).is_disjoint(stray);
    evidence.others.iter().find(|(_, other)| owns(other)).map(|(name, _)| name.as_str())
}

impl Bench<'_> {
    /// What is wrong with the target itself; where it has no address, this or a lying resolver is a finding.
    pub(super) fn aim_finding(&self) -> Option<Finding> {
        if !self.aim.addresses.is_empty() || self.aim.is_hidden {
            return None;
        }
        let host = self.aim.host.unwrap_or("the target");
        let answers = || self.aim.said.iter().flat_map(|said| [(&said.by, &said.a), (&said.by, &said.aaaa)]);
        if let Some(missing) = answers().find_map(|(_, answer)| answer.as_ref().err()) {
            return Some(Finding::unobserved(missing));
        }
        let unseen = |why, at: &str, detail: String| {
            let missing = Unobserved::new(why, format!("A {host}{at}"), detail);
            Some(Finding::unobserved(&missing.by_hand(Remedy::run(["dig", "-q", host, "-t", "A"]))))
        };
        for (by, reply) in answers().filter_map(|(by, answer)| Some((by, answer.as_ref().ok()?))) {
            if !reply.is_definite() {
                return unseen(Why::ServerError, &format!(" at {by}"), format!("answered {}", reply.rcode));
            }
        }
        if self.aim.said.is_empty() {
            let is_said_by_liars = !self.evidence.target.said.is_empty();
            let none = || unseen(Why::Unresolved, "", "no resolver is left to be believed".to_owned());
            return if is_said_by_liars { None } else { none() };
        }
        let says = format!(
            "give the name of a load balancer that exists as `target`: {host} was deleted, renamed or mistyped"
        );
        let by = words::says(self.aim.said.iter().map(|said| said.by.as_str()));
        let finding = Finding::new(TARGET_MISSING, host)
            .expected("the addresses that every name must lead to")
            .seen(format!("no address, {by}"));
        Some(finding.mended_by(Remedy::prose(says)))
    }
}
