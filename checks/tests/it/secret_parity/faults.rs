//! Secret parity where a system is out of order: unknown, under the right that is missing, and never a pass.

use super::{AWS, PARITY, with};
use crate::amazon::{Stage, codes, repaired};
use gonogo_world::{Fault, Rule, System, incidents::workshop_2024_09_30::AWS_ACCESS_KEY_ID, kubernetes::Account};

#[tokio::test]
async fn a_reader_without_secrets_is_told_the_right_for_each_copy() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
        cluster.accounts = vec![Account::reader("token-of-a-reader", "reader")];
        state
    })
    .await;
    let (_, found) = stage.look(&with(AWS), "{}").await;
    assert_eq!(codes(&found), [("forbidden", "us-east-2"); 3]);
    assert!(found[0].seen.contains("get secrets in namespace coder-ws"), "{}", found[0].seen);
}

#[tokio::test]
async fn an_account_without_the_right_is_told_it_and_nothing_passes() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        let identity = state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity");
        identity.denied.push("secretsmanager:GetSecretValue".to_owned());
        state
    })
    .await;
    let (_, found) = stage.look(&with(AWS), "{}").await;
    assert_eq!(codes(&found), [("forbidden", "")]);
    assert!(found[0].seen.contains("secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-2"), "{found:?}");
    let by_hand = found[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command");
    assert!(by_hand.as_str().contains("describe-secret") && !by_hand.as_str().contains("get-secret-value"));
}

#[tokio::test]
async fn another_account_is_the_wrong_system() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity").account = "999999999999".to_owned();
        state
    })
    .await;
    assert_eq!(codes(&stage.look(&with(AWS), "{}").await.1), [("wrong-system", "")]);
}

#[tokio::test]
async fn what_is_not_the_answer_is_unknown() {
    for (fault, code) in [
        (Fault::Status(403, None), "forbidden"),
        (Fault::Status(401, None), "unauthorised"),
        (Fault::Status(500, None), "server-error"),
        (Fault::MalformedJson, "malformed"),
        (Fault::Empty, "malformed"),
        (Fault::WrongType, "malformed"),
        (Fault::EndlessBody, "too-large"),
        (Fault::UntrustedCertificate, "untrusted"),
    ] {
        let stage = Stage::of(PARITY, repaired).await;
        stage.world.inject(Rule::on(System::Aws, fault).at("secretsmanager.us-east-2.amazonaws.com")).expect("a rule");
        assert_eq!(codes(&stage.look(&with(AWS), "{}").await.1), [(code, "")], "{fault:?}");
    }
}

#[tokio::test]
async fn a_throttled_account_is_asked_again() {
    let stage = Stage::of(PARITY, repaired).await;
    stage.world.inject(Rule::on(System::Aws, Fault::Status(429, None)).times(1)).expect("a rule");
    let cx = stage.context();
    assert_eq!(codes(&stage.look_in(&cx, &with(AWS), "{}").await.1), [("", ""); 0]);
    assert_eq!(cx.trace().attempts(), 2);
}

#[tokio::test]
async fn no_look_by_hand_prints_the_secret() {
    for fault in [Fault::Status(500, None), Fault::MalformedJson, Fault::Status(403, None)] {
        let stage = Stage::of(PARITY, repaired).await;
        stage.world.inject(Rule::on(System::Kubernetes, fault).path("/secrets/")).expect("a rule");
        let (_, found) = stage.look(&with(AWS), "{}").await;
        assert_eq!(found.len(), 3, "{fault:?}: {found:#?}");
        for finding in found {
            let by_hand = finding.remedy.and_then(|remedy| remedy.command).expect("a command");
            let is_harmless = ["describe secret litellm", "auth can-i get secrets"];
            assert!(is_harmless.iter().any(|words| by_hand.as_str().ends_with(words)), "{fault:?}: {by_hand}");
        }
    }
}
