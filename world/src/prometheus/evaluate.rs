//! As much of PromQL as checks ask: selectors, `time()`, `timestamp`, `absent`, `vector`, `last_over_time` of a selector,
//! `max_over_time` of a subquery, sums and counts, arithmetic and comparisons. What is beyond it is an error of execution, never an empty answer.
//!
//! A series is a constant, so `rate` and its like are not among them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, SubqueryExpr, VectorSelector, parse,
};

use super::Prometheus;

/// After this long a sample no longer counts: Prometheus' own staleness.
const STALE: SignedDuration = SignedDuration::from_mins(5);
/// Between the steps of a subquery that does not say, and the most of them.
const STEP: std::time::Duration = std::time::Duration::from_mins(1);
const STEPS: i64 = 11_000;
const NAME: &str = "__name__";

/// One series at one time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sample {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
    pub(super) taken: f64,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Why {
    /// It is no query.
    Bad(String),
    /// This world does not go so far.
    Unsupported(String),
}

/// A number or a vector.
type Given = Result<f64, Vec<Sample>>;

struct Moment<'a> {
    prometheus: &'a Prometheus,
    at: Timestamp,
    now: Timestamp,
}

/// What a query gives at a time.
pub(super) fn instant(prometheus: &Prometheus, text: &str, at: Timestamp, now: Timestamp) -> Result<Given, Why> {
    let tree =
        parse(text).map_err(|error| Why::Bad(format!("invalid parameter \"query\": 1:1: parse error: {error}")))?;
    Moment { prometheus, at, now }.of(&tree)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

fn length(range: std::time::Duration) -> Result<SignedDuration, Why> {
    SignedDuration::try_from(range).map_err(|_| Why::Bad("the range is too long".to_owned()))
}

impl Moment<'_> {
    fn of(&self, tree: &Expr) -> Result<Given, Why> {
        match tree {
            Expr::NumberLiteral(number) => Ok(Ok(number.val)),
            Expr::Paren(inner) => self.of(&inner.expr),
            Expr::Unary(inner) => Ok(match self.of(&inner.expr)? {
                Ok(number) => Ok(-number),
                Err(vector) => Err(each(vector, false, |value| Some(-value))),
            }),
            Expr::VectorSelector(selector) => Ok(Err(self.selected(selector, STALE))),
            Expr::Call(call) => self.called(call),
            Expr::Aggregate(aggregate) => self.gathered(aggregate),
            Expr::Binary(pair) => self.joined(pair),
            other => Err(Why::Unsupported(format!("this world does not evaluate {other}"))),
        }
    }

    /// The series whose newest sample is not older than `within`.
    fn selected(&self, selector: &VectorSelector, within: SignedDuration) -> Vec<Sample> {
        let is_meant = |labels: &BTreeMap<String, String>| {
            let is_named = selector.name.as_ref().is_none_or(|name| labels.get(NAME) == Some(name));
            let fits = |matcher: &promql_parser::label::Matcher| {
                matcher.is_match(labels.get(&matcher.name).map_or("", String::as_str))
            };
            is_named && selector.matchers.matchers.iter().all(fits)
        };
        let lives = |age: SignedDuration, since: SignedDuration| {
            let ago = self.now.duration_since(self.at);
            ago <= since && age.saturating_sub(ago) < within
        };
        let series = self.prometheus.series.iter().filter(|one| is_meant(&one.labels) && lives(one.age, one.since));
        let sample = |one: &super::Series| {
            let newest = self.now.saturating_sub(one.age).unwrap_or(self.now).min(self.at);
            Sample { labels: one.labels.clone(), value: one.value, taken: seconds(newest) }
        };
        series.map(sample).collect()
    }

    fn called(&self, call: &Call) -> Result<Given, Why> {
        let argument = call.args.args.first().map(|argument| &**argument);
        match (call.func.name, argument) {
            ("time", None) => Ok(Ok(seconds(self.at))),
            ("vector", Some(inner)) => match self.of(inner)? {
                Ok(value) => Ok(Err(vec![Sample { value, taken: seconds(self.at), ..Sample::default() }])),
                Err(_) => Err(Why::Bad("expected type scalar in call to function \"vector\"".to_owned())),
            },
            ("timestamp", Some(inner)) => {
                let samples = self.vector(inner)?.into_iter();
                Ok(Err(samples.map(|sample| Sample { value: sample.taken, ..bare(sample) }).collect()))
            }
            ("absent", Some(inner)) => {
                let is_absent = self.vector(inner)?.is_empty();
                let one = Sample { value: 1.0, taken: seconds(self.at), ..Sample::default() };
                Ok(Err(if is_absent { vec![one] } else { Vec::new() }))
            }
            ("last_over_time", Some(Expr::MatrixSelector(inner))) => {
                Ok(Err(self.selected(&inner.vs, length(inner.range)?).into_iter().map(bare).collect()))
            }
            ("max_over_time", Some(Expr::Subquery(inner))) => self.highest(inner).map(Err),
            (name, _) => Err(Why::Unsupported(format!("this world has no function {name}"))),
        }
    }

    /// The highest value of each series at the steps of a subquery.
    fn highest(&self, subquery: &SubqueryExpr) -> Result<Vec<Sample>, Why> {
        let (range, step) = (length(subquery.range)?, length(subquery.step.unwrap_or(STEP))?);
        if step.is_zero() || range.as_secs() / step.as_secs().max(1) > STEPS {
            return Err(Why::Bad("the subquery has no step, or too many".to_owned()));
        }
        let (mut at, from) = (self.at, self.at.saturating_sub(range).unwrap_or(self.at));
        let mut highest: BTreeMap<BTreeMap<String, String>, Sample> = BTreeMap::new();
        while at > from {
            for sample in (Moment { at, ..*self }).vector(&subquery.expr)? {
                let sample = bare(sample);
                let known = highest.entry(sample.labels.clone()).or_insert_with(|| sample.clone());
                known.value = known.value.max(sample.value);
            }
            at = at.saturating_sub(step).unwrap_or(from);
        }
        Ok(highest.into_values().collect())
    }

    fn vector(&self, tree: &Expr) -> Result<Vec<Sample>, Why> {
        match self.of(tree)? {
            Err(vector) => Ok(vector),
            Ok(_) => Err(Why::Bad("expected type instant vector, got scalar".to_owned())),
        }
    }

    fn gathered(&self, aggregate: &AggregateExpr) -> Result<Given, Why> {
        let keep = |sample: &Sample| -> BTreeMap<String, String> {
            let is_kept = |name: &String| match &aggregate.modifier {
                None => false,
                Some(LabelModifier::Include(labels)) => labels.labels.contains(name),
                Some(LabelModifier::Exclude(labels)) => name != NAME && !labels.labels.contains(name),
            };
            sample
                .labels
                .iter()
                .filter(|(name, _)| is_kept(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let mut groups: BTreeMap<BTreeMap<String, String>, Vec<f64>> = BTreeMap::new();
        for sample in self.vector(&aggregate.expr)? {
            groups.entry(keep(&sample)).or_default().push(sample.value);
        }
        let operation = aggregate.op.to_string();
        let of = |values: &[f64]| -> Option<f64> {
            #[expect(clippy::cast_precision_loss, reason = "some series")]
            let count = values.len() as f64;
            Some(match operation.as_str() {
                "sum" => values.iter().sum(),
                "count" => count,
                "avg" => values.iter().sum::<f64>() / count,
                "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
                _ => return None,
            })
        };
        let mut given = Vec::new();
        for (labels, values) in groups {
            let value =
                of(&values).ok_or_else(|| Why::Unsupported(format!("this world does not evaluate {operation}")))?;
            given.push(Sample { labels, value, taken: seconds(self.at) });
        }
        Ok(Err(given))
    }

    fn joined(&self, pair: &BinaryExpr) -> Result<Given, Why> {
        let operation = pair.op.to_string();
        let returns_bool = pair.return_bool();
        // A comparison that leaves some out leaves the others as they are.
        let keeps = pair.op.is_comparison_operator() && !returns_bool;
        let (left, right) = (self.of(&pair.lhs)?, self.of(&pair.rhs)?);
        let unknown = || Why::Unsupported(format!("this world does not evaluate {operation}"));
        let reckon = |left: f64, right: f64| reckoned(&operation, left, right).ok_or_else(unknown);
        reckon(1.0, 1.0).or_else(|error| if operation == "or" { Ok(Reckoned::Number(0.0)) } else { Err(error) })?;
        let settle = |kept: f64, reckoned: Reckoned| match reckoned {
            Reckoned::Number(number) => Some(number),
            Reckoned::Is(is) if returns_bool => Some(f64::from(u8::from(is))),
            Reckoned::Is(is) => is.then_some(kept),
        };
        Ok(match (left, right) {
            (Ok(left), Ok(right)) => Ok(settle(left, reckon(left, right)?).unwrap_or(0.0)),
            (Err(vector), Ok(number)) => Err(each(vector, keeps, |value| {
                reckon(value, number).ok().and_then(|reckoned| settle(value, reckoned))
            })),
            (Ok(number), Err(vector)) => Err(each(vector, keeps, |value| {
                reckon(number, value).ok().and_then(|reckoned| settle(value, reckoned))
            })),
            (Err(left), Err(right)) if operation == "or" => {
                let more = right.into_iter().filter(|one| left.iter().all(|known| !alike(known, one)));
                Err(left.iter().cloned().chain(more.collect::<Vec<_>>()).collect())
            }
            (Err(left), Err(right)) => {
                let one = |sample: Sample| {
                    let other = right.iter().find(|other| alike(&sample, other))?;
                    let value = settle(sample.value, reckon(sample.value, other.value).ok()?)?;
                    Some(Sample { value, ..if keeps { sample } else { bare(sample) } })
                };
                Err(left.into_iter().filter_map(one).collect())
            }
        })
    }
}

enum Reckoned {
    Number(f64),
    Is(bool),
}

fn reckoned(operation: &str, left: f64, right: f64) -> Option<Reckoned> {
    Some(match operation {
        "+" => Reckoned::Number(left + right),
        "-" => Reckoned::Number(left - right),
        "*" => Reckoned::Number(left * right),
        "/" => Reckoned::Number(left / right),
        ">" => Reckoned::Is(left > right),
        ">=" => Reckoned::Is(left >= right),
        "<" => Reckoned::Is(left < right),
        "<=" => Reckoned::Is(left <= right),
        #[expect(clippy::float_cmp, reason = "as Prometheus compares")]
        "==" => Reckoned::Is(left == right),
        #[expect(clippy::float_cmp, reason = "as Prometheus compares")]
        "!=" => Reckoned::Is(left != right),
        _ => return None,
    })
}

/// Without the metric's name, which a reckoned value no longer has.
fn bare(mut sample: Sample) -> Sample {
    sample.labels.remove(NAME);
    sample
}

/// Whether two series have the same labels but for the metric's name.
fn alike(one: &Sample, other: &Sample) -> bool {
    bare(one.clone()).labels == bare(other.clone()).labels
}

fn each(vector: Vec<Sample>, keeps: bool, change: impl Fn(f64) -> Option<f64>) -> Vec<Sample> {
    let one = |sample: Sample| {
        let value = change(sample.value)?;
        Some(Sample { value, ..if keeps { sample } else { bare(sample) } })
    };
    vector.into_iter().filter_map(one).collect()
}
