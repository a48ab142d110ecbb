//! `gonogo validate`: what is wrong with a checklist.

use super::{
    plan::rows,
    screen::Screen,
    source::{Source, planned},
};
use crate::{exit, plan::Selection};

/// How it is used.
pub const EXAMPLES: &str = "Examples:
  gonogo validate                         the gonogo.yaml here or above
  gonogo validate base.yaml staging.yaml  layers: later files win
  gonogo validate --set event.attendees=25";

/// Reads and plans, and says what is wrong. Reads no secret, runs no command, looks at nothing.
pub fn validate(source: &Source, screen: &Screen) -> anyhow::Result<u8> {
    let checklist = source.read()?;
    let Some(plan) = planned(&checklist, &Selection::default(), 0, screen) else { return Ok(exit::USAGE) };
    let (checks, rows, sites) = (checklist.checks.len(), plan.items.iter().map(rows).sum(), plan.sites.len());
    let parts = [counted(checks, "check"), counted(rows, "item"), counted(sites, "site")];
    screen.report(&format!("valid: {}\n", parts.join(", ")))?;
    Ok(exit::GO)
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
