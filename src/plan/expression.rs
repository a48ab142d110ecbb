//! `${…}`: a CEL expression, compiled once, evaluated where a scope gives its variables.
//!
//! Its bounds are [`gonogo_checks::contract::cel`]'s; what is here is about scopes, places and what a checklist can hold.

use super::scope::{NoSite, Scope};
use ::cel::{ExecutionError, Program, Value, objects::Key as CelKey};
use gonogo_checks::contract::{
    cel::{self, Wrong},
    text::{At, Key, Node, Shape, nearest},
};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// What an expression may speak of.
const ROOTS: [&str; 4] = ["event", "site", "vars", "random"];

/// Why an expression gives nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Failure {
    /// Empty where the cause was complained about already.
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Failure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// The expressions of a plan, each compiled once.
#[derive(Default)]
pub(super) struct Expressions(RefCell<HashMap<String, Result<Rc<Compiled>, Failure>>>);

struct Compiled {
    source: String,
    program: Program,
    /// The words of a plain path, `vars.provisioners`: looked up in the tree, so that what it gives keeps its places.
    path: Option<Vec<String>>,
    uses: Vec<String>,
}

impl Expressions {
    /// What an expression gives at a place.
    pub(super) fn evaluate(&self, source: &str, at: At, scope: &Scope<'_>) -> Result<Node, Failure> {
        let compiled = self.compiled(source)?;
        let uses = |root: &str| compiled.uses.iter().any(|used| used == root);
        if uses("event") && scope.world.event.is_none() {
            return Err(Failure::default());
        }
        if let (true, Err(reason)) = (uses("site"), scope.site) {
            return Err(no_site(source, reason));
        }
        if let Some(path) = &compiled.path {
            return look_up(source, path, scope);
        }
        let context = scope.context(uses("site"), uses("random"));
        let value = compiled.program.execute(&context).map_err(|error| failed(&compiled.source, &error))?;
        shape(value, at).map(|shape| Node::new(at, shape)).map_err(|what| {
            Failure::new(format!("`{source}` gives {what}"))
                .help("an expression gives a text, a number, a switch, a list or a map")
        })
    }

    fn compiled(&self, source: &str) -> Result<Rc<Compiled>, Failure> {
        if let Some(known) = self.0.borrow().get(source) {
            return known.clone();
        }
        let compiled = compile(source).map(Rc::new);
        self.0.borrow_mut().insert(source.to_owned(), compiled.clone());
        compiled
    }
}

fn compile(source: &str) -> Result<Compiled, Failure> {
    let program = cel::compile(source).map_err(|wrong| Failure::new(wrong.to_string()).help(help(&wrong)))?;
    let mut uses: Vec<String> = program.references().variables().into_iter().map(str::to_owned).collect();
    uses.sort_unstable();
    Ok(Compiled { path: plain_path(source), source: source.to_owned(), program, uses })
}

const fn help(wrong: &Wrong) -> &'static str {
    match wrong {
        Wrong::TooLong(_) => "put a part of it into `vars`",
        Wrong::Empty => "write `$${` for a literal `${`",
        Wrong::Syntax { .. } => "expressions are CEL: `site.role == 'server'`",
        Wrong::Nested(_) => "one `map`, `filter`, `all` or `exists`",
    }
}

/// The words of `vars.a.b` or `site.a`, if that is all there is.
fn plain_path(source: &str) -> Option<Vec<String>> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let words: Vec<&str> = source.trim().split('.').collect();
    let is_path = words.len() > 1 && matches!(words[0], "vars" | "site") && words.iter().all(|word| is_word(word));
    is_path.then(|| words.into_iter().map(str::to_owned).collect())
}

