//! Reads the file of confirmations.

use super::{Attestation, Confirmation, Evidence};
use crate::{
    clients::{file::text, looks::Question},
    contract::{
        Context, Remedy, Unobserved, Why,
        text::{MAX_BYTES, load, read as read_node},
    },
};
use indexmap::IndexMap;
use std::{path::Path, sync::Arc, time::Duration};

/// The file that confirmations are kept in unless the check says another.
pub const FILE: &str = "attestations.yaml";

pub(super) async fn observe(probe: &Attestation, cx: &Context) -> Result<Evidence, Unobserved> {
    let path = cx.reach().base.join(probe.file.as_deref().unwrap_or(FILE));
    let file = path.display().to_string();
    let asked = format!("file {file}");
    let question = Question { host: asked.clone(), key: asked.clone(), asked, limit: Duration::from_secs(10) };
    let all: Arc<IndexMap<String, Confirmation>> = cx
        .looks()
        .once(cx.trace(), question, move || {
            let path = path.clone();
            async move {
                let name = path.display().to_string();
                let done = tokio::task::spawn_blocking(move || read(&path)).await;
                done.unwrap_or_else(|error| Err(Unobserved::new(Why::Panicked, name, error)))
            }
        })
        .await?;
    let confirmed = all.get(&probe.key).cloned();
    let (key, statement) = (probe.key.clone(), probe.statement.clone());
    Ok(Evidence { key, statement, file, asked_at: cx.now(), confirmed })
}

/// Every confirmation in the file at `path`, by the name of what was confirmed; none where there is no file.
///
/// # Errors
/// A file that cannot be read, or that is no list of confirmations: the first thing that is wrong, and its line.
pub fn read(path: &Path) -> Result<IndexMap<String, Confirmation>, Unobserved> {
    let asked = format!("file {}", path.display());
    let by_hand = Remedy::run(["cat", &path.display().to_string()]);
    let missing = |why, detail: String| Unobserved::new(why, &asked, detail).by_hand(by_hand.clone());
    if matches!(path.try_exists(), Ok(false)) {
        return Ok(IndexMap::new());
    }
    let text = text(path, MAX_BYTES as u64).map_err(|(why, detail)| missing(why, detail))?;
    let mut problems = Vec::new();
    let all = match load(0, &text, &mut problems) {
        Some(node) if node.is_empty() => Some(IndexMap::new()),
        Some(node) => read_node(&node, &mut problems),
        None => None,
    };
    match (problems.into_iter().next(), all) {
        (None, Some(all)) => Ok(all),
        (Some(problem), _) => Err(missing(Why::Malformed, format!("line {}: {}", problem.at.line, problem.message))),
        (None, None) => Err(missing(Why::Malformed, "it is no list of confirmations".to_owned())),
    }
}
