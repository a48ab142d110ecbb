//! One proxy: what every view of the server says of it, and what it says of itself.

use super::{
    code::{DOMAIN, MISSING, NO_WILDCARD, OTHER, UNCHECKED, UNHEALTHY, VERSION, WARNING},
    evidence::{Answer, Evidence, Member, Proxy, Region},
    judge::{PRIMARY, distinct},
    settings::Expect,
};
use crate::{
    clients::coder::{buildinfo::Build, proxies},
    contract::{Code, Finding, Remedy, Unobserved, Why, spoken},
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use url::Url;

/// What each proxy is held against.
pub(super) struct Case<'a> {
    pub(super) expect: &'a Expect,
    pub(super) evidence: &'a Evidence,
    /// What everyone must run; `None` where the server did not say, or says several things.
    pub(super) version: Option<&'a str>,
}

/// One proxy in every view that has it.
struct Seen<'a> {
    member: &'a Member,
    rows: Vec<(Timestamp, &'a Proxy)>,
    region: Option<&'a Region>,
}

impl Case<'_> {
    pub(super) fn member(&self, member: &Member) -> Vec<Finding> {
        let live = |answer: &'_ Answer| answer.proxies.iter().any(|row| row.name == member.name && !row.deleted);
        let views = self.evidence.views().count();
        let having = self.evidence.views().filter(|answer| live(answer)).count();
        let rows = self.evidence.views().flat_map(|answer| {
            let rows = answer.proxies.iter().filter(|row| row.name == member.name && !row.deleted);
            rows.map(|row| (answer.clock, row))
        });
        let region = self.evidence.regions.iter().flatten().find(|region| region.name == member.name);
        let seen = Seen { member, rows: rows.collect(), region };
        let mut findings = Vec::new();
        if having < views {
            findings.push(self.absent(&seen, views - having, views));
        }
        if having > 0 && self.evidence.regions.is_ok() && region.is_none() {
            findings.push(
                seen.finding(MISSING).seen("among the proxies, and not among the regions that users choose from"),
            );
        }
        let stale = self.stale(&seen);
        findings.extend(self.unchecked(&seen, &stale));
        findings.extend(seen.unhealthy(&stale));
        findings.extend(seen.warning());
        findings.extend(seen.names());
        findings.extend(self.answers(&seen));
        if findings.is_empty() && member.builds.is_empty() {
            let detail = "neither the checklist nor the server gives a URL, so it was not asked for its build";
            let remedy = Remedy::prose("write its `url` in the checklist");
            let missing = Unobserved::new(Why::Unconfigured, &member.name, detail).by_hand(remedy);
            findings.push(Finding::unobserved(&missing));
        }
        for finding in &mut findings {
            finding.remedy = finding.remedy.take().or_else(|| Some(self.list()));
        }
        findings.into_iter().map(|finding| finding.at(&member.site)).collect()
    }

    /// Not in some views. Whoever is shown the region, and not the proxy, may not read proxies.
    fn absent(&self, seen: &Seen<'_>, without: usize, views: usize) -> Finding {
        let name = &seen.member.name;
        let is_deleted = |row: &Proxy| row.deleted && row.name == *name;
        let deleted = self.evidence.views().any(|answer| answer.proxies.iter().any(is_deleted));
        if seen.rows.is_empty() && !deleted && (seen.region.is_some() || self.evidence.regions.is_err()) {
            let asked = format!("GET {}api/v2/workspaceproxies", self.evidence.url);
            let detail = format!("the list leaves `{name}` out: the token lacks the right {}", proxies::RIGHT);
            let remedy = Remedy::prose("give the connection an unscoped token of any member");
            return Finding::unobserved(&Unobserved::new(Why::Forbidden, asked, detail).by_hand(remedy));
        }
        let words = match (deleted, without == views) {
            (true, _) => "it was deleted".to_owned(),
            (false, true) => "neither among the proxies nor among the regions".to_owned(),
            (false, false) => format!("not in {without} of {views} answers"),
        };
        seen.finding(MISSING).expected("a proxy of this name").seen(words)
    }

    /// Of each view, why the server's word in it proves nothing: it is old, or there is none.
    fn stale(&self, seen: &Seen<'_>) -> Vec<Option<String>> {
        let within = self.expect.checked_within.signed();
        let why = seen.rows.iter().map(|(clock, row)| {
            let status = row.status.as_ref().filter(|status| status.status != "unknown");
            match status.and_then(|status| status.checked_at) {
                None => Some("never, by the replica that answers".to_owned()),
                Some(at) if clock.duration_since(at) > within => {
                    Some(format!("{} ago", spoken(clock.duration_since(at))))
                }
                Some(at) if at.duration_since(*clock) > within => Some("in the future, by its own clock".to_owned()),
                Some(_) => None,
            }
        });
        why.collect()
    }

    fn unchecked(&self, seen: &Seen<'_>, stale: &[Option<String>]) -> Option<Finding> {
        let old: Vec<&String> = stale.iter().flatten().collect();
        let first = old.first()?;
        let finding = seen.finding(UNCHECKED).expected(format_args!("looked at within {}", self.expect.checked_within));
        Some(finding.seen(format_args!("{first}{}", among(old.len(), seen.rows.len()))).mended_by(Remedy::prose(
            "look again in two minutes; if it stays, restart the server's replicas one by one: each looks by itself",
        )))
    }

    /// What it says of itself, and with which version it registered.
    fn answers(&self, seen: &Seen<'_>) -> Vec<Finding> {
        let member = seen.member;
        let unseen = distinct(member.builds.iter().filter_map(|build| build.as_ref().err()));
        let mut findings: Vec<Finding> = unseen.into_iter().map(Finding::unobserved).collect();
        let builds: Vec<&Build> = member.builds.iter().flatten().collect();
        if let Some(words) = builds.iter().find_map(|build| self.other(member, build)) {
            findings.push(
                seen.finding(OTHER)
                    .expected(if member.name == PRIMARY { "the server" } else { "a proxy of this server" })
                    .seen(words)
                    .mended_by(Remedy::prose(
                        "see where its name leads: to the load balancer of another region, or of another deployment",
                    )),
            );
        }
        findings.extend(self.version(seen, &builds));
        findings
    }

    /// Why a build is none of this proxy's.
    fn other(&self, member: &Member, build: &Build) -> Option<String> {
        let is_primary = member.name == PRIMARY;
        if build.workspace_proxy == is_primary {
            return Some(if is_primary { "a proxy answers" } else { "the server itself answers" }.to_owned());
        }
        let server = self.evidence.server.iter().flatten().next()?;
        let differ =
            |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a.trim_end_matches('/') != b.trim_end_matches('/');
        if differ(&build.dashboard_url, &server.dashboard_url) {
            return Some(format!("it belongs to {}, not to {}", build.dashboard_url, server.dashboard_url));
        }
        differ(&build.deployment_id, &server.deployment_id).then(|| "it belongs to another deployment".to_owned())
    }

    fn version(&self, seen: &Seen<'_>, builds: &[&Build]) -> Option<Finding> {
        let wanted = self.version?;
        let own: BTreeSet<&str> = builds.iter().map(|build| build.version.as_str()).collect();
        let registered = seen.rows.iter().map(|(_, row)| row.version.as_str()).filter(|version| !version.is_empty());
        let registered: BTreeSet<&str> = registered.collect();
        let is_other = |versions: &BTreeSet<&str>| versions.iter().any(|version| *version != wanted);
        let mut words = Vec::new();
        if is_other(&own) {
            words.push(format!("answers as {}", joined(&own)));
        }
        if is_other(&registered) {
            words.push(format!("registered as {}", joined(&registered)));
        }
        (!words.is_empty()).then(|| {
            let finding = seen.finding(VERSION).expected(format_args!("{wanted}, to the last letter"));
            finding.seen(words.join(", ")).mended_by(
                Remedy::prose("mend what its image comes from (a mirror, a tag), then roll it out")
                    .disrupting("who works through this proxy"),
            )
        })
    }

    fn list(&self) -> Remedy {
        let words = ["coder", "--url", &self.evidence.url, "wsproxy", "ls"];
        Remedy::run(words).saying("see which there are")
    }
}

