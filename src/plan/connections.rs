//! The checklist's connections, their expressions evaluated, as the probes' clients read them.
//!
//! A relative path in them starts at the folder of the file that it is written in, whichever layer that is: a layer
//! that lies elsewhere brings its own certificates and kubeconfig along.

use super::{
    expand::expand,
    expression::Expressions,
    scope::{NoSite, World},
};
use crate::checklist::Checklist;
use gonogo_checks::{
    clients::connections::{Connections, SiteSystems},
    contract::text::{Node, Problem, Shape, Sources},
};
use std::{path::Path, sync::Arc};

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
        root(&mut node, &checklist.sources);
        named.push((key.text.clone(), node));
    }
    let mut systems = Vec::with_capacity(checklist.sites.len());
    for site in &checklist.sites {
        let mut expanded = |node: &Option<Node>| {
            let mut node = node.clone()?;
            expand(&mut node, expressions, &world.scope(&site.name, Ok(site)), problems);
            root(&mut node, &checklist.sources);
            Some(node)
        };
        let (kubernetes, aws) = (expanded(&site.kubernetes), expanded(&site.aws));
        systems.push(SiteSystems { name: site.name.clone(), kubernetes, aws });
    }
    Connections::read(&named, &systems, problems)
}

/// The keys of a connection whose text is a file's path.
const PATHS: [&str; 6] = ["file", "kubeconfig", "config_file", "credentials_file", "certificate", "key"];

/// Makes the path that a check's `with` has as its `file` start at the folder of the file that it is written in.
pub(super) fn root_file(with: &mut Node, sources: &Sources) {
    let Shape::Map(entries) = &mut with.shape else { return };
    for (_, value) in entries.iter_mut().filter(|(key, _)| key.text == "file") {
        let at = value.at;
        if let Shape::Text(path) = &mut value.shape {
            let from = sources.resolve(at, Path::new(path.as_str()));
            *path = std::path::absolute(&from).unwrap_or(from).display().to_string();
        }
    }
}

/// Makes every relative path below `node` start at the folder of the file that it is written in.
fn root(node: &mut Node, sources: &Sources) {
    match &mut node.shape {
        Shape::Map(entries) => {
            for (key, value) in entries {
                let at = value.at;
                match &mut value.shape {
                    Shape::Text(path) if PATHS.contains(&key.text.as_str()) => {
                        let from = sources.resolve(at, Path::new(path.as_str()));
                        *path = std::path::absolute(&from).unwrap_or(from).display().to_string();
                    }
                    _ => root(value, sources),
                }
            }
        }
        Shape::Seq(items) => items.iter_mut().for_each(|item| root(item, sources)),
        _ => {}
    }
}
