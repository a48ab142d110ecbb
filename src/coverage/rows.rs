//! The file of rows.

use gonogo_checks::contract::text::{At, Problem, Source, Sources, load, read as read_node};
use indexmap::IndexMap;
use serde::Deserialize;
use std::path::Path;

/// Every row, by part.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Where the tests are that show a check passing and failing, as seen from the page.
    #[serde(default)]
    pub shown_in: Option<String>,
    /// The parts of the checklist on paper, in its order.
    pub parts: IndexMap<String, Part>,
}

/// A part of the checklist on paper.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What its rows have in common.
    pub title: String,
    /// Its rows, by their ids: `A05`.
    pub rows: IndexMap<String, Row>,
}

/// A row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What it is about.
    pub item: String,
    /// What must hold, with its number.
    pub holds: String,
    /// What of it no check looks at.
    #[serde(default)]
    pub left: Option<String>,
    /// The place of what is not looked at yet.
    #[serde(default)]
    pub later: Option<String>,
    /// The checks of other checklists that stand for it: `PATH#CHECK`.
    #[serde(default)]
    pub elsewhere: Vec<String>,
    /// Where a test shows the check both passing and failing: the check, and the codes that it fails with.
    #[serde(default)]
    pub shown: IndexMap<String, Shown>,
}

/// The codes of the findings that a check is shown to raise.
pub type Shown = Vec<String>;

/// Reads the file of rows; what is wrong goes to `problems`.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path, sources: &mut Sources, problems: &mut Vec<Problem>) -> std::io::Result<Option<Rows>> {
    let text = std::fs::read_to_string(path)?;
    let number = sources.add(Source { name: path.display().to_string(), text: text.clone(), folder: None });
    let Some(node) = load(number, &text, problems) else { return Ok(None) };
    let rows: Option<Rows> = read_node(&node, problems);
    let mut seen = std::collections::HashSet::new();
    for id in rows.iter().flat_map(Rows::ids) {
        if !seen.insert(id.to_owned()) {
            problems.push(Problem::new(At { file: number, ..node.at }, format!("the row `{id}` is there twice")));
        }
    }
    Ok(rows)
}

impl Rows {
    /// The rows' ids, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.parts.values().flat_map(|part| part.rows.keys().map(String::as_str))
    }

    /// The row `id`.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.parts.values().find_map(|part| part.rows.get(id))
    }
}
