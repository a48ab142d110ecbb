//! `HorizontalPodAutoscalers` (`autoscaling/v2`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::second;

/// An autoscaler on CPU use.
#[derive(Clone, Debug)]
pub struct Hpa {
    /// Where it is.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// `Deployment` or `StatefulSet`.
    pub target_kind: String,
    /// The name of what it scales; its own unless given.
    pub target: String,
    /// The least replicas.
    pub min: u32,
    /// The most replicas.
    pub max: u32,
    /// The replicas that there are.
    pub current: u32,
    /// The replicas that it wants.
    pub desired: u32,
    /// `ScalingActive`: false is an autoscaler that gets no metrics.
    pub is_active: bool,
    /// `AbleToScale`: false is one that cannot find what it scales.
    pub is_able: bool,
    /// `ScalingLimited`: it wants more or less than it may.
    pub is_limited: bool,
}

impl Hpa {
    pub(super) fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            target_kind: "Deployment".to_owned(),
            target: name.to_owned(),
            min: 1,
            max: 10,
            current: 1,
            desired: 1,
            is_active: true,
            is_able: true,
            is_limited: false,
        }
    }

    pub(super) fn json(&self, since: Timestamp) -> Value {
        let metric =
            |key: &str, value: Value| json!([{ "type": "Resource", "resource": { "name": "cpu", key: value } }]);
        let seen = if self.is_active {
            metric("current", json!({ "averageUtilization": 40, "averageValue": "200m" }))
        } else {
            Value::Null
        };
        let mut status = json!({
            "desiredReplicas": self.desired,
            "currentMetrics": seen,
            "conditions": self.conditions(since),
        });
        if self.current > 0 {
            status["currentReplicas"] = json!(self.current);
        }
        json!({
            "kind": "HorizontalPodAutoscaler",
            "apiVersion": "autoscaling/v2",
            "metadata": { "name": self.name, "namespace": self.namespace },
            "spec": {
                "scaleTargetRef": { "kind": self.target_kind, "name": self.target, "apiVersion": "apps/v1" },
                "minReplicas": self.min,
                "maxReplicas": self.max,
                "metrics": metric("target", json!({ "type": "Utilization", "averageUtilization": 70 })),
            },
            "status": status,
        })
    }

    fn conditions(&self, since: Timestamp) -> Value {
        let condition = |kind: &str, is_true: bool, reason: &str, message: &str| {
            json!({
                "type": kind,
                "status": if is_true { "True" } else { "False" },
                "lastTransitionTime": second(since),
                "reason": reason,
                "message": message,
            })
        };
        let able = if self.is_able {
            ("ReadyForNewScale", "recommended size matches current size")
        } else {
            ("FailedGetScale", "the HPA controller was unable to get the target's current scale")
        };
        let active = if self.is_active {
            (
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from cpu resource utilization",
            )
        } else {
            (
                "FailedGetResourceMetric",
                "the HPA was unable to compute the replica count: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API",
            )
        };
        let limited = if self.is_limited {
            ("TooManyReplicas", "the desired replica count is more than the maximum replica count")
        } else {
            ("DesiredWithinRange", "the desired count is within the acceptable range")
        };
        json!([
            condition("AbleToScale", self.is_able, able.0, able.1),
            condition("ScalingActive", self.is_active, active.0, active.1),
            condition("ScalingLimited", self.is_limited, limited.0, limited.1),
        ])
    }
}
