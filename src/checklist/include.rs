//! `include:`: the files that a checklist is written in, one for each concern.
//!
//! What is included lies below the file that includes it, so that an overlay wins. Two included files that say the same
//! key are a mistake, not a merge: of two checks of one name the first would be lost without a word. An included file
//! includes none, so that a reader finds everything in two places.

use super::layers::{file, lay};
use gonogo_checks::contract::text::{Key, Node, Placed, Problem, Shape, Sources, read};
use std::path::Path;

/// The sections of which only one included file may say an entry, if only a part of it.
const SECTIONS: [&str; 4] = ["checks", "connections", "sites", "vars"];
/// The most files that one file includes.
const MOST: usize = 64;

/// Takes `include` out of a layer and lays the layer over what it names; `None` where a file of it cannot be read.
pub(super) fn resolve(mut layer: Node, sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<Node> {
    let Some((_, named)) = take(&mut layer) else { return Some(layer) };
    let paths: Vec<Placed<String>> = read(&named, problems)?;
    if paths.is_empty() || paths.len() > MOST {
        let problem = Problem::new(named.at, format!("{} files are included", paths.len()));
        problems.push(problem.help(format!("name 1 to {MOST} files, or remove the line")));
        return None;
    }
    let mut below: Option<Node> = None;
    for path in paths {
        let part = one(&path, sources, problems)?;
        below = Some(match below {
            None => part,
            Some(below) => {
                refuse_twice(&below, &part, "", sources, problems);
                lay(below, part)
            }
        });
    }
    below.map(|below| lay(below, layer))
}

/// Takes `include` out of a layer that may have none.
pub(super) fn take(layer: &mut Node) -> Option<(Key, Node)> {
    let Shape::Map(entries) = &mut layer.shape else { return None };
    let index = entries.iter().position(|(key, _)| key.text == "include")?;
    Some(entries.remove(index))
}

fn one(path: &Placed<String>, sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<Node> {
    let before = problems.len();
    let found = sources.resolve(path.at, Path::new(&path.value));
    let Some(mut part) = file(&found, sources, problems) else {
        if let Some(problem) = problems.get_mut(before).filter(|problem| problem.message.contains("cannot be read")) {
            problem.help = Some("`include` names files beside the one that includes them".to_owned());
            problem.at = path.at;
            problem.message = format!("`{}` {}", path.value, problem.message);
        }
        return None;
    };
    if let Some((key, _)) = take(&mut part) {
        let problem = Problem::new(key.at, "a file that is included includes none itself");
        problems.push(problem.help("name the files in the file that includes this one"));
        return None;
    }
    Some(part)
}

/// Says what two included files say both, at the deepest key that both have; of a section, at its entries.
fn refuse_twice(below: &Node, part: &Node, path: &str, sources: &Sources, problems: &mut Vec<Problem>) {
    for (key, value) in part.entries() {
        let Some((first, known)) = below.entry(&key.text) else { continue };
        let is_entry = SECTIONS.contains(&path);
        let both_maps = matches!((&known.shape, &value.shape), (Shape::Map(_), Shape::Map(_)));
        let adds_nothing = known.is_empty() || value.is_empty();
        if (path.is_empty() && key.text == "waivers") || (adds_nothing && !is_entry) {
            continue;
        }
        let path = if path.is_empty() { key.text.clone() } else { format!("{path}.{}", key.text) };
        if both_maps && !is_entry {
            refuse_twice(known, value, &path, sources, problems);
            continue;
        }
        let place = sources.of(first.at).map_or_else(String::new, |source| source.name.clone());
        let cure = if is_entry { "rename one of them" } else { "keep one of them" };
        let help = format!("the other is in {place}:{}; {cure}", first.at.line);
        problems.push(Problem::new(key.at, format!("`{path}` is said by two included files")).help(help));
    }
}
