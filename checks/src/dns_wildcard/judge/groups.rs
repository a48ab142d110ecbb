//! One name, or one kind of name, in everybody's eyes, and the findings that follow.

use super::{
    ALIAS_BROKEN, AUTHORITIES_DISAGREE, Bench, NAME_MISSING, STALE_CACHE, STRAY_AAAA, Verdict, WILDCARD_MISSING,
    WRONG_TARGET, words,
};
use crate::{
    contract::{Finding, Unobserved, Weight, Why},
    dns_wildcard::evidence::{Reading, View},
};
use jiff::SignedDuration;
use std::mem::{Discriminant, discriminant};

/// What kind of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Wildcard,
    Deep,
    Name,
    Below,
}

/// What one view says.
pub(super) struct Row<'a> {
    pub(super) view: &'a View,
    pub(super) verdict: Verdict,
    /// The name that was asked for.
    pub(super) asked: &'a str,
}

/// One name, or one kind of name, in everybody's eyes.
pub(super) struct Group<'a> {
    pub(super) of: Of,
    pub(super) subject: String,
    pub(super) rows: Vec<Row<'a>>,
}

impl Row<'_> {
    fn kind(&self) -> Discriminant<Verdict> {
        discriminant(&self.verdict)
    }

    pub(super) fn is_right(&self) -> bool {
        matches!(self.verdict, Verdict::Right { .. })
    }

    pub(super) fn is_failed(&self) -> bool {
        matches!(self.verdict, Verdict::Failed)
    }

    fn is_broken_alias(&self) -> bool {
        matches!(self.verdict, Verdict::Dangling { .. } | Verdict::Circle { .. })
    }

    fn is_wrong(&self) -> bool {
        !self.is_right() && !matches!(self.verdict, Verdict::Unseen(_))
    }

    fn weight(&self) -> u8 {
        match self.verdict {
            Verdict::Right { .. } => 0,
            Verdict::Unseen(_) => 1,
            Verdict::Failed => 2,
            Verdict::Stray { .. } => 3,
            Verdict::Missing { .. } => 4,
            Verdict::Dangling { .. } => 5,
            Verdict::Circle { .. } => 6,
            Verdict::Elsewhere { .. } => 7,
        }
    }
}

impl<'a> Bench<'a> {
    /// The wildcard first, then names two labels deep, then the given names; what follows from the wildcard's own fault is left out.
    pub(super) fn groups(&self) -> Vec<Group<'a>> {
        let domain = &self.evidence.domain;
        let wildcard = self.group(Of::Wildcard, format!("*.{domain}"), |view| view.random.iter().collect());
        let mut groups = vec![wildcard];
        groups.push(self.group(Of::Deep, format!("*.*.{domain}"), |view| view.deep.iter().collect()));
        let names = self.views.iter().map(|view| &view.names).max_by_key(|names| names.len());
        for (at, named) in names.into_iter().flatten().enumerate() {
            let name = named.own.name.clone();
            let at_view = |view: &'a View| view.names.get(at);
            groups.push(self.group(Of::Name, name.clone(), |view| at_view(view).map(|n| &n.own).into_iter().collect()));
            if self.expect.deep {
                let below = |view: &'a View| at_view(view).and_then(|named| named.below.as_ref()).into_iter().collect();
                groups.push(self.group(Of::Below, format!("*.{name}"), below));
            }
        }
        let (first, rest) = groups.split_first_mut().map_or((None, &mut [][..]), |(first, rest)| (Some(first), rest));
        for group in rest {
            let explained =
                |row: &Row<'_>| first.iter().flat_map(|wildcard| &wildcard.rows).any(|cause| cause.explains(row));
            group.rows.retain(|row| row.is_right() || !explained(row));
        }
        groups
    }

    fn group(&self, of: Of, subject: String, readings: impl Fn(&'a View) -> Vec<&'a Reading>) -> Group<'a> {
        let row = |view: &'a View| {
            let judged =
                |reading: &'a Reading| Row { view, verdict: self.verdict(view, reading), asked: &reading.name };
            let rows = readings(view).into_iter().map(judged);
            let worst = rows.max_by_key(Row::weight);
            // A view without the wildcard's answers would otherwise pass as one that has nothing against it.
            let nothing = || Row {
                view,
                verdict: Verdict::Unseen(Unobserved::new(
                    Why::NotFound,
                    view.server.clone(),
                    "no random name was asked",
                )),
                asked: &view.server,
            };
            worst.or_else(|| (of == Of::Wildcard).then(nothing))
        };
        Group { of, rows: self.views.iter().filter_map(|view| row(view)).collect(), subject }
    }

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
                let seen =
                    format!("{}, {}", self.seen(first), words::says(rows.iter().map(|row| row.view.server.as_str())));
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
        let seen: Vec<_> = split.iter().map(|row| format!("{} at {}", self.seen(row), row.view.server)).collect();
        let right = group.rows.iter().filter(|row| row.view.authoritative && row.is_right());
        let right = words::list(right.map(|row| words::with_serial(row.view)));
        let wrong =
            words::list(split.iter().filter(|row| row.view.authoritative).map(|row| words::with_serial(row.view)));
        Finding::new(AUTHORITIES_DISAGREE, group.subject.clone())
            .expected(self.expected(group))
            .seen(format!("{}; right at {right}", words::list(seen)))
            .mended_by(crate::contract::Remedy::prose(format!(
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
            Some(until) => format!("until {} at the latest", self.window.clock(until)),
            None => "for nobody knows how long".to_owned(),
        };
        let server = &row.view.server;
        let says = if is_over_in_time {
            format!("wait: {server} forgets it {kept}, before the event needs it; then look again")
        } else {
            format!(
                "flush {} at {server} (1.1.1.1 and 8.8.8.8 have a public page for it), or use another resolver at the event: it is kept {kept}",
                group.subject
            )
        };
        Finding::new(STALE_CACHE, group.subject.clone())
            .expected(self.expected(group))
            .seen(format!("{} at {server}, kept {kept}; the zone is right", self.seen(row)))
            .weighing(if is_over_in_time { Weight::Warn } else { Weight::Fail })
            .mended_by(crate::contract::Remedy::prose(says))
    }
}

impl Row<'_> {
    /// True if and only if `other` is no more than this fault, seen again by the same view at another name.
    fn explains(&self, other: &Row) -> bool {
        std::ptr::eq(self.view, other.view) && self.is_wrong() && self.kind() == other.kind()
    }
}
