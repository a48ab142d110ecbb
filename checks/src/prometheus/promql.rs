//! What an expression reads and with which numbers it compares: read from its tree, never evaluated.
//!
//! The tree is the crate `promql-parser`'s, which bounds nesting itself. What is asked of a server is written anew from the tree, without
//! offsets and ranges: whether a series lives is asked of now.

use super::delay;
use crate::contract::{cel::on_large_stack, values::Period};
use promql_parser::{
    label::MatchOp,
    parser::{BinaryExpr, Expr, VectorSelector, parse},
};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The longest expression that is read, in bytes.
pub(super) const LONGEST: usize = 8 << 10;
/// The most groups of alternatives: beyond, an expression is too tangled to say what it needs.
const MOST: usize = 64;

/// What an expression reads and compares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// The selectors that it needs, in groups: of each group at least one must find something.
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    /// The numbers that it compares with, where the comparison decides what is left.
    #[serde(default)]
    pub compares: Vec<Comparison>,
    /// The longest range that must pass before a comparison holds: of what must fall.
    #[serde(default, skip_serializing_if = "is_none")]
    pub range: Period,
    /// How late it reads what it reads.
    #[serde(default, skip_serializing_if = "is_none")]
    pub offset: Period,
    /// True for a selector and nothing around it.
    #[serde(default)]
    pub is_selector: bool,
}

const fn is_none(length: &Period) -> bool {
    length.0.is_zero()
}

/// A comparison with a number, the number at its right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Which way.
    pub is: Is,
    /// With what.
    pub number: f64,
}

/// Which way a comparison goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Is {
    /// `>` or `>=`.
    Above,
    /// `<` or `<=`.
    Below,
    /// `==`.
    Equal,
    /// `!=`.
    Other,
}

/// Reads an expression.
///
/// # Errors
/// It is no PromQL, or beyond what is read, in a sentence.
pub fn reads(text: &str) -> Result<Reads, String> {
    if text.len() > LONGEST {
        return Err(format!("it has {} bytes, and at most {LONGEST} are read", text.len()));
    }
    let read = on_large_stack(|| {
        let tree = parse(text)?;
        let needs = needs(&tree).ok_or_else(|| "it has too many alternatives to say what it needs".to_owned())?;
        let mut compares = Vec::new();
        comparisons(&tree, &mut compares);
        Ok(Reads {
            needs,
            compares,
            range: Period(delay::range(&tree)),
            offset: Period(delay::offset(&tree)),
            is_selector: matches!(bare(&tree), Expr::VectorSelector(_)),
        })
    });
    read.map_err(|error| format!("cannot start a thread: {error}"))?
}

fn bare(tree: &Expr) -> &Expr {
    match tree {
        Expr::Paren(inner) => bare(&inner.expr),
        other => other,
    }
}

/// The groups of selectors of each of which one must find something, or the expression can never give anything; `None` beyond
/// the bound.
fn needs(tree: &Expr) -> Option<Vec<Vec<String>>> {
    let of_all = |parts: &mut dyn Iterator<Item = &Expr>| {
        let mut all: Vec<Vec<String>> = Vec::new();
        for part in parts {
            for group in needs(part)? {
                if !all.contains(&group) {
                    all.push(group);
                }
            }
        }
        (all.len() <= MOST).then_some(all)
    };
    match tree {
        Expr::VectorSelector(selector) => Some(vec![vec![written(selector)]]),
        Expr::MatrixSelector(selector) => Some(vec![vec![written(&selector.vs)]]),
        Expr::Paren(inner) => needs(&inner.expr),
        Expr::Unary(inner) => needs(&inner.expr),
        Expr::Subquery(inner) => needs(&inner.expr),
        Expr::Aggregate(inner) => of_all(&mut [Some(&*inner.expr), inner.param.as_deref()].into_iter().flatten()),
        // That nothing is there is what these say.
        Expr::Call(call) if call.func.name.starts_with("absent") => Some(Vec::new()),
        Expr::Call(call) => of_all(&mut call.args.args.iter().map(|argument| &**argument)),
        Expr::Binary(pair) => match pair.op.to_string().as_str() {
            "or" => either(needs(&pair.lhs)?, needs(&pair.rhs)?),
            "unless" => needs(&pair.lhs),
            _ => of_all(&mut [&*pair.lhs, &*pair.rhs].into_iter()),
        },
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => Some(Vec::new()),
    }
}

