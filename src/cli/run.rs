//! `gonogo run`: look, judge, report.

use super::{
    live::Live,
    moment::moment,
    output::Outputs,
    screen::Screen,
    source::{Source, planned},
};
use crate::{
    checklist::{self, Checklist, Stage},
    exit,
    plan::{Plan, Selection},
    report::{
        Acceptance, Report,
        fold::{Frame, fold},
        format::Output,
    },
    run::{self, Orders},
};
use anyhow::Context as _;
use clap::Args;
use gonogo_checks::contract::{Vault, values::Period};
use jiff::Timestamp;
use std::path::Path;

/// The name of every thread that probes run on.
pub const PROBES: &str = "probe";

const EXAMPLES: &str = "Examples:
  gonogo run                                        the gonogo.yaml here or above
  gonogo run base.yaml staging.yaml                 layers: later files win
  gonogo run --set event.attendees=25               for a larger crowd
  gonogo run --only 'server*' --site us-west-2      a part; GO is said of the whole only
  gonogo run -o junit=gonogo.xml -o json=gonogo.json
  gonogo run --now 2026-12-02T08:00 --accept-simulated";

/// What to select.
#[derive(Args, Clone, Debug, Default)]
pub struct Select {
    /// Only checks or items that match; what they need is looked at too
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Only items at this site; relations keep all their members
    #[arg(long, value_name = "SITE")]
    site: Vec<String>,
    /// Only checks with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only checks of this stage, though the clock says it has not come or is over; without it the clock decides
    #[arg(long, value_name = "STAGE", hide_possible_values = true)]
    stage: Option<Stage>,
}

impl Select {
    /// The selection.
    ///
    /// # Errors
    /// A glob that is none.
    pub fn selection(&self) -> anyhow::Result<Selection> {
        Selection::new(&self.only, &self.site, &self.tag, self.stage).context("--only")
    }
}

/// How to run.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Arguments {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    select: Select,
    /// The report's form, to standard output or a file; repeatable: table, short, plain, json, junit, markdown
    #[arg(short = 'o', long = "output", value_name = "FORMAT[=PATH]")]
    output: Vec<Output>,
    /// Judge as if it were this time; never exits 0 without --accept-simulated
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// How many items at once; over `limits.concurrency`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    concurrency: Option<u32>,
    /// The longest that the run may take, such as 5m; over `limits.deadline`
    #[arg(long, value_name = "LENGTH")]
    deadline: Option<Period>,
    /// The seed of every random label, to repeat a run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Let warnings pass: all, or those with these codes
    #[arg(long, value_name = "CODE,…", num_args = 0..=1, require_equals = true, default_missing_value = "", value_delimiter = ',')]
    accept_warnings: Option<Vec<String>>,
    /// Let a selection pass: exit 0 though required items were left out
    #[arg(long)]
    accept_partial: bool,
    /// Let a judgement at another time pass
    #[arg(long)]
    accept_simulated: bool,
    /// Refuse a provisional GO: exit 3 while items are not due yet
    #[arg(long = "final")]
    is_final: bool,
    /// Allow looks that cost money, such as one token of a model; without it they are unknown
    #[arg(long)]
    allow_cost: bool,
    /// Show why, runbooks, evidence and disruptive commands
    #[arg(short, long)]
    verbose: bool,
}

impl Arguments {
    /// A run of the checklist and the layer in the demo's `folder`.
    pub fn of(folder: &Path, output: Vec<Output>, verbose: bool) -> Self {
        let files = vec![folder.join("gonogo.yaml"), folder.join("world.yaml")];
        Self { source: Source { files, set: Vec::new() }, output, verbose, ..Self::default() }
    }

    /// A run of the whole of a source's selection.
    pub fn whole(source: &Source, select: &Select) -> Self {
        Self { source: source.clone(), select: select.clone(), ..Self::default() }
    }

    fn acceptance(&self) -> Acceptance {
        let codes = |codes: &Vec<String>| codes.iter().filter(|code| !code.is_empty()).cloned().collect();
        Acceptance {
            warnings: self.accept_warnings.as_ref().map(codes),
            partial: self.accept_partial,
            simulated: self.accept_simulated,
            is_final: self.is_final,
        }
    }
}

/// Looks at everything that is selected and due, and reports.
pub fn run(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let outputs = Outputs::prepare(&arguments.output)?;
    let checklist = arguments.source.read()?;
    let seed = arguments.seed.unwrap_or_else(fresh_seed);
    let Some(plan) = planned(&checklist, &arguments.select.selection()?, seed, screen) else { return Ok(exit::USAGE) };
    let orders = orders(arguments, &plan, seed)?;
    let Some(report) = look(arguments, &checklist, &plan, &orders, screen)? else { return Ok(exit::USAGE) };
    outputs.write(&report, arguments.verbose, screen)?;
    Ok(report.exit_code)
}

/// How the command line wants the plan to be run.
pub fn orders(arguments: &Arguments, plan: &Plan, seed: u64) -> anyhow::Result<Orders> {
    let now = match &arguments.now {
        Some(text) => moment("--now", text, &plan.event.zone)?,
        None => Timestamp::now(),
    };
    Ok(Orders {
        concurrency: arguments.concurrency.map_or(plan.limits.concurrency, |most| most as usize),
        deadline: arguments.deadline.map_or(plan.limits.deadline, |longest| longest.0),
        seed,
        window: plan.event.window(now),
        is_forced: arguments.select.stage.is_some(),
    })
}

/// The report; `None` once what stands in the way of looking has been shown.
pub fn look(
    arguments: &Arguments,
    checklist: &Checklist,
    plan: &Plan,
    orders: &Orders,
    screen: &Screen,
) -> anyhow::Result<Option<Report>> {
    let front = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let vault = match front.block_on(run::read_secrets(plan, &checklist.sources)) {
        Ok(vault) => vault,
        Err(problems) => {
            screen.note(&checklist::render_all(&checklist.sources, &problems, screen.is_coloured()));
            return Ok(None);
        }
    };
    let report = conduct(arguments, plan, vault, orders, &front)?;
    Ok(Some(report))
}

/// The runtime that probes run on.
///
/// # Errors
/// No thread can be started.
pub fn probes() -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.thread_name(PROBES).enable_all().build().context("cannot start the probes")
}

fn conduct(
    arguments: &Arguments,
    plan: &Plan,
    vault: Vault,
    orders: &Orders,
    front: &tokio::runtime::Runtime,
) -> anyhow::Result<Report> {
    let reach = run::reach(plan, vault, plan.limits.per_host, arguments.allow_cost)?;
    let probes = probes()?;
    let mut live = Live::new(plan.items.len(), Screen::is_watched());
    let done = front.block_on(run::conduct(plan, &reach, orders, probes.handle(), &mut live));
    live.end();
    reach.programs.end();
    // A probe that spins never ends its thread: it is left behind, not waited for.
    probes.shutdown_background();
    let frame = Frame { host: host(), is_as_if: arguments.now.is_some(), accepted: arguments.acceptance() };
    Ok(fold(plan, &done, orders, &frame))
}

/// Any number; printed in the report, so that a run can be repeated. Small, since a person types it.
fn fresh_seed() -> u64 {
    u64::from(Timestamp::now().subsec_nanosecond().unsigned_abs()) % 1_000_000
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "this machine".to_owned(), |name| name.trim().to_owned())
}
