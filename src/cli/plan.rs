//! `gonogo plan`: what would be looked at, and what will happen when.

use super::{
    run::{self, Arguments as RunArguments, Select},
    screen::Screen,
    source::{Source, planned},
};
use crate::{
    checklist::{Checklist, Severity, Stage},
    exit,
    plan::{Plan, PlanItem},
    report::{shown, timeline},
    run::Orders,
};
use clap::Args;
use std::fmt::Write as _;

const EXAMPLES: &str = "Examples:
  gonogo plan                          the gonogo.yaml here or above
  gonogo plan --access                 the least rights that the looks need
  gonogo plan --access --only routing  those of a part
  gonogo plan --timeline               what is due, ends, fires and renews, and when";

/// What to plan.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    select: Select,
    /// Also list the least rights that the selected items need
    #[arg(long)]
    access: bool,
    /// Look, and show around the event when each check is due and when all that was seen expires, fires, rotates or renews
    #[arg(long, conflicts_with = "access")]
    timeline: bool,
}

/// Shows every item with what it needs; looks at nothing and reads no secret, but for the timeline.
pub fn plan(arguments: &Arguments, screen: &Screen) -> anyhow::Result<u8> {
    let checklist = arguments.source.read()?;
    let Some(plan) = planned(&checklist, &arguments.select.selection()?, 0, screen) else { return Ok(exit::USAGE) };
    if arguments.timeline { draw(arguments, &checklist, &plan, screen) } else { list(arguments, &plan, screen) }
}

/// The timeline needs evidence, so everything selected is looked at, whatever its stage.
fn draw(arguments: &Arguments, checklist: &Checklist, plan: &Plan, screen: &Screen) -> anyhow::Result<u8> {
    let whole = RunArguments::whole(&arguments.source, &arguments.select);
    let orders = Orders { is_forced: true, ..run::orders(&whole, plan, 0)? };
    let Some(report) = run::look(&whole, checklist, plan, &orders, screen)? else { return Ok(exit::USAGE) };
    screen.report(&timeline::timeline(plan, &report, Screen::width()))?;
    Ok(match report.counts.looked() {
        _ if report.run.is_interrupted => report.exit_code,
        0 => exit::NOTHING,
        _ if timeline::unseen(&report).is_empty() => exit::GO,
        _ => exit::UNDETERMINED,
    })
}

fn list(arguments: &Arguments, plan: &Plan, screen: &Screen) -> anyhow::Result<u8> {
    let mut text = String::new();
    for item in &plan.items {
        let _ = writeln!(text, "{}", line(plan, item));
    }
    let selected: usize = plan.items.iter().filter(|item| item.selected).map(rows).sum();
    let all: usize = plan.items.iter().map(rows).sum();
    let _ = writeln!(text, "\n{selected} of {all} items selected");
    for note in &plan.notes {
        let _ = writeln!(text, "note: {}", shown::line(note));
    }
    if arguments.access {
        let _ = writeln!(text, "\nleast access:");
        for right in rights(plan) {
            let _ = writeln!(text, "  {}", shown::line(&right));
        }
    }
    screen.report(&text)?;
    Ok(if selected == 0 { exit::NOTHING } else { exit::GO })
}

/// How many items the report shows for it: one for each member of a relation.
pub fn rows(item: &PlanItem) -> usize {
    item.members.len().max(1)
}

fn line(plan: &Plan, item: &PlanItem) -> String {
    let mut parts = vec![format!("{}  {}", item.id, item.kind.name)];
    if !item.members.is_empty() {
        parts.push(format!("compares {}", item.members.join(", ")));
    }
    let names = |items: &[usize]| items.iter().map(|&i| plan.items[i].id.as_str()).collect::<Vec<_>>().join(", ");
    if !item.needs.is_empty() {
        parts.push(format!("needs {}", names(&item.needs)));
    }
    if !item.explained_by.is_empty() {
        parts.push(format!("explained by {}", names(&item.explained_by)));
    }
    match item.stage {
        Stage::Before => {}
        Stage::During => parts.push("during the event".to_owned()),
        Stage::After => parts.push("after the event".to_owned()),
    }
    if item.severity == Severity::Advisory {
        parts.push("advisory".to_owned());
    }
    if !item.selected {
        parts.push("not selected".to_owned());
    }
    parts.join("; ")
}

/// The rights of the selected items, each once, by system.
fn rights(plan: &Plan) -> Vec<String> {
    let all = plan.items.iter().filter(|item| item.selected).flat_map(|item| item.item.access());
    let distinct: std::collections::BTreeSet<_> = all.collect();
    distinct.into_iter().map(|access| access.to_string()).collect()
}
