//! From this machine: the name, then each of its addresses.

use super::{
    super::{
        NOT_IN_DNS, REFUSED, REWRITES, SILENT, TLS_BROKEN, TLS_ENDS, UNRESOLVED, WRONG_ADDRESS,
        evidence::{Asked, Door, Evidence, Name, Try},
        expect::Expect,
    },
    links::{Break, Link, broken, wrong},
    together::{certain, merged, told},
};
use crate::{
    clients::{tcp::Port, tls::Shown},
    contract::{Finding, Remedy, Unobserved, Why, Window},
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let asked = &evidence.asked;
    let case =
        Case { expect, asked, window, subject: format!("{}:{}", asked.host, asked.port), hears: hears(evidence) };
    let names: Vec<Option<Break>> = evidence.tries.iter().map(|one| case.name(one)).collect();
    let mut doors: BTreeMap<&str, Vec<Option<Break>>> = BTreeMap::new();
    for (one, name) in evidence.tries.iter().zip(&names) {
        for door in one.doors.iter().filter(|_| name.is_none()) {
            doors.entry(&door.address).or_default().push(case.door(door));
        }
    }
    let is_proven = doors.values().flatten().all(Option::is_none) && asked.is_secure;
    let seen: Vec<&Name> = evidence.tries.iter().filter_map(|one| one.name.as_ref().ok()).collect();
    if !is_proven && let Some(name) = seen.iter().find(|name| name.is_rewritten) {
        return vec![case.rewritten(name)];
    }
    let mut findings: Vec<Finding> = told(&names, &case.subject).into_iter().collect();
    let several = doors.len() > 1;
    for (address, tries) in &doors {
        let finding = told(tries, &case.subject);
        let at = |finding: Finding| {
            if several { finding.clone().seen(format!("{address}: {}", finding.seen)) } else { finding }
        };
        findings.extend(finding.map(at));
    }
    let says = seen.iter().find_map(|name| name.dns_says.as_ref());
    findings.extend(says.map(|says| case.not_in_dns(says)));
    merged(findings)
}

/// True if and only if some port of the name accepted: then this machine's network leads there.
fn hears(evidence: &Evidence) -> bool {
    evidence.tries.iter().flat_map(|one| &one.doors).any(|door| door.port == Ok(Port::Accepts))
}

struct Case<'a> {
    expect: &'a Expect,
    asked: &'a Asked,
    window: &'a Window,
    subject: String,
    hears: bool,
}

