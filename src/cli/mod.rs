//! The command line: one small file for each subcommand.

mod attest;
mod capacity;
mod completions;
mod coverage;
mod demo;
mod explain;
mod live;
mod moment;
mod output;
mod plan;
mod probes;
mod run;
mod schema;
mod screen;
mod source;
mod validate;

use crate::exit;
use clap::{Parser, Subcommand};
use screen::Screen;
use std::panic::AssertUnwindSafe;

const EXAMPLES: &str = "Examples:
  gonogo demo                            see it work: the incident that taught it
  gonogo demo --list                     other incidents, each with its checklist
  gonogo run                             look, by the gonogo.yaml here or above
  gonogo run -o junit=gonogo.xml         gate a pipeline on the exit code
  gonogo run --only 'server*' -o short   look again at a part
  gonogo explain wildcard-missing        what a finding means

Exit codes: 0 GO, 1 NO-GO, 2 wrong command line or checklist, 3 UNDETERMINED,
4 nothing to look at, 5 GO WITH WARNINGS, 6 PARTIAL, 70 a bug, 130/143 interrupted";

/// Says GO or NO-GO before an event: looks at real infrastructure, names the cause and the cure.
#[derive(Parser)]
#[command(name = "gonogo", version, about, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Colours: auto (on a terminal that can, unless `NO_COLOR` is set), always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: screen::When,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Look at everything in the checklist, and say GO or NO-GO
    Run(run::Arguments),
    /// Show what would be looked at, and what needs what; looks at nothing
    Plan(plan::Arguments),
    /// Reckon how many attendees the sites carry, for every size of crowd
    Capacity(capacity::Arguments),
    /// Confirm, by name, what no machine can see
    Attest(attest::Arguments),
    /// Lay the rows of a checklist on paper beside the checks that stand for them
    Coverage(coverage::Arguments),
    /// Say what is wrong with a checklist; reads no secret, looks at nothing
    #[command(after_help = validate::EXAMPLES)]
    Validate(source::Source),
    /// Replay an incident on this machine, and the checklist that catches it
    Demo(demo::Arguments),
    /// List the probes
    Probes(probes::Arguments),
    /// Explain a probe, or the code of a finding
    Explain(explain::Arguments),
    /// Print the JSON Schema of the checklist, or of the report
    Schema(schema::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

/// Parses the command line and does what it says; the exit code.
#[must_use]
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE } else { exit::GO };
        }
    };
    keep_probes_quiet();
    let screen = Screen::new(cli.color);
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| dispatch(cli.command, &screen)));
    match done {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            screen.complain(&format!("{error:#}"));
            exit::USAGE
        }
        Err(_) => {
            screen.complain("a bug in gonogo, sorry: please report the lines above");
            exit::BUG
        }
    }
}

fn dispatch(command: Command, screen: &Screen) -> anyhow::Result<u8> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        anyhow::bail!("a TLS backend is installed already");
    }
    match command {
        Command::Run(arguments) => run::run(&arguments, screen),
        Command::Plan(arguments) => plan::plan(&arguments, screen),
        Command::Capacity(arguments) => capacity::capacity(&arguments, screen),
        Command::Attest(arguments) => attest::attest(&arguments, screen),
        Command::Coverage(arguments) => coverage::coverage(&arguments, screen),
        Command::Validate(source) => Ok(validate::validate(&source, screen)?),
        Command::Demo(arguments) => demo::demo(&arguments, screen),
        Command::Probes(arguments) => probes::probes(&arguments, screen),
        Command::Explain(arguments) => explain::explain(&arguments, screen),
        Command::Schema(arguments) => schema::schema(&arguments, screen),
        Command::Completions(arguments) => completions::completions(&arguments, screen),
    }
}

/// A panic in a probe is that item's `unknown` and says so in the report; on the screen it would only tear the report.
fn keep_probes_quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(run::PROBES) {
            usual(panic);
        }
    }));
}
