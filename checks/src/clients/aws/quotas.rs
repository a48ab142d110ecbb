//! Service Quotas: how much of something an account may have in a region, and what more was asked for.
//!
//! A quota without a value of its own has Amazon's default, which is another question; the answer says which one it is.

use super::{
    account::by_hand,
    json::{Reply, Request, Service, read, time},
    metrics::Metric,
    refusal::Call,
};
use crate::{
    clients::connections::AwsAccount,
    contract::{Context, Unobserved, Why},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Service Quotas, API version 2019-06-24.
const SERVICE: Service = Service { name: "servicequotas", target: "ServiceQuotasV20190624", version: "1.1" };
/// The most pages of requests for more that are read.
const MOST_PAGES: usize = 5;

/// One quota of a service in a region.
#[derive(Clone, Debug)]
pub struct ServiceQuota {
    /// The account, with its credential.
    pub account: AwsAccount,
    /// The region.
    pub region: String,
    /// The service's code: `ec2`.
    pub service: String,
    /// The quota's code: `L-1216C47A`.
    pub code: String,
}

/// What a quota is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Its name: `Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances`.
    pub name: String,
    /// How much.
    pub value: f64,
    /// True for Amazon's default: the account has no value of its own.
    pub is_default: bool,
    /// True where more can be asked for.
    pub is_adjustable: bool,
    /// Where its use is told; `None` where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Metric>,
}

/// A request for more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Increase {
    /// `PENDING`, `CASE_OPENED`, `APPROVED`, `DENIED`, …
    pub status: String,
    /// How much was asked for.
    pub desired: f64,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
}

