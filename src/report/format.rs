//! The formats, by their names on the command line.

use super::{Report, json, junit, markdown, plain, table};
use anyhow::Context as _;
use std::{fmt, path::PathBuf, str::FromStr};

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The screen.
    Table,
    /// Only what is not ok.
    Short,
    /// One line an item.
    Plain,
    /// `gonogo/report/1`.
    Json,
    /// JUnit XML.
    Junit,
    /// GitHub-flavoured Markdown.
    Markdown,
}

/// Every format and its name.
pub const FORMATS: [(&str, Format); 6] = [
    ("table", Format::Table),
    ("short", Format::Short),
    ("plain", Format::Plain),
    ("json", Format::Json),
    ("junit", Format::Junit),
    ("markdown", Format::Markdown),
];

impl Format {
    /// The report in this form; the two for a screen carry ANSI styles.
    ///
    /// # Errors
    /// A report that the form cannot hold.
    pub fn render(self, report: &Report, view: table::View) -> anyhow::Result<String> {
        Ok(match self {
            Self::Table => table::table(report, table::View { is_short: false, ..view }),
            Self::Short => table::table(report, table::View { is_short: true, ..view }),
            Self::Plain => plain::plain(report),
            Self::Json => json::json(report)?,
            Self::Junit => junit::junit(report).context("cannot write JUnit")?,
            Self::Markdown => markdown::markdown(report),
        })
    }
}

/// `FORMAT` or `FORMAT=PATH`.
#[derive(Clone, Debug)]
pub struct Output {
    /// The form.
    pub format: Format,
    /// The file; `None` is standard output.
    pub path: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{text}` names no file: write `{text}report` or leave out the `=`")),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
            format!("no format is called `{name}`; one of: {}", names.join(", "))
        })?;
        Ok(Self { format, path })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = FORMATS.iter().find(|(_, format)| format == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}
