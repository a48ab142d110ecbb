//! How findings speak: lists, what was expected and seen, the records to write, when a change has reached everybody.

use super::{
    Bench, Verdict, aim,
    groups::{Group, Of, Row},
};
use crate::{contract::Remedy, dns_wildcard::evidence::View};
use jiff::SignedDuration;
use std::{collections::BTreeSet, fmt::Display, net::IpAddr};

/// How many of a list are named.
const NAMED: usize = 4;
/// The TTL of the records that remedies propose, in seconds.
const PROPOSED_TTL: u32 = 300;

/// `a, b and 3 more`.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if all.len() > NAMED {
        let (named, rest) = all.split_at(NAMED - 1);
        return format!("{} and {} more", named.join(", "), rest.len());
    }
    match all.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => all.concat(),
    }
}

/// `says a`, `say a and b`.
pub(super) fn says<'a>(servers: impl Iterator<Item = &'a str>) -> String {
    let servers: Vec<_> = servers.collect();
    format!("{} {}", if servers.len() == 1 { "says" } else { "say" }, list(servers))
}

/// `ns1.example.com (203.0.113.53), serial 7`.
pub(super) fn with_serial(view: &View) -> String {
    match super::servers::serial(view) {
        Some(serial) => format!("{}, serial {serial}", view.server),
        None => view.server.clone(),
    }
}

impl Verdict {
    /// How long the answer may be kept, in seconds.
    pub(super) fn ttl(&self) -> Option<u32> {
        match self {
            Self::Right { ttl }
            | Self::Elsewhere { ttl, .. }
            | Self::Stray { ttl, .. }
            | Self::Dangling { ttl, .. }
            | Self::Circle { ttl, .. } => Some(*ttl),
            Self::Missing { ttl, .. } => *ttl,
            Self::Failed | Self::Unseen(_) => None,
        }
    }
}

