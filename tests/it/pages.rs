//! The repository's Markdown pages and files, as the tests that keep them true read them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where the repository is.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The text of the page that a stranger reads first.
pub fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).expect("README.md")
}

/// Every file below `folder` whose name ends so, in order; built and hidden ones left out.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every opening fence of a page: its line and its language.
pub fn fences(page: &str) -> Vec<(usize, String)> {
    let fences = page.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("```"));
    fences.step_by(2).map(|(i, line)| (i + 1, line.trim_start()[3..].trim().to_owned())).collect()
}

/// The texts of every fenced block in `language`.
pub fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(word), None) => open = Some((word.trim() == language, String::new())),
            (Some(_), Some(_)) => found.extend(open.take().filter(|(is_wanted, _)| *is_wanted).map(|(_, text)| text)),
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    found
}

/// The rows below the table's head `| FIRST | …`, split into cells.
pub fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let mut lines = page.lines().skip_while(|line| *line != head);
    assert!(lines.next().is_some(), "no table `{head}`");
    let rows = lines.skip(1).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}
