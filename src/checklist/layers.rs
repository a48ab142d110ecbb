//! Files read in order, each laid over the one before, and `--set` over them all; what a file includes lies below it.
//!
//! Maps merge, lists and scalars are replaced, `null` removes; only waivers append, so that a layer cannot drop one
//! unseen. `--set` cannot waive: a waiver has a name under it, and a command line is gone when it is asked after.

use super::{Checklist, include, top::take_apart};
use gonogo_checks::contract::text::{At, Key, MAX_BYTES, Node, Problem, Shape, Source, Sources, load, load_at};
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Reads `files` in order (`-` is standard input) and the `PATH=VALUE` of each `--set`; never fails as a whole.
#[must_use]
pub fn read(files: &[PathBuf], sets: &[String]) -> Checklist {
    let mut checklist = Checklist::default();
    if let Some(first) = files.first() {
        checklist.folder = folder_of(first).unwrap_or_default();
    }
    let mut layers = Vec::with_capacity(files.len());
    for path in files {
        let layer = file(path, &mut checklist.sources, &mut checklist.problems);
        layers.push(layer.and_then(|layer| include::resolve(layer, &mut checklist.sources, &mut checklist.problems)));
    }
    lay_all(checklist, layers, sets)
}

/// Reads a checklist that is in no file.
#[must_use]
pub fn parse(text: &str, sets: &[String]) -> Checklist {
    let mut checklist = Checklist::default();
    let source = Source { name: super::FILE_NAME.to_owned(), text: text.to_owned(), folder: None };
    let number = checklist.sources.add(source);
    let layer = tree(number, &checklist.sources, &mut checklist.problems);
    let layer = layer.and_then(|layer| include::resolve(layer, &mut checklist.sources, &mut checklist.problems));
    lay_all(checklist, vec![layer], sets)
}

fn lay_all(mut checklist: Checklist, layers: Vec<Option<Node>>, sets: &[String]) -> Checklist {
    // Of a layer that is missing nothing can be said: what it would have added looks like mistakes in the others.
    let is_whole = layers.iter().all(Option::is_some);
    let Some(mut tree) = layers.into_iter().flatten().reduce(lay) else { return checklist };
    for set in sets {
        assign(&mut tree, set, &mut checklist.sources, &mut checklist.problems);
    }
    if is_whole {
        take_apart(tree, &mut checklist);
    }
    checklist
}

fn folder_of(path: &Path) -> Option<PathBuf> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned)
}

/// The tree of a file, which is one of the checklist's sources from now on.
pub(super) fn file(path: &Path, sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<Node> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let text = if is_stdin { bounded(io::stdin()) } else { File::open(path).and_then(bounded) };
    let folder = if is_stdin { None } else { folder_of(path) };
    let (text, failure) = match text {
        Ok(text) => (text, None),
        Err(error) => (String::new(), Some(error)),
    };
    let number = sources.add(Source { name, text, folder });
    let at = At { file: number, ..At::default() };
    if let Some(error) = failure {
        problems.push(Problem::new(at, format!("cannot be read: {error}")));
        return None;
    }
    tree(number, sources, problems)
}

fn tree(number: u16, sources: &Sources, problems: &mut Vec<Problem>) -> Option<Node> {
    let source = sources.of(At { file: number, ..At::default() })?;
    let tree = load(number, &source.text, problems)?;
    if matches!(tree.shape, Shape::Map(_)) {
        return Some(tree);
    }
    let help = "begin with `event:` and `checks:`";
    problems.push(Problem::new(tree.at, format!("expected a checklist, found {}", tree.shape)).help(help));
    None
}

