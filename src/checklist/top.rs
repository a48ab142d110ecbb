//! The checklist's own keys, and the way from a whole tree to its typed parts.

use super::{Checklist, check, event, limits, site, time::Local, waiver};
use gonogo_checks::{
    clients::network::NetworkSettings,
    contract::text::{Key, Node, Problem, Shape, read},
};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use std::borrow::Cow;

/// A value that somebody else reads.
#[derive(Clone, Debug)]
pub(super) struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Anything {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

/// A checklist: what must hold before an event.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Checklist")]
#[expect(dead_code, reason = "read for its complaints, and for its schema")]
pub(super) struct Top {
    /// Files beside this one that it lies over: one for each concern.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    include: Option<Anything>,
    #[schemars(with = "event::Written")]
    event: Anything,
    /// Words for expressions: `${vars.name}`.
    #[serde(default)]
    vars: Option<Anything>,
    /// The places the event depends on.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, site::Written>")]
    sites: Option<Anything>,
    /// How to reach systems; never a secret.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Anything>")]
    connections: Option<Anything>,
    /// What is said of all checks.
    #[serde(default)]
    defaults: Option<Anything>,
    /// What must hold.
    #[schemars(with = "IndexMap<String, check::Written>")]
    checks: Anything,
    #[serde(default)]
    #[schemars(with = "limits::Written")]
    limits: Option<Anything>,
    /// Findings that somebody answers for.
    #[serde(default)]
    #[schemars(with = "Vec<waiver::Written>")]
    waivers: Option<Anything>,
    /// Where names lead, in place of what the resolvers say.
    #[serde(default)]
    #[schemars(with = "NetworkSettings")]
    network: Option<Anything>,
}

/// Takes a whole tree apart into `checklist`.
pub(super) fn take_apart(mut tree: Node, checklist: &mut Checklist) {
    let mut problems = Vec::new();
    drop_own_keys(&mut tree);
    refuse_empty(&mut tree, &mut problems);
    read::<Top>(&tree, &mut problems);
    if let Shape::Map(entries) = tree.shape {
        let mut parts: IndexMap<String, (Key, Node)> =
            entries.into_iter().map(|(key, node)| (key.text.clone(), (key, node))).collect();
        sections(&mut parts, checklist, &mut problems);
    }
    checklist.problems.append(&mut problems);
}

fn sections(parts: &mut IndexMap<String, (Key, Node)>, checklist: &mut Checklist, problems: &mut Vec<Problem>) {
    let mut part = |name: &str| parts.swap_remove(name).filter(|(_, node)| !node.is_empty());
    let event = part("event").map(|(_, node)| node);
    checklist.event = event.as_ref().and_then(|node| event::event(node, problems));
    checklist.vars = part("vars").map(|(_, node)| node);
    checklist.sites = part("sites").map_or_else(Vec::new, |(_, node)| site::sites(node, problems));
    let vars = checklist.vars.iter().chain(checklist.sites.iter().filter_map(|site| site.vars.as_ref()));
    vars.for_each(|vars| refuse_expressions("vars", vars, problems));
    if let Some(event) = &event {
        refuse_expressions("event", event, problems);
    }
    checklist.connections = part("connections").map_or_else(Vec::new, |(_, node)| connections(node, problems));
    let defaults = part("defaults").map(|(_, node)| node);
    if let Some((key, node)) = part("checks") {
        checks(&key, node, defaults.as_ref(), checklist, problems);
    }
    checklist.limits = part("limits").map_or_else(Default::default, |(_, node)| limits::limits(&node, problems));
    if let Some((_, node)) = part("waivers") {
        checklist.waivers = waiver::waivers(&node, local(checklist, event.as_ref()), problems);
    }
    if let Some((_, node)) = part("network") {
        checklist.network = network(&node, checklist, problems);
    }
}

/// In which zone times outside the event are meant.
fn local<'a>(checklist: &'a Checklist, event: Option<&Node>) -> Local<'a> {
    match &checklist.event {
        None => Local::Unknown,
        Some(known) if event.is_some_and(|node| node.get("timezone").is_some()) => Local::Zone(&known.zone),
        Some(_) => Local::Unsaid,
    }
}

