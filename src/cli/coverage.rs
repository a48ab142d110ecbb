//! `gonogo coverage`: which rows of a checklist on paper the checks stand for.

use super::{
    screen::Screen,
    source::{Source, planned},
};
use crate::{checklist, coverage, exit, plan::Selection};
use anyhow::{Context as _, bail};
use clap::Args;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "The rows are in rows.yaml beside the checklist:
  parts:
    A: { title: Access, rows: { A01: { item: Sign-in, holds: GitHub is on } } }
A check names the rows that it stands for: `covers: [A01]`.

Exit codes: 0 every row has an answer, or a place (`later`) for one; 1 some have
none; 2 a row or a check that is named is not there

Examples:
  gonogo coverage                            a line a row
  gonogo coverage --markdown > COVERAGE.md   the page, for version control";

/// Which checklist, and which rows.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    /// The file of rows; rows.yaml beside the checklist unless said
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// As a page of Markdown
    #[arg(long)]
    markdown: bool,
}

/// Lays the rows beside the checks.
pub fn coverage(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let mut checklist = arguments.source.read()?;
    let Some(plan) = planned(&checklist, &Selection::default(), 0, screen) else { return Ok(exit::USAGE) };
    let path = arguments.rows.clone().unwrap_or_else(|| checklist.folder.join("rows.yaml"));
    let mut problems = Vec::new();
    let rows = coverage::read(&path, &mut checklist.sources, &mut problems)
        .with_context(|| format!("cannot read {}; `gonogo coverage --help` shows its form", path.display()))?;
    let Some(rows) = rows.filter(|_| problems.is_empty()) else {
        screen.note(&checklist::render_all(&checklist.sources, &problems, screen.is_coloured()));
        return Ok(exit::USAGE);
    };
    let coverage = coverage::lay(&rows, &plan);
    let mut dangling = coverage.dangling.clone();
    dangling.extend(coverage::dangling(&rows, path.parent().unwrap_or(Path::new("."))));
    if !dangling.is_empty() {
        bail!("{}", dangling.join("\n"));
    }
    let text = if arguments.markdown { coverage::page(&coverage) } else { coverage::list(&coverage, Screen::width()) };
    screen.report(&text)?;
    Ok(if coverage.count(coverage::How::Nothing) > 0 { exit::NO_GO } else { exit::GO })
}