impl Case<'_> {
    fn name(&self, one: &Try) -> Option<Break> {
        let name = match &one.name {
            Err(missing) => return Some(Break::unseen(Link::Name, missing)),
            Ok(name) => name,
        };
        let dig = || Remedy::run(["dig", &self.asked.host, "A", &self.asked.host, "AAAA"]);
        if name.absent.is_some() || name.addresses.is_empty() {
            let says = name.absent.as_deref().unwrap_or("no address");
            let finding = Finding::new(UNRESOLVED, &self.subject)
                .expected(format!("an address of {}", self.asked.host))
                .seen(format!("{says} (by {})", name.by))
                .mended_by(dig().saying("publish the name before anything uses it, or name the right host"));
            return Some(Break::new(Link::Name, finding));
        }
        let wrong = name.addresses.iter().find(|ip| !name.is_led && self.is_own_name() && is_nowhere(**ip))?;
        let finding = Finding::new(WRONG_ADDRESS, &self.subject)
            .expected("an address of another machine")
            .seen(format!("{} leads to {wrong} (by {})", self.asked.host, name.by))
            .mended_by(dig().saying("see who says so"));
        Some(Break::new(Link::Name, finding))
    }

    /// False for an address, and for names that mean this machine (RFC 6761, section 6.3).
    fn is_own_name(&self) -> bool {
        let host = self.asked.host.trim_end_matches('.').to_ascii_lowercase();
        host.parse::<IpAddr>().is_err() && host != "localhost" && !host.ends_with(".localhost")
    }

    fn door(&self, door: &Door) -> Option<Break> {
        self.port(door).or_else(|| self.tls(door)).or_else(|| self.answer(door))
    }

    fn port(&self, door: &Door) -> Option<Break> {
        let socket = door.address.parse::<SocketAddr>();
        let ip = socket.map_or_else(|_| door.address.clone(), |socket| socket.ip().to_string());
        let by_hand = || Remedy::run(["nc", "-vz", "-w", "5", &ip, &self.asked.port]);
        let missing = |why, detail: &str| {
            let missing = Unobserved::new(why, format!("TCP to {}", door.address), detail).by_hand(by_hand());
            Some(Break::unseen(Link::Port, &missing))
        };
        let finding = |code| Finding::new(code, &self.subject).expected("a port that accepts");
        match &door.port {
            Ok(Port::Accepts) => None,
            Err(missing) => Some(Break::unseen(Link::Port, missing)),
            Ok(Port::Refuses) => {
                let remedy = by_hand().saying("start what should listen there, or name the right port");
                let finding = finding(REFUSED).seen(format!("{} refuses", door.address)).mended_by(remedy);
                Some(Break::new(Link::Port, finding))
            }
            Ok(Port::Silent) => {
                let seen = format!("{} says nothing for {} ms", door.address, self.asked.limit_ms);
                let remedy = by_hand().saying("see whether a firewall drops it, or the host is down");
                let finding = finding(SILENT).seen(seen).mended_by(remedy);
                // Others of the name were heard from here: it is not this machine's network.
                Some(Break::new(Link::Port, if self.hears { certain(finding) } else { finding }))
            }
            Ok(Port::Wayless) => missing(
                Why::Unconfigured,
                "this machine has no way to IPv6 addresses: write `addresses: ipv4` where nobody needs the others",
            ),
            Ok(Port::Barred(words)) => missing(Why::Unreachable, words),
        }
    }

    fn tls(&self, door: &Door) -> Option<Break> {
        if !self.asked.is_secure {
            return None;
        }
        match &door.tls {
            None => Some(self.skipped(Link::Tls, door)),
            Some(Err(missing)) => Some(broken(Link::Tls, missing, &self.subject)),
            Some(Ok(shown)) => self.certificate(shown).map(|finding| Break::new(Link::Tls, finding)),
        }
    }

    fn certificate(&self, shown: &Shown) -> Option<Finding> {
        let clock = |time| self.window.clock(time);
        let host = &self.asked.host;
        let wrong = if let Some(reason) = &shown.distrust {
            format!("no client believes it: {reason}")
        } else if !shown.is_for_host {
            format!("its certificate is for {}", shown.names.join(", "))
        } else if shown.asked_at < shown.valid_from {
            format!("its certificate begins {}", clock(shown.valid_from))
        } else if shown.asked_at > shown.valid_until {
            format!("its certificate ended {}", clock(shown.valid_until))
        } else {
            return self.ends(shown);
        };
        let url = format!("https://{host}:{}/", self.asked.port);
        let remedy = Remedy::run(["curl", "-sSv", "--max-time", "10", "-o", "/dev/null", &url]);
        let finding = Finding::new(TLS_BROKEN, &self.subject).expected(format!("a certificate for {host}")).seen(wrong);
        Some(finding.mended_by(remedy.saying("see who answers, and with which certificate")))
    }

    fn ends(&self, shown: &Shown) -> Option<Finding> {
        let (ends, closes) = (shown.valid_until, self.window.closes());
        (ends < closes).then(|| {
            Finding::new(TLS_ENDS, &self.subject)
                .expected(format!("a certificate until {}", self.window.clock(closes)))
                .seen(format!("it ends {}, {}", self.window.clock(ends), self.window.against_event(ends)))
                .mended_by(Remedy::prose("renew it, and see that the server serves the new one"))
        })
    }

    fn answer(&self, door: &Door) -> Option<Break> {
        let url = self.asked.url.as_ref()?;
        match &door.answer {
            None => Some(self.skipped(Link::Answer, door)),
            Some(Err(missing)) => Some(broken(Link::Answer, missing, &self.subject)),
            Some(Ok(answer)) => {
                let finding = wrong(self.expect, answer, &self.subject)?;
                let remedy = Remedy::run(["curl", "-sS", "-i", "--max-time", "10", url.as_str()]);
                Some(Break::new(Link::Answer, finding.mended_by(remedy.saying("see who answers"))))
            }
        }
    }

    /// A link before which nothing broke, and at which nobody looked: that is no pass.
    fn skipped(&self, link: Link, door: &Door) -> Break {
        let missing = Unobserved::new(
            Why::Malformed,
            format!("{} at {}", self.subject, door.address),
            "this link was not looked at",
        );
        Break::unseen(link, &missing)
    }

    fn rewritten(&self, name: &Name) -> Finding {
        let addresses: Vec<String> = name.addresses.iter().map(IpAddr::to_string).collect();
        let seen = format!("{} gives {}, and the same for a name that cannot exist", name.by, addresses.join(", "));
        Finding::new(REWRITES, &self.subject)
            .expected("an address that is the name's own")
            .seen(seen)
            .mended_by(Remedy::prose("ask another resolver (`network: { resolvers: […] }`), or sign in to the network"))
    }

    fn not_in_dns(&self, says: &str) -> Finding {
        Finding::new(NOT_IN_DNS, &self.subject)
            .expected(format!("{} in DNS", self.asked.host))
            .seen(format!("this machine resolves it, and DNS says {says}"))
            .mended_by(Remedy::run(["dig", &self.asked.host]).saying("publish the name where others look for it"))
    }
}

/// Loopback, unspecified, link-local: no other machine's.
fn is_nowhere(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_link_local() || ip.is_broadcast(),
        IpAddr::V6(ip) => {
            let mapped = ip.to_ipv4_mapped().is_some_and(|ip| is_nowhere(IpAddr::V4(ip)));
            ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local() || mapped
        }
    }
}
