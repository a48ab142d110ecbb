//! Where the checklist is when nobody says: here or in a folder above, as Git finds its repository.

use std::path::{Path, PathBuf};

/// The file's name.
pub const FILE_NAME: &str = "gonogo.yaml";

/// The nearest `gonogo.yaml` in `folder` or above it.
#[must_use]
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|above| above.join(FILE_NAME)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_checklist_at_or_above_is_found() {
        let root = tempfile::tempdir().expect("a folder");
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep).expect("folders");
        std::fs::write(root.path().join(FILE_NAME), "").expect("a file");
        assert_eq!(find(&deep), Some(root.path().join(FILE_NAME)));
        std::fs::write(root.path().join("a").join(FILE_NAME), "").expect("a file");
        assert_eq!(find(&deep), Some(root.path().join("a").join(FILE_NAME)));
    }
}
