//! Judging: each name as `dns-wildcard` judges one, the declared alias, the last change, the zone at its provider.

use super::{
    alias,
    evidence::{Evidence, NameSeen},
    records, serial,
    settings::Expect,
};
use crate::{
    clients::dns::Reply,
    contract::{Code, Finding, Unobserved, Weight, Why, Window},
    dns_wildcard::{
        self,
        judge::{
            ALIAS_BROKEN, AUTHORITIES_DISAGREE, DNSSEC_BOGUS, LAME_SERVER, NAME_MISSING, RESOLVER_HIJACKS, SERVFAIL,
            STALE_CACHE, STRAY_AAAA, TARGET_MISSING, TTL_TOO_LONG, TTL_UNKNOWN, WRONG_TARGET, believed, judge_name,
        },
    },
};
use jiff::SignedDuration;

pub(super) const ALIAS_DIFFERS: Code =
    Code::fail("alias-differs", "the name is an alias of another name than the one that was declared");
pub(super) const ALIAS_FLATTENED: Code = Code::warn(
    "alias-flattened",
    "the name has addresses in the place of the declared alias: copied ones go stale when the target's change",
);
pub(super) const CHANGE_UNSETTLED: Code =
    Code::fail("change-unsettled", "a change may not have reached everybody when the window opens");
pub(super) const RECORD_MISSING: Code = Code::fail("record-missing", "the zone lacks a record that was declared");
pub(super) const RECORD_DIFFERS: Code = Code::fail("record-differs", "a record of the zone is not as it was declared");
pub(super) const RECORD_EXTRA: Code =
    Code::fail("record-extra", "a declared name has one more record, which leads some people elsewhere");
pub(super) const ZONE_ELSEWHERE: Code =
    Code::fail("zone-elsewhere", "the world does not ask the provider for the zone, so its records there mean nothing");

/// Every finding that the probe may raise.
pub(super) const CODES: &[Code] = &[
    NAME_MISSING,
    WRONG_TARGET,
    STRAY_AAAA,
    ALIAS_BROKEN,
    ALIAS_DIFFERS,
    ALIAS_FLATTENED,
    TARGET_MISSING,
    SERVFAIL,
    DNSSEC_BOGUS,
    LAME_SERVER,
    AUTHORITIES_DISAGREE,
    STALE_CACHE,
    CHANGE_UNSETTLED,
    TTL_TOO_LONG,
    TTL_UNKNOWN,
    RECORD_MISSING,
    RECORD_DIFFERS,
    RECORD_EXTRA,
    ZONE_ELSEWHERE,
    RESOLVER_HIJACKS,
];

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let bar = dns_wildcard::settings::Expect { deep: false, ttl_at_most: expect.ttl_at_most };
    let mut findings: Vec<Finding> = Vec::new();
    for name in &evidence.names {
        let mut found = judge_name(&bar, &name.seen, window, name.is_hidden);
        found.extend(alias::judge(name, evidence.provider.as_ref()));
        found.extend(unsettled(name, window));
        // What is wrong with a server or a zone is seen again at every name.
        for one in found {
            if !findings.contains(&one) {
                findings.push(one);
            }
        }
    }
    findings.extend(records::judge(expect, evidence, window));
    if evidence.names.is_empty() && evidence.provider.is_none() {
        let nothing = Unobserved::new(Why::NotFound, "names", "nothing was looked at");
        findings.push(Finding::unobserved(&nothing));
    }
    findings
}

impl NameSeen {
    /// What the zone's servers answered to who asked for its SOA.
    fn zone_records(&self) -> impl Iterator<Item = &Reply> {
        let views = believed(&self.seen).filter(|view| view.authoritative);
        views.flat_map(|view| &view.controls).filter_map(|control| control.answer.as_ref().ok())
    }

    /// Seconds for which "there is no such name" may be kept in its zone.
    pub(super) fn absence_kept(&self) -> Option<u32> {
        self.zone_records().filter_map(Reply::absence_kept).max()
    }
}

/// A zone whose serial is a time that lies too near: any of its names may have been changed, so it is no more than a warning.
fn unsettled(name: &NameSeen, window: &Window) -> Option<Finding> {
    let serial = name.zone_records().filter_map(|reply| reply.soa()).map(|(_, serial)| serial).max()?;
    let changed = serial::changed(serial, name.seen.at)?;
    let kept = alias::kept(name)?;
    let settled = changed.latest.checked_add(SignedDuration::from_secs(2 * i64::from(kept))).ok()?;
    if settled <= window.opens() {
        return None;
    }
    let zone = match &name.seen.zone {
        Some(Ok(zone)) => &zone.name,
        _ => &name.seen.domain,
    };
    let finding = records::late(zone, (changed.earliest, settled, kept), window);
    let seen = format!("by its serial {serial} something in it was {}", finding.seen);
    Some(finding.seen(seen).weighing(Weight::Warn))
}
