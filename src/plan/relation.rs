//! The settings of a relation: a map that says `sites` becomes a map from each of those sites to the rest of it.

use super::{
    expand::expand,
    expression::Expressions,
    members::members,
    scope::{NoSite, World},
};
use crate::checklist::{Site, Sites};
use gonogo_checks::contract::text::{Key, Node, Placed, Problem, Shape, read};

/// What expands one relation.
pub(super) struct Relation<'a> {
    pub(super) check: &'a str,
    pub(super) sites: &'a [Site],
    pub(super) expressions: &'a Expressions,
    pub(super) world: &'a World<'a>,
    /// The sites that were named anywhere.
    pub(super) named: Vec<String>,
}

impl Relation<'_> {
    /// The relation's members, in the order of the checklist.
    pub(super) fn members(&self) -> Vec<String> {
        let names = self.sites.iter().map(|site| &site.name);
        names.filter(|name| self.named.contains(name)).cloned().collect()
    }

    /// Expands a value in place.
    pub(super) fn expand(&mut self, node: &mut Node, problems: &mut Vec<Problem>) {
        match &mut node.shape {
            Shape::Map(entries) => match entries.iter().position(|(key, _)| key.text == "sites") {
                Some(index) => {
                    let (key, which) = entries.remove(index);
                    self.spread(&key, &which, node, problems);
                }
                None => entries.iter_mut().for_each(|(_, value)| self.expand(value, problems)),
            },
            Shape::Seq(items) => items.iter_mut().for_each(|item| self.expand(item, problems)),
            _ => expand(node, self.expressions, &self.world.scope(self.check, Err(NoSite::Relation)), problems),
        }
    }

    fn spread(&mut self, key: &Key, which: &Node, node: &mut Node, problems: &mut Vec<Problem>) {
        let written: Option<Placed<Sites>> = read(which, problems);
        let found = written
            .and_then(|written| members(&written, self.sites, self.expressions, self.world, problems))
            .unwrap_or_default();
        if found.is_empty() {
            node.leave_out();
        }
        let mut entries = Vec::with_capacity(found.len());
        for site in found {
            let mut rest = node.clone();
            expand(&mut rest, self.expressions, &self.world.scope(self.check, Ok(site)), problems);
            entries.push((Key { text: site.name.clone(), at: key.at }, rest));
            self.named.push(site.name.clone());
        }
        node.shape = Shape::Map(entries);
    }
}
