//! From a tree to any type that can be deserialised, with every problem collected, each at its own place.
//!
//! Serde stops at the first mistake. So what is wrong is left out and the rest read again, until nothing is wrong or
//! the root itself is; complaints that only follow from what was left out are not repeated.

use super::{
    deserializer::Tree,
    fault::{Fault, What},
    nearest::nearest,
    node::{Node, Shape},
    problem::Problem,
};
use serde::de::DeserializeOwned;

/// More complaints than this about one value help nobody, and each costs another reading.
const ENOUGH: usize = 100;

/// Reads a type out of a tree, and adds all that is wrong to `problems`; `None` if anything was.
pub fn read<T: DeserializeOwned>(tree: &Node, problems: &mut Vec<Problem>) -> Option<T> {
    match T::deserialize(Tree(tree)) {
        Ok(value) => Some(value),
        Err(fault) => {
            rest::<T>(tree, fault.placed(tree), problems);
            None
        }
    }
}

/// Like [`read`], but gives what is left when all that is wrong is left out: for going on to the next complaint only.
pub fn salvage<T: DeserializeOwned>(tree: &Node, problems: &mut Vec<Problem>) -> Option<T> {
    T::deserialize(Tree(tree)).or_else(|fault| rest(tree, fault.placed(tree), problems).ok_or(())).ok()
}

fn rest<T: DeserializeOwned>(tree: &Node, mut fault: Fault, problems: &mut Vec<Problem>) -> Option<T> {
    let mut rest = tree.clone();
    for _ in 0..ENOUGH {
        let path = fault.path();
        let culprit = rest.at_path_mut(&path);
        if !culprit.as_deref().is_some_and(|node| is_echo(&fault, node)) {
            problems.push(fault.into_problem());
        }
        match culprit {
            Some(node) if !path.is_empty() => node.dropped = true,
            _ => break,
        }
        match T::deserialize(Tree(&rest)) {
            Ok(value) => return Some(value),
            Err(next) => fault = next.placed(&rest),
        }
    }
    None
}

/// Whether a complaint only follows from what was left out: `namespace` is missing where `namespce` was.
fn is_echo(fault: &Fault, node: &Node) -> bool {
    match &node.shape {
        Shape::Map(entries) => entries.iter().filter(|(_, value)| value.dropped).any(|(key, _)| match fault.what() {
            What::Missing(missing) => nearest(&key.text, [*missing]).is_some(),
            What::Said { .. } => true,
            What::UnknownKey { .. } | What::UnknownWord { .. } => false,
        }),
        Shape::Seq(items) => items.iter().any(|item| item.dropped) && matches!(fault.what(), What::Said { .. }),
        _ => false,
    }
}