impl Bench<'_> {
    pub(super) fn zone_name(&self) -> String {
        match &self.evidence.zone {
            Some(Ok(zone)) => format!("the zone {}", zone.name),
            _ => format!("the zone of {}", self.evidence.domain),
        }
    }

    pub(super) fn expected(&self, group: &Group) -> String {
        let aim = self.aim.said();
        match group.of {
            Of::Wildcard => format!("any name below {} leads to {aim}", self.evidence.domain),
            Of::Deep => format!("any name two labels below {} leads to {aim}", self.evidence.domain),
            Of::Name => format!("leads to {aim}"),
            Of::Below => format!("any name below leads to {aim}"),
        }
    }

    pub(super) fn seen(&self, group: &Group, row: &Row) -> String {
        let who = Self::who(group, row);
        let over = |over: &Option<String>| over.as_ref().map_or_else(String::new, |alias| format!(" over {alias}"));
        match &row.verdict {
            Verdict::Right { .. } => format!("{who} leads there"),
            Verdict::Missing { how, .. } => {
                if group.of == Of::Name {
                    how.clone()
                } else {
                    format!("{how} for {who}")
                }
            }
            Verdict::Elsewhere { addresses, over: alias, is_mixed, .. } => {
                let too = if *is_mixed { "leads also" } else { "leads" };
                format!("{who} {too} to {}{}", self.whose(addresses), over(alias))
            }
            Verdict::Stray { addresses, .. } => format!("{who} has the IPv6 address {} too", self.whose(addresses)),
            Verdict::Dangling { to, .. } => format!("{who} is an alias of {to}, which has no address"),
            Verdict::Circle { over, .. } => format!("{who} is an alias in a circle over {over}"),
            Verdict::Failed => format!("SERVFAIL for {who}"),
            Verdict::Unseen(missing) => missing.detail.clone(),
        }
    }

    /// What was asked for; random names are in the evidence and say nothing to a reader.
    fn who(group: &Group, row: &Row) -> String {
        match (group.of, row.share) {
            (Of::Name, _) => "it".to_owned(),
            (_, (alike, total)) if alike < total => format!("{alike} of {total} random names"),
            _ => "a random name".to_owned(),
        }
    }

    /// `198.51.100.7 (us-west-2's)`.
    fn whose(&self, addresses: &BTreeSet<IpAddr>) -> String {
        match aim::owner(self.evidence, addresses) {
            Some(owner) => format!("{} ({owner}'s)", list(addresses)),
            None => list(addresses),
        }
    }

    /// What mends the zone, and when that has reached everybody.
    pub(super) fn remedy(&self, group: &Group, rows: &[&Row]) -> Remedy {
        let zone = self.zone_name();
        let (owner, authorities) = (&group.subject, group.rows.iter().filter(|row| row.view.authoritative));
        let mut is_zone_right = None;
        for row in authorities {
            is_zone_right = Some(is_zone_right.unwrap_or(true) && row.is_right());
        }
        if is_zone_right == Some(true) {
            let who = list(rows.iter().map(|row| &row.view.server));
            return Remedy::prose(format!(
                "{zone} is right: find out whom {who} asks instead (an old delegation, another view of the zone, a filter)"
            ));
        }
        let first = rows.first().map(|row| &row.verdict);
        let says = match first {
            Some(Verdict::Stray { addresses, .. }) => {
                format!("remove the AAAA records {} of {owner} from {zone}", list(addresses))
            }
            Some(Verdict::Missing { .. }) if group.of == Of::Deep => {
                format!("ask the operator of {zone} why its wildcard covers one label only; DNS has it cover any depth")
            }
            Some(Verdict::Missing { .. }) => {
                format!("{}add to {zone}: {}", self.instead_of_removing(owner), self.records(owner))
            }
            _ => format!("replace the records of {owner} in {zone} by: {}", self.records(owner)),
        };
        let ttl = rows.iter().filter_map(|row| row.verdict.ttl()).max();
        Remedy::prose(says + &ttl.map_or_else(String::new, |ttl| self.settles(ttl)))
    }

    /// What makes a name exist, so that no wildcard covers it, as far as is known.
    fn instead_of_removing(&self, owner: &str) -> String {
        self.evidence.beneath.get(owner).map_or_else(String::new, |records| {
            let (verb, records) = (if records.len() == 1 { "makes" } else { "make" }, list(records));
            format!("remove {records}, which {verb} {owner} exist so that no wildcard covers it, or ")
        })
    }

    /// The records as a zone file has them.
    fn records(&self, owner: &str) -> String {
        let is_apex = matches!(&self.evidence.zone, Some(Ok(zone)) if zone.name == owner);
        let line = |kind: &str, data: String| format!("`{owner}. {PROPOSED_TTL} IN {kind} {data}`");
        match self.aim.host {
            Some(host) if is_apex => format!("an ALIAS of {owner} to {host} (a CNAME cannot stand at a zone's top)"),
            Some(host) => line("CNAME", format!("{host}.")),
            None => {
                let kind = |ip: &IpAddr| if ip.is_ipv4() { "A" } else { "AAAA" };
                let lines: Vec<_> = self.aim.addresses.iter().map(|ip| line(kind(ip), ip.to_string())).collect();
                lines.join(" ")
            }
        }
    }

    /// Until when a change must be made, or when one that is made now has reached everybody.
    fn settles(&self, ttl: u32) -> String {
        let kept = SignedDuration::from_secs(i64::from(ttl));
        let length = crate::contract::spoken(kept);
        // Twice: a cache may fill from another cache just before the change.
        match self.window.opens().checked_sub(kept * 2) {
            Ok(latest) if latest >= self.window.now => {
                format!(
                    "; resolvers keep the present answer for {length}: change it before {}",
                    self.window.clock(latest)
                )
            }
            _ => match self.window.now.checked_add(kept * 2) {
                Ok(settled) => format!(
                    "; resolvers keep the present answer for {length}: changed now, it has reached everybody by {}, {}",
                    self.window.clock(settled),
                    self.window.against_event(settled)
                ),
                Err(_) => String::new(),
            },
        }
    }
}