fn checks(key: &Key, node: Node, defaults: Option<&Node>, checklist: &mut Checklist, problems: &mut Vec<Problem>) {
    if let Some(node) = defaults.filter(|node| !matches!(node.shape, Shape::Map(_))) {
        problems.push(Problem::new(node.at, format!("expected a map, found {}", node.shape)));
    }
    let defaults = defaults.filter(|node| !node.entries().is_empty());
    let Shape::Map(entries) = node.shape else {
        let help = "write each check under a name of its own";
        problems.push(Problem::new(node.at, format!("expected a map of checks, found {}", node.shape)).help(help));
        return;
    };
    if entries.is_empty() {
        let problem = Problem::new(key.at, "there are no checks, and an empty gate is not a green gate");
        problems.push(problem.help("write at least one check under `checks:`"));
    }
    for (key, node) in entries {
        let name = key.text.clone();
        match check::check(key, node, defaults, problems) {
            Some(check) => checklist.checks.push(check),
            None => _ = checklist.broken.insert(name),
        }
    }
}

fn connections(node: Node, problems: &mut Vec<Problem>) -> Vec<(Key, Node)> {
    match node.shape {
        Shape::Map(entries) => entries,
        other => {
            problems.push(Problem::new(node.at, format!("expected a map of connections, found {other}")));
            Vec::new()
        }
    }
}

fn network(node: &Node, checklist: &Checklist, problems: &mut Vec<Problem>) -> NetworkSettings {
    let mut settings: NetworkSettings = read(node, problems).unwrap_or_default();
    if let (Some(ca), Some(node)) = (&settings.ca, node.get("ca")) {
        let path = checklist.sources.resolve(node.at, ca);
        settings.ca = Some(std::path::absolute(&path).unwrap_or(path));
    }
    settings
}

/// Keys that begin with `x-` are the user's own, where the keys are ours.
fn drop_own_keys(tree: &mut Node) {
    let Shape::Map(entries) = &mut tree.shape else { return };
    entries.retain(|(key, _)| !key.text.starts_with("x-"));
    for (key, node) in entries {
        match key.text.as_str() {
            "event" | "defaults" | "limits" => drop_in(node),
            "checks" | "sites" => drop_in_each(node),
            _ => {}
        }
    }
}

fn drop_in(node: &mut Node) {
    if let Shape::Map(entries) = &mut node.shape {
        entries.retain(|(key, _)| !key.text.starts_with("x-"));
    }
}

fn drop_in_each(node: &mut Node) {
    drop_in(node);
    if let Shape::Map(entries) = &mut node.shape {
        for (_, node) in entries {
            drop_in(node);
        }
    }
}

/// A key without a value is a line that somebody forgot to finish: what it would have asked for would not be checked.
fn refuse_empty(node: &mut Node, problems: &mut Vec<Problem>) {
    const HELP: &str = "write one, or remove the line; `null` removes what an earlier file says";
    if node.is_empty() {
        node.leave_out();
        problems.push(Problem::new(node.at, "nothing is written here").help(HELP));
        return;
    }
    match &mut node.shape {
        Shape::Map(entries) => {
            for (key, value) in entries {
                if value.is_empty() {
                    value.leave_out();
                    problems.push(Problem::new(key.at, format!("`{}` has no value", key.text)).help(HELP));
                } else {
                    refuse_empty(value, problems);
                }
            }
        }
        Shape::Seq(items) => items.iter_mut().for_each(|item| refuse_empty(item, problems)),
        _ => {}
    }
}

/// What expressions speak of holds none itself: left as it is, it would look like a value and be none.
fn refuse_expressions(part: &str, node: &Node, problems: &mut Vec<Problem>) {
    match &node.shape {
        Shape::Text(text) if text.contains("${") => {
            let problem = Problem::new(node.at, format!("`{part}` holds values, not expressions"));
            problems.push(problem.help("write the expression where the value is used"));
        }
        Shape::Seq(items) => items.iter().for_each(|item| refuse_expressions(part, item, problems)),
        Shape::Map(entries) => entries.iter().for_each(|(_, value)| refuse_expressions(part, value, problems)),
        _ => {}
    }
}
