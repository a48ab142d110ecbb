//! What the rows say of other checklists, held to what those say.

use super::rows::Rows;
use crate::{
    checklist,
    plan::{self, Selection},
};
use indexmap::IndexMap;
use std::path::Path;

/// The checks of a checklist, each with the rows that it covers; `None` for one that is not there or not right.
type Checks = Option<IndexMap<String, Vec<String>>>;

/// Whatever is named as `PATH#CHECK` and is not there, or does not cover the row; paths are meant from `folder`.
#[must_use]
pub fn dangling(rows: &Rows, folder: &Path) -> Vec<String> {
    let mut read: IndexMap<&str, Checks> = IndexMap::new();
    let mut dangling = Vec::new();
    for (id, row) in rows.parts.values().flat_map(|part| &part.rows) {
        for named in &row.elsewhere {
            let (file, check) = named.split_once('#').unwrap_or((named, ""));
            let checks = read.entry(file).or_insert_with(|| checks(&folder.join(file)));
            let wrong = match checks.as_ref().map(|checks| checks.get(check)) {
                None => "which is no checklist that can be planned",
                Some(None) => "where there is no such check",
                Some(Some(covers)) if !covers.contains(id) => "which does not cover it",
                Some(Some(_)) => continue,
            };
            dangling.push(format!("the row `{id}` names `{named}`, {wrong}"));
        }
    }
    dangling
}

fn checks(file: &Path) -> Checks {
    let checklist = checklist::read(&[file.to_owned()], &[]);
    let plan = plan::make(&checklist, &Selection::default(), 0).ok()?;
    Some(plan.items.into_iter().map(|item| (item.check, item.covers)).collect())
}
