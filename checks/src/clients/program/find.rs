//! Where a program is: by its path, or in the folders of `PATH`.

use crate::contract::{Remedy, Unobserved, Why};
use std::{
    ffi::{OsStr, OsString},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// The folders of programs where there is no `PATH`.
const USUAL: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The folders that are searched.
pub(super) fn search() -> OsString {
    std::env::var_os("PATH").filter(|path| !path.is_empty()).unwrap_or_else(|| USUAL.into())
}

/// The file of the program `name`.
pub(super) fn program(name: &str, base: &Path, search: &OsStr, asked: &str) -> Result<PathBuf, Unobserved> {
    if name.contains('/') {
        let path = base.join(name);
        // What is run from another folder must not be looked for there.
        let path = std::path::absolute(&path).unwrap_or(path);
        return if is_program(&path) { Ok(path) } else { Err(missing(asked, &not_there(&path))) };
    }
    // An empty entry of PATH means the working folder: no place for programs.
    let folders = std::env::split_paths(search).filter(|folder| folder.is_absolute());
    folders
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
        .ok_or_else(|| missing(asked, &format!("no program `{name}` is in the folders of PATH")))
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn not_there(path: &Path) -> String {
    let shown = path.display();
    if path.exists() { format!("{shown} is no program that may be run") } else { format!("there is no file {shown}") }
}

fn missing(asked: &str, detail: &str) -> Unobserved {
    Unobserved::new(Why::Unconfigured, asked, detail)
        .by_hand(Remedy::prose("install the program on the machine that gonogo runs on, or name it by its path"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_its_path_or_in_path_and_nowhere_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, mode: u32| {
            let path = folder.path().join(name);
            std::fs::write(&path, "").expect("a file");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("its mode");
        };
        write("look", 0o755);
        write("page", 0o644);
        let search = OsString::from(format!(":.:{}", folder.path().display()));
        let found = |name: &str, search: &OsStr| program(name, folder.path(), search, "run it");
        assert_eq!(found("look", &search).expect("in PATH"), folder.path().join("look"));
        assert_eq!(found("./look", OsStr::new("")).expect("by its path").file_name(), Some(OsStr::new("look")));
        for (name, words) in
            [("page", "no program `page`"), ("./page", "no program that may be run"), ("./none", "there is no file")]
        {
            let missing = found(name, &search).expect_err("not to be run");
            assert_eq!(missing.why, Why::Unconfigured);
            assert!(missing.detail.contains(words), "{missing}");
        }
        assert!(found("look", OsStr::new(":.")).is_err(), "the working folder is no place for programs");
    }
}
