//! `gonogo completions`: a script for a shell.

use super::{Cli, screen::Screen};
use crate::exit;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

/// For which shell.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  gonogo completions bash > ~/.local/share/bash-completion/completions/gonogo\n  gonogo completions fish > ~/.config/fish/completions/gonogo.fish"
)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub fn completions(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "gonogo", &mut script);
    screen.report(&String::from_utf8_lossy(&script))?;
    Ok(exit::GO)
}
