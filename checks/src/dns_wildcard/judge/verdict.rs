//! Where one server says that one name leads.

use super::{Bench, aim::Aim};
use crate::{
    clients::dns::{Chain, Question, Rcode, Reply},
    contract::{Unobserved, Why},
    dns_wildcard::evidence::{Reading, View},
};
use hickory_proto::rr::{Name, RecordType};
use std::{collections::BTreeSet, net::IpAddr};

/// Where one server says that one name leads.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// To the target; the longest that the answer may be kept.
    Right { ttl: u32 },
    /// Nowhere, and how it said so.
    Missing { how: String, ttl: Option<u32> },
    /// To other addresses, over which alias, and whether to some of the target's too.
    Elsewhere { addresses: BTreeSet<IpAddr>, over: Option<String>, is_mixed: bool, ttl: u32 },
    /// To the target, and to IPv6 addresses that it does not have.
    Stray { addresses: BTreeSet<IpAddr>, ttl: u32 },
    /// To an alias without an address.
    Dangling { to: String, ttl: u32 },
    /// In a circle.
    Circle { over: String, ttl: u32 },
    /// The server failed.
    Failed,
    /// Nothing was seen.
    Unseen(Unobserved),
}

/// One family's share.
enum Share<'a> {
    Addresses(BTreeSet<IpAddr>),
    None(&'a Reply),
    Circle,
    Failed,
    Unseen(Unobserved),
}

struct Half<'a> {
    share: Share<'a>,
    alias: Option<String>,
    ttl: u32,
}

impl Bench<'_> {
    pub(super) fn verdict(&self, view: &View, reading: &Reading) -> Verdict {
        let a = self.half(view, reading, true);
        let aaaa = self.half(view, reading, false);
        let ttl = a.ttl.max(aaaa.ttl);
        let alias = a.alias.clone().or(aaaa.alias.clone());
        if matches!(a.share, Share::Circle) || matches!(aaaa.share, Share::Circle) {
            return Verdict::Circle { over: alias.unwrap_or_default(), ttl };
        }
        if let Some(stray) = stray(&self.aim, &a.share, &aaaa.share) {
            let only_v6 = stray.iter().all(IpAddr::is_ipv6) && !self.aim.has_v6();
            return match a.share {
                Share::Addresses(_) if only_v6 => Verdict::Stray { addresses: stray, ttl },
                _ => {
                    let is_mixed = shares(&a.share, &aaaa.share).any(|address| self.aim.addresses.contains(&address));
                    Verdict::Elsewhere { addresses: stray, over: alias, is_mixed, ttl }
                }
            };
        }
        nowhere(&self.aim, &a, &aaaa, alias).unwrap_or_else(|| plain(a, aaaa, ttl))
    }

    fn half<'a>(&self, view: &View, reading: &'a Reading, is_v4: bool) -> Half<'a> {
        let answer = if is_v4 { &reading.a } else { &reading.aaaa };
        let reply = match answer {
            Ok(reply) => reply,
            Err(missing) => return Half { share: Share::Unseen(missing.clone()), alias: None, ttl: 0 },
        };
        let chain = Chain::of(reply, &reading.name);
        let (alias, ttl) = (chain.end().map(str::to_owned), chain.ttl.unwrap_or(0));
        let share = if chain.is_circle {
            Share::Circle
        } else if let Some(missing) = meaningless(view, reading, is_v4, reply) {
            Share::Unseen(missing)
        } else if !reply.is_definite() {
            Share::Failed
        } else if !chain.addresses.is_empty() {
            Share::Addresses(chain.addresses.into_iter().collect())
        } else {
            self.beyond(view, &chain, is_v4, reply)
        };
        Half { share, alias, ttl }
    }

    /// What is at the end of an alias that a name server could not follow.
    fn beyond<'a>(&self, view: &View, chain: &Chain, is_v4: bool, reply: &'a Reply) -> Share<'a> {
        let Some(end) = chain.end().filter(|_| view.authoritative && reply.rcode == Rcode::NoError) else {
            return Share::None(reply);
        };
        let of_family = |addresses: BTreeSet<IpAddr>| {
            let addresses: BTreeSet<_> = addresses.into_iter().filter(|ip| ip.is_ipv4() == is_v4).collect();
            if addresses.is_empty() { Share::None(reply) } else { Share::Addresses(addresses) }
        };
        if self.aim.host == Some(end) {
            return of_family(self.aim.addresses.clone());
        }
        let answer = self.evidence.ends.iter().find(|reading| reading.name == end);
        match answer.map(|reading| if is_v4 { &reading.a } else { &reading.aaaa }) {
            Some(Ok(said)) if said.is_definite() => of_family(Chain::of(said, end).addresses.into_iter().collect()),
            Some(Ok(said)) => Share::Unseen(Unobserved::new(
                Why::ServerError,
                format!("the addresses of {end}"),
                format!("the resolver answered {}", said.rcode),
            )),
            Some(Err(missing)) => Share::Unseen(missing.clone()),
            None => Share::Unseen(Unobserved::new(
                Why::Unresolved,
                format!("the addresses of {end}"),
                "no resolver is left to follow the alias",
            )),
        }
    }
}

