//! `gonogo attest`: a named person confirms what no machine can see.

use super::{
    moment::moment,
    output::settle,
    screen::Screen,
    source::{Source, planned},
};
use crate::{
    exit,
    plan::{Plan, PlanItem, Selection},
    run::statements,
};
use anyhow::{Context as _, bail};
use clap::Args;
use gonogo_checks::{
    attestation::{Attestation, Confirmation, read},
    contract::{Finding, Probe as _},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::{fmt::Write as _, io::Write as _, path::Path};
use tempfile::NamedTempFile;

const EXAMPLES: &str = "Examples:
  gonogo attest agenda --by infra-lead
  gonogo attest dns-contact --by infra-lead --note 'in the channel' --until 2099-12-02T12:00";

const HEAD: &str = "# What people have confirmed. Written whole by `gonogo attest`, which keeps no other comment; for version control.\n";

/// What is confirmed, by whom.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The check, or one of its items: CHECK@SITE
    check: String,
    #[command(flatten)]
    source: Source,
    /// Who confirms it: a name that others know
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: String,
    /// What there is to say to it
    #[arg(long, value_name = "TEXT", value_parser = note)]
    note: Option<String>,
    /// Until when it holds, in the event's zone; without it, for this event
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

fn name(text: &str) -> Result<String, String> {
    line(text, 80)
}

fn note(text: &str) -> Result<String, String> {
    line(text, 500)
}

/// A text on one line that says something.
fn line(text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(format!("one line of 1 to {most} characters"));
    }
    Ok(text.to_owned())
}

/// Writes the confirmation into its file.
pub fn attest(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let checklist = arguments.source.read()?;
    let Some(plan) = planned(&checklist, &Selection::default(), 0, screen) else { return Ok(exit::USAGE) };
    let items = meant(&plan, &arguments.check)?;
    let now = Timestamp::now();
    let until = arguments.until.as_deref().map(|text| moment("--until", text, &plan.event.zone)).transpose()?;
    if until.is_some_and(|until| until <= now) {
        bail!("--until is over: a confirmation holds from now on");
    }
    let mut said = String::new();
    for (_, seen) in statements(&plan, &items).context("nothing was written")? {
        let confirmation = Confirmation {
            statement: seen.statement,
            by: arguments.by.clone(),
            at: now.round(jiff::Unit::Second)?,
            event: plan.event.starts,
            until,
            note: arguments.note.clone(),
        };
        let _ =
            writeln!(said, "{}: \"{}\", by {}, in {}", seen.key, confirmation.statement, confirmation.by, seen.file);
        keep(Path::new(&seen.file), &seen.key, confirmation)?;
    }
    for finding in unmet(&plan, &items)? {
        let _ = writeln!(said, "note: the check {} does not take it so: {}", finding.subject, finding.seen);
        if let Some(remedy) = &finding.remedy {
            let _ = writeln!(said, "  {}", remedy.says);
        }
    }
    screen.report(&said)?;
    Ok(exit::GO)
}

/// The items that `name` means: all of a check, or one of them.
fn meant<'a>(plan: &'a Plan, name: &str) -> anyhow::Result<Vec<&'a PlanItem>> {
    let items: Vec<&PlanItem> = plan.items.iter().filter(|item| item.check == name || item.id == name).collect();
    let is_for_people = |item: &PlanItem| item.kind.name == Attestation::KIND;
    let known = || {
        let mut known: Vec<&str> =
            plan.items.iter().filter(|item| is_for_people(item)).map(|item| item.check.as_str()).collect();
        known.dedup();
        match known[..] {
            [] => "this checklist leaves nothing to a person".to_owned(),
            _ => format!("what people confirm here: {}", known.join(", ")),
        }
    };
    match items.first() {
        None => bail!("no check is called `{name}`; {}", known()),
        Some(item) if !is_for_people(item) => {
            bail!("`{name}` is looked at by `{}`, and no word stands in for that; {}", item.kind.name, known())
        }
        Some(_) => Ok(items),
    }
}

/// What the checks still miss, once it is written.
fn unmet(plan: &Plan, items: &[&PlanItem]) -> anyhow::Result<Vec<Finding>> {
    let window = plan.event.window(Timestamp::now());
    let written = statements(plan, items)?;
    let judged = items.iter().zip(&written).map(|(item, (seen, _))| item.item.judge(seen, &window));
    Ok(judged.collect::<Result<Vec<_>, _>>()?.concat())
}

/// Puts the confirmation into the file, which is replaced whole or not at all; two at once wait for one another.
fn keep(path: &Path, key: &str, confirmation: Confirmation) -> anyhow::Result<()> {
    let wrong = || format!("cannot write {}", path.display());
    // Through a link the file itself is replaced, not the link.
    let path = if path.exists() { path.canonicalize().with_context(wrong)? } else { path.to_owned() };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _held = held(folder).with_context(wrong)?;
    let mut all: IndexMap<String, Confirmation> = read(&path)?;
    all.insert(key.to_owned(), confirmation);
    all.sort_unstable_keys();
    let mut draft = NamedTempFile::new_in(folder).with_context(wrong)?;
    draft.write_all(format!("{HEAD}{}", serde_saphyr::to_string(&all)?).as_bytes()).with_context(wrong)?;
    settle(draft, &path)
}

/// The folder, locked until it is dropped. The file cannot be: it is another one afterwards.
#[cfg(unix)]
fn held(folder: &Path) -> std::io::Result<std::fs::File> {
    let folder = std::fs::File::open(folder)?;
    folder.lock()?;
    Ok(folder)
}

/// Elsewhere a folder cannot be locked.
#[cfg(not(unix))]
fn held(_: &Path) -> std::io::Result<()> {
    Ok(())
}
