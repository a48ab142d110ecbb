//! How long after a change an expression can first say so: the ranges that it must look back over, and its offsets.
//!
//! A count over the last quarter of an hour rises at once, and is nothing only after a quarter of an hour. So ranges
//! count where the value must fall, and of `min_over_time` where it must rise. How much of a range is needed for a number between
//! is not known; the whole of it counts.

use super::promql::written;
use promql_parser::parser::{Call, Expr, Offset, VectorSelector};
use std::{collections::BTreeMap, time::Duration};

/// What follows only the newest samples, and not all of its range, when it falls.
const AT_ONCE: [&str; 4] = ["min_over_time", "last_over_time", "irate", "idelta"];

/// Which way a value must go.
#[derive(Clone, Copy, PartialEq)]
enum Goes {
    Up,
    Down,
}

impl Goes {
    const fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// The longest range that must pass before one of its comparisons holds.
pub(super) fn range(tree: &Expr) -> Duration {
    decided(tree, false)
}

/// `is_turned`: at the right of `unless`, where a comparison must cease to hold.
fn decided(tree: &Expr, is_turned: bool) -> Duration {
    match tree {
        Expr::Paren(inner) => decided(&inner.expr, is_turned),
        Expr::Unary(inner) => decided(&inner.expr, is_turned),
        Expr::Subquery(inner) => decided(&inner.expr, is_turned),
        Expr::Aggregate(inner) => decided(&inner.expr, is_turned),
        Expr::Call(call) if call.func.name == "absent_over_time" => longest_of(call, Goes::Down),
        Expr::Call(call) => {
            call.args.args.iter().map(|argument| decided(argument, is_turned)).max().unwrap_or_default()
        }
        Expr::Binary(pair) => {
            let operation = pair.op.to_string();
            let turns = is_turned != (operation == "unless");
            let inner = decided(&pair.lhs, is_turned).max(decided(&pair.rhs, turns));
            let ways = match operation.as_str() {
                ">" | ">=" => Some((Goes::Up, Goes::Down)),
                "<" | "<=" => Some((Goes::Down, Goes::Up)),
                "==" => Some((Goes::Down, Goes::Down)),
                _ => None,
            };
            let turned = |way: Goes| if is_turned { way.turned() } else { way };
            let own = ways.map(|(left, right)| longest(&pair.lhs, turned(left)).max(longest(&pair.rhs, turned(right))));
            inner.max(own.unwrap_or_default())
        }
        _ => Duration::ZERO,
    }
}

/// The longest range over which a value is reckoned that must go one way.
fn longest(tree: &Expr, goes: Goes) -> Duration {
    match tree {
        Expr::Paren(inner) => longest(&inner.expr, goes),
        Expr::Unary(inner) => longest(&inner.expr, goes),
        Expr::Aggregate(inner) => longest(&inner.expr, goes),
        Expr::Binary(pair) => longest(&pair.lhs, goes).max(longest(&pair.rhs, goes)),
        Expr::Call(call) => longest_of(call, goes),
        Expr::MatrixSelector(selector) => selector.range,
        Expr::Subquery(inner) => inner.range.saturating_add(longest(&inner.expr, goes)),
        _ => Duration::ZERO,
    }
}

fn longest_of(call: &Call, goes: Goes) -> Duration {
    let name = call.func.name;
    let waits = match goes {
        Goes::Up => name == "min_over_time",
        Goes::Down => !AT_ONCE.contains(&name),
    };
    let of = |argument: &Expr| match argument {
        Expr::MatrixSelector(_) if !waits => Duration::ZERO,
        Expr::Subquery(inner) if !waits => longest(&inner.expr, goes),
        other => longest(other, goes),
    };
    call.args.args.iter().map(|argument| of(argument)).max().unwrap_or_default()
}

/// The longest offset. A selector that is read with a shorter one too is compared with its own past, and late by the shorter.
pub(super) fn offset(tree: &Expr) -> Duration {
    let mut least = BTreeMap::new();
    offsets(tree, Duration::ZERO, &mut least);
    least.into_values().max().unwrap_or_default()
}

fn offsets(tree: &Expr, around: Duration, least: &mut BTreeMap<String, Duration>) {
    let mut selector = |selector: &VectorSelector| {
        let own = around.saturating_add(past(selector.offset.as_ref()));
        least.entry(written(selector)).and_modify(|known| *known = own.min(*known)).or_insert(own);
    };
    match tree {
        Expr::VectorSelector(one) => selector(one),
        Expr::MatrixSelector(one) => selector(&one.vs),
        Expr::Paren(inner) => offsets(&inner.expr, around, least),
        Expr::Unary(inner) => offsets(&inner.expr, around, least),
        Expr::Aggregate(inner) => offsets(&inner.expr, around, least),
        Expr::Subquery(inner) => offsets(&inner.expr, around.saturating_add(past(inner.offset.as_ref())), least),
        Expr::Call(call) => call.args.args.iter().for_each(|argument| offsets(argument, around, least)),
        Expr::Binary(pair) => [&pair.lhs, &pair.rhs].into_iter().for_each(|side| offsets(side, around, least)),
        _ => {}
    }
}

fn past(offset: Option<&Offset>) -> Duration {
    match offset {
        Some(Offset::Pos(length)) => *length,
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::super::promql::reads;

    #[test]
    fn a_range_counts_where_all_of_it_must_pass() {
        for (text, minutes) in [
            ("sum(increase(a[15m])) == 0", 15),
            ("0 == sum(increase(a[15m]))", 15),
            ("rate(a[5m]) < 0.5 and rate(b[10m]) > 1", 5),
            ("increase(a[15m]) > 0", 0),
            ("2 > increase(a[15m])", 15),
            ("min_over_time(a[15m]) > 0.9", 15),
            ("min_over_time(up[15m]) < 1", 0),
            ("max_over_time(up[15m]) < 1", 15),
            ("max_over_time(rate(a[5m])[10m:1m]) < 1", 15),
            ("max_over_time(rate(a[5m])[10m:1m]) > 1", 0),
            ("absent_over_time(a[15m])", 15),
            ("absent(a)", 0),
            ("a > 0 unless increase(b[15m]) > 0", 15),
            ("a > 0 unless increase(b[15m]) == 0", 0),
            ("up == 0", 0),
        ] {
            assert_eq!(reads(text).expect(text).range.0.as_secs(), minutes * 60, "{text}");
        }
    }

    #[test]
    fn an_offset_counts_unless_it_is_a_comparison_with_the_past() {
        for (text, minutes) in [
            ("a offset 10m > 5", 10),
            ("rate(a[5m] offset 10m) / rate(b[5m]) > 5", 10),
            ("a - a offset 1w > 5", 0),
            ("max_over_time((a offset 5m)[10m:1m] offset 5m) > 1", 10),
            ("a offset -10m > 5", 0),
            ("a > 5", 0),
        ] {
            assert_eq!(reads(text).expect(text).offset.0.as_secs(), minutes * 60, "{text}");
        }
    }
}