impl ServiceQuota {
    /// What it is, or in words that there is no such quota.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn quota(&self, cx: &Context) -> Result<Result<Quota, String>, Unobserved> {
        let applied = self.look(cx, "GetServiceQuota", "get-service-quota").await?;
        if applied.is_ok() {
            return Ok(applied);
        }
        let default = self.look(cx, "GetAWSDefaultServiceQuota", "get-aws-default-service-quota").await?;
        Ok(default.map(|quota| Quota { is_default: true, ..quota }))
    }

    async fn look(
        &self,
        cx: &Context,
        operation: &'static str,
        command: &str,
    ) -> Result<Result<Quota, String>, Unobserved> {
        let call = self.call(operation, command);
        let request = self.request(operation, json!({}), call.clone());
        let answer = cx.aws_call(request, quota).await?;
        match &answer.reply {
            Reply::Absent(words) => Ok(Err(words.clone())),
            Reply::Here((code, quota)) if *code == self.code => Ok(Ok(quota.clone())),
            Reply::Here((code, _)) => {
                Err(call.without(Why::Malformed, format!("another quota came: {}", code.escape_debug()), None))
            }
        }
    }

    /// The requests for more, the newest first.
    ///
    /// # Errors
    /// No answer, or one that proves nothing; the account is not compared here.
    pub async fn increases(&self, cx: &Context) -> Result<Vec<Increase>, Unobserved> {
        let operation = "ListRequestedServiceQuotaChangeHistoryByQuota";
        let call = self.call(operation, "list-requested-service-quota-change-history-by-quota");
        let (mut all, mut token) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let more = token.take().map_or_else(|| json!({}), |token| json!({ "NextToken": token }));
            let answer = cx.aws_call(self.request(operation, more, call.clone()), increases).await?;
            let (page, next) = match &answer.reply {
                Reply::Here(page) => page,
                Reply::Absent(words) => return Err(call.without(Why::NotFound, words, None)),
            };
            all.extend(page.iter().cloned());
            token.clone_from(next);
            if token.is_none() {
                break;
            }
        }
        if token.is_some() {
            return Err(call.without(Why::TooLarge, format!("more than {MOST_PAGES} pages"), None));
        }
        all.sort_by_key(|increase: &Increase| std::cmp::Reverse(increase.created));
        Ok(all)
    }

    fn request(&self, operation: &'static str, mut body: Value, call: Call) -> Request {
        body["ServiceCode"] = json!(self.service);
        body["QuotaCode"] = json!(self.code);
        Request {
            service: &SERVICE,
            operation,
            account: self.account.clone(),
            region: self.region.clone(),
            body,
            since: None,
            absent: &["NoSuchResourceException"],
            call,
        }
    }

    fn call(&self, operation: &str, command: &str) -> Call {
        let Self { account, region, service, code } = self;
        Call {
            asked: format!("servicequotas:{operation} {service} {code} in {region}"),
            right: format!("servicequotas:{operation}"),
            by_hand: by_hand(
                account,
                region,
                &["service-quotas", command, "--service-code", service, "--quota-code", code],
            ),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    quota: Written,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    quota_code: String,
    #[serde(default)]
    quota_name: String,
    #[serde(default)]
    value: Option<f64>,
    #[serde(default)]
    adjustable: bool,
    #[serde(default)]
    usage_metric: Option<UsageMetric>,
    #[serde(default)]
    error_reason: Option<ErrorReason>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UsageMetric {
    #[serde(default)]
    metric_namespace: Option<String>,
    #[serde(default)]
    metric_name: Option<String>,
    #[serde(default)]
    metric_dimensions: Option<BTreeMap<String, String>>,
    #[serde(default)]
    metric_statistic_recommendation: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorReason {
    #[serde(default)]
    error_code: String,
    #[serde(default)]
    error_message: String,
}

fn quota(body: &[u8], call: &Call) -> Result<(String, Quota), Unobserved> {
    let Written { quota_code, quota_name, value, adjustable, usage_metric, error_reason } =
        read::<Answer>(body, call)?.quota;
    // Within a 200: the value beside it is not to be believed.
    if let Some(ErrorReason { error_code, error_message }) = error_reason {
        let why = match error_code.as_str() {
            "DEPENDENCY_ACCESS_DENIED_ERROR" => Why::Forbidden,
            "DEPENDENCY_THROTTLING_ERROR" => Why::Throttled,
            "SERVICE_QUOTA_NOT_AVAILABLE_ERROR" => Why::NotFound,
            _ => Why::ServerError,
        };
        return Err(call.without(why, format!("{error_code}: {error_message}"), None));
    }
    let value = value
        .filter(|value| value.is_finite() && *value >= 0.0)
        .ok_or_else(|| call.without(Why::Malformed, "a quota without a value", None))?;
    let usage = usage_metric.and_then(|metric| {
        Some(Metric {
            namespace: metric.metric_namespace?,
            name: metric.metric_name?,
            dimensions: metric.metric_dimensions.unwrap_or_default(),
            statistic: metric.metric_statistic_recommendation.unwrap_or_else(|| "Maximum".to_owned()),
        })
    });
    Ok((quota_code, Quota { name: quota_name, value, is_default: false, is_adjustable: adjustable, usage }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Requests {
    requested_quotas: Vec<Requested>,
    #[serde(default)]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Requested {
    status: String,
    desired_value: f64,
    #[serde(default)]
    created: Option<f64>,
}

fn increases(body: &[u8], call: &Call) -> Result<(Vec<Increase>, Option<String>), Unobserved> {
    let Requests { requested_quotas, next_token } = read(body, call)?;
    let increase = |requested: Requested| Increase {
        status: requested.status,
        desired: requested.desired_value,
        created: requested.created.and_then(time),
    };
    Ok((requested_quotas.into_iter().map(increase).collect(), next_token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Remedy;

    fn call() -> Call {
        Call { asked: "a".to_owned(), right: "r".to_owned(), by_hand: Remedy::prose("h") }
    }

    #[test]
    fn an_error_within_a_200_is_no_value() {
        for (code, why) in [
            ("DEPENDENCY_ACCESS_DENIED_ERROR", Why::Forbidden),
            ("DEPENDENCY_THROTTLING_ERROR", Why::Throttled),
            ("DEPENDENCY_SERVICE_ERROR", Why::ServerError),
            ("SERVICE_QUOTA_NOT_AVAILABLE_ERROR", Why::NotFound),
        ] {
            let body = format!(
                r#"{{"Quota":{{"QuotaCode":"L-1","Value":256.0,"ErrorReason":{{"ErrorCode":"{code}","ErrorMessage":"m"}}}}}}"#
            );
            assert_eq!(quota(body.as_bytes(), &call()).expect_err("no value").why, why);
        }
    }

    #[test]
    fn a_quota_without_a_value_is_malformed_and_not_zero() {
        let body = r#"{"Quota":{"QuotaCode":"L-1","QuotaName":"x"}}"#;
        assert_eq!(quota(body.as_bytes(), &call()).expect_err("no value").why, Why::Malformed);
    }
}
