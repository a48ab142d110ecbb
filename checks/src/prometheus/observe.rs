//! Asks: each query, and of each selector in it when its newest sample was taken.

use super::{
    By, Evidence, Found, Input, Newest, Prometheus, Query, Range, Rules, Sample,
    promql::{Reads, metric, reads},
};
use crate::{
    clients::prometheus::{Server, instant},
    contract::{Context, Unobserved, Why, short},
};
use futures::{StreamExt as _, stream};
use indexmap::IndexSet;
use jiff::Timestamp;

/// The most series that are kept of one query, and the most points of all of them.
const SERIES: usize = 2_000;
const POINTS: usize = 50_000;
/// How far back is looked for what is not there now.
const BACK: &str = "1h";
/// How many are asked at once; the host's own turn bounds it too.
const AT_ONCE: usize = 8;
/// The longest warning that is kept, and how many.
const WORDS: usize = 240;
const WARNINGS: usize = 10;

pub(super) async fn observe(probe: &Prometheus, cx: &Context) -> Result<Evidence, Unobserved> {
    if !probe.rules.is_empty() {
        return of_rules(probe, cx).await;
    }
    let asked_at = cx.now();
    let ask = |(name, query): (&String, &String)| one(probe, cx, name.clone(), query.clone());
    let asked: Vec<_> = probe.queries.iter().map(ask).collect();
    let queries: Vec<Query> = stream::iter(asked).buffered(AT_ONCE).collect().await;
    // That nobody answers is one thing in the way, not one for each query.
    if queries.iter().all(|query| query.gave.is_err())
        && let Some(Query { gave: Err(missing), .. }) = queries.first()
    {
        return Err(missing.clone());
    }
    Ok(Evidence { server: probe.server.url(), asked_at, by: probe.by.clone(), queries, rules: None })
}

async fn one(probe: &Prometheus, cx: &Context, name: String, query: String) -> Query {
    let reads = reads(&query).unwrap_or_default();
    let (gave, warnings) = match gave(cx, &probe.server, &query, probe.range).await {
        Ok((samples, warnings)) => (Ok(samples), plain(warnings)),
        Err(missing) => (Err(missing), Vec::new()),
    };
    let selectors = if gave.is_ok() { selectors([&reads]) } else { Vec::new() };
    let inputs = inputs(cx, &probe.server, probe.by.as_ref(), selectors).await;
    let points = probe.range.map(|range| range.last.0.as_secs() / range.step.0.as_secs().max(1) + 1);
    let by_hand = Some(probe.server.by_hand("api/v1/query", &[("query", &query)]));
    Query { name, query, by_hand, points, gave, warnings, inputs, needs: reads.needs }
}

async fn gave(
    cx: &Context,
    server: &Server,
    query: &str,
    range: Option<Range>,
) -> Result<(Vec<Sample>, Vec<String>), Unobserved> {
    let (samples, warnings): (Vec<Sample>, _) = match range {
        None => {
            let vector = cx.prometheus_vector(server, query).await?;
            let sample = |one: crate::clients::prometheus::Sample| Sample {
                labels: one.labels,
                value: one.value,
                time: one.time,
                values: Vec::new(),
            };
            (vector.samples.into_iter().map(sample).collect(), vector.warnings)
        }
        Some(Range { last, step }) => {
            let range = cx.prometheus_range(server, query, last, step).await?;
            let sample = |one: crate::clients::prometheus::Series| Sample {
                value: one.points.last().and_then(|point| point.value),
                time: one.points.last().map(|point| point.time),
                labels: one.labels,
                values: one.points,
            };
            (range.series.into_iter().map(sample).collect(), range.warnings)
        }
    };
    let points: usize = samples.iter().map(|sample| sample.values.len()).sum();
    if samples.len() > SERIES || points > POINTS {
        let asked = format!("{query} at {}", server.url());
        let detail = format!("{} series with {points} points; at most {SERIES} and {POINTS} are kept", samples.len());
        return Err(
            Unobserved::new(Why::TooLarge, asked, detail).by_hand(server.by_hand("api/v1/query", &[("query", query)]))
        );
    }
    Ok((samples, warnings))
}

