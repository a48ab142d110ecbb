//! Terraform, where an incident is rehearsed: a stand-in that ends and writes as the program does, with a recorded plan.
//!
//! The world has no estate that a real Terraform could plan against; what is judged is its exit code and its words.

use anyhow::Context as _;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

const STAND_IN: &str = include_str!("../../tests/real/servers/stand-ins/terraform");
/// What version 1.11.4 writes where nothing has changed, and its exit code.
const SAME: (&str, &str) = (include_str!("../../checks/tests/recordings/terraform/none.jsonl"), "0");
/// The same where something has.
const CHANGED: (&str, &str) = (include_str!("../../checks/tests/recordings/terraform/update.jsonl"), "2");

/// Writes a root module and the program into `folder`: the paths of the program and of the module.
pub(super) fn stand_in(folder: &Path, check: &str, is_drifted: bool) -> anyhow::Result<(PathBuf, PathBuf)> {
    let folder = std::path::absolute(folder).context("cannot tell where the world's files are")?;
    let (program, module) = (folder.join("terraform"), folder.join(format!("{check}-module")));
    let (answer, code) = if is_drifted { CHANGED } else { SAME };
    fs::create_dir_all(&module).context("cannot make a root module")?;
    fs::write(module.join("answer.jsonl"), answer).context("cannot write a plan")?;
    fs::write(module.join("exit-code"), code).context("cannot write a plan")?;
    executable(&program).context("cannot write a program")?;
    Ok((program, module))
}

fn executable(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o755);
    options.open(path)?.write_all(STAND_IN.as_bytes())
}
