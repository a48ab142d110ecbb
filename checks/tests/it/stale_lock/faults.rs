//! No fault of a cluster or of S3 is a free lock.

use super::{S3, cluster, lease, look, release, stage};
use gonogo_world::{Fault, Rule, System};
use jiff::Timestamp;
use serde_json::json;

const FAULTS: [Fault; 12] = [
    Fault::Refuse,
    Fault::Reset,
    Fault::TruncatedBody,
    Fault::EndlessBody,
    Fault::WrongType,
    Fault::MalformedJson,
    Fault::Empty,
    Fault::Status(401, None),
    Fault::Status(403, None),
    Fault::RedirectLoop,
    Fault::ExpiredCertificate,
    Fault::UntrustedCertificate,
];

#[tokio::test]
async fn no_fault_of_the_api_server_is_a_free_lock() {
    let free = json!({ "holderIdentity": "" });
    let cluster =
        cluster().object(lease("coder", "free", &free)).object(release("coder", 1, "deployed", Timestamp::now()));
    let stage = stage(cluster).await;
    for fault in FAULTS {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        for with in
            ["{ leases: { namespace: coder } }", "{ helm: { namespace: coder } }", "{ jobs: { namespace: coder } }"]
        {
            let findings = look(&stage, with, "{ none_expected: true }").await;
            assert!(
                findings.as_ref().is_err() || findings.as_ref().is_ok_and(|found| !found.is_empty()),
                "{fault:?} {with}"
            );
        }
    }
}

#[tokio::test]
async fn no_fault_of_the_bucket_is_a_free_lock() {
    let stage = stage(cluster()).await;
    let mut faults = FAULTS.to_vec();
    faults.extend([Fault::Status(404, None), Fault::Status(500, None)]);
    for fault in faults {
        stage.world.clear_faults().expect("open ports");
        stage.world.inject(Rule::on(System::S3, fault)).expect("a rule");
        let missing = look(&stage, S3, "{}").await.expect_err("no answer");
        assert!(missing.asked.starts_with("s3:ListObjectsV2 of s3://tf-state/"), "{fault:?}: {missing}");
    }
    for fault in FAULTS {
        stage.world.clear_faults().expect("open ports");
        stage.world.inject(Rule::on(System::S3, fault).path(".tflock")).expect("a rule");
        let findings = look(&stage, S3, "{}").await;
        assert!(findings.as_ref().is_err() || findings.as_ref().is_ok_and(|found| !found.is_empty()), "{fault:?}");
    }
}
