//! The series of one query: as many as must be, with a value, fresh.

use super::{
    super::{By, Evidence, Expect, Input, Query, Sample, codes},
    holds,
    inputs::{self, Group},
    mended, warned,
};
use crate::contract::{Finding, Remedy, Window, values::TooMany};
use jiff::SignedDuration;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, query: &Query, window: &Window) -> Vec<Finding> {
    let samples = match &query.gave {
        Ok(samples) => samples,
        Err(missing) => return vec![Finding::unobserved(missing)],
    };
    let mut findings: Vec<Finding> = warned(&query.name, &query.warnings, query.by_hand.as_ref()).into_iter().collect();
    let few = too_few(expect, evidence, query, window);
    // That too little is there says that what it reads is not; that it was, lately, tells more.
    let lives = lives(expect, evidence, query).into_iter();
    findings.extend(lives.filter(|finding| few.is_empty() || finding.code == codes::OLD.id));
    findings.extend(few);
    findings.extend(too_many(expect, query, window));
    findings.extend(samples.iter().filter(|sample| sample.value.is_none()).map(|sample| no_value(query, sample)));
    findings.extend(samples.iter().filter_map(|sample| gaps(expect, query, sample)));
    findings.extend(holds::each(expect, query, samples, window));
    findings
}

/// `queue depth {region="eu-west-2"}`.
pub(super) fn subject(query: &Query, sample: &Sample) -> String {
    let pairs: Vec<String> = sample.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
    if pairs.is_empty() { query.name.clone() } else { format!("{} {{{}}}", query.name, pairs.join(", ")) }
}

fn about(code: crate::contract::Code, query: &Query, says: &str) -> Finding {
    Finding::new(code, query.name.clone()).mended_by(mended(query.by_hand.as_ref(), says))
}

fn valued(query: &Query) -> impl Iterator<Item = &Sample> {
    query.gave.iter().flatten().filter(|sample| sample.value.is_some())
}

fn of_value(query: &Query, by: &By, value: &str) -> usize {
    valued(query).filter(|sample| sample.labels.get(&by.label).is_some_and(|own| own == value)).count()
}

fn too_few(expect: &Expect, evidence: &Evidence, query: &Query, window: &Window) -> Vec<Finding> {
    let need = match expect.least().need(window.attendees) {
        Ok(need) => need,
        Err(too_many) => return vec![no_number("at_least", query, too_many)],
    };
    let few = |count: usize, of: String| {
        let unread = query.gave.iter().flatten().filter(|sample| sample.value.is_none()).count();
        let seen = match (count, unread) {
            (0, 0) => format!("none{of}"),
            (count, 0) => format!("{count}{of}"),
            (count, unread) => format!("{count}{of}, and {unread} in all without a value"),
        };
        about(codes::TOO_FEW, query, "see whether anything writes it, and under which labels")
            .expected(format_args!("at least {}{of}", need.because))
            .seen(seen)
    };
    let enough = need.count as usize;
    let Some(by) = &evidence.by else {
        let count = valued(query).count();
        return (count < enough).then(|| few(count, String::new())).into_iter().collect();
    };
    let counts = by.values.iter().map(|value| (value, of_value(query, by, value)));
    counts
        .filter(|(_, count)| *count < enough)
        .map(|(value, count)| few(count, format!(" with {}={value:?}", by.label)))
        .collect()
}

fn too_many(expect: &Expect, query: &Query, window: &Window) -> Option<Finding> {
    let count = query.gave.as_ref().map_or(0, Vec::len);
    if expect.none_expected {
        let first = query.gave.iter().flatten().next()?;
        return Some(
            about(codes::UNEXPECTED, query, "see what it shows")
                .expected("no series")
                .seen(format_args!("{count}, the first: {}", shown(query, first))),
        );
    }
    match expect.at_most.as_ref()?.need(window.attendees) {
        Err(too_many) => Some(no_number("at_most", query, too_many)),
        Ok(need) if count <= need.count as usize => None,
        Ok(need) => Some(
            about(codes::TOO_MANY, query, "see what there is")
                .expected(format_args!("at most {}", need.because))
                .seen(count),
        ),
    }
}

/// `{region="a"} is 3`.
fn shown(query: &Query, sample: &Sample) -> String {
    let value = sample.value.map_or_else(|| "no number".to_owned(), |value| value.to_string());
    holds::short(&format!("{} is {value}", subject(query, sample)))
}

fn no_number(key: &str, query: &Query, too_many: TooMany) -> Finding {
    Finding::new(codes::NO_NUMBER, query.name.clone())
        .expected(format_args!("a number for {} attendees", too_many.attendees))
        .seen(format_args!("the table ends at {}", too_many.last))
        .mended_by(Remedy::prose(format!("add a step to `{key}: {{ by_attendees: … }}` for so many attendees")))
}