/// One of both. What reads nothing (`or vector(0)`) is no alternative: it only hides that the other finds nothing.
fn either(left: Vec<Vec<String>>, right: Vec<Vec<String>>) -> Option<Vec<Vec<String>>> {
    if left.is_empty() || right.is_empty() {
        return Some(if left.is_empty() { right } else { left });
    }
    if left.len() * right.len() > MOST {
        return None;
    }
    let pair = |one: &Vec<String>, other: &Vec<String>| {
        let mut both = one.clone();
        both.extend(other.iter().filter(|selector| !one.contains(selector)).cloned());
        both
    };
    Some(left.iter().flat_map(|one| right.iter().map(move |other| pair(one, other))).collect())
}

/// A selector as a server takes it, without offset and range.
pub(super) fn written(selector: &VectorSelector) -> String {
    let matcher = |matcher: &promql_parser::label::Matcher| {
        let sign = match &matcher.op {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Re(_) => "=~",
            MatchOp::NotRe(_) => "!~",
        };
        format!("{}{sign}{}", name(&matcher.name), quoted(&matcher.value))
    };
    let all = |matchers: &[promql_parser::label::Matcher]| matchers.iter().map(matcher).collect::<Vec<_>>().join(",");
    let mut groups = vec![all(&selector.matchers.matchers)];
    groups.extend(selector.matchers.or_matchers.iter().map(|matchers| all(matchers)));
    groups.retain(|group| !group.is_empty());
    let inner = groups.join(" or ");
    let mut text = String::new();
    match &selector.name {
        Some(metric) if !is_plain(metric) => {
            let rest = if inner.is_empty() { String::new() } else { format!(",{inner}") };
            let _ = write!(text, "{{{}{rest}}}", quoted(metric));
        }
        metric => {
            text.push_str(metric.as_deref().unwrap_or_default());
            if !inner.is_empty() {
                let _ = write!(text, "{{{inner}}}");
            }
        }
    }
    text
}

fn name(label: &str) -> String {
    if is_plain(label) { label.to_owned() } else { quoted(label) }
}

fn is_plain(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
    !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(is_letter)
}

/// JSON's quoting of a text, which Go's strings have too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The metric alone that a selector, as it is written here, reads.
pub(super) fn metric(selector: &str) -> Option<&str> {
    let name = selector.split('{').next().unwrap_or_default();
    (!name.is_empty() && name.len() < selector.len()).then_some(name)
}

/// Every comparison that decides what is left, wherever it stands; what stands at the right of `unless` decides what is not.
fn comparisons(tree: &Expr, found: &mut Vec<Comparison>) {
    match tree {
        Expr::Binary(pair) => {
            found.extend(comparison(pair));
            comparisons(&pair.lhs, found);
            if pair.op.to_string() != "unless" {
                comparisons(&pair.rhs, found);
            }
        }
        Expr::Paren(inner) => comparisons(&inner.expr, found),
        Expr::Unary(inner) => comparisons(&inner.expr, found),
        Expr::Subquery(inner) => comparisons(&inner.expr, found),
        Expr::Aggregate(inner) => comparisons(&inner.expr, found),
        Expr::Call(call) => call.args.args.iter().for_each(|argument| comparisons(argument, found)),
        _ => {}
    }
}