async fn of_rules(probe: &Prometheus, cx: &Context) -> Result<Evidence, Unobserved> {
    let server = &probe.server;
    let listed = cx.prometheus_rules(server, &probe.rules).await?;
    let found: Vec<Found> = listed.rules.into_iter().map(|rule| Found { reads: reads(&rule.query), rule }).collect();
    let selectors = selectors(found.iter().filter_map(|found| found.reads.as_ref().ok()));
    let rules = Rules {
        names: probe.rules.clone(),
        among: listed.among,
        by_hand: Some(server.by_hand("api/v1/rules", &[("type", "alert")])),
        warnings: plain(listed.warnings),
        inputs: inputs(cx, server, probe.by.as_ref(), selectors).await,
        found,
    };
    let (asked_at, by) = (listed.asked_at, probe.by.clone());
    Ok(Evidence { server: server.url(), asked_at, by, queries: Vec::new(), rules: Some(rules) })
}

/// Each selector once, in the order of the texts.
fn selectors<'a>(all: impl IntoIterator<Item = &'a Reads>) -> Vec<String> {
    let all: IndexSet<String> = all.into_iter().flat_map(|reads| reads.needs.iter().flatten().cloned()).collect();
    all.into_iter().collect()
}

async fn inputs(cx: &Context, server: &Server, by: Option<&By>, selectors: Vec<String>) -> Vec<Input> {
    stream::iter(selectors.into_iter().map(|selector| input(cx, server, by, selector)))
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// A query gives the time at which it was evaluated; `timestamp()` gives the one at which a sample was taken.
async fn input(cx: &Context, server: &Server, by: Option<&By>, selector: String) -> Input {
    let taken = format!("timestamp({selector})");
    let query = newest_of(by, &taken);
    let mut newest = newest(cx, server, by, &query).await;
    let mut asked = query;
    // Five minutes after its last sample a series is gone from an instant; how old that is, a longer look tells.
    if newest.as_ref().is_ok_and(|newest| lacks(by, newest)) {
        let wide = newest_of(by, &format!("max_over_time({taken}[{BACK}:1m])"));
        let older = self::newest(cx, server, by, &wide).await;
        if let (Ok(newest), Ok(older)) = (&mut newest, &older) {
            let more: Vec<Newest> =
                older.iter().filter(|one| newest.iter().all(|known| known.of != one.of)).cloned().collect();
            newest.extend(more);
        } else {
            newest = older;
        }
        asked = wide;
    }
    let is_empty = newest.as_ref().is_ok_and(Vec::is_empty);
    let of_metric = match metric(&selector).filter(|_| is_empty) {
        Some(metric) => Some(count(cx, server, metric).await),
        None => None,
    };
    let by_hand = Some(server.by_hand("api/v1/query", &[("query", &asked)]));
    Input { selector, by_hand, newest, of_metric }
}

/// The newest of these times, with `by` for each value.
fn newest_of(by: Option<&By>, times: &str) -> String {
    match by {
        Some(by) => format!("max by ({}) ({times})", by.label),
        None => format!("max({times})"),
    }
}

async fn newest(cx: &Context, server: &Server, by: Option<&By>, query: &str) -> Result<Vec<Newest>, Unobserved> {
    let vector = cx.prometheus_vector(server, query).await?;
    let newest = vector.samples.iter().filter_map(|sample| {
        let at: Timestamp = sample.value.and_then(instant)?;
        Some(Newest { of: by.and_then(|by| sample.labels.get(&by.label).cloned()), at })
    });
    Ok(newest.collect())
}

/// Whether there is nothing, or nothing for one of the values.
fn lacks(by: Option<&By>, newest: &[Newest]) -> bool {
    let lacks = |value: &String| newest.iter().all(|one| one.of.as_ref() != Some(value));
    newest.is_empty() || by.is_some_and(|by| by.values.iter().any(lacks))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates")]
async fn count(cx: &Context, server: &Server, metric: &str) -> Result<u64, Unobserved> {
    let vector = cx.prometheus_vector(server, &format!("count(last_over_time({metric}[{BACK}]))")).await?;
    Ok(vector.samples.first().and_then(|sample| sample.value).map_or(0, |count| count as u64))
}

/// The first warnings, each on one line.
fn plain(warnings: Vec<String>) -> Vec<String> {
    let line = |text: String| short(&text, WORDS);
    warnings.into_iter().take(WARNINGS).map(line).collect()
}
