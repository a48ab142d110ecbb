//! An item: a check at a site, or without one.

use super::{Severity, Stage};
use gonogo_checks::contract::{Item, Kind, SecretRef, text::Placed};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};

/// A check at a site, or without one: one look, one judgement.
pub struct PlanItem {
    /// `check@site`, or the check's name where there is no site.
    pub id: String,
    /// The check's name.
    pub check: String,
    /// The check's title, its expressions evaluated.
    pub title: Option<String>,
    /// The site; `None` for a relation.
    pub site: Option<String>,
    /// The sites that a relation compares, in the order of the checklist; empty for all other items.
    pub members: Vec<String>,
    /// The probe's row in the catalogue.
    pub kind: &'static Kind,
    /// What looks and judges.
    pub item: Arc<dyn Item>,
    /// The items without which this look means nothing.
    pub needs: Vec<usize>,
    /// The items whose failure explains this one's.
    pub explained_by: Vec<usize>,
    /// Whether it can stand in the way of a GO.
    pub severity: Severity,
    /// In place of `severity` at some members of a relation.
    pub severity_at: IndexMap<String, Severity>,
    /// When it is due.
    pub stage: Stage,
    /// From when on it blocks; before that it is advisory.
    pub blocks_from: Option<Timestamp>,
    /// How old its look may be when it is judged.
    pub max_age: Option<Duration>,
    /// How long its look may take.
    pub timeout: Duration,
    /// The secrets that its look needs.
    pub secrets: Vec<Placed<SecretRef>>,
    /// Words to select by.
    pub tags: Vec<String>,
    /// What of the checklist on paper it stands for.
    pub covers: Vec<String>,
    /// What taught it.
    pub because: Vec<String>,
    /// Where to read on.
    pub runbook: Option<String>,
    /// Who mends it.
    pub owner: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// How it is mended, in the owner's words.
    pub remedy: Option<String>,
    /// What to do if it cannot be mended in time.
    pub fallback: Option<String>,
    /// From where it must be looked at.
    pub vantage: Option<String>,
    /// Whether it was asked for, or is needed by what was.
    pub selected: bool,
}

impl PlanItem {
    /// The severity of a finding that names `site`, or none.
    #[must_use]
    pub fn severity_of(&self, site: Option<&str>) -> Severity {
        site.and_then(|site| self.severity_at.get(site)).copied().unwrap_or(self.severity)
    }
}
