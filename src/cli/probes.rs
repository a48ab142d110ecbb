//! `gonogo probes`: the catalogue.

use super::screen::Screen;
use crate::{exit, report::wrap};
use gonogo_checks::CATALOGUE;

/// How it is used.
pub const EXAMPLES: &str = "Examples:
  gonogo probes
  gonogo explain dns-wildcard   the page of one";

/// Lists every probe with the first sentence of its page.
pub fn probes(screen: &Screen) -> anyhow::Result<u8> {
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

/// The first sentence below the page's title, without Markdown's stars.
fn summary(page: &str) -> String {
    let body = page.lines().skip_while(|line| line.starts_with('#') || line.trim().is_empty());
    let paragraph = body.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ").replace("**", "");
    match paragraph.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => paragraph,
    }
}
