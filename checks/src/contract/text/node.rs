//! A value as written: what the text says, and where it says it.
//!
//! Maps keep the order of the file and are lists of pairs: they are read far more often than searched, and the
//! few big ones (the checks) are searched through an index made by whoever needs it.

use std::{collections::HashMap, fmt, sync::Arc};

/// A place in a source: line and column count from one, the column and the length in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// Which source, as numbered by [`Sources`](super::Sources).
    pub file: u16,
    /// The line, from 1; 0 where nothing was written.
    pub line: u32,
    /// The column, from 1, in characters.
    pub col: u32,
    /// How many characters are meant; 0 for what is empty.
    pub len: u32,
}

/// A map's key and its place. Numbers and switches as keys are kept as they were spelt.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key as written.
    pub text: String,
    /// Where.
    pub at: At,
}

/// A value that knows its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it is written; of a value that an expression gave, where the expression is written.
    pub at: At,
    /// What is written.
    pub shape: Shape,
    /// The text with the expression that gave this value, if one did.
    pub from: Option<Arc<str>>,
    /// Left out of reading, because it was complained about already.
    pub(super) dropped: bool,
}

/// The kinds of value that YAML has.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond the range of `i64`.
    UInt(u64),
    /// Any other number; always finite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    Seq(Vec<Node>),
    /// A map, in the order of the file; no key occurs twice.
    Map(Vec<(Key, Node)>),
}

/// One step of a path into a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To the nth element of a list, from 0.
    Index(usize),
}

/// Above this size a map is merged through an index.
const FEW: usize = 16;

impl Node {
    /// A value at a place.
    #[must_use]
    pub const fn new(at: At, shape: Shape) -> Self {
        Self { at, shape, from: None, dropped: false }
    }

    /// A map without entries: what stands for `with` and `expect` where they are not written.
    #[must_use]
    pub const fn empty_map(at: At) -> Self {
        Self::new(at, Shape::Map(Vec::new()))
    }

    /// The same value, said to stand elsewhere; what it holds stays where it is.
    #[must_use]
    pub fn moved(self, at: At) -> Self {
        Self { at, ..self }
    }

    /// Leaves the value out of reading, because it was complained about already: what follows from that is no
    /// complaint of its own.
    pub const fn leave_out(&mut self) {
        self.dropped = true;
    }

    /// The value of a key; `None` where this is no map or has no such key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key with its place, and its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&(Key, Self)> {
        self.entries().iter().find(|(k, _)| k.text == key)
    }

    /// The entries of a map; none where this is no map.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.shape {
            Shape::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text, where this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is written here, not even `null`.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.shape, Shape::Null) && self.at.len == 0
    }

    /// The value at a path.
    #[must_use]
    pub fn at_path(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match (&node.shape, step) {
            (_, Step::Key(key)) => node.get(key),
            (Shape::Seq(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
    }

    /// The value at a path, to be changed.
    pub fn at_path_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, step| match (&mut node.shape, step) {
            (Shape::Map(entries), Step::Key(key)) => {
                entries.iter_mut().find(|(k, _)| k.text == *key).map(|(_, value)| value)
            }
            (Shape::Seq(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }

    /// Lays another value over this one: maps are merged key by key, `null` removes the key that it stands over,
    /// everything else is replaced whole. A `null` over nothing stays, for the types to judge.
    pub fn layer(&mut self, over: Self) {
        match (&mut self.shape, over.shape) {
            (Shape::Map(below), Shape::Map(above)) => merge(below, above),
            (shape, above) => {
                *shape = above;
                self.at = over.at;
                self.from = over.from;
            }
        }
    }

    /// Whether any text in this value holds `${`.
    #[must_use]
    pub fn has_expression(&self) -> bool {
        match &self.shape {
            Shape::Text(text) => text.contains("${"),
            Shape::Seq(items) => items.iter().any(Self::has_expression),
            Shape::Map(entries) => entries.iter().any(|(_, value)| value.has_expression()),
            _ => false,
        }
    }
}

fn merge(below: &mut Vec<(Key, Node)>, above: Vec<(Key, Node)>) {
    let index: HashMap<String, usize> = if below.len() > FEW {
        below.iter().enumerate().map(|(i, (key, _))| (key.text.clone(), i)).collect()
    } else {
        HashMap::new()
    };
    let known = below.len();
    let mut removed = Vec::new();
    for (key, value) in above {
        let found = if index.is_empty() {
            below[..known].iter().position(|(k, _)| k.text == key.text)
        } else {
            index.get(&key.text).copied()
        };
        match found {
            Some(i) if matches!(value.shape, Shape::Null) && !value.is_empty() => removed.push(i),
            Some(i) => {
                below[i].0.at = key.at;
                below[i].1.layer(value);
            }
            None => below.push((key, value)),
        }
    }
    removed.sort_unstable();
    for i in removed.into_iter().rev() {
        below.remove(i);
    }
}

/// The value in a few words, for a complaint.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Bool(b) => write!(f, "`{b}`"),
            Self::Int(i) => write!(f, "the number {i}"),
            Self::UInt(u) => write!(f, "the number {u}"),
            Self::Float(x) => write!(f, "the number {x:?}"),
            Self::Text(text) => write!(f, "the text `{}`", short(text)),
            Self::Seq(_) => f.write_str("a list"),
            Self::Map(_) => f.write_str("a map"),
        }
    }
}

/// A text cut to what a complaint can hold.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