fn bounded(source: impl io::Read) -> io::Result<String> {
    let mut text = String::new();
    // One byte more than is allowed, so that the loader sees that it is too much.
    source.take(MAX_BYTES as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}

/// Lays `layer` over `below`: maps merge, lists and scalars are replaced, waivers append.
pub(super) fn lay(mut below: Node, mut layer: Node) -> Node {
    let above = take_waivers(&mut layer);
    below.layer(layer);
    let Some((key, above)) = above else { return below };
    let known = match &mut below.shape {
        Shape::Map(entries) => entries.iter_mut().find(|(key, _)| key.text == "waivers").map(|(_, node)| node),
        _ => None,
    };
    match (known.map(|node| &mut node.shape), above.shape) {
        (Some(Shape::Seq(waivers)), Shape::Seq(more)) => waivers.extend(more),
        (_, shape) => below.layer(Node::new(above.at, Shape::Map(vec![(key, Node::new(above.at, shape))]))),
    }
    below
}

fn take_waivers(layer: &mut Node) -> Option<(Key, Node)> {
    let Shape::Map(entries) = &mut layer.shape else { return None };
    let index = entries.iter().position(|(key, _)| key.text == "waivers")?;
    Some(entries.remove(index))
}

/// Lays the value of one `--set` over the tree.
fn assign(tree: &mut Node, set: &str, sources: &mut Sources, problems: &mut Vec<Problem>) {
    let file = sources.add(Source { name: "--set".to_owned(), text: set.to_owned(), folder: None });
    let whole = At { file, line: 1, col: 1, len: columns(set) };
    let Some((path, value)) = set.split_once('=') else {
        problems.push(Problem::new(whole, "nothing is set").help("write `PATH=VALUE`: `event.attendees=25`"));
        return;
    };
    let keys = keys(path, file);
    if keys.iter().any(|key| key.text.is_empty()) {
        problems.push(Problem::new(whole, "the path has a gap").help("write `PATH=VALUE`: `event.attendees=25`"));
        return;
    }
    if keys[0].text == "waivers" {
        let problem = Problem::new(whole, "`--set` cannot waive");
        problems.push(problem.help("write the waiver into a file, where it has a name under it"));
        return;
    }
    if keys[0].text == "include" {
        problems.push(Problem::new(whole, "`--set` cannot include").help("name the file on the command line"));
        return;
    }
    let start = At { file, line: 1, col: columns(path) + 2, len: 0 };
    let Some(value) = load_at(start, value, problems) else { return };
    if let Err(problem) = put(tree, &keys, value) {
        problems.push(problem);
    }
}

fn columns(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The keys of a path: `event.attendees`, `sites."my.site".vars.domain`, `checks.a.with.mirrors.0.tag`.
fn keys(path: &str, file: u16) -> Vec<Key> {
    let mut keys = vec![Key { text: String::new(), at: At { file, line: 1, col: 1, len: 0 } }];
    let mut is_quoted = false;
    for (column, c) in (1..).zip(path.chars()) {
        let Some(key) = keys.last_mut() else { break };
        match c {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => {
                keys.push(Key { text: String::new(), at: At { file, line: 1, col: column + 1, len: 0 } });
            }
            c => {
                key.text.push(c);
                key.at.len += 1;
            }
        }
    }
    keys
}

fn put(tree: &mut Node, path: &[Key], value: Node) -> Result<(), Problem> {
    let Some((key, rest)) = path.split_first() else {
        tree.layer(value);
        return Ok(());
    };
    if let Shape::Seq(items) = &mut tree.shape {
        let length = items.len();
        let item = key.text.parse::<usize>().ok().and_then(|index| items.get_mut(index));
        let item = item.ok_or_else(|| {
            Problem::new(key.at, format!("this is a list of {length}")).help("write the number of an item, from 0")
        })?;
        return put(item, rest, value);
    }
    if let (Shape::Map(entries), false) = (&mut tree.shape, rest.is_empty())
        && let Some((_, below)) = entries.iter_mut().find(|(known, _)| known.text == key.text)
    {
        return put(below, rest, value);
    }
    let value = rest.iter().rev().fold(value, |value, key| Node::new(key.at, Shape::Map(vec![(key.clone(), value)])));
    tree.layer(Node::new(key.at, Shape::Map(vec![(key.clone(), value)])));
    Ok(())
}
