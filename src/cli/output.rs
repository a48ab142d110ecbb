//! Where reports go: files are written whole or not at all, and asked for before anything is looked at.

use super::screen::{Screen, is_dumb};
use crate::report::{
    Report,
    format::{Format, Output},
    table::View,
};
use anyhow::Context as _;
use std::{io::Write as _, path::Path};
use tempfile::NamedTempFile;

/// The outputs of a run, ready to be written.
pub struct Outputs {
    screen: Format,
    files: Vec<(Output, NamedTempFile)>,
}

impl Outputs {
    /// Makes ready. Where no format is for the screen, the screen gets its own.
    ///
    /// # Errors
    /// Two formats for the screen, or a file that cannot be written.
    pub fn prepare(outputs: &[Output]) -> anyhow::Result<Self> {
        let mut on_screen = outputs.iter().filter(|output| output.path.is_none());
        let first = on_screen.next().map(|output| output.format);
        if let (Some(first), Some(second)) = (first, on_screen.next()) {
            anyhow::bail!(
                "two formats for standard output, {first} and {}: give one a file, `-o {}=PATH`",
                second.format,
                second.format
            );
        }
        let usual = if is_dumb() { Format::Plain } else { Format::Table };
        let files =
            outputs.iter().filter(|output| output.path.is_some()).map(|output| Ok((output.clone(), draft(output)?)));
        Ok(Self { screen: first.unwrap_or(usual), files: files.collect::<anyhow::Result<_>>()? })
    }

    /// Writes every file whole, then the screen.
    ///
    /// # Errors
    /// The first that cannot be written; the others are written all the same.
    pub fn write(self, report: &Report, is_verbose: bool, screen: &Screen) -> anyhow::Result<()> {
        let mut failed = None;
        for (output, draft) in self.files {
            let view = View { width: 80, is_verbose, is_short: false };
            if let Err(error) = save(report, &output, draft, view) {
                failed.get_or_insert(error);
            }
        }
        let view = View { width: Screen::width(), is_verbose, is_short: false };
        screen.report(&self.screen.render(report, view)?)?;
        failed.map_or(Ok(()), Err)
    }
}

/// A file beside the one that it will take the place of. What is no file is left alone: a folder, a pipe, `/dev/null`.
fn draft(output: &Output) -> anyhow::Result<NamedTempFile> {
    let path = output.path.as_deref().unwrap_or(Path::new(""));
    if path.exists() && !path.is_file() {
        anyhow::bail!("cannot write {}: it is there and no file", path.display());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    NamedTempFile::new_in(folder).with_context(|| format!("cannot write {}", path.display()))
}

fn save(report: &Report, output: &Output, mut draft: NamedTempFile, view: View) -> anyhow::Result<()> {
    let path = output.path.as_deref().unwrap_or(Path::new(""));
    let text = anstream::adapter::strip_str(&output.format.render(report, view)?).to_string();
    let wrong = || format!("cannot write {}", path.display());
    draft.write_all(text.as_bytes()).with_context(wrong)?;
    settle(draft, path)
}

/// Lets a draft take its file's place, once it is whole on the disk.
///
/// # Errors
/// It cannot be written there.
pub fn settle(draft: NamedTempFile, path: &Path) -> anyhow::Result<()> {
    let wrong = || format!("cannot write {}", path.display());
    draft.as_file().sync_all().with_context(wrong)?;
    // A temporary file is for its owner alone; a report is for whoever may read what it replaces, or the folder.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let new = std::fs::Permissions::from_mode(0o644);
        let known = std::fs::metadata(path).map_or(new, |known| known.permissions());
        draft.as_file().set_permissions(known).with_context(wrong)?;
    }
    draft.persist(path).with_context(wrong)?;
    Ok(())
}
