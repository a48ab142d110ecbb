//! The source `certificate`: every address, the host and a name below it, against what cert-manager issued.

use super::stage::{Stage, repaired, times};
use gonogo_checks::contract::Why;
use gonogo_world::{Fault, Rule, System, ca::Leaf, incidents::Times};
use jiff::SignedDuration;

const HOST: &str = "ai.coder.com";
const WITH: &str =
    "certificate: { host: ai.coder.com, wildcard: true, issued_by: { namespace: coder, name: coder-tls } }";
const PLAIN: &str = "certificate: { host: ai.coder.com, wildcard: true }";
const WEEK: &str = "{ valid_past_event: 7d }";

async fn stage() -> Stage {
    let times = times();
    Stage::of(repaired(times), times).await
}

impl Stage {
    fn leaf(&self, change: impl FnOnce(Leaf) -> Leaf) {
        self.world.edit(|state| {
            let region = state.coder.region_mut(HOST).expect("a region");
            region.certificate = change(region.certificate.clone());
        });
    }

    fn certificate(&self, change: impl FnOnce(&mut serde_json::Value)) {
        self.world.edit(|state| {
            let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
            change(cluster.object_mut("certificates.cert-manager.io", "coder", "coder-tls"));
        });
    }
}

#[tokio::test]
async fn the_certificate_that_was_issued_last_is_served_at_every_address_and_below_the_host() {
    let stage = stage().await;
    let (evidence, found) = stage.look(WITH, WEEK).await.expect("seen");
    assert_eq!(found, []);
    let note = evidence["keys"][0]["note"].as_str().expect("a note");
    assert!(note.contains("at 203.0.113.10 for ai.coder.com") && note.contains("1 more"), "{note}");
    assert_eq!(evidence["keys"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_is_served_counts_and_not_what_cert_manager_says() {
    let stage = stage().await;
    let Times { now, ends, .. } = stage.times;
    stage
        .leaf(|leaf| leaf.since(now - SignedDuration::from_hours(24 * 89)).until(ends - SignedDuration::from_mins(20)));
    assert_eq!(stage.codes(WITH, WEEK).await, ["expires-during-event", "old-certificate-served"]);
    assert_eq!(stage.codes(PLAIN, WEEK).await, ["expires-during-event"]);
    stage.leaf(|leaf| leaf.until(ends + SignedDuration::from_hours(24 * 40)));
    assert_eq!(stage.codes(WITH, WEEK).await, ["old-certificate-served"]);
}

#[tokio::test]
async fn a_certificate_without_the_wildcard_or_of_nobody_is_found() {
    let stage = stage().await;
    stage.leaf(|leaf| Leaf { names: vec![HOST.to_owned()], ..leaf });
    let found = stage.findings(PLAIN, WEEK).await.expect("seen");
    assert_eq!((found.len(), found[0].code), (1, "certificate-wrong-name"));
    assert!(found[0].seen.contains("a random name below ai.coder.com"), "{}", found[0].seen);
    assert_eq!(stage.codes("certificate: { host: ai.coder.com }", WEEK).await, [""; 0]);
    stage.leaf(Leaf::untrusted);
    assert!(stage.codes(PLAIN, WEEK).await.contains(&"certificate-untrusted"));
}

#[tokio::test]
async fn one_address_with_an_expired_certificate_or_none_at_all_is_no_pass() {
    let stage = stage().await;
    stage.world.inject(Rule::on(System::Coder, Fault::ExpiredCertificate).at("203.0.113.11")).expect("a rule");
    assert_eq!(stage.codes(PLAIN, WEEK).await, ["expired"]);
    stage.world.clear_faults().expect("cleared");
    stage.world.inject(Rule::on(System::Coder, Fault::Refuse).at("203.0.113.11")).expect("a rule");
    assert_eq!(stage.codes(PLAIN, WEEK).await, ["unreachable"]);
    stage.world.inject(Rule::on(System::Coder, Fault::Refuse).at("203.0.113.10")).expect("a rule");
    assert_eq!(stage.codes(PLAIN, WEEK).await, ["unreachable"; 2]);
}

#[tokio::test]
async fn a_certificate_object_that_is_absent_hidden_or_without_a_status_is_no_pass() {
    let stage = stage().await;
    stage.certificate(|object| object["status"] = serde_json::json!({}));
    assert_eq!(stage.codes(WITH, WEEK).await, ["renewal-unproven"]);
    assert_eq!(stage.codes(&WITH.replace("coder-tls", "other-tls"), WEEK).await, ["key-missing"]);
    let elsewhere = WITH.replace("namespace: coder,", "namespace: codr,");
    assert_eq!(stage.findings(&elsewhere, WEEK).await.expect_err("no namespace").why, Why::NotFound);
    let hidden = Rule::on(System::Kubernetes, Fault::Status(403, None)).path("/certificates/");
    stage.world.inject(hidden).expect("a rule");
    assert_eq!(stage.findings(WITH, WEEK).await.expect_err("hidden").why, Why::Forbidden);
}

#[tokio::test]
async fn a_host_that_does_not_resolve_is_unknown() {
    let stage = stage().await;
    let missing = stage.findings("certificate: { host: nothing.coder.com }", WEEK).await.expect_err("no name");
    assert_eq!(missing.why, Why::Unresolved);
}
