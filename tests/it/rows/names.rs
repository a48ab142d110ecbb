//! Rows of `names.yaml`: how people get there.

use super::Row;
use gonogo_world::{
    State,
    cloudflare::{HOST, Zone},
    incidents::workshop_2024_09_30::Cause,
};
use jiff::SignedDuration;
use serde_json::json;

pub const ROWS: &[Row] = &[
    Row {
        id: "B04",
        item: "proxies@us-west-2",
        code: "version-differs",
        breaks: |state, _| {
            // MAJOR.MINOR are equal, which is all that Coder compares.
            let proxy = state.coder.region_mut("oregon-proxy.ai.coder.com").expect("a proxy");
            "v2.20.0-devel+9d01e77".clone_into(&mut proxy.version);
        },
    },
    Row {
        id: "B04",
        item: "provisioner-daemons",
        code: "version-differs",
        breaks: |state, _| {
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            "v2.20.0-devel+9d01e77".clone_into(&mut coder.daemons[0].version);
        },
    },
    Row {
        id: "C01",
        item: "names@us-west-2",
        code: "wrong-target",
        breaks: |state, _| state.dns.zone_mut("coder.com").repoint("oregon-proxy.ai.coder.com", "203.0.113.30"),
    },
    Row {
        id: "C02",
        item: "wildcards@eu-west-2",
        code: "name-missing",
        breaks: |state, times| Cause::WildcardBroken.inject(state, times),
    },
    Row {
        id: "C03",
        item: "zone",
        code: "record-differs",
        breaks: |state, _| {
            let record = cloudflare(state).record_mut("*.emea-proxy.ai.coder.com");
            "k8s-coder-oregon.elb.us-west-2.amazonaws.com".clone_into(&mut record.content);
        },
    },
    Row {
        id: "C03",
        item: "zone",
        code: "change-unsettled",
        breaks: |state, times| {
            // Changed for the event's own hours, with a day for everybody to hear of it.
            let record = cloudflare(state).record_mut("ai.coder.com");
            (record.modified, record.ttl) = (times.now, 86_400);
        },
    },
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
    Row {
        id: "C07",
        item: "routing@us-west-2",
        code: "wrong-status",
        breaks: |state, times| Cause::StaleMirror.inject(state, times),
    },
    Row {
        id: "C08",
        item: "proxies@eu-west-2",
        code: "proxy-unhealthy",
        breaks: |state, _| state.coder.region_mut("emea-proxy.ai.coder.com").expect("a proxy").is_healthy = false,
    },
    Row {
        id: "C08",
        item: "proxies@us-west-2",
        code: "proxy-check-stale",
        breaks: |state, _| {
            let proxy = state.coder.region_mut("oregon-proxy.ai.coder.com").expect("a proxy");
            proxy.registration.checked = Some(SignedDuration::from_mins(10));
        },
    },
];

fn cloudflare(state: &mut State) -> &mut Zone {
    state.cloudflare.get_mut(HOST).expect("the workshop's Cloudflare").zone_mut("coder.com")
}
