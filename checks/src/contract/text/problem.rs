//! One thing wrong with what a user wrote: where, what, and what to write instead; and the texts it points into.
//!
//! How a problem looks on a screen is not decided here: this crate has no terminal.

use super::node::At;
use std::path::{Path, PathBuf};

/// One thing wrong with what a user wrote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Where.
    pub at: At,
    /// What is wrong; lowercase, without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(at: At, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: None }
    }

    /// The same problem, with what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// One text that was read: a file, or the text of one `--set`.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called in a complaint: the path as the user gave it, or `--set`.
    pub name: String,
    /// The text.
    pub text: String,
    /// The folder that relative paths in it start from; `None` for the current one.
    pub folder: Option<PathBuf>,
}

/// The texts that were read, numbered in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and gives its number.
    ///
    /// # Panics
    /// After 65,535 texts.
    pub fn add(&mut self, source: Source) -> u16 {
        let number = u16::try_from(self.0.len()).expect("fewer than 65,536 sources");
        self.0.push(source);
        number
    }

    /// The text that a place points into.
    #[must_use]
    pub fn of(&self, at: At) -> Option<&Source> {
        self.0.get(usize::from(at.file))
    }

    /// The line that a place points at, without its end; empty where there is none.
    #[must_use]
    pub fn line(&self, at: At) -> &str {
        let line = usize::try_from(at.line.saturating_sub(1)).unwrap_or(usize::MAX);
        self.of(at).and_then(|source| source.text.lines().nth(line)).unwrap_or("")
    }

    /// A path as it is meant at a place: relative ones start at the folder of the file that names them.
    #[must_use]
    pub fn resolve(&self, at: At, path: &Path) -> PathBuf {
        match self.of(at).and_then(|source| source.folder.as_deref()) {
            Some(folder) => folder.join(path),
            None => path.to_owned(),
        }
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }
}
