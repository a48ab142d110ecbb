//! A waiver: findings that somebody answers for, until a day.

use super::time::{Local, point};
use gonogo_checks::contract::text::{At, Node, Placed, Problem, Shape, salvage};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

/// Findings of one check that somebody answers for.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Where it is written.
    pub at: At,
    /// Whose findings.
    pub check: Placed<String>,
    /// Which findings.
    pub codes: Vec<Placed<String>>,
    /// At which sites; `None` for all, and for findings without a site.
    pub sites: Option<Vec<Placed<String>>>,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Placed<Timestamp>,
}

/// Findings that somebody answers for, until a day.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Waiver")]
pub(super) struct Written {
    /// The check whose findings are waived.
    check: Placed<String>,
    /// The codes of the findings.
    codes: Placed<Vec<Placed<String>>>,
    /// Only at these sites.
    #[serde(default)]
    sites: Option<Placed<Vec<Placed<String>>>>,
    /// Who answers for it.
    by: Placed<String>,
    /// Why.
    reason: Placed<String>,
    /// Until when: past the end of the event's window.
    until: Placed<String>,
}

/// What `waivers:` means.
pub(super) fn waivers(node: &Node, local: Local<'_>, problems: &mut Vec<Problem>) -> Vec<Waiver> {
    let Shape::Seq(items) = &node.shape else {
        problems.push(Problem::new(node.at, format!("expected a list of waivers, found {}", node.shape)));
        return Vec::new();
    };
    items.iter().filter_map(|item| waiver(item, local, problems)).collect()
}

fn waiver(node: &Node, local: Local<'_>, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let written: Written = salvage(node, problems)?;
    for (text, help) in [(&written.by, "write who answers for it"), (&written.reason, "write why it may be waived")] {
        if text.value.trim().is_empty() {
            problems.push(Problem::new(text.at, "nothing is written here").help(help));
        }
    }
    if written.codes.value.is_empty() {
        problems.push(Problem::new(written.codes.at, "a waiver of no code waives nothing").help("name the codes"));
    }
    if let Some(sites) = written.sites.as_ref().filter(|sites| sites.value.is_empty()) {
        problems.push(
            Problem::new(sites.at, "a waiver at no site waives nothing").help("name the sites, or leave `sites` away"),
        );
    }
    let (until, _) = point(&written.until, local, problems)?;
    Some(Waiver {
        at: written.check.at,
        check: written.check,
        codes: written.codes.value,
        sites: written.sites.map(|sites| sites.value),
        by: written.by.value,
        reason: written.reason.value,
        until: Placed { value: until, at: written.until.at },
    })
}
