//! What serde has to say about a value, in the words of a person who writes checklists.
//!
//! Serde speaks of `u32`, sequences and structs; whoever reads the complaint knows lists, maps, texts and numbers.

use super::{
    nearest::nearest,
    node::{At, Key, Node, Step, short},
    problem::Problem,
};
use serde::de::{self, Expected, Unexpected};
use std::fmt;

/// A complaint on its way up the tree: it gathers its place at the bottom and its path on the way.
#[derive(Debug)]
pub(super) struct Fault(Box<Parts>);

#[derive(Debug)]
struct Parts {
    what: What,
    at: Option<At>,
    from: Option<String>,
    path: Vec<Step>,
}

/// What is wrong.
#[derive(Debug)]
pub(super) enum What {
    Said { message: String, help: Option<&'static str> },
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownWord { word: String, known: &'static [&'static str] },
    Missing(&'static str),
}

impl Fault {
    fn of(what: What) -> Self {
        Self(Box::new(Parts { what, at: None, from: None, path: Vec::new() }))
    }

    /// Gives the complaint its place, unless it has one.
    pub(super) fn placed(mut self, node: &Node) -> Self {
        if self.0.at.is_none() {
            self.0.at = Some(node.at);
            self.0.from = node.from.as_ref().map(|from| short(from));
        }
        self
    }

    /// Gives the complaint the place of a key, unless it has one.
    pub(super) fn placed_at(mut self, key: &Key) -> Self {
        self.0.at.get_or_insert(key.at);
        self
    }

    /// What is missing from a map is shown at the map's key: the map itself begins at its first entry.
    pub(super) fn lifted_to(mut self, key: &Key) -> Self {
        if matches!(self.0.what, What::Missing(_)) && self.0.path.is_empty() && self.0.from.is_none() {
            self.0.at = Some(key.at);
        }
        self
    }

    pub(super) fn under(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }

    /// From the root to the culprit.
    pub(super) fn path(&self) -> Vec<Step> {
        self.0.path.iter().rev().cloned().collect()
    }

    pub(super) const fn what(&self) -> &What {
        &self.0.what
    }

    pub(super) fn into_problem(self) -> Problem {
        let help = self.help();
        let message = match &self.0.from {
            Some(from) => format!("`{from}`: {self}"),
            None => self.to_string(),
        };
        Problem { at: self.0.at.unwrap_or_default(), message, help }
    }

