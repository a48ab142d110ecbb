//! CloudWatch: the newest value of a metric.
//!
//! Asked in AWS JSON 1.0 (`X-Amz-Target: GraniteServiceVersion20100801.GetMetricData`), which the service speaks beside the
//! query protocol, as Amazon's command line and its SDK for .NET do. The query protocol was rejected: it answers in XML.

use super::{
    account::by_hand,
    json::{Reply, Request, Service, read, time},
    refusal::Call,
};
use crate::{
    clients::connections::AwsAccount,
    contract::{Context, Unobserved, Why},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};

/// Amazon CloudWatch, API version 2010-08-01.
const SERVICE: Service = Service { name: "monitoring", target: "GraniteServiceVersion20100801", version: "1.0" };
/// How far back is asked; a value that is older is as good as none.
const BACK: Duration = Duration::from_secs(3 * 3600);
/// The length of what one value stands for, in seconds: usage is written every five minutes.
const PERIOD: u32 = 300;
const ID: &str = "use";

/// A metric and the statistic that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// `AWS/Usage`.
    pub namespace: String,
    /// `ResourceCount`.
    pub name: String,
    /// Its dimensions, all of them.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// `Maximum`.
    pub statistic: String,
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datapoint {
    /// The beginning of what it stands for.
    pub at: Timestamp,
    /// The value.
    pub value: f64,
}

impl Metric {
    /// The right that reading it takes; it can be granted for all metrics only.
    #[must_use]
    pub const fn right() -> &'static str {
        "cloudwatch:GetMetricData"
    }

    /// Its newest value of the last three hours, and when it was asked for; no value is not zero.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn latest(
        &self,
        cx: &Context,
        account: &AwsAccount,
        region: &str,
    ) -> Result<(Option<Datapoint>, Timestamp), Unobserved> {
        let call = self.call(account, region);
        let request = Request {
            service: &SERVICE,
            operation: "GetMetricData",
            account: account.clone(),
            region: region.to_owned(),
            body: self.query(),
            since: Some(BACK),
            absent: &[],
            call: call.clone(),
        };
        let answer = cx.aws_call(request, newest).await?;
        match &answer.reply {
            Reply::Here(found) => Ok((*found, answer.asked_at)),
            Reply::Absent(words) => Err(call.without(Why::Malformed, words, None)),
        }
    }

    fn query(&self) -> serde_json::Value {
        let dimensions: Vec<_> =
            self.dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
        let metric = json!({ "Namespace": self.namespace, "MetricName": self.name, "Dimensions": dimensions });
        let stat = json!({ "Metric": metric, "Period": PERIOD, "Stat": self.statistic });
        json!({ "MetricDataQueries": [{ "Id": ID, "MetricStat": stat }], "ScanBy": "TimestampDescending" })
    }

    fn call(&self, account: &AwsAccount, region: &str) -> Call {
        let dimensions: Vec<String> =
            self.dimensions.iter().map(|(name, value)| format!("Name={name},Value={value}")).collect();
        let mut words = vec!["cloudwatch", "list-metrics", "--namespace", &self.namespace, "--metric-name", &self.name];
        if !dimensions.is_empty() {
            words.push("--dimensions");
            words.extend(dimensions.iter().map(String::as_str));
        }
        let shown: Vec<&str> = self.dimensions.values().map(String::as_str).collect();
        Call {
            asked: format!("cloudwatch:GetMetricData {} {} {} in {region}", self.namespace, self.name, shown.join(" ")),
            right: Self::right().to_owned(),
            by_hand: by_hand(account, region, &words),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    metric_data_results: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Series {
    id: String,
    #[serde(default)]
    timestamps: Vec<f64>,
    #[serde(default)]
    values: Vec<f64>,
    status_code: String,
}

fn newest(body: &[u8], call: &Call) -> Result<Option<Datapoint>, Unobserved> {
    let written: Written = read(body, call)?;
    let without = |why, detail: String| Err(call.without(why, detail, None));
    let [series] = written.metric_data_results.as_slice() else {
        return without(Why::Malformed, format!("{} series for one metric", written.metric_data_results.len()));
    };
    match series.status_code.as_str() {
        "Complete" if series.id == ID && series.timestamps.len() == series.values.len() => {}
        "Complete" => return without(Why::Malformed, "a series that is not the one that was asked for".to_owned()),
        // Within a 200.
        "Forbidden" => return without(Why::Forbidden, format!("the credential lacks {}", call.right)),
        code @ ("InternalError" | "PartialData") => return without(Why::ServerError, format!("its status is {code}")),
        code => return without(Why::Malformed, format!("its status is `{}`", code.escape_debug())),
    }
    let mut latest: Option<Datapoint> = None;
    for (seconds, value) in series.timestamps.iter().zip(&series.values) {
        let Some(at) = time(*seconds).filter(|_| value.is_finite() && *value >= 0.0) else {
            return without(Why::Malformed, "a value that is no count, or has no time".to_owned());
        };
        if latest.is_none_or(|latest| latest.at < at) {
            latest = Some(Datapoint { at, value: *value });
        }
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Remedy;

    fn read(series: &str) -> Result<Option<Datapoint>, Why> {
        let call = Call { asked: "a".to_owned(), right: "r".to_owned(), by_hand: Remedy::prose("h") };
        let body = format!(r#"{{"MetricDataResults":[{series}],"Messages":[]}}"#);
        newest(body.as_bytes(), &call).map_err(|missing| missing.why)
    }

    #[test]
    fn the_newest_value_counts_in_whatever_order_they_come() {
        let series =
            r#"{"Id":"use","Timestamps":[1795000000,1795000300.0],"Values":[12,48.0],"StatusCode":"Complete"}"#;
        let at = Timestamp::from_second(1_795_000_300).expect("a time");
        assert_eq!(read(series), Ok(Some(Datapoint { at, value: 48.0 })));
        assert_eq!(read(r#"{"Id":"use","Timestamps":[],"Values":[],"StatusCode":"Complete"}"#), Ok(None));
    }

    #[test]
    fn what_is_not_whole_is_no_value() {
        for (series, why) in [
            (r#"{"Id":"use","Timestamps":[1],"Values":[],"StatusCode":"Complete"}"#, Why::Malformed),
            (r#"{"Id":"other","StatusCode":"Complete"}"#, Why::Malformed),
            (r#"{"Id":"use","Timestamps":[1],"Values":[-1],"StatusCode":"Complete"}"#, Why::Malformed),
            (r#"{"Id":"use","Timestamps":[1],"Values":[1],"StatusCode":"PartialData"}"#, Why::ServerError),
            (r#"{"Id":"use","StatusCode":"Forbidden"}"#, Why::Forbidden),
            ("", Why::Malformed),
        ] {
            assert_eq!(read(series), Err(why), "{series}");
        }
    }
}