impl Seen<'_> {
    /// By those views whose word counts. The regions are told by one replica, and which one is not said: beside a view that is
    /// `stale` their word may be that replica's.
    fn unhealthy(&self, stale: &[Option<String>]) -> Option<Finding> {
        let is_bad = |row: &Proxy| {
            let status = row.status.as_ref();
            let is_ok = status.is_some_and(|status| status.status == "ok" && status.errors.is_empty());
            !is_ok || !row.healthy
        };
        let fresh = self.rows.iter().zip(stale).filter(|(_, stale)| stale.is_none());
        let bad: Vec<&Proxy> = fresh.map(|((_, row), _)| *row).filter(|row| is_bad(row)).collect();
        let is_fresh = stale.iter().all(Option::is_none);
        let words = match (bad.first(), self.region) {
            (Some(first), _) => {
                let status = first.status.as_ref();
                let word = status.map_or("no status", |status| &status.status);
                let error = status.and_then(|status| status.errors.first());
                let error = error.map_or_else(String::new, |error| format!(": {error}"));
                format!("{word}{error}{}", among(bad.len(), self.rows.len()))
            }
            (None, Some(region)) if !region.healthy && is_fresh => {
                "not healthy among the regions that users choose from".to_owned()
            }
            _ => return None,
        };
        let finding = self.finding(UNHEALTHY).expected("status ok, without errors").seen(words);
        Some(match self.url("healthz-report") {
            Some(url) => finding.mended_by(
                Remedy::run(["curl", "-sS", "-i", "--max-time", "5", &url])
                    .saying("ask what the server asks, best from the server's own cluster"),
            ),
            None => finding,
        })
    }

    fn warning(&self) -> Option<Finding> {
        let all = self.rows.iter().filter_map(|(_, row)| row.status.as_ref()).flat_map(|status| &status.warnings);
        let all: BTreeSet<&str> = all.map(String::as_str).collect();
        let words = all.into_iter().take(3).collect::<Vec<_>>().join("; ");
        (!words.is_empty()).then(|| {
            let remedy = Remedy::prose("do what it says, and look again after a minute");
            self.finding(WARNING).expected("a report without warnings").seen(words).mended_by(remedy)
        })
    }

    /// Its wildcard and its URL, as the server gives them to attendees.
    fn names(&self) -> Option<Finding> {
        let rows = self.rows.iter().map(|(_, row)| (row.url.as_str(), row.wildcard.as_str(), row.derp_only));
        let region = self.region.iter().map(|region| (region.url.as_str(), region.wildcard.as_str(), false));
        let told: BTreeSet<(&str, &str, bool)> = rows.chain(region).collect();
        let remedy = |key: &str| Remedy::prose(format!("set {key} at this proxy, and restart it: it registers anew"));
        let bare = told.iter().find(|(_, wildcard, derp_only)| *derp_only || wildcard.is_empty());
        if let Some((_, _, derp_only)) = bare {
            let words = if *derp_only { "it only relays connections (DERP)" } else { "no wildcard host" };
            let expected =
                self.member.domain.as_ref().map_or_else(|| "a wildcard host".to_owned(), |it| format!("*.{it}"));
            let finding = self.finding(NO_WILDCARD).expected(expected).seen(words);
            return Some(finding.mended_by(remedy("CODER_WILDCARD_ACCESS_URL")));
        }
        let member = self.member;
        let is_right = |url: &str, wildcard: &str| {
            let is_below = member.domain.as_ref().is_none_or(|domain| is_below(wildcard, domain));
            is_below && member.url.as_ref().filter(|_| member.is_named).is_none_or(|named| host(named) == host(url))
        };
        let (url, wildcard, _) = told.iter().find(|(url, wildcard, _)| !is_right(url, wildcard))?;
        let domain = member.domain.as_ref().map(|domain| format!("*.{domain}"));
        let expected = domain.into_iter().chain(member.url.clone().filter(|_| member.is_named));
        let finding = self.finding(DOMAIN).expected(expected.collect::<Vec<_>>().join(" and "));
        let finding = finding.seen(format_args!("{wildcard} and {url}"));
        Some(finding.mended_by(remedy("CODER_WILDCARD_ACCESS_URL and CODER_ACCESS_URL")))
    }

    fn finding(&self, code: Code) -> Finding {
        Finding::new(code, &self.member.name).expected("there, healthy, of the server's build")
    }

    fn url(&self, path: &str) -> Option<String> {
        let url = self.member.url.as_deref().and_then(|url| Url::parse(url).ok())?;
        url.join(path).ok().map(String::from)
    }
}

/// ` in 1 of 3 answers`, where not in all.
fn among(some: usize, all: usize) -> String {
    if some < all { format!(" in {some} of {all} answers") } else { String::new() }
}

fn joined(words: &BTreeSet<&str>) -> String {
    words.iter().copied().collect::<Vec<_>>().join(" and ")
}

/// `*.domain`, or `*--suffix.domain`.
fn is_below(wildcard: &str, domain: &str) -> bool {
    let wildcard = wildcard.trim_end_matches('.').to_ascii_lowercase();
    wildcard.starts_with('*') && wildcard.split_once('.').is_some_and(|(_, rest)| rest == domain)
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase))
}
