//! YAML text → [`Node`], within budgets: one document, no tags, no endless numbers, bounded depth and size.
//!
//! `no`, `yes`, `010` and `1_000` stay texts: what YAML 1.1 makes of them surprises everyone once.

use super::{
    node::{At, Key, Node, Shape},
    problem::Problem,
};
use serde::de::{self, Deserialize, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error, Location, Spanned, options::DuplicateKeyPolicy};
use std::{collections::HashMap, fmt};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// The deepest nesting of lists and maps that is read.
const MAX_DEPTH: usize = 48;
/// The most values that one text holds.
const MAX_NODES: usize = 1_000_000;
/// The most values that aliases stand for.
const MAX_REPLAYED: usize = 100_000;

/// The tree of a text, or `None` if it is no YAML. Of a key that is set twice the second value is dropped, and noted.
pub fn load(file: u16, text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    load_at(At { file, line: 1, col: 1, len: 0 }, text, problems)
}

/// Like [`load`], of a text that begins in the middle of its source's first line.
pub fn load_at(start: At, text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    if text.len() > MAX_BYTES {
        problems.push(Problem::new(start, format!("longer than {} MiB", MAX_BYTES >> 20)));
        return None;
    }
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => {
            let mut node = Node::new(place(raw.referenced), raw.value.0);
            settle(&mut node, start, problems);
            Some(node)
        }
        Err(error) => {
            problems.push(complaint(&error, start, text));
            None
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_documents: 2,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_REPLAYED },
    }
}

/// A shape as the parser gives it: places without their source, keys perhaps twice.
struct Raw(Shape);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw(Shape::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw(Shape::Null))
    }

    fn visit_some<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw(Shape::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw(Shape::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw(i64::try_from(value).map_or(Shape::UInt(value), Shape::Int)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw(Shape::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw(Shape::Text(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw(Shape::Text(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Spanned { value: Raw(shape), referenced, .. }) = items.next_element()? {
            nodes.push(Node::new(place(referenced), shape));
        }
        nodes.shrink_to_fit();
        Ok(Raw(Shape::Seq(nodes)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Spanned<Raw>>()? {
            let key = Key { text: key.value, at: place(key.referenced) };
            entries.push((key, Node::new(place(value.referenced), value.value.0)));
        }
        // Most maps have one or two entries, and a list that grows makes room for four.
        entries.shrink_to_fit();
        Ok(Raw(Shape::Map(entries)))
    }
}

fn place(location: Location) -> At {
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let len = small(location.span().len());
    At { file: 0, line: small(location.line()), col: small(location.column()), len }
}

/// Where a place in the text lies in its source.
fn shifted(at: At, start: At) -> At {
    let col = if at.line <= 1 { at.col + start.col - 1 } else { at.col };
    At { file: start.file, line: at.line.max(1) + start.line - 1, col: col.max(1), len: at.len }
}

/// Gives every place its source, and drops the second value of a key that is set twice.
fn settle(node: &mut Node, start: At, problems: &mut Vec<Problem>) {
    node.at = shifted(node.at, start);
    match &mut node.shape {
        Shape::Seq(items) => items.iter_mut().for_each(|item| settle(item, start, problems)),
        Shape::Map(entries) => {
            let mut lines = HashMap::with_capacity(entries.len());
            entries.retain_mut(|(key, value)| {
                key.at = shifted(key.at, start);
                settle(value, start, problems);
                let Some(first) = lines.get(&key.text) else {
                    lines.insert(key.text.clone(), key.at.line);
                    return true;
                };
                problems.push(
                    Problem::new(key.at, format!("`{}` is set twice, first on line {first}", key.text))
                        .help("keep one of them"),
                );
                false
            });
        }
        _ => {}
    }
}

fn complaint(error: &Error, start: At, text: &str) -> Problem {
    let error = error.without_snippet();
    let at = shifted(error.location().map_or(At { line: 1, col: 1, ..At::default() }, place), start);
    let line = text.lines().nth(at.line.saturating_sub(start.line) as usize).unwrap_or("");
    let (message, help) = match error {
        Error::MultipleDocuments { .. } => ("more than one document", Some("a checklist is one: remove the `---`")),
        Error::NonFiniteFloat { .. } => ("not a finite number", Some("put it in quotes if a text is meant")),
        _ => {
            return Problem { at, message: plain(error), help: yaml_help(line) };
        }
    };
    Problem { at, message: message.to_owned(), help: help.map(str::to_owned) }
}

/// The parser's words on one line, without its own idea of the place.
fn plain(error: &Error) -> String {
    let said = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let said = said.lines().next().unwrap_or_default();
    let said = said.strip_prefix("error: ").unwrap_or(said);
    let said = said.split(" at line ").next().unwrap_or(said).trim_end_matches('.');
    format!("not YAML: {said}")
}

fn yaml_help(line: &str) -> Option<String> {
    let help = if line.contains("${") {
        "put a text with an expression in quotes: \"${…}\""
    } else if line.trim_start_matches(' ').starts_with('\t') {
        "indent with spaces, not with tabs"
    } else {
        return None;
    };
    Some(help.to_owned())
}
