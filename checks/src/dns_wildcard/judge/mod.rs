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
pub(crate) const NAME_MISSING: Code =
    Code::fail("name-missing", "a name that people use has no address, whatever the wildcard says");
pub(crate) const WRONG_TARGET: Code = Code::fail("wrong-target", "a name leads to addresses that are not the target's");
pub(crate) const STRAY_AAAA: Code =
    Code::fail("stray-aaaa", "an IPv6 address that the target does not have: some clients go astray");
pub(crate) const ALIAS_BROKEN: Code = Code::fail("alias-broken", "an alias leads to no address, or in a circle");
pub(crate) const TARGET_MISSING: Code = Code::fail("target-missing", "the target's own name has no address");
pub(crate) const SERVFAIL: Code = Code::fail("servfail", "resolvers fail on the name, though they work");
pub(crate) const DNSSEC_BOGUS: Code =
    Code::fail("dnssec-bogus", "validating resolvers refuse the answer: the zone's signatures are wrong");
pub(crate) const LAME_SERVER: Code =
    Code::warn("lame-server", "a name server that is listed for the zone does not serve it");
pub(crate) const AUTHORITIES_DISAGREE: Code =
    Code::fail("authorities-disagree", "the zone's name servers do not publish the same");
pub(crate) const STALE_CACHE: Code = Code::fail("stale-cache", "a resolver still keeps what the zone no longer says");
pub(crate) const TTL_UNKNOWN: Code = Code::unknown(
    "ttl-unknown",
    "no name server of the zone says how long its answer may be kept: resolvers count down",
);
pub(crate) const TTL_TOO_LONG: Code = Code::fail("ttl-too-long", "resolvers keep the answer longer than is allowed");
pub(crate) const RESOLVER_HIJACKS: Code =
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
    TTL_UNKNOWN,
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

pub(crate) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let bench = Bench::of(expect, evidence, window, Aim::of(evidence));
    let groups = bench.groups();
    bench.findings(&groups)
}

/// Judges a look at one name; where `is_hidden`, it hides its target, and the zone's own servers say what is right.
pub(crate) fn judge_name(expect: &Expect, evidence: &Evidence, window: &Window, is_hidden: bool) -> Vec<Finding> {
    let aim = if is_hidden { Aim::of_zone(evidence) } else { Aim::of(evidence) };
    let bench = Bench::of(expect, evidence, window, aim);
    let group = bench.plain();
    bench.findings(&[group])
}

/// The views whose answers count.
pub(crate) fn believed(evidence: &Evidence) -> impl Iterator<Item = &View> {
    evidence.views.iter().filter(|view| servers::is_believed(evidence, view))
}

impl<'a> Bench<'a> {
    fn of(expect: &'a Expect, evidence: &'a Evidence, window: &'a Window, aim: Aim<'a>) -> Self {
        Self { expect, evidence, window, aim, views: believed(evidence).collect() }
    }

    /// What is in the way, where the first group is what the look was for.
    fn findings(&self, groups: &[Group]) -> Vec<Finding> {
        let Some(first) = groups.first() else { return Vec::new() };
        let mut findings: Vec<_> = self.aim_finding().into_iter().collect();
        findings.extend(groups.iter().flat_map(|group| self.group_findings(group)));
        findings.extend(self.zone_findings(findings.iter().any(|found| found.code == AUTHORITIES_DISAGREE.id)));
        findings.extend(self.ttl_finding(first));
        findings.extend(self.view_findings(groups));
        if findings.is_empty() && !is_seen(first) {
            findings.push(nothing_seen(&first.subject));
        }
        findings
    }
}

/// True if and only if somebody showed that it is right.
fn is_seen(group: &Group) -> bool {
    group.rows.iter().any(|row| matches!(row.verdict, Verdict::Right { .. }))
}

fn nothing_seen(subject: &str) -> Finding {
    let missing = Unobserved::new(Why::NotFound, subject, "nobody gave an answer that counts");
    Finding::unobserved(&missing).weighing(Weight::Unknown)
}
