//! Rows of `names.yaml`: how people get there.

use super::Row;
use jiff::SignedDuration;
use serde_json::json;

pub const ROWS: &[Row] = &[
    Row {
        id: "C04",
        item: "certificates-served@us-west-2",
        code: "expires-during-event",
        breaks: |state, times| {
            let region = state.coder.region_mut("oregon-proxy.ai.coder.com").expect("a region");
            region.certificate = region.certificate.clone().until(times.ends - SignedDuration::from_mins(20));
        },
    },
    Row {
        id: "C04",
        item: "certificates-served@eu-west-2",
        code: "old-certificate-served",
        breaks: |state, times| {
            let region = state.coder.region_mut("emea-proxy.ai.coder.com").expect("a region");
            region.certificate = region.certificate.clone().since(times.now - SignedDuration::from_hours(24 * 60));
        },
    },
    Row {
        id: "C05",
        item: "certificates@us-east-2",
        code: "issuance-failing",
        breaks: |state, times| {
            let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
            let status = &mut cluster.object_mut("certificates.cert-manager.io", "coder", "coder-tls")["status"];
            status["failedIssuanceAttempts"] = json!(2);
            status["lastFailureTime"] = json!(times.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        },
    },
];
