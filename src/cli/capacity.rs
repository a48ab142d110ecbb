//! `gonogo capacity`: one look, judged for every size of crowd.
//!
//! The checklist is planned anew for each number of attendees, so that expressions and tables follow it; all plans look
//! through one reach, so that each request is made once and every number is judged by the same answers.

use super::{
    live::Live,
    run::{self, Arguments as RunArguments, Select},
    screen::Screen,
    source::{Source, planned},
};
use crate::{
    checklist::{self, Severity},
    exit,
    plan::{Plan, Selection},
    report::{
        Outcome,
        crowds::{Crowd, Row, table},
        settle::{Bar, settle},
    },
    run::{Fate, Looked, Orders, Run},
};
use anyhow::Context as _;
use clap::Args;
use gonogo_checks::{capacity, clients::Reach};
use jiff::Timestamp;
use serde::Deserialize as _;
use std::{collections::BTreeMap, path::Path, str::FromStr, sync::Arc};

/// The kind of check that is looked at.
const PROBE: &str = "capacity";
/// The most attendees that are reckoned for.
const MOST: u32 = 10_000;
/// The most numbers of attendees in one table.
const MOST_ROWS: u32 = 500;

const EXAMPLES: &str = "Examples:
  gonogo capacity --attendees 10..40            where each limit bites first
  gonogo capacity --attendees 10..100 --step 5  in steps
  gonogo capacity --attendees 25                one size
  gonogo capacity --only capacity               one check, as many as the event says";

/// What to reckon.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How many attend: 25, or from 10 to 40 as 10..40; unless said, as the event says
    #[arg(long, value_name = "N..M")]
    attendees: Option<Span>,
    /// How many more attendees from row to row
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST)))]
    step: u32,
    /// Only checks that match
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
}

/// From so many attendees to so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    from: u32,
    to: u32,
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let count = |part: &str| match part.trim().parse::<u32>() {
            Ok(0) => Err("nobody attends 0: write a number from 1 on".to_owned()),
            Ok(count) if count <= MOST => Ok(count),
            _ if part.trim().bytes().all(|byte| byte.is_ascii_digit()) && !part.trim().is_empty() => {
                Err(format!("{} are more than {MOST}", part.trim()))
            }
            _ => Err("write how many attend, `25`, or from how many to how many, `10..40`".to_owned()),
        };
        let (from, to) = match text.split_once("..") {
            Some((from, to)) => (count(from)?, count(to)?),
            None => (count(text)?, count(text)?),
        };
        if from > to {
            return Err(format!("it runs backwards: write `{to}..{from}`"));
        }
        Ok(Self { from, to })
    }
}

impl Span {
    /// Every number in these steps, and the last one.
    fn counts(self, step: u32) -> anyhow::Result<Vec<u32>> {
        let rows = (self.to - self.from) / step + 1;
        if rows > MOST_ROWS {
            let wanted = (self.to - self.from) / (MOST_ROWS - 1) + 1;
            anyhow::bail!("{rows} rows are too many for one table: add `--step {wanted}` or more");
        }
        let mut counts: Vec<u32> = (self.from..=self.to).step_by(step as usize).collect();
        if counts.last() != Some(&self.to) {
            counts.push(self.to);
        }
        Ok(counts)
    }
}

/// Looks once, and shows what every number of attendees makes of it.
pub fn capacity(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    if arguments.source.files.iter().any(|file| file == Path::new("-")) {
        anyhow::bail!(
            "the checklist is read anew for each number of attendees, and standard input cannot be: name a file"
        );
    }
    let selection = Selection::new(&arguments.only, &[], &[], None).context("--only")?;
    let Some(plan) = plan(arguments, &selection, None, screen) else { return Ok(exit::USAGE) };
    if !plan.items.iter().any(|item| item.selected) {
        screen.complain(
            "the checklist has no check of the probe `capacity` that is selected: see `gonogo explain capacity`",
        );
        return Ok(exit::NOTHING);
    }
    let counts = span(arguments, &plan)?.counts(arguments.step)?;
    let Some(desk) = Desk::open(arguments, &plan, screen)? else { return Ok(exit::USAGE) };
    let mut tables: BTreeMap<usize, (String, Vec<Crowd>)> = BTreeMap::new();
    for attendees in counts {
        let Some(plan) = self::plan(arguments, &selection, Some(attendees), screen) else { return Ok(exit::USAGE) };
        let run = desk.look(&plan)?;
        if let Some(code) = run.signal {
            return Ok(code);
        }
        for (i, crowd) in desk.crowds(&plan, &run, attendees) {
            let name = plan.items[i].title.clone().unwrap_or_else(|| plan.items[i].check.clone());
            tables.entry(i).or_insert_with(|| (name, Vec::new())).1.push(crowd);
        }
    }
    desk.close();
    let text: Vec<String> = tables.values().map(|(title, crowds)| table(title, crowds, Screen::width())).collect();
    screen.report(&text.join("\n"))?;
    Ok(code(tables.values().flat_map(|(_, crowds)| crowds)))
}

fn span(arguments: &Arguments, plan: &Plan) -> anyhow::Result<Span> {
    let event = plan.event.at_most.map(|to| Span { from: plan.event.expected.unwrap_or(to), to });
    let said = arguments.attendees.or(event);
    said.context("the event does not say how many attend: add `--attendees 10..40`")
}

