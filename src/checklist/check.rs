//! A check as written: one use of a probe, with everything that may be said of it.

use super::{blocks_from::BlocksFrom, limits::more_than_nothing, names::is_name, top::Anything};
use gonogo_checks::contract::{
    text::{Key, Node, Placed, Problem, Shape, salvage},
    values::Period,
};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{borrow::Cow, fmt, time::Duration};

/// One use of a probe, named by the user.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name.
    pub name: Key,
    /// What is written under the name, but for what `with` and `expect` hold.
    pub written: Written,
    /// What to look at; an empty map where nothing is written.
    pub with: Node,
    /// What must hold; an empty map where nothing is written.
    pub expect: Node,
    /// What is different at some sites.
    pub per_site: Vec<Override>,
    /// How long one look may take.
    pub timeout: Duration,
}

/// What is different at one site.
#[derive(Clone, Debug)]
pub struct Override {
    /// The site.
    pub site: Key,
    /// Laid over `with`.
    pub with: Option<(Key, Node)>,
    /// Laid over `expect`.
    pub expect: Option<(Key, Node)>,
    /// In place of the check's.
    pub severity: Option<Severity>,
}

/// Whether a check can stand in the way of a GO.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It can.
    #[default]
    Required,
    /// What it finds is a warning at most.
    Advisory,
}

/// When a check is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Up to the event's start, and while it runs.
    #[default]
    Before,
    /// From the event's start to its end.
    During,
    /// From the event's end.
    After,
}

