//! What the user wrote: found, read, layered, typed, and complained about.
//!
//! A [`Checklist`] is as whole as the text allows: what is wrong stands in [`Checklist::problems`], and planning goes
//! on with the rest, so that one run names every mistake. Nothing here does I/O but reading the files themselves.

mod blocks_from;
mod check;
mod diagnosis;
mod event;
mod find;
mod include;
mod layers;
mod limits;
mod names;
mod schema;
mod site;
#[cfg(test)]
mod tests;
mod time;
mod top;
mod waiver;

pub use blocks_from::BlocksFrom;
pub use check::{Check, Override, Severity, Sites, Stage};
pub use diagnosis::{render, render_all};
pub use event::Event;
pub use find::{FILE_NAME, find};
pub use layers::{parse, read};
pub use limits::Limits;
pub use schema::schema;
pub use site::Site;
pub use time::moment;
pub use waiver::Waiver;

use gonogo_checks::{
    clients::network::NetworkSettings,
    contract::text::{Key, Node, Problem, Sources},
};
use std::{collections::HashSet, path::PathBuf};

/// What the user wrote, typed, with places.
#[derive(Default)]
pub struct Checklist {
    /// The texts that it was read from.
    pub sources: Sources,
    /// Everything that was found wrong so far.
    pub problems: Vec<Problem>,
    /// The event; `None` only where `problems` says why.
    pub event: Option<Event>,
    /// `vars:`, as written.
    pub vars: Option<Node>,
    /// The sites, in the order of the file.
    pub sites: Vec<Site>,
    /// `connections:`, as written.
    pub connections: Vec<(Key, Node)>,
    /// The checks that could be read, in the order of the file.
    pub checks: Vec<Check>,
    /// The names of checks that could not be read: to need one of them is no second mistake.
    pub broken: HashSet<String>,
    /// The waivers whose own parts are right.
    pub waivers: Vec<Waiver>,
    /// How much at once, and for how long.
    pub limits: Limits,
    /// Where names lead; its `ca` is an absolute path.
    pub network: NetworkSettings,
    /// The folder of the first file: what relative paths in the checklist start from.
    pub folder: PathBuf,
}
