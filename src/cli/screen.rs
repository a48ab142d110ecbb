//! Standard output and standard error: the report goes to the one, everything else to the other.

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use std::io::{IsTerminal as _, Write as _};

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where standard output is a terminal that can, and `NO_COLOR` is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where words go.
pub struct Screen {
    when: When,
}

impl Screen {
    /// A screen with colours as `when` says.
    pub fn new(when: When) -> Self {
        Self { when }
    }

    /// Writes a report to standard output, styled if it may be. A reader that has gone away is no error.
    pub fn report(&self, text: &str) -> anyhow::Result<()> {
        let choice = self.choice(&std::io::stdout());
        let mut out = AutoStream::new(std::io::stdout().lock(), choice);
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Writes a note to standard error.
    pub fn note(&self, text: &str) {
        let mut out = AutoStream::new(std::io::stderr().lock(), self.choice(&std::io::stderr()));
        let _ = writeln!(out, "{}", text.trim_end_matches('\n'));
    }

    /// Writes an error to standard error.
    pub fn complain(&self, text: &str) {
        self.note(&format!("gonogo: {text}"));
    }

    /// True if and only if text on standard error may be styled.
    pub fn is_coloured(&self) -> bool {
        self.choice(&std::io::stderr()) != ColorChoice::Never
    }

    /// True if and only if somebody watches standard error on a terminal that can move its cursor.
    pub fn is_watched() -> bool {
        std::io::stderr().is_terminal() && !is_dumb()
    }

    /// The width to write for: the terminal's, at least 40; 80 where there is none.
    pub fn width() -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let terminal = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        columns.or_else(terminal).map_or(80, |columns: usize| columns.clamp(40, 120))
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self.when {
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
            When::Auto if is_dumb() => ColorChoice::Never,
            When::Auto => AutoStream::choice(stream),
        }
    }
}

/// True if and only if the terminal says that it can do nothing.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}
