//! Judging: who is to be believed, where each name leads in whose eyes, and what is therefore in the way.
//!
//! Views that agree make one finding, so that a missing record is one entry however many servers were asked.

mod aim;
mod faults;
mod groups;
mod servers;
mod verdict;
mod words;

use super::{
    evidence::{Evidence, View},
    settings::Expect,
};
use crate::contract::{Code, Finding, Unobserved, Weight, Why, Window};
use aim::Aim;
use groups::Group;
use verdict::Verdict;

const WILDCARD_MISSING: Code = Code::fail("wildcard-missing", "a random name below the domain has no address");
const NAME_MISSING: Code =
    Code::fail("name-missing", "a name that people use has no address, whatever the wildcard says");
const WRONG_TARGET: Code = Code::fail("wrong-target", "a name leads to addresses that are not the target's");
const STRAY_AAAA: Code =
    Code::fail("stray-aaaa", "an IPv6 address that the target does not have: some clients go astray");
const ALIAS_BROKEN: Code = Code::fail("alias-broken", "an alias leads to no address, or in a circle");
const TARGET_MISSING: Code = Code::fail("target-missing", "the target's own name has no address");
const SERVFAIL: Code = Code::fail("servfail", "resolvers fail on the name, though they work");
const DNSSEC_BOGUS: Code =
    Code::fail("dnssec-bogus", "validating resolvers refuse the answer: the zone's signatures are wrong");
const LAME_SERVER: Code = Code::warn("lame-server", "a name server that is listed for the zone does not serve it");
const AUTHORITIES_DISAGREE: Code =
    Code::fail("authorities-disagree", "the zone's name servers do not publish the same");
const STALE_CACHE: Code = Code::fail("stale-cache", "a resolver still keeps what the zone no longer says");
const TTL_TOO_LONG: Code = Code::fail("ttl-too-long", "resolvers keep the answer longer than is allowed");
const RESOLVER_HIJACKS: Code =
    Code::unknown("resolver-hijacks", "a resolver answers for names that do not exist: its answers prove nothing");

/// Every finding that the probe may raise.
pub(super) const CODES: &[Code] = &[
    WILDCARD_MISSING,
    NAME_MISSING,
    WRONG_TARGET,
    STRAY_AAAA,
    ALIAS_BROKEN,
    TARGET_MISSING,
    SERVFAIL,
    DNSSEC_BOGUS,
    LAME_SERVER,
    AUTHORITIES_DISAGREE,
    STALE_CACHE,
    TTL_TOO_LONG,
    RESOLVER_HIJACKS,
];

/// Everything that judging a group of answers needs.
struct Bench<'a> {
    expect: &'a Expect,
    evidence: &'a Evidence,
    window: &'a Window,
    aim: Aim<'a>,
    /// The views whose answers count.
    views: Vec<&'a View>,
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let aim = Aim::of(evidence);
    let views = evidence.views.iter().filter(|view| servers::is_believed(evidence, view)).collect();
    let bench = Bench { expect, evidence, window, aim, views };
    let groups = bench.groups();
    let mut findings: Vec<_> = bench.aim_finding().into_iter().collect();
    findings.extend(groups.iter().flat_map(|group| bench.group_findings(group)));
    findings.extend(bench.zone_findings(findings.iter().any(|found| found.code == AUTHORITIES_DISAGREE.id)));
    findings.extend(bench.ttl_finding(&groups[0]));
    findings.extend(bench.view_findings(&groups));
    if findings.is_empty() && !is_seen(&groups[0]) {
        findings.push(nothing_seen(evidence));
    }
    findings
}

/// True if and only if somebody showed that the wildcard is right.
fn is_seen(wildcard: &Group) -> bool {
    wildcard.rows.iter().any(|row| matches!(row.verdict, Verdict::Right { .. }))
}

fn nothing_seen(evidence: &Evidence) -> Finding {
    let asked = format!("*.{}", evidence.domain);
    let missing = Unobserved::new(Why::NotFound, asked, "nobody gave an answer that counts");
    Finding::unobserved(&missing).weighing(Weight::Unknown)
}