    fn help(&self) -> Option<String> {
        match &self.0.what {
            What::Said { help: Some(QUOTE), .. } if self.0.from.is_some() => {
                Some("make it a text within the expression: `${string(…)}`".to_owned())
            }
            What::Said { help, .. } => help.map(str::to_owned),
            What::Missing(key) => Some(format!("add `{key}: …`")),
            What::UnknownKey { key: word, known } | What::UnknownWord { word, known } => Some(choice(word, known)),
        }
    }
}

fn choice(word: &str, known: &[&str]) -> String {
    match (nearest(word, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "no key is known here".to_owned(),
        (None, known) => format!("one of: {}", known.join(", ")),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Said { message, .. } => f.write_str(message),
            What::UnknownKey { key, .. } => write!(f, "unknown key `{}`", short(key)),
            What::UnknownWord { word, .. } => {
                write!(f, "`{}` is not a word known here", short(word))
            }
            What::Missing(key) => write!(f, "`{key}` is missing"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = match message.to_string().as_str() {
            "invalid socket address syntax" => "expected an address and its port, `192.0.2.1:443`".to_owned(),
            "invalid IP address syntax" => "expected an address, `192.0.2.1`".to_owned(),
            said => said.to_owned(),
        };
        Self::of(What::Said { message, help: None })
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let (wanted, found_words) = (expected(wanted), unexpected(found));
        let help = advice(&wanted, found);
        Self::of(What::Said { message: format!("expected {wanted}, found {found_words}"), help })
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let range = range(&wanted.to_string());
        let wanted = range.map_or_else(|| expected(wanted), |range| format!("a whole number {range}"));
        let message = format!("expected {wanted}, found {}", unexpected(found));
        Self::of(What::Said { message, help: None })
    }

    fn invalid_length(length: usize, wanted: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {wanted}, found {length} of them"))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::of(What::UnknownKey { key: key.to_owned(), known })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::of(What::UnknownWord { word: word.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::of(What::Missing(key))
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::custom(format_args!("`{key}` is set twice"))
    }
}

const QUOTE: &str = "put it in quotes";

/// Serde's name of what it wanted, in plain words.
fn expected(wanted: &dyn Expected) -> String {
    let wanted = wanted.to_string();
    match wanted.as_str() {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => {
            "a whole number".to_owned()
        }
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "a borrowed string" | "a character" | "path string" => "a text".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "unit" => "nothing".to_owned(),
        "a sequence" => "a list".to_owned(),
        _ if wanted.starts_with("struct ") => "a map".to_owned(),
        _ if wanted.starts_with("enum ") => "one of its words, or a map of one key".to_owned(),
        _ if wanted.starts_with("tuple ") || wanted.starts_with("an array") => "a list".to_owned(),
        "newtype variant" | "tuple variant" | "struct variant" => "the word as a key with a value".to_owned(),
        _ if wanted.starts_with("unit variant") => "the bare word, without a value".to_owned(),
        _ if wanted.contains(" variant ") => "a map of one key: the word, and its value".to_owned(),
        _ => wanted,
    }
}

fn unexpected(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(b) => format!("`{b}`"),
        Unexpected::Unsigned(n) => n.to_string(),
        Unexpected::Signed(n) => n.to_string(),
        Unexpected::Float(x) => format!("{x:?}"),
        Unexpected::Char(c) => format!("the text `{c}`"),
        Unexpected::Str(text) => format!("the text `{}`", short(text)),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        Unexpected::UnitVariant => "a bare word".to_owned(),
        Unexpected::NewtypeVariant | Unexpected::TupleVariant | Unexpected::StructVariant => {
            "a word with a value".to_owned()
        }
        other => other.to_string(),
    }
}

fn advice(wanted: &str, found: Unexpected<'_>) -> Option<&'static str> {
    match (wanted, found) {
        ("a text", Unexpected::Float(_) | Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Bool(_)) => {
            Some(QUOTE)
        }
        ("a list", Unexpected::Str(_) | Unexpected::Signed(_) | Unexpected::Map) => {
            Some("put it in square brackets, or on a line of its own after `- `")
        }
        ("`true` or `false`", Unexpected::Str("yes" | "Yes" | "YES" | "on" | "On" | "ON")) => Some("write `true`"),
        ("`true` or `false`", Unexpected::Str("no" | "No" | "NO" | "off" | "Off" | "OFF")) => Some("write `false`"),
        ("a whole number", Unexpected::Str(text)) if text.parse::<i64>().is_ok_and(|n| n.to_string() == text) => {
            Some("leave the quotes away")
        }
        ("a number", Unexpected::Str(text)) if text.parse::<f64>().is_ok() => Some("leave the quotes away"),
        _ => None,
    }
}

/// The range of a whole number's type.
fn range(type_name: &str) -> Option<String> {
    Some(match type_name {
        "u8" => format!("from 0 to {}", u8::MAX),
        "u16" => format!("from 0 to {}", u16::MAX),
        "u32" => format!("from 0 to {}", u32::MAX),
        "u64" | "usize" | "u128" => "from 0".to_owned(),
        "i8" => format!("from {} to {}", i8::MIN, i8::MAX),
        "i16" => format!("from {} to {}", i16::MIN, i16::MAX),
        "i32" => format!("from {} to {}", i32::MIN, i32::MAX),
        "i64" | "isize" | "i128" => "of 64 bits".to_owned(),
        "a nonzero u8" | "a nonzero u16" | "a nonzero u32" | "a nonzero u64" | "a nonzero usize" => "from 1".to_owned(),
        _ => return None,
    })
}
