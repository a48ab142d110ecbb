//! What an expression may speak of: the event, the site, the words of the checklist, and random labels.

use super::label::label;
use crate::checklist::{Event, Site};
use cel::{
    Context, Value,
    objects::{Key as CelKey, Map},
};
use gonogo_checks::contract::{
    cel::environment,
    text::{Node, Shape},
};
use std::{cell::Cell, collections::HashMap, sync::Arc};

/// What is the same for a whole plan.
pub(super) struct World<'a> {
    pub(super) event: Option<&'a Event>,
    pub(super) vars: Option<&'a Node>,
    pub(super) seed: u64,
    root: Context<'static, 'static>,
}

/// Why an expression has no site to speak of.
#[derive(Clone, Copy)]
pub(super) enum NoSite {
    /// The check has no `sites`.
    Check,
    /// It stands in a relation, outside a map with `sites`.
    Relation,
    /// It stands in a connection, which is the same for all.
    Connection,
}

/// What an expression may speak of at one place.
pub(super) struct Scope<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) site: Result<&'a Site, NoSite>,
    pub(super) check: &'a str,
    occurrence: Cell<u32>,
}

impl<'a> World<'a> {
    pub(super) fn new(event: Option<&'a Event>, vars: Option<&'a Node>, seed: u64) -> Self {
        let mut root = Context::with_env(environment());
        if let Some(event) = event {
            root.add_variable_from_value("event", event_value(event));
        }
        root.add_variable_from_value("vars", vars.map_or_else(|| map(HashMap::new()), value));
        Self { event, vars, seed, root }
    }

    pub(super) const fn scope(&'a self, check: &'a str, site: Result<&'a Site, NoSite>) -> Scope<'a> {
        Scope { world: self, site, check, occurrence: Cell::new(0) }
    }
}

impl<'a> Scope<'a> {
    /// The scope's variables, as far as an expression uses them.
    pub(super) fn context(&'a self, uses_site: bool, uses_random: bool) -> Context<'a, 'static> {
        let mut context = self.world.root.new_inner_scope();
        if let (true, Ok(site)) = (uses_site, self.site) {
            context.add_variable_from_value("site", site_value(site));
        }
        if uses_random {
            let occurrence = self.occurrence.replace(self.occurrence.get() + 1);
            let site = self.site.ok().map(|site| site.name.as_str());
            let label = label(self.world.seed, self.check, site, occurrence);
            context.add_variable_from_value("random", map(HashMap::from([(text_key("label"), label.into())])));
        }
        context
    }
}

fn event_value(event: &Event) -> Value {
    let mut known = HashMap::from([
        (text_key("name"), event.name.clone().into()),
        (text_key("starts"), event.starts.to_string().into()),
        (text_key("ends"), event.ends.to_string().into()),
    ]);
    known.extend(event.at_most.map(|count| (text_key("attendees"), Value::Int(count.into()))));
    known.extend(event.expected.map(|count| (text_key("expected"), Value::Int(count.into()))));
    map(known)
}

fn site_value(site: &Site) -> Value {
    let vars = site.vars.as_ref().map_or(&[][..], |vars| vars.entries());
    let mut known: HashMap<CelKey, Value> = vars.iter().map(|(name, node)| (key(&name.text), value(node))).collect();
    known.insert(text_key("name"), site.name.clone().into());
    map(known)
}

fn value(node: &Node) -> Value {
    match &node.shape {
        Shape::Null => Value::Null,
        Shape::Bool(b) => Value::Bool(*b),
        Shape::Int(i) => Value::Int(*i),
        Shape::UInt(u) => Value::UInt(*u),
        Shape::Float(x) => Value::Float(*x),
        Shape::Text(text) => Value::String(Arc::new(text.clone())),
        Shape::Seq(items) => Value::List(Arc::new(items.iter().map(value).collect())),
        Shape::Map(entries) => map(entries.iter().map(|(name, node)| (key(&name.text), value(node))).collect()),
    }
}

fn map(known: HashMap<CelKey, Value>) -> Value {
    Value::Map(Map { map: Arc::new(known) })
}

fn text_key(text: &str) -> CelKey {
    CelKey::String(Arc::new(text.to_owned()))
}

/// A map's key: the steps of a table are numbers, as they are written.
fn key(text: &str) -> CelKey {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => CelKey::Int(number),
        _ => text_key(text),
    }
}
