//! `gonogo validate`: what is wrong with a checklist.

use super::{
    screen::Screen,
    source::{Source, planned},
};
use crate::{exit, plan::Selection};

/// Reads and plans, and says what is wrong. Reads no secret, runs no command, looks at nothing.
pub fn validate(source: &Source, screen: &Screen) -> anyhow::Result<u8> {
    let checklist = source.read()?;
    let Some(plan) = planned(&checklist, &Selection::default(), 0, screen) else { return Ok(exit::USAGE) };
    let checks = checklist.checks.len();
    screen.report(&format!("valid: {checks} checks, {} items, {} sites\n", plan.items.len(), plan.sites.len()))?;
    Ok(exit::GO)
}
