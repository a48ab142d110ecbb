//! CloudWatch in AWS JSON 1.0, of which only `GetMetricData` for single metrics is known here.
//!
//! A metric is steady: one value, written every five minutes until it ends. That is what usage looks like to who asks once.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::protocol::{Call, Outcome, seconds};

const PERIOD: i64 = 300;
/// How long after its period has begun a value is there.
const LATE: i64 = 120;
const MOST: usize = 1_000;

/// A metric with one value for as long as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// `AWS/Usage`.
    pub namespace: String,
    /// `ResourceCount`.
    pub name: String,
    /// Its dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
    /// When it was written last; `None` goes on.
    pub last: Option<Timestamp>,
}

impl Metric {
    /// The use of vCPU of a class: `Standard/OnDemand`.
    #[must_use]
    pub fn of_vcpu(class: &str, value: f64) -> Self {
        let dimensions = [("Service", "EC2"), ("Type", "Resource"), ("Resource", "vCPU"), ("Class", class)];
        Self {
            namespace: "AWS/Usage".to_owned(),
            name: "ResourceCount".to_owned(),
            dimensions: dimensions.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            value,
            last: None,
        }
    }

    /// The times at which it has values, the newest first.
    fn times(&self, from: i64, to: i64, now: Timestamp) -> Vec<Timestamp> {
        let written = now.checked_sub(SignedDuration::from_secs(LATE)).unwrap_or(now);
        let end = self.last.unwrap_or(written).min(written).as_second().min(to.saturating_sub(1));
        let first = end - end.rem_euclid(PERIOD);
        let times = std::iter::successors(Some(first), |time| Some(time - PERIOD));
        times.take_while(|time| *time >= from).take(MOST).filter_map(|time| Timestamp::from_second(time).ok()).collect()
    }
}

pub(super) fn perform(operation: &str, call: &Call<'_>) -> Outcome {
    if operation != "GetMetricData" {
        return Err(("UnknownOperationException", String::new()));
    }
    let time = |key: &str| call.body[key].as_f64().ok_or_else(|| missing(key));
    let (from, to) = (time("StartTime")?, time("EndTime")?);
    let queries = call.body["MetricDataQueries"].as_array().ok_or_else(|| missing("MetricDataQueries"))?;
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970; a cast from f64 saturates")]
    let (from, to) = (from.floor() as i64, to.ceil() as i64);
    let results: Vec<Value> = queries.iter().map(|query| result(query, call, from, to)).collect();
    Ok(json!({ "MetricDataResults": results, "Messages": [] }))
}

fn missing(key: &str) -> (&'static str, String) {
    ("MissingParameter", format!("The parameter {key} is required."))
}

fn result(query: &Value, call: &Call<'_>, from: i64, to: i64) -> Value {
    let wanted = &query["MetricStat"]["Metric"];
    let dimensions: BTreeMap<&str, &str> = wanted["Dimensions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|dimension| Some((dimension["Name"].as_str()?, dimension["Value"].as_str()?)))
        .collect();
    let is_it = |metric: &&Metric| {
        let own = metric.dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        wanted["Namespace"] == metric.namespace.as_str()
            && wanted["MetricName"] == metric.name.as_str()
            && own.eq(dimensions.iter().map(|(name, value)| (*name, *value)))
    };
    let metric = call.services.metrics.iter().find(is_it);
    let mut times = metric.map_or_else(Vec::new, |metric| metric.times(from, to, call.now));
    if call.body["ScanBy"] == "TimestampAscending" {
        times.reverse();
    }
    let values: Vec<f64> = times.iter().map(|_| metric.map_or(0.0, |metric| metric.value)).collect();
    json!({
        "Id": query["Id"],
        "Label": wanted["MetricName"],
        "Timestamps": times.into_iter().map(seconds).collect::<Vec<_>>(),
        "Values": values,
        "StatusCode": "Complete",
    })
}