fn no_value(query: &Query, sample: &Sample) -> Finding {
    about(codes::NO_VALUE, query, "a quotient of nothing is no number: see what it divides by")
        .expected("a number")
        .seen(shown(query, sample))
}

fn gaps(expect: &Expect, query: &Query, sample: &Sample) -> Option<Finding> {
    let points = query.points?;
    let there = sample.values.iter().filter(|point| point.value.is_some()).count();
    #[expect(clippy::cast_precision_loss, reason = "at most some thousands")]
    let share = there as f64 / points.max(1) as f64;
    (share < expect.covered.share()).then(|| {
        about(codes::GAPS, query, "see when nothing was measured, and why")
            .expected(format_args!("{} of its {points} points", expect.covered))
            .seen(format_args!("{there} in {}", holds::short(&subject(query, sample))))
    })
}

/// Whether what it reads is there, and fresh.
fn lives(expect: &Expect, evidence: &Evidence, query: &Query) -> Vec<Finding> {
    let of = |needs: &Vec<String>| match inputs::group(evidence, &query.inputs, needs) {
        Group::Unseen(missing) => Some(inputs::unobserved(missing)),
        Group::Lives(age) => old(expect, query, needs, age),
        Group::Absent(inputs) => Some(unfounded(
            query,
            &inputs,
            "none at all",
            "see how the metric is called; an empty answer of nothing proves nothing",
        )),
        Group::Empty(inputs) if inputs.iter().all(|input| expect.may_be_empty(&input.selector)) => None,
        Group::Empty(inputs) => Some(unfounded(
            query,
            &inputs,
            "none, though the metric has series with other labels",
            "compare the labels; where nothing of that kind happened yet, write its metric at zero, or name it in `may_be_empty`",
        )),
        Group::Lacks(input, values) => lacking(evidence, query, input, &values),
    };
    query.needs.iter().filter_map(of).collect()
}

fn old(expect: &Expect, query: &Query, needs: &[String], age: SignedDuration) -> Option<Finding> {
    expect.is_old(needs, age).then(|| {
        about(codes::OLD, query, "see whether what measures it still runs")
            .expected(format_args!("a sample of the last {}", expect.fresh_within))
            .seen(format_args!("the newest of {} is {} old", needs.join(" or "), inputs::age(age)))
    })
}

/// What it reads is not there: what it gives is made up, or nothing, which proves nothing.
fn unfounded(query: &Query, inputs: &[&Input], seen: &str, says: &str) -> Finding {
    let expected = format!("series of {}", inputs::named(inputs));
    let by_hand = inputs::by_hand(inputs);
    if valued(query).next().is_none() {
        return Finding::new(codes::OF_NOTHING, query.name.clone())
            .expected(expected)
            .seen(seen)
            .mended_by(mended(by_hand, says));
    }
    Finding::new(codes::NO_INPUT, query.name.clone())
        .expected(expected)
        .seen(format_args!("{seen}, and the query gives a value all the same"))
        .mended_by(mended(by_hand, &format!("leave `or vector(0)` out, where it stands; {says}")))
}

/// Of these values nothing is read; where the query gives nothing of them either, nobody knows.
fn lacking(evidence: &Evidence, query: &Query, input: &Input, values: &[&str]) -> Option<Finding> {
    let by = evidence.by.as_ref()?;
    let unsaid: Vec<&str> = values.iter().copied().filter(|value| of_value(query, by, value) == 0).collect();
    (!unsaid.is_empty()).then(|| {
        Finding::new(codes::OF_NOTHING, query.name.clone())
            .expected(format_args!("series of {} for each {}", input.selector, by.label))
            .seen(format_args!("none with {} of {}", by.label, unsaid.join(", ")))
            .mended_by(mended(input.by_hand.as_ref(), "see what should measure it there"))
    })
}

/// `queue depth: 3 series (region us-east-2 1, us-west-2 1, eu-west-2 1); newest sample 12 s old`.
pub(super) fn working(expect: &Expect, evidence: &Evidence, query: &Query, window: &Window) -> String {
    let Ok(samples) = &query.gave else { return format!("{}: not seen", query.name) };
    let by = evidence.by.as_ref().map_or_else(String::new, |by| {
        let counts: Vec<String> =
            by.values.iter().map(|value| format!("{value} {}", of_value(query, by, value))).collect();
        format!(" ({} {})", by.label, counts.join(", "))
    });
    let ages = query.needs.iter().filter_map(|needs| match inputs::group(evidence, &query.inputs, needs) {
        Group::Lives(age) => Some(age),
        _ => None,
    });
    let age = ages.max().map_or_else(String::new, |age| format!("; newest sample {} old", inputs::age(age)));
    let need = expect.least().need(window.attendees).map_or_else(|error| error.to_string(), |need| need.because);
    format!("{}: {} series{by} of at least {need}{age}", query.name, samples.len())
}
