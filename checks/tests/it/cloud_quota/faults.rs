//! Cloud quota where a system is out of order: unknown, under the right that is missing, and never a pass.

use super::{BOTH, EIGHTY, QUOTA, changed};
use crate::amazon::{Stage, codes, repaired};
use gonogo_world::{Fault, Rule, System, incidents::workshop_2024_09_30::AWS_ACCESS_KEY_ID};

const HOSTS: [&str; 2] = ["servicequotas.us-east-2.amazonaws.com", "monitoring.us-east-2.amazonaws.com"];

#[tokio::test]
async fn each_missing_right_is_named() {
    for right in [
        "servicequotas:GetServiceQuota",
        "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota",
        "cloudwatch:GetMetricData",
    ] {
        let stage = changed(|state| {
            let identity = state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity");
            identity.denied.push(right.to_owned());
        })
        .await;
        let (_, found) = stage.look(BOTH, EIGHTY).await;
        let forbidden: Vec<_> = codes(&found).into_iter().filter(|(code, _)| *code == "forbidden").collect();
        assert_eq!(forbidden.len(), found.len(), "{right}: {found:#?}");
        assert!(found.len() >= 2 && found[0].seen.contains(right), "{right}: {found:#?}");
    }
}

#[tokio::test]
async fn another_account_is_the_wrong_system() {
    let stage = changed(|state| {
        state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity").account = "999999999999".to_owned();
    })
    .await;
    assert_eq!(codes(&stage.look(BOTH, EIGHTY).await.1), [("wrong-system", "")]);
}

#[tokio::test]
async fn what_is_not_the_answer_is_unknown() {
    for (fault, code) in [
        (Fault::Status(403, None), "forbidden"),
        (Fault::Status(500, None), "server-error"),
        (Fault::MalformedJson, "malformed"),
        (Fault::Empty, "malformed"),
        (Fault::WrongType, "malformed"),
        (Fault::UntrustedCertificate, "untrusted"),
    ] {
        for host in HOSTS {
            let stage = Stage::of(QUOTA, repaired).await;
            stage.world.inject(Rule::on(System::Aws, fault).at(host)).expect("a rule");
            let (_, found) = stage.look("{ vcpu: [spot] }", EIGHTY).await;
            assert!(!found.is_empty(), "{fault:?} at {host}");
            assert!(codes(&found).iter().all(|found| *found == (code, "")), "{fault:?} at {host}: {found:#?}");
        }
    }
}

#[tokio::test]
async fn too_many_requests_are_made_again_and_then_are_unknown() {
    let stage = Stage::of(QUOTA, repaired).await;
    let busy = Rule::on(System::Aws, Fault::Status(429, None)).path("#GetServiceQuota");
    stage.world.inject(busy.clone().times(1)).expect("a rule");
    let cx = stage.context();
    assert_eq!(codes(&stage.look_in(&cx, BOTH, EIGHTY).await.1), [("", ""); 0]);
    assert_eq!(cx.trace().attempts(), 2);
    stage.world.inject(busy).expect("a rule");
    let (_, found) = stage.look("{ vcpu: [on_demand], increases: false }", EIGHTY).await;
    assert_eq!(codes(&found), [("throttled", "")]);
    assert!(found[0].seen.starts_with("TooManyRequestsException"), "{}", found[0].seen);
}
