//! Service Quotas: what is applied, what is Amazon's default, and what more was asked for.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Metric;
use super::protocol::{Call, Outcome, seconds};

/// vCPU of the standard families, on demand.
pub(super) const ON_DEMAND: &str = "L-1216C47A";
/// The same on spot.
pub(super) const SPOT: &str = "L-34B43A08";
/// Amazon's default for both.
const DEFAULT: f64 = 5.0;
const PAGE: usize = 100;

/// A quota of a service in a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// The account's own value; `None` where only Amazon's default is known.
    pub applied: Option<f64>,
    /// Amazon's default.
    pub default: f64,
    /// Where its use is told.
    pub usage: Option<Metric>,
    /// An error within a 200: its code and its words.
    pub error: Option<(String, String)>,
    /// What more was asked for.
    pub increases: Vec<Increase>,
}

/// A request for more.
#[derive(Debug, Clone, PartialEq)]
pub struct Increase {
    /// `PENDING`, `CASE_OPENED`, `APPROVED`, …
    pub status: String,
    /// How much.
    pub desired: f64,
    /// When.
    pub created: Timestamp,
}

impl Quota {
    /// One with a value of the account's own, whose use nobody tells.
    #[must_use]
    pub fn applied(name: &str, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            applied: Some(value),
            default: DEFAULT,
            usage: None,
            error: None,
            increases: Vec::new(),
        }
    }

    pub(super) fn of_vcpu(code: &str, limit: f64, usage: &Metric) -> Self {
        let name = if code == SPOT {
            "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"
        } else {
            "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"
        };
        Self { usage: Some(usage.clone()), ..Self::applied(name, limit) }
    }

    fn json(&self, call: &Call<'_>, value: f64) -> Value {
        let (service, code) = (call.text("ServiceCode"), call.text("QuotaCode"));
        let mut quota = json!({
            "ServiceCode": service,
            "ServiceName": service_name(service),
            "QuotaArn": format!("arn:aws:servicequotas:{}:{}:{service}/{code}", call.region, call.account),
            "QuotaCode": code,
            "QuotaName": self.name,
            "Value": value,
            "Unit": "None",
            "Adjustable": true,
            "GlobalQuota": false,
        });
        if let Some(metric) = &self.usage {
            quota["UsageMetric"] = json!({
                "MetricNamespace": metric.namespace,
                "MetricName": metric.name,
                "MetricDimensions": metric.dimensions,
                "MetricStatisticRecommendation": "Maximum",
            });
        }
        if let Some((code, message)) = &self.error {
            quota["ErrorReason"] = json!({ "ErrorCode": code, "ErrorMessage": message });
        }
        json!({ "Quota": quota })
    }
}

fn service_name(code: &str) -> &str {
    match code {
        "ec2" => "Amazon Elastic Compute Cloud (Amazon EC2)",
        "ebs" => "Amazon Elastic Block Store (Amazon EBS)",
        "vpc" => "Amazon Virtual Private Cloud (Amazon VPC)",
        other => other,
    }
}

pub(super) fn perform(operation: &str, call: &Call<'_>) -> Outcome {
    let key = (call.text("ServiceCode").to_owned(), call.text("QuotaCode").to_owned());
    let quota = call.services.quotas.get(&key).ok_or_else(|| missing(call));
    match operation {
        "GetServiceQuota" => {
            let quota = quota?;
            quota.applied.map(|value| quota.json(call, value)).ok_or_else(|| missing(call))
        }
        "GetAWSDefaultServiceQuota" => quota.map(|quota| quota.json(call, quota.default)),
        "ListRequestedServiceQuotaChangeHistoryByQuota" => quota.map(|quota| requests(quota, call)),
        _ => Err(("UnknownOperationException", String::new())),
    }
}

fn missing(call: &Call<'_>) -> (&'static str, String) {
    let is_known = call.services.quotas.keys().any(|(service, _)| service == call.text("ServiceCode"));
    let message = if is_known {
        "The request failed because the specified quota does not exist."
    } else {
        "This service is not available in the current Region. Choose a different Region or a different service."
    };
    ("NoSuchResourceException", message.to_owned())
}

fn requests(quota: &Quota, call: &Call<'_>) -> Value {
    let start = call.text("NextToken").parse().unwrap_or(0).min(quota.increases.len());
    let end = start.saturating_add(PAGE).min(quota.increases.len());
    let described = quota.increases[start..end].iter().enumerate().map(|(i, increase)| {
        json!({
            "Id": format!("5c1b0d2e7a944f0e{:04}", start + i),
            "ServiceCode": call.text("ServiceCode"),
            "QuotaCode": call.text("QuotaCode"),
            "QuotaName": quota.name,
            "DesiredValue": increase.desired,
            "Status": increase.status,
            "Created": seconds(increase.created),
            "GlobalQuota": false,
            "Unit": "None",
        })
    });
    let mut page = json!({ "RequestedQuotas": described.collect::<Vec<_>>() });
    if end < quota.increases.len() {
        page["NextToken"] = json!(end.to_string());
    }
    page
}
