//! Circles: items that wait for each other, so that none could go first.

use super::{draft::Draft, needs::Edges};
use gonogo_checks::contract::text::{At, Problem};
use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};
use std::collections::HashSet;

/// Says which items form a circle: once for each circle of checks, at the word that closes it.
pub(super) fn refuse_circles(
    (word, why): (&str, &str),
    drafts: &[Draft<'_>],
    edges: &[Edges],
    problems: &mut Vec<Problem>,
) {
    let total = edges.iter().map(Vec::len).sum();
    if total == 0 {
        return;
    }
    let mut graph = DiGraph::<(), ()>::with_capacity(drafts.len(), total);
    let nodes: Vec<_> = drafts.iter().map(|_| graph.add_node(())).collect();
    for (from, targets) in edges.iter().enumerate() {
        for (to, _) in targets {
            graph.add_edge(nodes[from], nodes[*to], ());
        }
    }
    let mut seen: HashSet<Vec<&str>> = HashSet::new();
    let mut groups: Vec<Vec<usize>> =
        kosaraju_scc(&graph).into_iter().map(|group| group.into_iter().map(NodeIndex::index).collect()).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    for group in groups {
        let Some((circle, at)) = circle(&group, edges) else { continue };
        let names: Vec<&str> = circle.iter().map(|index| drafts[*index].check.name.text.as_str()).collect();
        if seen.insert(names.clone()) {
            problems.push(complaint(word, &names, at).help(why));
        }
    }
}

/// A circle within a group of items that all reach each other, from its first item on, and the word that closes it.
fn circle(group: &[usize], edges: &[Edges]) -> Option<(Vec<usize>, At)> {
    let within: HashSet<usize> = group.iter().copied().collect();
    let mut path = vec![*group.first()?];
    let mut on_path = HashSet::from([path[0]]);
    loop {
        let last = *path.last()?;
        let (next, at) = edges[last].iter().find(|(to, _)| within.contains(to))?;
        if !on_path.insert(*next) {
            let start = path.iter().position(|index| index == next)?;
            return Some((path.split_off(start), *at));
        }
        path.push(*next);
    }
}

fn complaint(word: &str, names: &[&str], at: At) -> Problem {
    const MOST: usize = 8;
    let mut said: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        said.push("…".to_owned());
    }
    said.push(format!("`{}`", names[0]));
    let message = format!("a circle: {}", said.join(&format!(" {word} ")));
    Problem::new(at, message)
}