fn comparison(pair: &BinaryExpr) -> Option<Comparison> {
    let is = match pair.op.to_string().as_str() {
        ">" | ">=" => Is::Above,
        "<" | "<=" => Is::Below,
        "==" => Is::Equal,
        "!=" => Is::Other,
        _ => return None,
    };
    // With `bool` nothing is left out, so it is no threshold.
    if pair.return_bool() {
        return None;
    }
    match (constant(&pair.lhs), constant(&pair.rhs)) {
        (None, Some(number)) => Some(Comparison { is, number }),
        (Some(number), None) => Some(Comparison { is: is.turned(), number }),
        _ => None,
    }
}

impl Is {
    const fn turned(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::Below => Self::Above,
            same => same,
        }
    }
}

/// The number that an expression is, where it is one: `7 * 24 * 3600`.
fn constant(tree: &Expr) -> Option<f64> {
    match tree {
        Expr::NumberLiteral(number) => Some(number.val),
        Expr::Paren(inner) => constant(&inner.expr),
        Expr::Unary(inner) => constant(&inner.expr).map(|number| -number),
        Expr::Binary(pair) => {
            let (left, right) = (constant(&pair.lhs)?, constant(&pair.rhs)?);
            Some(match pair.op.to_string().as_str() {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => left / right,
                _ => return None,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs_of(text: &str) -> Vec<Vec<String>> {
        reads(text).expect(text).needs
    }

    fn compares(text: &str) -> Vec<(Is, f64)> {
        reads(text).expect(text).compares.iter().map(|one| (one.is, one.number)).collect()
    }

    #[test]
    fn what_an_expression_needs_is_every_selector_without_offset_and_range() {
        for (text, needs) in [
            ("up", vec![vec!["up"]]),
            ("rate(a_total{b=\"c\"}[5m] offset 1h) > 5", vec![vec!["a_total{b=\"c\"}"]]),
            ("sum by (x) (a) / on (x) b{y!~\"z|\"}", vec![vec!["a"], vec!["b{y!~\"z|\"}"]]),
            ("a or b", vec![vec!["a", "b"]]),
            ("sum(rate(a[5m])) or vector(0)", vec![vec!["a"]]),
            ("a unless b", vec![vec!["a"]]),
            ("absent(a)", vec![]),
            ("a and a", vec![vec!["a"]]),
            ("max_over_time(a[1h:5m])", vec![vec!["a"]]),
            ("vector(1)", vec![]),
        ] {
            assert_eq!(needs_of(text), needs, "{text}");
        }
    }

    #[test]
    fn a_selector_with_strange_text_is_quoted() {
        assert_eq!(needs_of(r#"a{b="c\"d"}"#), [[r#"a{b="c\"d"}"#]]);
        assert_eq!(needs_of(r#"{__name__=~"a.*"}"#), [[r#"{__name__=~"a.*"}"#]]);
        assert_eq!(metric("a{b=\"c\"}"), Some("a"));
        assert_eq!((metric("a"), metric("{b=\"c\"}")), (None, None));
    }

    #[test]
    fn the_numbers_that_decide_are_read_and_reckoned() {
        use Is::{Above, Below, Equal};
        for (text, expected) in [
            ("a / b > 0.85", vec![(Above, 0.85)]),
            ("0.85 <= a", vec![(Above, 0.85)]),
            ("a - time() < 7 * 24 * 3600", vec![(Below, 604_800.0)]),
            ("(a > 0.7) and (a < (0.85))", vec![(Above, 0.7), (Below, 0.85)]),
            ("a == 0", vec![(Equal, 0.0)]),
            ("a > bool 5", vec![]),
            ("a > b", vec![]),
            ("a", vec![]),
            ("count(a > 3) > 2", vec![(Above, 2.0), (Above, 3.0)]),
            ("a > 0.95 unless on() b > 0.85", vec![(Above, 0.95)]),
        ] {
            assert_eq!(compares(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_told() {
        for text in ["", "a{", "sum(", "rate(a)"] {
            assert!(reads(text).is_err(), "{text}");
        }
        assert!(reads(&"(".repeat(9_000)).expect_err("too long").contains("bytes"));
        drop(reads(&format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000))));
        drop(reads(&format!("{}a", "-".repeat(8_000))));
    }
}
