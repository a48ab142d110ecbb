//! `gonogo demo`: the example checklist against the incident that taught it, by the very path of `gonogo run`.

use super::{
    run::{self, Arguments as RunArguments},
    screen::Screen,
};
use crate::rehearsal;
use anyhow::Context as _;
use clap::Args;
use gonogo_checks::contract::Command;
use gonogo_world::{
    World,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{Timestamp, ToSpan as _};
use std::{fs, path::Path};

const CHECKLIST: &str = include_str!("../../examples/coder-workshop/gonogo.yaml");

/// Which world.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  gonogo demo               NO-GO: five root causes, two days before\n  gonogo demo --repaired    GO\n  gonogo demo --keep        leave the world running, to break and mend things"
)]
pub struct Arguments {
    /// The world as it should have been
    #[arg(long)]
    repaired: bool,
    /// Leave the world running until Ctrl-C, and say how to point `gonogo run` at it
    #[arg(long)]
    keep: bool,
    /// Show why, runbooks, evidence and disruptive commands
    #[arg(short, long)]
    verbose: bool,
}

/// Starts the world, runs the checklist against it, and stops it.
pub fn demo(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let times = times()?;
    let state = if arguments.repaired { workshop::repaired(times) } else { workshop::before(times) };
    let worlds = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("world")
        .enable_all()
        .build()
        .context("cannot start the world")?;
    let world = worlds.block_on(World::start(state)).context("cannot start the world")?;
    let folder = tempfile::Builder::new().prefix("gonogo-demo-").tempdir().context("cannot write the demo's files")?;
    fs::write(folder.path().join("gonogo.yaml"), CHECKLIST).context("cannot write the demo's checklist")?;
    rehearsal::lead(folder.path(), &world, times)?;
    let which =
        if arguments.repaired { "as it should have been" } else { "two days before the workshop of 30 September 2024" };
    screen.note(&format!("demo: a world on this machine, {which}; nothing else is looked at"));
    let code = run::run(&RunArguments::of(folder.path(), arguments.verbose), screen)?;
    if arguments.keep {
        screen.note(&keeping(folder.path()));
        let _ = worlds.block_on(tokio::signal::ctrl_c());
    }
    drop(world);
    worlds.shutdown_background();
    Ok(code)
}

/// The workshop's own hour, nine in Los Angeles, on the day after tomorrow there, for an hour and a half.
fn times() -> anyhow::Result<Times> {
    let now = Timestamp::now();
    let there = now.in_tz("America/Los_Angeles").context("the zone of the workshop is unknown")?;
    let day = there.date().checked_add(2.days())?;
    let starts = day.at(9, 0, 0, 0).in_tz("America/Los_Angeles")?.timestamp();
    Ok(Times { now, starts, ends: starts.checked_add(90.minutes())? })
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
