//! What must hold of the objects.

use super::condition::Wanted;
use crate::contract::{
    cel::{Expression, Scope},
    values::Scaled,
};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What must hold: how many there are, what their conditions say, and sentences with the CEL that decides them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub struct Expect {
    /// How many must be there, at least.
    pub at_least: Scaled,
    /// How many may be there.
    pub at_most: Option<Scaled>,
    /// None may be there.
    pub none_expected: bool,
    /// What conditions must be, by their type.
    pub conditions: IndexMap<String, Wanted>,
    /// What must hold of each object: a sentence and the CEL that decides it.
    pub each: IndexMap<String, Expression<OfEach>>,
    /// What must hold of all of them together: a sentence and the CEL that decides it.
    pub all: IndexMap<String, Expression<OfAll>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// How many must be there, those that are being deleted not counted: a number, `{ by_attendees: { 15: 10 } }` or `{
    /// attendees_per_unit: 1.5 }`. 1 unless said.
    #[serde(default)]
    at_least: Option<Scaled>,
    /// How many may be there.
    #[serde(default)]
    at_most: Option<Scaled>,
    /// `true`: none may be there.
    #[serde(default)]
    none_expected: bool,
    /// What conditions must be, by their type: `"True"`, or `{ is: "True", or_absent: true, or_unknown: true, for: 2m }`.
    #[serde(default)]
    conditions: IndexMap<String, Wanted>,
    /// What must hold of each object: a sentence and the CEL that decides it.
    #[serde(default)]
    each: IndexMap<String, Expression<OfEach>>,
    /// What must hold of all of them together: a sentence and the CEL that decides it.
    #[serde(default)]
    all: IndexMap<String, Expression<OfAll>>,
}

impl TryFrom<Written> for Expect {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { at_least, at_most, none_expected, conditions, each, all } = written;
        let says_more = at_least.is_some() || at_most.is_some();
        if none_expected && (says_more || !conditions.is_empty() || !each.is_empty() || !all.is_empty()) {
            return Err(
                "`none_expected: true` leaves nothing else to expect; where some may be there, write `at_least: 0`",
            );
        }
        let at_least = at_least.unwrap_or(Scaled::Fixed(u32::from(!none_expected)));
        let is_bound = none_expected || at_most.is_some() || at_least != Scaled::Fixed(0);
        if !is_bound && conditions.is_empty() && each.is_empty() && all.is_empty() {
            return Err("`at_least: 0` alone expects nothing; add what must hold of those that are there");
        }
        Ok(Self { at_least, at_most, none_expected, conditions, each, all })
    }
}

impl Expect {
    /// True if and only if judging compares times.
    pub(super) fn reads_clock(&self) -> bool {
        self.conditions.values().any(|wanted| wanted.held_for.is_some())
            || self.each.values().any(|expression| expression.speaks_of("now"))
            || self.all.values().any(|expression| expression.speaks_of("now"))
    }

    /// True if and only if none at all would do for so many attendees.
    pub(super) fn allows_none(&self, attendees: Option<u32>) -> bool {
        self.none_expected || self.at_least.need(attendees).is_ok_and(|need| need.count == 0)
    }
}

/// What an expression over one object may speak of.
#[derive(Debug)]
pub struct OfEach;

impl Scope for OfEach {
    const VARIABLES: &'static [&'static str] = &["object", "now", "event"];
    const EXAMPLE: &'static str = "object.status.phase == 'Running'";
}

/// What an expression over all objects may speak of.
#[derive(Debug)]
pub struct OfAll;

impl Scope for OfAll {
    const VARIABLES: &'static [&'static str] = &["objects", "now", "event"];
    const EXAMPLE: &'static str = "objects.exists_one(one, one.metadata.name == 'gp3')";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::text::{load, read};

    fn expect(text: &str) -> Result<Expect, String> {
        let mut problems = Vec::new();
        let tree = load(0, text, &mut problems).expect("YAML");
        read(&tree, &mut problems).ok_or_else(|| problems.iter().map(|problem| problem.message.clone()).collect())
    }

    #[test]
    fn a_condition_is_a_word_a_switch_or_a_map() {
        let read =
            expect("conditions: { A: 'True', B: True, C: { is: false, for: 2m }, D: { or_absent: true }, E: Unknown }");
        let read = read.expect("conditions");
        let words: Vec<&str> = read.conditions.values().map(|wanted| wanted.is.word()).collect();
        assert_eq!(words, ["True", "True", "False", "True", "Unknown"]);
        assert!(read.reads_clock() && read.conditions["D"].or_absent);
        assert!(expect("conditions: { A: 'true' }").expect_err("a word").contains("\"Unknown\" or a map"));
        assert!(expect("conditions: { A: { fro: 2m } }").expect_err("a key").contains("fro"));
    }

    #[test]
    fn none_and_something_contradict_each_other() {
        assert!(expect("none_expected: true").expect("none").allows_none(None));
        assert!(expect("{ at_least: { by_attendees: { 9: 0 } } }").expect("none").allows_none(Some(5)));
        assert!(expect("at_least: 0").expect_err("nothing").contains("expects nothing"));
        for more in ["at_least: 1", "at_most: 2", "conditions: { Ready: 'True' }", "each: { a: object.b }"] {
            let wrong = expect(&format!("{{ none_expected: true, {more} }}")).expect_err(more);
            assert!(wrong.contains("at_least: 0"), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_expression_is_told_where_it_stands() {
        let mut problems = Vec::new();
        let tree =
            load(0, "each:\n  it is ready: object.a == 1\n  it is so: objct.a == 1\n", &mut problems).expect("YAML");
        assert!(read::<Expect>(&tree, &mut problems).is_none());
        assert_eq!((problems.len(), problems[0].at.line), (1, 3), "{problems:?}");
        assert!(problems[0].message.contains("did you mean `object`?"), "{problems:?}");
    }
}