/// One use of a probe.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
pub struct Written {
    /// One line that says what is checked.
    #[serde(default)]
    pub title: Option<Placed<String>>,
    /// Which probe looks.
    pub probe: Placed<String>,
    /// Where: `all`, a list of sites, or `{ where: "${…}" }`.
    #[serde(default)]
    pub sites: Option<Placed<Sites>>,
    #[serde(default, rename = "with")]
    _with: Option<Anything>,
    #[serde(default, rename = "expect")]
    _expect: Option<Anything>,
    /// What is different at some sites: `with`, `expect` or `severity` by the site's name.
    #[serde(default, rename = "per_site")]
    per_site: IndexMap<String, WrittenOverride>,
    /// Checks without which this look means nothing.
    #[serde(default)]
    pub needs: Vec<Placed<String>>,
    /// Checks whose failure explains this one's.
    #[serde(default)]
    pub explained_by: Vec<Placed<String>>,
    /// Whether it can stand in the way of a GO.
    #[serde(default)]
    pub severity: Severity,
    /// When it is due.
    #[serde(default)]
    pub stage: Stage,
    /// `T-1d`: until a day before the start, what it finds is a warning.
    #[serde(default)]
    pub blocks_from: Option<BlocksFrom>,
    /// How old a look may be when it is judged.
    #[serde(default)]
    pub max_age: Option<Placed<Period>>,
    /// How long one look may take: 30 s unless written.
    #[serde(default)]
    timeout: Option<Placed<Period>>,
    /// Words to select by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What of the runbook or the checklist on paper it stands for.
    #[serde(default)]
    pub covers: Vec<String>,
    /// What taught it.
    #[serde(default)]
    pub because: Vec<String>,
    /// Where to read on.
    #[serde(default)]
    pub runbook: Option<String>,
    /// Who mends it.
    #[serde(default)]
    pub owner: Option<String>,
    /// How to reach them.
    #[serde(default)]
    pub contact: Option<String>,
    /// How it is mended, in the owner's words.
    #[serde(default)]
    pub remedy: Option<String>,
    /// What to do if it cannot be mended in time.
    #[serde(default)]
    pub fallback: Option<String>,
    /// From where it must be looked at.
    #[serde(default)]
    pub vantage: Option<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenOverride {
    #[serde(default, rename = "with")]
    _with: Option<Anything>,
    #[serde(default, rename = "expect")]
    _expect: Option<Anything>,
    /// In place of the check's.
    #[serde(default)]
    severity: Option<Severity>,
}

/// How long one look may take unless the check says so.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The check under a name, over what `defaults:` says of all; with mistakes in it, as far as it can be read.
pub(super) fn check(key: Key, node: Node, defaults: Option<&Node>, problems: &mut Vec<Problem>) -> Option<Check> {
    if !is_name("check", &key, problems) || node.is_empty() {
        return None;
    }
    let mut node = match defaults {
        Some(defaults) if matches!(node.shape, Shape::Map(_)) => {
            let mut whole = defaults.clone();
            whole.at = node.at;
            whole.layer(node);
            whole
        }
        _ => node,
    };
    let before = problems.len();
    let written = salvage(&node, problems);
    say_where(&node, &mut problems[before..]);
    let written: Written = written?;
    let is_misplaced = written.sites.is_none() && node.get("sites").is_some_and(|sites| sites.shape != Shape::Null);
    if is_misplaced {
        // Planned without its sites, everything in it that speaks of a site would look like one more mistake.
        return None;
    }
    let timeout = written.timeout.as_ref().map_or(TIMEOUT, |timeout| more_than_nothing(timeout, problems));
    if let Some(max_age) = &written.max_age {
        more_than_nothing(max_age, problems);
    }
    let per_site = overrides(take(&mut node, "per_site"), &written);
    // What is missing from `with` is shown at the word `with`, and where that is not written, at the check's name.
    let mut part = |name| match take(&mut node, name) {
        Some((at, part)) if !part.is_empty() => part.moved(at.at),
        Some((at, _)) => Node::empty_map(at.at),
        None => Node::empty_map(key.at),
    };
    let (with, expect) = (part("with"), part("expect"));
    Some(Check { name: key, written, with, expect, per_site, timeout })
}

/// Says of a key that is unknown here, but known to the check's probe, where it belongs.
fn say_where(node: &Node, problems: &mut [Problem]) {
    let Some(kind) = node.get("probe").and_then(Node::as_text).and_then(gonogo_checks::kind) else { return };
    let knows = |schema: Schema, key: &str| schema.get("properties").is_some_and(|keys| keys.get(key).is_some());
    for problem in problems {
        let Some((key, _)) = node.entries().iter().find(|(key, _)| key.at == problem.at) else { continue };
        let part = if knows((kind.settings)(), &key.text) { "with" } else { "expect" };
        if part == "with" || knows((kind.expect)(), &key.text) {
            problem.help = Some(format!("it belongs under `{part}`: `{part}: {{ {}: … }}`", key.text));
        }
    }
}

fn overrides(node: Option<(Key, Node)>, written: &Written) -> Vec<Override> {
    let Some((_, Node { shape: Shape::Map(entries), .. })) = node else { return Vec::new() };
    let one = |(site, mut node): (Key, Node)| Override {
        with: take(&mut node, "with"),
        expect: take(&mut node, "expect"),
        severity: written.per_site.get(&site.text).and_then(|written| written.severity),
        site,
    };
    entries.into_iter().map(one).collect()
}

fn take(node: &mut Node, name: &str) -> Option<(Key, Node)> {
    let Shape::Map(entries) = &mut node.shape else { return None };
    let index = entries.iter().position(|(key, _)| key.text == name)?;
    Some(entries.swap_remove(index))
}

/// Where a check looks.
#[derive(Clone, Debug)]
pub enum Sites {
    /// At every site.
    All,
    /// At these.
    Named(Vec<Placed<String>>),
    /// Where an expression is true of the site.
    Where(Placed<String>),
}

impl<'de> Deserialize<'de> for Sites {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SitesVisitor)
    }
}

struct SitesVisitor;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenWhere {
    /// True of the sites that are meant: `${site.role == 'server'}`.
    r#where: Placed<String>,
}

impl<'de> de::Visitor<'de> for SitesVisitor {
    type Value = Sites;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`all`, a list of sites or `{ where: \"${…}\" }`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Sites, E> {
        if text == "all" { Ok(Sites::All) } else { Err(E::invalid_type(de::Unexpected::Str(text), &self)) }
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Sites, A::Error> {
        Deserialize::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Sites::Named)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Sites, A::Error> {
        let written = WrittenWhere::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Sites::Where(written.r#where))
    }
}

impl JsonSchema for Sites {
    fn schema_name() -> Cow<'static, str> {
        "Sites".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let expression = generator.subschema_for::<WrittenWhere>();
        let names = generator.subschema_for::<Vec<String>>();
        json_schema!({ "anyOf": [{ "const": "all" }, names, expression] })
    }
}
