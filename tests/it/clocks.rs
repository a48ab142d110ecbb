//! Where clocks differ by more than half a minute, whatever compares times proves nothing.

use crate::rig::{Report, Rig, example, times};
use gonogo_world::incidents::workshop_2024_09_30::{Cause, repaired};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// The checks of the example that compare a time with a clock: what ends or fires, and how old something is.
const TIMED: [&str; 53] = [
    "agenda",
    "alert-rules",
    "alerts-leave",
    "applications",
    "automation-tokens",
    "bedrock-key",
    "build-alerts",
    "capacity",
    "certificates",
    "certificates-served",
    "cloudflare-token",
    "coder-token",
    "dashboard",
    "dashboard-health",
    "deploy-app",
    "deployed",
    "dns-contact",
    "estate-drift",
    "frozen",
    "gateway-budget",
    "gateway-health",
    "gateway-key",
    "guest-tried",
    "healthz",
    "karpenter-restarts",
    "licence",
    "login-tried",
    "metrics",
    "metrics-of-the-server",
    "models-called",
    "names",
    "node-changes",
    "node-claims",
    "node-storage",
    "pager",
    "pager-route",
    "pods-out-of-memory",
    "pods-pending",
    "pull-credentials",
    "pull-limit",
    "registrations",
    "registry-chain",
    "releases",
    "rollback-known",
    "rotation",
    "routing",
    "sign-in",
    "silences",
    "state-lock",
    "support",
    "vcpu-quota",
    "vertex-key",
    "zone",
];

/// The report of the sound world whose servers' clocks are ahead of this machine's by so many seconds.
fn ahead_by(seconds: i64, causes: &[Cause]) -> Report {
    let times = times();
    let mut state = repaired(times);
    for cause in causes {
        cause.inject(&mut state, &times);
    }
    state.date_skew = SignedDuration::from_secs(seconds);
    let rig = Rig::workshop(state, times);
    rig.report(&example(), &[])
}

#[test]
fn clocks_that_differ_by_more_than_half_a_minute_make_every_judgement_on_time_unknown() {
    for seconds in [-3600, -45, 45, 3600] {
        let report = ahead_by(seconds, &[]);
        assert_eq!((report.verdict(), report.code), ("undetermined", 3), "{seconds} s: {:#?}", report.in_the_way());
        let items = report.json["items"].as_array().expect("items").iter();
        let unknown = items.filter(|item| item["outcome"] == "unknown").filter_map(|item| item["check"].as_str());
        assert_eq!(unknown.collect::<BTreeSet<_>>(), TIMED.into(), "{seconds} s");
        for item in report.json["items"].as_array().expect("items") {
            let (id, check) = (item["id"].as_str().expect("an id"), item["check"].as_str().expect("a check"));
            if TIMED.contains(&check) {
                assert_eq!(report.outcome(id), "unknown", "{id} at {seconds} s");
                assert!(report.codes(id).contains(&"clock-skew"), "{id}: {:?}", report.codes(id));
            } else if report.outcome(id) != "not-due" {
                assert_eq!((report.outcome(id), report.codes(id)), ("pass", vec![]), "{id} at {seconds} s");
            }
        }
    }
}

#[test]
fn clocks_that_differ_by_less_are_no_matter() {
    for seconds in [-20, 20] {
        let report = ahead_by(seconds, &[]);
        assert_eq!((report.verdict(), report.code), ("go", 0), "{:?}", report.in_the_way());
    }
}

#[test]
fn a_wrong_clock_hides_no_failure_of_what_needs_none() {
    let report = ahead_by(3600, &[Cause::TooFewProvisioners]);
    assert_eq!((report.verdict(), report.code), ("no-go", 1));
    assert_eq!(report.codes("provisioners@us-east-2"), ["too-few-replicas"]);
}
