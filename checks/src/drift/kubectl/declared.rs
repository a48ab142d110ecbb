//! How many objects manifests declare: a folder without any never differs.
//!
//! Counted by their kinds alone. Reading them whole was rejected: what kubectl takes for YAML is kubectl's to say.

use std::path::Path;

/// The most bytes of one file that are counted.
const MOST: u64 = 16 << 20;

/// How many objects a file declares, or the files of a folder.
pub(super) fn count(path: &Path) -> std::io::Result<usize> {
    if !path.is_dir() {
        return read(path);
    }
    let mut all = 0;
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        let ends = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        // As kubectl reads a folder: not what lies deeper.
        if matches!(ends, "yaml" | "yml" | "json") && path.is_file() {
            all += read(&path)?;
        }
    }
    Ok(all)
}

fn read(path: &Path) -> std::io::Result<usize> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(path)?.take(MOST).read_to_string(&mut text)?;
    Ok(kinds(&text))
}

/// How many objects a text declares: lines that say a kind, as YAML at the margin or as JSON anywhere.
pub(super) fn kinds(text: &str) -> usize {
    let says = |line: &&str| {
        line.starts_with("kind:")
            || line.trim_start().starts_with("\"kind\":")
            || line.starts_with('{') && line.contains("\"kind\"")
    };
    text.lines().filter(says).count()
}