fn look_up(source: &str, path: &[String], scope: &Scope<'_>) -> Result<Node, Failure> {
    let site = scope.site.ok();
    let (mut node, mut whose) = match (path[0].as_str(), site) {
        ("site", Some(site)) if path[1] == "name" && path.len() == 2 => {
            return Ok(Node::new(site.at, Shape::Text(site.name.clone())));
        }
        ("site", Some(site)) => (site.vars.as_ref(), "the site".to_owned()),
        _ => (scope.world.vars, "`vars`".to_owned()),
    };
    for word in &path[1..] {
        let found = node.and_then(|node| node.get(word));
        if found.is_none() {
            let known: Vec<&str> =
                node.map_or(&[][..], Node::entries).iter().map(|(key, _)| key.text.as_str()).collect();
            let help = match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if path[0] == "site" => format!("add `vars: {{ {word}: … }}` to the site"),
                None => format!("add `{word}: …` to `vars`"),
            };
            return Err(Failure::new(format!("`{source}`: {whose} has no `{word}`")).help(help));
        }
        node = found;
        whose = format!("`{word}`");
    }
    node.cloned().ok_or_else(Failure::default)
}

fn no_site(source: &str, reason: NoSite) -> Failure {
    let (why, help) = match reason {
        NoSite::Check => ("this check has no sites", "add `sites: all` to the check"),
        NoSite::Relation => (
            "this check compares sites, and is at none of them",
            "write it within a map that says which: `{ sites: all, … }`",
        ),
        NoSite::Connection => ("a connection is the same for all sites", "write it into the site, or into `with`"),
    };
    Failure::new(format!("`{source}` speaks of a site: {why}")).help(help)
}

fn failed(source: &str, error: &ExecutionError) -> Failure {
    match error {
        ExecutionError::UndeclaredReference(name) => {
            let help = match nearest(name, ROOTS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", ROOTS.map(|root| format!("`{root}`")).join(", ")),
            };
            Failure::new(format!("`{source}`: `{name}` is not known here")).help(help)
        }
        ExecutionError::NoSuchKey(key) => no_such_key(source, key),
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
            Failure::new(format!("`{source}`: division by zero"))
        }
        ExecutionError::Overflow(..) => Failure::new(format!("`{source}`: the number is too large")),
        other => {
            let said: String = other.to_string().chars().take_while(|c| *c != '\n').take(120).collect();
            Failure::new(format!("`{source}`: {said}"))
        }
    }
}

fn no_such_key(source: &str, key: &str) -> Failure {
    let speaks_of = |word: &str| source.contains(&format!("event.{word}"));
    match key {
        "attendees" if speaks_of(key) => super::attendees::absent(source),
        "expected" if speaks_of(key) => {
            Failure::new(format!("`{source}`: the event does not say how many are expected"))
                .help("write `attendees: { expected: 12, at_most: 15 }` in the event")
        }
        _ => Failure::new(format!("`{source}`: there is no `{key}`"))
            .help(format!("add it, or ask first: `has(….{key}) && …`")),
    }
}

/// What a value is in a checklist, or what it is called where it is nothing there.
fn shape(value: Value, at: At) -> Result<Shape, &'static str> {
    Ok(match value {
        Value::Bool(b) => Shape::Bool(b),
        Value::Int(i) => Shape::Int(i),
        Value::UInt(u) => i64::try_from(u).map_or(Shape::UInt(u), Shape::Int),
        Value::Float(x) if x.is_finite() => Shape::Float(x),
        Value::Float(_) => return Err("no finite number"),
        Value::String(text) => Shape::Text(text.to_string()),
        Value::List(items) => {
            let node = |value: &Value| shape(value.clone(), at).map(|shape| Node::new(at, shape));
            Shape::Seq(items.iter().map(node).collect::<Result<_, _>>()?)
        }
        Value::Map(map) => {
            let mut entries = Vec::with_capacity(map.map.len());
            for (key, value) in map.map.iter() {
                let text = match key {
                    CelKey::Int(i) => i.to_string(),
                    CelKey::Uint(u) => u.to_string(),
                    CelKey::Bool(b) => b.to_string(),
                    CelKey::String(text) => text.to_string(),
                };
                entries.push((Key { text, at }, Node::new(at, shape(value.clone(), at)?)));
            }
            // CEL's maps have no order, and a plan must have one.
            entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
            Shape::Map(entries)
        }
        Value::Null => return Err("nothing"),
        Value::Duration(_) => return Err("a duration, not a text"),
        Value::Timestamp(_) => return Err("a timestamp, not a text"),
        Value::Bytes(_) => return Err("bytes, not a text"),
        _ => return Err("what no checklist can hold"),
    })
}
