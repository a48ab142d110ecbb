//! Each row with what stands for it.

use super::rows::{Row, Rows, Shown};
use crate::plan::{Plan, Stage};
use gonogo_checks::{attestation::Attestation, contract::Probe as _};
use indexmap::IndexMap;

/// The rows of a checklist on paper, laid beside a checklist.
#[derive(Debug)]
pub struct Coverage<'a> {
    /// Where the tests are that show a check passing and failing.
    pub shown_in: Option<&'a str>,
    /// Its parts: the title, and the rows.
    pub parts: Vec<(&'a str, Vec<Covered<'a>>)>,
    /// The checks that stand for no row.
    pub beyond: Vec<&'a str>,
    /// What names something that is not there: a row, a check.
    pub dangling: Vec<String>,
}

/// A row and what stands for it.
#[derive(Debug)]
pub struct Covered<'a> {
    /// The row's id.
    pub id: &'a str,
    /// What the file says of it.
    pub row: &'a Row,
    /// The checks that stand for it.
    pub answers: Vec<Answer<'a>>,
}

/// A check that stands for a row.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The check's name.
    pub check: &'a str,
    /// True where a person confirms it.
    pub is_attested: bool,
    /// True where it is due only once the event is over.
    pub is_after: bool,
    /// The codes that it is shown to fail with; empty where no test shows it.
    pub shown: &'a [String],
}

/// How a row is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By looks alone.
    Automatic,
    /// A person confirms the rest, or some of it is left.
    Partly,
    /// By a person's word.
    Attested,
    /// Not yet, but it has a place.
    Later,
    /// By nothing.
    Nothing,
}

impl How {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Partly => "partly",
            Self::Attested => "attested",
            Self::Later => "later",
            Self::Nothing => "nothing",
        }
    }
}

impl Covered<'_> {
    /// How it is covered.
    #[must_use]
    pub fn how(&self) -> How {
        let looks = self.answers.iter().filter(|answer| !answer.is_attested).count() + self.row.elsewhere.len();
        let is_whole = self.row.left.is_none() && self.row.later.is_none();
        match (looks, self.answers.iter().any(|answer| answer.is_attested)) {
            (0, false) if self.row.later.is_some() => How::Later,
            (0, false) => How::Nothing,
            (0, true) => How::Attested,
            (_, false) if is_whole => How::Automatic,
            _ => How::Partly,
        }
    }
}

impl Coverage<'_> {
    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = &Covered<'_>> {
        self.parts.iter().flat_map(|(_, rows)| rows)
    }

    /// How many rows are covered in this way.
    #[must_use]
    pub fn count(&self, how: How) -> usize {
        self.rows().filter(|row| row.how() == how).count()
    }
}

/// Lays the rows beside the checks of the plan.
#[must_use]
pub fn lay<'a>(rows: &'a Rows, plan: &'a Plan) -> Coverage<'a> {
    let mut checks: IndexMap<&str, Check<'_>> = IndexMap::new();
    for item in &plan.items {
        checks.entry(&item.check).or_insert_with(|| Check {
            covers: &item.covers,
            is_attested: item.kind.name == Attestation::KIND,
            is_after: item.stage == Stage::After,
        });
    }
    let covered = |id: &'a str, row: &'a Row| {
        let standing = checks.iter().filter(|(_, check)| check.covers.iter().any(|covered| covered == id));
        let answers = standing.map(|(name, check)| Answer {
            check: name,
            is_attested: check.is_attested,
            is_after: check.is_after,
            shown: row.shown.get(*name).map_or(&[], Shown::as_slice),
        });
        Covered { id, row, answers: answers.collect() }
    };
    let parts = rows.parts.values().map(|part| {
        let rows = part.rows.iter().map(|(id, row)| covered(id, row));
        (part.title.as_str(), rows.collect())
    });
    let parts: Vec<(&str, Vec<Covered<'_>>)> = parts.collect();
    let beyond = checks.iter().filter(|(_, check)| check.covers.is_empty()).map(|(name, _)| *name).collect();
    let mut dangling = unknown_rows(rows, &checks);
    dangling.extend(parts.iter().flat_map(|(_, rows)| rows).flat_map(unknown_checks));
    Coverage { shown_in: rows.shown_in.as_deref(), parts, beyond, dangling }
}

struct Check<'a> {
    covers: &'a [String],
    is_attested: bool,
    is_after: bool,
}

/// The rows that checks name and the file has not.
fn unknown_rows(rows: &Rows, checks: &IndexMap<&str, Check<'_>>) -> Vec<String> {
    let named = checks.iter().flat_map(|(name, check)| check.covers.iter().map(move |id| (name, id)));
    let unknown = named.filter(|(_, id)| rows.row(id).is_none());
    unknown.map(|(name, id)| format!("the check `{name}` covers `{id}`, and there is no such row")).collect()
}

/// The checks that the row says are shown and that do not stand for it.
fn unknown_checks(covered: &Covered<'_>) -> Vec<String> {
    let is_known = |check: &str| covered.answers.iter().any(|answer| answer.check == check);
    let unknown = covered.row.shown.keys().filter(|check| !is_known(check));
    unknown.map(|check| format!("the row `{}` shows `{check}`, which does not cover it", covered.id)).collect()
}
