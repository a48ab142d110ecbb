//! `gonogo probes`: the catalogue.

use super::screen::Screen;
use crate::{exit, report::wrap};
use clap::Args;
use gonogo_checks::CATALOGUE;

/// In which form.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  gonogo probes\n  gonogo probes --markdown      the table in the README\n  gonogo explain dns-wildcard   the page of one"
)]
pub struct Arguments {
    /// As a Markdown table, with links to the pages in the repository
    #[arg(long)]
    markdown: bool,
}

/// Lists every probe with the first sentence of its page.
pub fn probes(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    if arguments.markdown {
        screen.report(&table())?;
        return Ok(exit::GO);
    }
    let width = CATALOGUE.iter().map(|kind| kind.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for kind in CATALOGUE {
        let indent = " ".repeat(width + 2);
        for line in wrap::hanging(&format!("{:width$}  {}", kind.name, summary(kind.page)), Screen::width(), &indent) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    screen
        .report(&format!("{text}\n`gonogo explain PROBE` shows settings, findings, least access and an example\n"))?;
    Ok(exit::GO)
}

fn table() -> String {
    let row = |kind: &gonogo_checks::contract::Kind| {
        let (name, folder) = (kind.name, kind.name.replace('-', "_"));
        format!("| [`{name}`](checks/src/{folder}/README.md) | {} |\n", summary(kind.page))
    };
    format!("| probe | what it asks |\n|---|---|\n{}", CATALOGUE.iter().map(row).collect::<String>())
}

/// The first sentence below the page's title, without Markdown's stars.
fn summary(page: &str) -> String {
    let body = page.lines().skip_while(|line| line.starts_with('#') || line.trim().is_empty());
    let paragraph = body.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ").replace("**", "");
    match paragraph.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => paragraph,
    }
}
