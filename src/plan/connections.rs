//! The checklist's connections, their expressions evaluated, as the probes' clients read them.

use super::{
    expand::expand,
    expression::Expressions,
    scope::{NoSite, World},
};
use crate::checklist::Checklist;
use gonogo_checks::{
    clients::connections::{Connections, SiteSystems},
    contract::text::{Node, Problem},
};
use std::sync::Arc;

/// Every connection of the checklist.
pub(super) fn connections(
    checklist: &Checklist,
    expressions: &Expressions,
    world: &World<'_>,
    problems: &mut Vec<Problem>,
) -> Arc<Connections> {
    let mut named = Vec::with_capacity(checklist.connections.len());
    for (key, node) in &checklist.connections {
        let mut node = node.clone();
        expand(&mut node, expressions, &world.scope(&key.text, Err(NoSite::Connection)), problems);
        named.push((key.text.clone(), node));
    }
    let mut systems = Vec::with_capacity(checklist.sites.len());
    for site in &checklist.sites {
        let mut expanded = |node: &Option<Node>| {
            let mut node = node.clone()?;
            expand(&mut node, expressions, &world.scope(&site.name, Ok(site)), problems);
            Some(node)
        };
        let (kubernetes, aws) = (expanded(&site.kubernetes), expanded(&site.aws));
        systems.push(SiteSystems { name: site.name.clone(), kubernetes, aws });
    }
    Connections::read(&named, &systems, problems)
}
