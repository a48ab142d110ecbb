//! Which checklist: files, layers, `--set`.

use super::screen::Screen;
use crate::{
    checklist::{self, Checklist},
    plan::{self, Plan, Selection},
};
use anyhow::Context as _;
use clap::Args;
use std::path::PathBuf;

/// Which checklist.
#[derive(Args, Clone, Debug, Default)]
pub struct Source {
    /// Checklists, each laid over those before it; without any, the gonogo.yaml here or above
    #[arg(value_name = "FILES")]
    pub files: Vec<PathBuf>,
    /// Sets one value over all files: event.attendees=25
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
}

impl Source {
    /// Reads the checklist, its problems kept within.
    ///
    /// # Errors
    /// No file was named, and none is found.
    pub fn read(&self) -> anyhow::Result<Checklist> {
        let mut files = self.files.clone();
        if files.is_empty() {
            let here = std::env::current_dir().context("cannot tell which folder this is")?;
            files.extend(checklist::find(&here));
        }
        if files.is_empty() {
            anyhow::bail!(
                "no gonogo.yaml here or above: name a checklist, `gonogo run my.yaml`, or see one work: `gonogo demo`"
            );
        }
        Ok(checklist::read(&files, &self.set))
    }
}

/// The plan; `None` once every problem has been shown.
pub fn planned(checklist: &Checklist, selection: &Selection, seed: u64, screen: &Screen) -> Option<Plan> {
    match plan::make(checklist, selection, seed) {
        Ok(plan) => Some(plan),
        Err(problems) => {
            screen.note(&checklist::render_all(&checklist.sources, &problems, screen.is_coloured()));
            None
        }
    }
}
