//! One name, or one kind of name, in everybody's eyes.
//!
//! What follows from another group's fault is left out here, so that one missing record is not as many findings as names.

use super::{Bench, Verdict};
use crate::{
    contract::{Unobserved, Why},
    dns_wildcard::evidence::{Reading, View},
};
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
    /// Of how many names of this kind the same is true, and of how many it was asked.
    pub(super) share: (usize, usize),
}

/// One name, or one kind of name, in everybody's eyes.
pub(super) struct Group<'a> {
    pub(super) of: Of,
    pub(super) subject: String,
    pub(super) rows: Vec<Row<'a>>,
}

impl Row<'_> {
    pub(super) fn kind(&self) -> Discriminant<Verdict> {
        discriminant(&self.verdict)
    }

    pub(super) fn is_right(&self) -> bool {
        matches!(self.verdict, Verdict::Right { .. })
    }

    pub(super) fn is_failed(&self) -> bool {
        matches!(self.verdict, Verdict::Failed)
    }

    pub(super) fn is_broken_alias(&self) -> bool {
        matches!(self.verdict, Verdict::Dangling { .. } | Verdict::Circle { .. })
    }

    pub(super) fn is_wrong(&self) -> bool {
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
        let wildcard = self.group(Of::Wildcard, format!("*.{domain}"), true, |view| view.random.iter().collect());
        let mut groups = vec![wildcard];
        groups.push(self.group(Of::Deep, format!("*.*.{domain}"), false, |view| view.deep.iter().collect()));
        let names = self.views.iter().map(|view| &view.names).max_by_key(|names| names.len());
        for (at, named) in names.into_iter().flatten().enumerate() {
            let name = named.own.name.clone();
            let at_view = |view: &'a View| view.names.get(at);
            groups.push(
                self.group(Of::Name, name.clone(), false, |view| at_view(view).map(|n| &n.own).into_iter().collect()),
            );
            if self.expect.deep {
                let below = |view: &'a View| at_view(view).and_then(|named| named.below.as_ref()).into_iter().collect();
                groups.push(self.group(Of::Below, format!("*.{name}"), false, below));
            }
        }
        without_consequences(groups)
    }

    /// The one name that a look was for, and nothing besides.
    pub(super) fn plain(&self) -> Group<'a> {
        let own = |view: &'a View| view.names.iter().map(|named| &named.own).collect();
        self.group(Of::Name, self.evidence.domain.clone(), true, own)
    }

    /// Where `is_due`, a view that was not asked for it is one that says nothing.
    fn group(
        &self,
        of: Of,
        subject: String,
        is_due: bool,
        readings: impl Fn(&'a View) -> Vec<&'a Reading>,
    ) -> Group<'a> {
        let row = |view: &'a View| {
            let judged = |reading: &'a Reading| {
                let verdict = self.verdict(view, reading);
                Row { view, verdict, asked: &reading.name, share: (1, 1) }
            };
            let rows: Vec<_> = readings(view).into_iter().map(judged).collect();
            let (weight, total) = (rows.iter().map(Row::weight).max(), rows.len());
            let alike = rows.iter().filter(|row| Some(row.weight()) == weight).count();
            let worst = rows.into_iter().find(|row| Some(row.weight()) == weight);
            let worst = worst.map(|row| Row { share: (alike, total), ..row });
            // A view without these answers would otherwise pass as one that has nothing against it.
            let nothing = || Row {
                view,
                verdict: Verdict::Unseen(Unobserved::new(
                    Why::NotFound,
                    view.server.clone(),
                    if of == Of::Wildcard { "no random name was asked" } else { "the name was not asked for" },
                )),
                asked: &view.server,
                share: (0, 0),
            };
            worst.or_else(|| is_due.then(nothing))
        };
        Group { of, rows: self.views.iter().filter_map(|view| row(view)).collect(), subject }
    }
}

/// Leaves out of each group what the wildcard, or for names below a name that name, already says.
fn without_consequences(mut groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    for at in 1..groups.len() {
        let (before, rest) = groups.split_at_mut(at);
        let group = &mut rest[0];
        let own = before[1..].iter().filter(|cause| group.subject == format!("*.{}", cause.subject));
        let causes: Vec<_> = own.chain(&before[..1]).flat_map(|cause| &cause.rows).collect();
        group.rows.retain(|row| row.is_right() || !causes.iter().any(|cause| cause.explains(row)));
    }
    groups
}

impl Row<'_> {
    /// True if and only if `other` is no more than this fault, seen again by the same view at another name.
    fn explains(&self, other: &Row) -> bool {
        std::ptr::eq(self.view, other.view) && self.is_wrong() && self.kind() == other.kind()
    }
}