/// The plan for so many attendees, of which nothing but checks of this probe is selected.
fn plan(arguments: &Arguments, selection: &Selection, attendees: Option<u32>, screen: &Screen) -> Option<Plan> {
    let mut source = arguments.source.clone();
    source.set.extend(attendees.map(|attendees| format!("event.attendees={attendees}")));
    let checklist = match source.read() {
        Ok(checklist) => checklist,
        Err(error) => {
            screen.complain(&format!("{error:#}"));
            return None;
        }
    };
    let mut plan = planned(&checklist, selection, 0, screen)?;
    for item in &mut plan.items {
        // What it needs is another command's matter: here nothing but room is reckoned.
        item.needs.clear();
        item.selected &= item.kind.name == PROBE;
    }
    Some(plan)
}

/// What all looks share.
struct Desk {
    front: tokio::runtime::Runtime,
    probes: tokio::runtime::Runtime,
    reach: Arc<Reach>,
    whole: RunArguments,
}

impl Desk {
    /// `None` once what stands in the way of looking has been shown.
    fn open(arguments: &Arguments, plan: &Plan, screen: &Screen) -> anyhow::Result<Option<Self>> {
        let front = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
        let checklist = arguments.source.read()?;
        let vault = match front.block_on(crate::run::read_secrets(plan, &checklist.sources)) {
            Ok(vault) => vault,
            Err(problems) => {
                screen.note(&checklist::render_all(&checklist.sources, &problems, screen.is_coloured()));
                return Ok(None);
            }
        };
        let reach = crate::run::reach(plan, vault, plan.limits.per_host, false)?;
        let probes = run::probes()?;
        let whole = RunArguments::whole(&arguments.source, &Select::default());
        Ok(Some(Self { front, probes, reach, whole }))
    }

    fn orders(&self, plan: &Plan) -> anyhow::Result<Orders> {
        Ok(Orders { is_forced: true, ..run::orders(&self.whole, plan, 0)? })
    }

    fn look(&self, plan: &Plan) -> anyhow::Result<Run> {
        let orders = self.orders(plan)?;
        let mut live = Live::new(plan.items.iter().filter(|item| item.selected).count(), Screen::is_watched());
        let look = crate::run::conduct(plan, &self.reach, &orders, self.probes.handle(), &mut live);
        let run = self.front.block_on(look);
        live.end();
        Ok(run)
    }

    /// What a number of attendees makes of each check.
    fn crowds(&self, plan: &Plan, run: &Run, attendees: u32) -> Vec<(usize, Crowd)> {
        let Ok(orders) = self.orders(plan) else { return Vec::new() };
        let bar = Bar { window: &orders.window, measured_at: Timestamp::now(), skew: run.skew.as_ref() };
        let selected = run.fates.iter().enumerate().filter(|(i, _)| plan.items[*i].selected);
        let crowd = |(i, fate): (usize, &Fate)| {
            let evidence = match fate {
                Fate::Looked(Looked { seen: Ok(evidence), .. }) => capacity::Evidence::deserialize(evidence).ok(),
                _ => None,
            };
            let reckonings =
                evidence.as_ref().map(|evidence| capacity::reckon(evidence, attendees)).unwrap_or_default();
            let waves = evidence.as_ref().and_then(|evidence| evidence.waves(attendees));
            let is_timed = evidence.as_ref().is_some_and(|evidence| evidence.provisioning.is_some());
            let rows = settle(plan, i, fate, bar).into_iter().map(|item| {
                let reckoning = reckonings.iter().find(|reckoning| Some(&reckoning.site.site) == item.site.as_ref());
                Row::new(item, reckoning, waves.as_ref(), is_timed)
            });
            (i, Crowd { attendees, rows: rows.collect() })
        };
        selected.map(crowd).collect()
    }

    /// A probe that spins never ends its thread: it is left behind, not waited for.
    fn close(self) {
        self.reach.programs.end();
        self.probes.shutdown_background();
    }
}

/// As a run's: one that does not fit weighs more than one that could not be seen.
fn code<'a>(crowds: impl Iterator<Item = &'a Crowd> + Clone) -> u8 {
    let rows = crowds.flat_map(|crowd| &crowd.rows);
    let is = |outcome: Outcome, severity: Severity| {
        rows.clone().any(|row| row.outcome == outcome && row.severity == severity)
    };
    if is(Outcome::Fail, Severity::Required) {
        exit::NO_GO
    } else if is(Outcome::Unknown, Severity::Required) || is(Outcome::Blocked, Severity::Required) {
        exit::UNDETERMINED
    } else if rows.clone().all(|row| matches!(row.outcome, Outcome::Pass | Outcome::Waived)) {
        exit::GO
    } else {
        exit::WARNINGS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_or_two_in_their_order() {
        assert_eq!("25".parse(), Ok(Span { from: 25, to: 25 }));
        assert_eq!("10..40".parse(), Ok(Span { from: 10, to: 40 }));
        for (text, says) in [
            ("40..10", "`10..40`"),
            ("0", "nobody"),
            ("0..5", "nobody"),
            ("10001", "more than 10000"),
            ("1..99999999999", "more than 10000"),
            ("many", "10..40"),
            ("", "10..40"),
            ("-5", "10..40"),
            ("10..", "10..40"),
            ("1..2..3", "10..40"),
        ] {
            let reason = text.parse::<Span>().expect_err(text);
            assert!(reason.contains(says), "{text}: {reason}");
        }
    }

    #[test]
    fn steps_end_with_the_last_number_and_are_bounded() {
        let counts = |from, to, step| Span { from, to }.counts(step);
        assert_eq!(counts(10, 21, 5).expect("few"), [10, 15, 20, 21]);
        assert_eq!(counts(25, 25, 5).expect("one"), [25]);
        let reason = counts(1, 10_000, 1).expect_err("too many").to_string();
        assert!(reason.contains("--step 21"), "{reason}");
        assert!(counts(1, 10_000, 21).is_ok());
    }
}
