//! Checklist → Plan: every item, what it needs, and every problem in one go.

use super::{
    Plan, PlanItem, Selection,
    cycles::refuse_circles,
    draft::{Draft, Drafter},
    needs::{Absence, Edges, Index},
    waivers::waivers,
};
use crate::checklist::{Checklist, Event};
use gonogo_checks::{
    CATALOGUE,
    contract::{
        Kind,
        cel::on_large_stack,
        text::{At, Problem},
    },
};
use std::collections::HashSet;

/// The plan of a checklist, or everything that is wrong with it, in the order of the text.
///
/// # Errors
/// Whatever is wrong, the reader's own problems included.
pub fn make(checklist: &Checklist, selection: &Selection, seed: u64) -> Result<Plan, Vec<Problem>> {
    make_from(CATALOGUE, checklist, selection, seed)
}

/// The plan of a checklist whose probes are those of `catalogue`.
pub(super) fn make_from(
    catalogue: &'static [Kind],
    checklist: &Checklist,
    selection: &Selection,
    seed: u64,
) -> Result<Plan, Vec<Problem>> {
    let work = || plan(Drafter::new(catalogue, checklist, seed), checklist, selection, seed);
    on_large_stack(work)
        .unwrap_or_else(|error| Err(vec![Problem::new(At::default(), format!("cannot start a thread: {error}"))]))
}

fn plan(
    mut drafter: Drafter<'_>,
    checklist: &Checklist,
    selection: &Selection,
    seed: u64,
) -> Result<Plan, Vec<Problem>> {
    let drafts = drafter.drafts();
    let mut problems = drafter.problems;
    let index = Index::new(checklist, &drafts);
    let (mut needs, mut explained) = (Vec::with_capacity(drafts.len()), Vec::with_capacity(drafts.len()));
    for draft in &drafts {
        let written = &draft.check.written;
        needs.push(index.edges(draft, &written.needs, Absence::Error, &mut problems));
        explained.push(index.edges(draft, &written.explained_by, Absence::Ignored, &mut problems));
    }
    refuse_circles(("needs", "take one of them away: none of these could go first"), &drafts, &needs, &mut problems);
    refuse_circles(
        ("is explained by", "take one of them away: each would hide behind the other"),
        &drafts,
        &explained,
        &mut problems,
    );
    let waivers = waivers(checklist, &drafts, &mut problems);
    let event = match &checklist.event {
        Some(event) if problems.is_empty() => event.clone(),
        _ => return Err(in_order(problems)),
    };
    let edges = needs.into_iter().zip(explained);
    let items = drafts.into_iter().zip(edges).filter_map(|(draft, edges)| finish(draft, edges, &event));
    let mut items: Vec<PlanItem> = items.collect();
    let sites: Vec<String> = checklist.sites.iter().map(|site| site.name.clone()).collect();
    let mut notes = Vec::new();
    selection.apply(&mut items, &sites, &mut notes);
    Ok(Plan {
        event,
        items,
        waivers,
        limits: checklist.limits,
        network: checklist.network.clone(),
        sites,
        notes,
        seed,
        folder: checklist.folder.clone(),
    })
}

fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen = HashSet::with_capacity(problems.len());
    problems.retain(|problem| seen.insert(problem.clone()));
    problems.sort_by_key(|problem| problem.at);
    problems
}

fn finish(draft: Draft<'_>, (needs, explained_by): (Edges, Edges), event: &Event) -> Option<PlanItem> {
    let Draft { check, kind, site, members, title, item, secrets, severity, severity_at } = draft;
    let written = &check.written;
    let name = &check.name.text;
    let indexes = |edges: Edges| edges.into_iter().map(|(index, _)| index).collect();
    let before_start = |lead: std::time::Duration| event.starts.checked_sub(lead).unwrap_or(jiff::Timestamp::MIN);
    Some(PlanItem {
        id: site.map_or_else(|| name.clone(), |site| format!("{name}@{}", site.name)),
        check: name.clone(),
        title,
        site: site.map(|site| site.name.clone()),
        members,
        kind,
        item: item?,
        needs: indexes(needs),
        explained_by: indexes(explained_by),
        severity,
        severity_at,
        stage: written.stage,
        blocks_from: written.blocks_from.map(|from| before_start(from.0)),
        max_age: written.max_age.as_ref().map(|age| age.value.0),
        timeout: check.timeout,
        secrets,
        tags: written.tags.clone(),
        covers: written.covers.clone(),
        because: written.because.clone(),
        runbook: written.runbook.clone(),
        owner: written.owner.clone(),
        contact: written.contact.clone(),
        remedy: written.remedy.clone(),
        fallback: written.fallback.clone(),
        vantage: written.vantage.clone(),
        selected: false,
    })
}
