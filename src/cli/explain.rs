//! `gonogo explain`: a probe's page, or what a code means.

use super::screen::Screen;
use crate::exit;
use clap::Args;
use gonogo_checks::{
    CATALOGUE,
    contract::{CORE_CODES, Code, Weight, text::nearest},
};

/// What to explain.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  gonogo explain replicas           settings, findings, least access, an example\n  gonogo explain wildcard-missing   what a finding means"
)]
pub struct Arguments {
    /// A probe, or the code of a finding
    #[arg(value_name = "PROBE|CODE")]
    word: String,
}

/// Shows the page of a probe, or every meaning of a code.
pub fn explain(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let word = arguments.word.as_str();
    if let Some(kind) = gonogo_checks::kind(word) {
        screen.report(kind.page)?;
        return Ok(exit::GO);
    }
    let mut text = String::new();
    for kind in CATALOGUE {
        for code in kind.codes.iter().filter(|code| code.id == word) {
            text.push_str(&meaning(
                code,
                &format!("raised by {}; `gonogo explain {}` shows its cure", kind.name, kind.name),
            ));
        }
    }
    for code in CORE_CODES.iter().filter(|code| code.id == word) {
        text.push_str(&meaning(code, "raised by any probe"));
    }
    if text.is_empty() {
        let codes = CATALOGUE.iter().flat_map(|kind| kind.codes).chain(CORE_CODES).map(|code| code.id);
        let near = nearest(word, CATALOGUE.iter().map(|kind| kind.name).chain(codes));
        let help = near
            .map_or_else(|| "`gonogo probes` lists the probes".to_owned(), |near| format!("did you mean `{near}`?"));
        anyhow::bail!("no probe and no code is called `{word}`; {help}");
    }
    screen.report(&text)?;
    Ok(exit::GO)
}

fn meaning(code: &Code, by: &str) -> String {
    let weight = match code.weight {
        Weight::Fail => "a failure",
        Weight::Unknown => "unknown: it blocks a GO",
        Weight::Warn => "a warning",
    };
    format!(
        "{}: {}\n{weight}; {by}\nto waive it: waivers: [{{ check: …, codes: [{}], by: …, reason: …, until: … }}]\n",
        code.id, code.says, code.id
    )
}
