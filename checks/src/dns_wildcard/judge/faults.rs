//! The findings that follow from a group: who disagrees with whom, and in what way.

use super::{
    ALIAS_BROKEN, AUTHORITIES_DISAGREE, Bench, NAME_MISSING, STALE_CACHE, STRAY_AAAA, Verdict, WILDCARD_MISSING,
    WRONG_TARGET,
    groups::{Group, Of, Row},
    words,
};
use crate::contract::{Finding, Remedy, Weight};
use jiff::SignedDuration;

impl Bench<'_> {
    pub(super) fn group_findings(&self, group: &Group) -> Vec<Finding> {
        let mut wrong: Vec<&Row> =
            group.rows.iter().filter(|row| row.is_wrong() && !self.is_target_gone(row)).collect();
        let mut findings = Vec::new();
        let authorities = || group.rows.iter().filter(|row| row.view.authoritative);
        if authorities().any(Row::is_right) && authorities().any(Row::is_wrong) {
            let odd: Vec<_> = wrong.iter().filter(|row| row.view.authoritative).map(|row| row.kind()).collect();
            let (split, rest): (Vec<_>, Vec<_>) = wrong.into_iter().partition(|row| odd.contains(&row.kind()));
            findings.push(self.disagreement(group, &split));
            wrong = rest;
        } else if group.of == Of::Name && authorities().next().is_some() && authorities().all(Row::is_right) {
            let (failed, stale): (Vec<_>, Vec<_>) = wrong.into_iter().partition(|row| row.is_failed());
            findings.extend(stale.into_iter().map(|row| self.stale(group, row)));
            wrong = failed;
        }
        if wrong.iter().any(|row| row.is_broken_alias()) {
            wrong.retain(|row| !row.is_failed());
        }
        findings.extend(self.by_kind(group, &wrong));
        let failed: Vec<_> = wrong.into_iter().filter(|row| row.is_failed()).collect();
        findings.extend(self.failures(group, &failed));
        findings
    }

    /// True if and only if the alias leads where the checklist says, and only the target has no address.
    fn is_target_gone(&self, row: &Row) -> bool {
        let Verdict::Dangling { to, .. } = &row.verdict else { return false };
        self.aim.addresses.is_empty() && self.aim.host == Some(to)
    }

    fn by_kind(&self, group: &Group, wrong: &[&Row]) -> Vec<Finding> {
        let code = |row: &Row| match row.verdict {
            Verdict::Missing { .. } if matches!(group.of, Of::Name | Of::Below) => Some(NAME_MISSING),
            Verdict::Missing { .. } => Some(WILDCARD_MISSING),
            Verdict::Elsewhere { .. } => Some(WRONG_TARGET),
            Verdict::Stray { .. } => Some(STRAY_AAAA),
            Verdict::Dangling { .. } | Verdict::Circle { .. } => Some(ALIAS_BROKEN),
            Verdict::Right { .. } | Verdict::Failed | Verdict::Unseen(_) => None,
        };
        let mut findings = Vec::new();
        for wanted in [WILDCARD_MISSING, NAME_MISSING, WRONG_TARGET, STRAY_AAAA, ALIAS_BROKEN] {
            let rows: Vec<&Row> = wrong.iter().filter(|row| code(row) == Some(wanted)).copied().collect();
            if let Some(first) = rows.first() {
                let seen = format!(
                    "{}, {}",
                    self.seen(group, first),
                    words::says(rows.iter().map(|row| row.view.server.as_str()))
                );
                let finding = Finding::new(wanted, group.subject.clone()).expected(self.expected(group)).seen(seen);
                let is_advice = wanted == WILDCARD_MISSING && group.of == Of::Deep && !self.expect.deep;
                let weight = if is_advice { Weight::Warn } else { wanted.weight };
                findings.push(finding.weighing(weight).mended_by(self.remedy(group, &rows)));
            }
        }
        findings
    }

    fn disagreement(&self, group: &Group, split: &[&Row]) -> Finding {
        let zone = self.zone_name();
        let mut seen: Vec<(String, Vec<&str>)> = Vec::new();
        for row in split {
            let words = self.seen(group, row);
            match seen.iter_mut().find(|(known, _)| *known == words) {
                Some((_, servers)) => servers.push(&row.view.server),
                None => seen.push((words, vec![&row.view.server])),
            }
        }
        let seen = seen.into_iter().map(|(words, servers)| format!("{words} at {}", words::list(servers)));
        let right = group.rows.iter().filter(|row| row.view.authoritative && row.is_right());
        let right = words::list(right.map(|row| words::with_serial(row.view)));
        let wrong =
            words::list(split.iter().filter(|row| row.view.authoritative).map(|row| words::with_serial(row.view)));
        Finding::new(AUTHORITIES_DISAGREE, group.subject.clone())
            .expected(self.expected(group))
            .seen(format!("{}; right at {right}", seen.collect::<Vec<_>>().join("; ")))
            .mended_by(Remedy::prose(format!(
                "make {wrong} load {zone} as {right} has it; until then clients get either answer"
            )))
    }

    /// Wrong at a resolver and right in the zone: it lasts as long as the resolver may keep it.
    fn stale(&self, group: &Group, row: &Row) -> Finding {
        let until = row
            .verdict
            .ttl()
            .and_then(|ttl| self.evidence.at.checked_add(SignedDuration::from_secs(i64::from(ttl))).ok());
        let is_over_in_time = until.is_some_and(|until| until < self.window.opens());
        let kept = match until {
            Some(until) => format!("until {}", self.window.clock(until)),
            None => "for nobody knows how long".to_owned(),
        };
        let server = &row.view.server;
        let says = if is_over_in_time {
            format!("wait: {server} keeps it {kept}, before the event needs it; then look again")
        } else {
            format!(
                "flush {} at {server} (1.1.1.1 and 8.8.8.8 have a public page for it), or use another resolver at the event: it is kept {kept}",
                group.subject
            )
        };
        Finding::new(STALE_CACHE, group.subject.clone())
            .expected(self.expected(group))
            .seen(format!("{} at {server}, kept {kept}; the zone is right", self.seen(group, row)))
            .weighing(if is_over_in_time { Weight::Warn } else { Weight::Fail })
            .mended_by(Remedy::prose(says))
    }
}
