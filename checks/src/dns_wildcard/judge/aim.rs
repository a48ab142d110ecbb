//! Where names must lead: the target's addresses, as every resolver that is believed gives them.

use super::{Bench, TARGET_MISSING, words};
use crate::{
    contract::{Finding, Remedy, Unobserved, Why},
    dns_wildcard::{
        chain::Chain,
        evidence::{Evidence, Said, TargetSeen},
    },
};
use std::{collections::BTreeSet, net::IpAddr};

/// The target's addresses.
pub(super) struct Aim<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) addresses: BTreeSet<IpAddr>,
}

impl<'a> Aim<'a> {
    /// The union of what was said: a balancer's answers rotate, and each of them is its own.
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        let liars: Vec<_> = evidence.views.iter().filter(|view| super::servers::is_hijacking(view)).collect();
        let honest = |said: &&Said| !liars.iter().any(|view| view.server == said.by);
        Self { host: evidence.target.host.as_deref(), addresses: addresses(&evidence.target, honest) }
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
            None => list,
        }
    }
}

fn addresses<'a>(target: &'a TargetSeen, counts: impl Fn(&&'a Said) -> bool) -> BTreeSet<IpAddr> {
    let host = target.host.as_deref().unwrap_or_default();
    let answers = target.said.iter().filter(counts).flat_map(|said| [&said.a, &said.aaaa]);
    let said = answers.filter_map(|answer| answer.as_ref().ok()).flat_map(|reply| Chain::of(reply, host).addresses);
    // A filter that blocks names answers 0.0.0.0 for the target and for the wildcard alike.
    target.given.iter().copied().chain(said.filter(|address| !address.is_unspecified())).collect()
}

/// Whose addresses these are, of all that the checklist names.
pub(super) fn owner<'a>(evidence: &'a Evidence, stray: &BTreeSet<IpAddr>) -> Option<&'a str> {
    let owns = |other: &TargetSeen| !addresses(other, |_| true).is_disjoint(stray);
    evidence.others.iter().find(|(_, other)| owns(other)).map(|(name, _)| name.as_str())
}

impl Bench<'_> {
    /// What is wrong with the target itself; never empty where it has no address.
    pub(super) fn aim_findings(&self) -> Vec<Finding> {
        if !self.aim.addresses.is_empty() {
            return Vec::new();
        }
        let host = self.aim.host.unwrap_or("the target");
        let answers =
            || self.evidence.target.said.iter().flat_map(|said| [(&said.by, &said.a), (&said.by, &said.aaaa)]);
        let unseen: Vec<_> = answers().filter_map(|(_, answer)| answer.as_ref().err()).collect();
        if let Some(missing) = unseen.first() {
            return vec![Finding::unobserved(missing)];
        }
        let failed =
            answers().find_map(|(by, answer)| Some((by, answer.as_ref().ok()?)).filter(|(_, r)| !r.is_definite()));
        if let Some((by, reply)) = failed {
            let missing =
                Unobserved::new(Why::ServerError, format!("A {host} at {by}"), format!("answered {}", reply.rcode));
            return vec![Finding::unobserved(&missing.by_hand(Remedy::run(["dig", "-q", host, "-t", "A"])))];
        }
        if self.evidence.target.said.is_empty() {
            let missing = Unobserved::new(Why::Unresolved, format!("A {host}"), "no resolver is left to be believed");
            return vec![Finding::unobserved(&missing.by_hand(Remedy::run(["dig", "-q", host, "-t", "A"])))];
        }
        let says = format!(
            "give the name of a load balancer that exists as `target`: {host} was deleted, renamed or mistyped"
        );
        let by: Vec<_> = self.evidence.target.said.iter().map(|said| said.by.as_str()).collect();
        let finding = Finding::new(TARGET_MISSING, host)
            .expected("the addresses that every name must lead to")
            .seen(format!("no address, says {}", words::list(by)));
        vec![finding.mended_by(Remedy::prose(says))]
    }
}