fn shares<'a>(a: &'a Share, aaaa: &'a Share) -> impl Iterator<Item = IpAddr> + 'a {
    let addresses = |share: &'a Share| match share {
        Share::Addresses(addresses) => Some(addresses),
        _ => None,
    };
    addresses(a).into_iter().chain(addresses(aaaa)).flatten().copied()
}

/// An answer that says nothing of the name: the server speaks for nobody, or refuses.
fn meaningless(view: &View, reading: &Reading, is_v4: bool, reply: &Reply) -> Option<Unobserved> {
    let missing = |what: String| {
        let mut name = Name::from_ascii(&reading.name).unwrap_or_default();
        name.set_fqdn(true);
        let kind = if is_v4 { RecordType::A } else { RecordType::AAAA };
        let question = Question { is_recursive: !view.authoritative, ..Question::recursive(view.address, name, kind) };
        Some(Unobserved::new(Why::ServerError, question.asked(), what).by_hand(question.by_hand()))
    };
    match reply.rcode {
        Rcode::NoError | Rcode::NxDomain if view.authoritative && !reply.aa => {
            missing("not an authoritative answer: the name is delegated to other servers".to_owned())
        }
        Rcode::NoError | Rcode::NxDomain if !view.authoritative && !reply.ra && !reply.aa => {
            missing("the server does not resolve for others".to_owned())
        }
        Rcode::ServFail if super::servers::is_failing(view) => missing("answers SERVFAIL to every name".to_owned()),
        Rcode::NoError | Rcode::NxDomain | Rcode::ServFail => None,
        other => missing(format!("answered {other}")),
    }
}

/// The addresses that are not the target's; nothing is stray where the target's are not known.
fn stray(aim: &Aim, a: &Share, aaaa: &Share) -> Option<BTreeSet<IpAddr>> {
    if aim.addresses.is_empty() {
        return None;
    }
    let found = shares(a, aaaa).filter(|address| !aim.addresses.contains(address));
    let (v4, v6): (BTreeSet<_>, BTreeSet<_>) = found.partition(IpAddr::is_ipv4);
    [v4, v6].into_iter().find(|found| !found.is_empty())
}

/// No address where there must be one. A name is not there for anybody once one type of question says NXDOMAIN.
fn nowhere(aim: &Aim, a: &Half, aaaa: &Half, alias: Option<String>) -> Option<Verdict> {
    let how = match (&a.share, &aaaa.share) {
        (Share::None(a), Share::None(_)) => a.rcode.to_string(),
        (Share::None(a), _) if aim.has_v4() => format!("{} to A", a.rcode),
        (_, Share::None(aaaa)) if aaaa.rcode == Rcode::NxDomain && alias.is_none() => "NXDOMAIN to AAAA".to_owned(),
        (_, Share::None(_)) if aim.has_v6() && !aim.has_v4() => "no AAAA".to_owned(),
        _ => return None,
    };
    let ttl = [&a.share, &aaaa.share].into_iter().find_map(|share| match share {
        Share::None(reply) => reply.negative_ttl(),
        _ => None,
    });
    Some(match alias {
        Some(to) => Verdict::Dangling { to, ttl: a.ttl.max(aaaa.ttl) },
        None => Verdict::Missing { how: how.replace("NOERROR", "NOERROR without an address"), ttl },
    })
}

fn plain(a: Half, aaaa: Half, ttl: u32) -> Verdict {
    match (a.share, aaaa.share) {
        (Share::Failed, _) | (_, Share::Failed) => Verdict::Failed,
        (Share::Unseen(missing), _) | (_, Share::Unseen(missing)) => Verdict::Unseen(missing),
        _ => Verdict::Right { ttl },
    }
}
