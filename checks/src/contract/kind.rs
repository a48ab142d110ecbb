//! One row of the catalogue: a probe whose types the centre does not know.

use super::{
    CORE_CODES, Code, Finding, Item, Place, Probe, Window,
    item::Ready,
    text::{Node, Problem, Step, read},
};
use schemars::Schema;
use serde::Deserialize as _;
use serde_json::Value;

/// The judgement of stored evidence under another bar.
pub type Rejudged = Result<Vec<Finding>, serde_json::Error>;

/// Reads `with` and `expect` and makes the item; `None` when there were problems.
pub type Make = fn(&Node, &Node, &Place, &mut Vec<Problem>) -> Option<Box<dyn Item>>;

/// Judges stored evidence under another `expect`; `None` when that one has problems.
pub type Judge = fn(&Node, &Value, &Window, &mut Vec<Problem>) -> Option<Rejudged>;

/// One row of the catalogue.
pub struct Kind {
    /// The word in the checklist.
    pub name: &'static str,
    /// Every finding it may raise of its own.
    pub codes: &'static [Code],
    /// Its user page, Markdown.
    pub page: &'static str,
    /// True for a probe that compares sites.
    pub is_relation: bool,
    /// The schema of `with`.
    pub settings: fn() -> Schema,
    /// The schema of `expect`.
    pub expect: fn() -> Schema,
    /// Reads `with` and `expect` and makes the item; `None` when there were problems.
    pub item: Make,
    /// Judges stored evidence under the `expect` given here.
    pub judge: Judge,
}

impl Kind {
    /// The row of `P`, with its page.
    ///
    /// # Panics
    /// While it is compiled, when `P` lists a code twice.
    #[must_use]
    pub const fn of<P: Probe>(page: &'static str) -> Self {
        assert!(is_distinct(P::CODES), "a probe lists one code twice");
        Self {
            name: P::KIND,
            codes: P::CODES,
            page,
            is_relation: P::RELATION,
            settings: schema::<P::Settings>,
            expect: schema::<P::Expect>,
            item: make::<P>,
            judge: judge::<P>,
        }
    }
}

fn schema<T: schemars::JsonSchema>() -> Schema {
    schemars::schema_for!(T)
}

fn make<P: Probe>(with: &Node, expect: &Node, place: &Place, problems: &mut Vec<Problem>) -> Option<Box<dyn Item>> {
    let settings = read(with, problems);
    let bar = read(expect, problems);
    match P::new(settings?, place) {
        Ok(probe) => Some(Box::new(Ready { probe, expect: bar? })),
        Err(invalid) => {
            let mut problem = Problem::new(deepest(with, &invalid.at).at, invalid.message);
            problem.help = invalid.help;
            problems.push(problem);
            None
        }
    }
}

/// The value at `path`, or where the path ends before it.
fn deepest<'a>(node: &'a Node, path: &[Step]) -> &'a Node {
    (0..=path.len()).rev().find_map(|length| node.at_path(&path[..length])).unwrap_or(node)
}

fn judge<P: Probe>(expect: &Node, evidence: &Value, window: &Window, problems: &mut Vec<Problem>) -> Option<Rejudged> {
    let expect = read(expect, problems)?;
    Some(P::Evidence::deserialize(evidence).map(|evidence| P::judge(&expect, &evidence, window)))
}

/// True if and only if `P` may raise `code`.
pub(super) fn lists<P: Probe>(code: &str) -> bool {
    P::CODES.iter().chain(CORE_CODES).any(|listed| listed.id == code)
}

const fn is_distinct(codes: &[Code]) -> bool {
    let mut i = 0;
    while i < codes.len() {
        let mut j = i + 1;
        while j < codes.len() {
            if is_same(codes[i].id.as_bytes(), codes[j].id.as_bytes()) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
