//! `gonogo demo`: an incident's checklist against the world as it was before it, by the very path of `gonogo run`.

use super::{
    run::{self, Arguments as RunArguments},
    screen::Screen,
};
use crate::{
    exit,
    rehearsal::{REHEARSALS, Rehearsal, named},
    report::{format::Output, wrap},
    run::Signals,
};
use anyhow::Context as _;
use clap::{Args, builder::PossibleValuesParser};
use gonogo_checks::contract::Command;
use gonogo_world::{World, incidents::CATALOGUE};
use jiff::Timestamp;
use std::path::Path;

const EXAMPLES: &str = "Examples:
  gonogo demo                                  NO-GO: its root causes, two days before
  gonogo demo --repaired                       GO
  gonogo demo -o short                         every entry whole
  gonogo demo --list                           the incidents
  gonogo demo knative-pvc-2025-07-17           another one
  gonogo demo --keep                           leave the world running, to break and mend things";

/// Which world.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Arguments {
    /// The incident; the workshop of 30 September 2024 unless named
    #[arg(default_value = CATALOGUE[0].name, value_parser = names(), hide_possible_values = true, hide_default_value = true)]
    name: String,
    /// List the incidents
    #[arg(long, exclusive = true)]
    list: bool,
    /// The world as it should have been
    #[arg(long)]
    repaired: bool,
    /// Leave the world running until Ctrl-C, and say how to point `gonogo run` at it
    #[arg(long)]
    keep: bool,
    /// The report's form, as `gonogo run` takes it; repeatable: table, short, plain, json, junit, markdown
    #[arg(short = 'o', long = "output", value_name = "FORMAT[=PATH]")]
    output: Vec<Output>,
    /// Show why, runbooks, evidence and disruptive commands
    #[arg(short, long)]
    verbose: bool,
}

/// The names that the command line, its complaints and its completions know.
fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(REHEARSALS.iter().map(|rehearsal| rehearsal.incident.name))
}

/// Starts the world, runs the checklist against it, and stops it.
pub fn demo(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    if arguments.list {
        screen.report(&list())?;
        return Ok(exit::GO);
    }
    let rehearsal = named(&arguments.name).with_context(|| format!("no incident is called `{}`", arguments.name))?;
    let incident = rehearsal.incident;
    let times = rehearsal.times(Timestamp::now())?;
    let state = if arguments.repaired { (incident.repaired)(times) } else { incident.before(times) };
    let worlds = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("world")
        .enable_all()
        .build()
        .context("cannot start the world")?;
    let world = worlds.block_on(World::start(state)).context("cannot start the world")?;
    let folder = tempfile::Builder::new().prefix("gonogo-demo-").tempdir().context("cannot write the demo's files")?;
    rehearsal.write(folder.path())?;
    rehearsal.lead(folder.path(), &world, times)?;
    screen.note(&which(rehearsal, arguments.repaired));
    let code = run::run(&RunArguments::of(folder.path(), arguments.output.clone(), arguments.verbose), screen)?;
    if arguments.keep {
        screen.note(&keeping(folder.path()));
        worlds.block_on(async { Signals::listen().next().await });
    }
    drop(world);
    worlds.shutdown_background();
    Ok(code)
}

/// A line an incident: name, date, what happened.
fn list() -> String {
    let width = REHEARSALS.iter().map(|rehearsal| rehearsal.incident.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for incident in REHEARSALS.iter().map(|rehearsal| rehearsal.incident) {
        let line = format!("{:width$}  {}  {}", incident.name, incident.date, incident.title);
        let indent = " ".repeat(width + "  2024-09-30  ".len());
        for line in wrap::hanging(&line, Screen::width(), &indent) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    format!("{text}\n`gonogo demo NAME` replays one; `--repaired` is the world as it should have been\n")
}

fn which(rehearsal: &Rehearsal, is_repaired: bool) -> String {
    let day = rehearsal.incident.date.strftime("%-d %B %Y");
    let world = if is_repaired { "as it should have been before" } else { "as it was before" };
    format!("demo: a world on this machine, {world} the incident of {day}; no other is looked at")
}

/// What to do with a world that is left running; the program as it was called, so that the lines can be pasted.
fn keeping(folder: &Path) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "gonogo".to_owned());
    let path = |name: &str| folder.join(name).display().to_string();
    let (checklist, layer) = (path("gonogo.yaml"), path("world.yaml"));
    let command =
        Command::new([&program, "run", &checklist, &layer]).map_or_else(String::new, |command| command.to_string());
    format!(
        "\nThe world is running. In another terminal:\n{command}\nChange {checklist} and look again, or add --set event.attendees=20.\nCtrl-C here stops the world."
    )
}
