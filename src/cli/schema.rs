//! `gonogo schema`: JSON Schemas for editors and pipelines.

use super::screen::Screen;
use crate::{checklist, exit, report};
use clap::{Args, ValueEnum};

/// Which schema.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  gonogo schema > gonogo.schema.json   for an editor\n  gonogo schema report                 for what reads `-o json`"
)]
pub struct Arguments {
    /// Of what
    #[arg(default_value = "checklist")]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// The checklist
    Checklist,
    /// The report, `gonogo/report/1`
    Report,
}

/// Prints the schema.
pub fn schema(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let schema = match arguments.of {
        Of::Checklist => checklist::schema(),
        Of::Report => report::schema().to_value(),
    };
    screen.report(&format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
    Ok(exit::GO)
}
