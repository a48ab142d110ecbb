//! One range query and its series.

use super::{Data, Question, Server, value};
use crate::contract::{Context, Unobserved, Why, values::Period};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One value of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// When it was evaluated.
    pub time: Timestamp,
    /// Its value; `None` for `NaN` and the infinities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// One series' values over a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The labels that tell it apart.
    pub labels: BTreeMap<String, String>,
    /// Its values, the oldest first.
    pub points: Vec<Point>,
}

/// What a range query gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The series; none where nothing matches.
    pub series: Vec<Series>,
    /// What Prometheus warns of.
    pub warnings: Vec<String>,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

#[derive(Deserialize)]
struct OfMatrix {
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}

impl Context {
    /// The series that `query` gives over the time `last` until now, every `step`. Equal questions within a step are one.
    ///
    /// # Errors
    /// No answer, an error of Prometheus, or another kind of value than a matrix.
    pub async fn prometheus_range(
        &self,
        server: &Server,
        query: &str,
        last: Period,
        step: Period,
    ) -> Result<Range, Unobserved> {
        let seconds = |length: Period| i64::try_from(length.0.as_secs()).unwrap_or(i64::MAX).max(1);
        let end = self.now().as_second() / seconds(step) * seconds(step);
        let start = end.saturating_sub(seconds(last));
        let (start, end, step) = (start.to_string(), end.to_string(), seconds(step).to_string());
        let parameters = [("timeout", "8s"), ("query", query), ("start", &start), ("end", &end), ("step", &step)];
        let question = Question { server, path: "api/v1/query_range", parameters: &parameters, shown: query };
        let told = self.prometheus_told::<Data>(&question).await?;
        let series = matrix(told.data).map_err(|(why, detail)| question.without(why, detail))?;
        Ok(Range { series, warnings: told.warnings, asked_at: told.asked_at })
    }
}

fn matrix(data: Data) -> Result<Vec<Series>, (Why, String)> {
    let all: Vec<OfMatrix> = data.result_of("matrix")?;
    let series = |one: OfMatrix| {
        let point = |pair: &(f64, String)| match value(pair)? {
            (Some(time), value) => Ok(Point { time, value }),
            (None, _) => Err((Why::Malformed, format!("`{}` is no time", pair.0))),
        };
        let points = one.values.iter().map(point).collect::<Result<_, _>>()?;
        Ok(Series { labels: one.metric, points })
    };
    all.into_iter().map(series).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_keeps_its_order_and_a_vector_is_no_matrix() {
        let of = |kind: &str, result: &str| {
            let data: Data =
                serde_json::from_str(&format!(r#"{{"resultType":"{kind}","result":{result}}}"#)).expect("data");
            matrix(data)
        };
        let series = of("matrix", r#"[{"metric":{"a":"b"},"values":[[60,"1"],[120.5,"NaN"]]}]"#).expect("a matrix");
        assert_eq!((series[0].points[0].value, series[0].points[1].value), (Some(1.0), None));
        assert_eq!(series[0].points[1].time.as_millisecond(), 120_500);
        assert!(of("vector", "[]").expect_err("no matrix").1.contains("gives a vector"));
        assert!(of("matrix", r#"[{"metric":{},"value":[60,"1"]}]"#).is_err());
    }
}
