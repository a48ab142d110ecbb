//! The ECR client against recorded answers: what a 400 and a 200 really say.

use super::{Bench, registries::server, workshop};
use gonogo_checks::{
    clients::{aws::Ecr, connections::AwsAccount, registry::Held},
    contract::{Unobserved, Why, values::Digest},
};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../recordings/moto-ecr/", $name, ".http"))
    };
}

/// The recorded head says how the recording was framed; only its status and its body are played back.
fn played(recording: &str) -> String {
    let (head, body) = recording.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.lines().next().expect("a status line");
    let kind = head.lines().find(|line| line.to_lowercase().starts_with("content-type")).expect("a type");
    format!("{status}\r\n{kind}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A repository in an account whose every answer is `recording`.
async fn repository(recording: &'static str) -> (Bench, Ecr) {
    let bench = Bench::start(workshop::repaired).await;
    let (socket, _) = server("127.0.0.1:0", move |_, _| played(recording)).await;
    let account = AwsAccount {
        profile: Some("workshop-ro".to_owned()),
        credentials_file: Some("credentials".into()),
        config_file: Some("config".into()),
        endpoint_url: Some(format!("http://{socket}")),
        account: Some("123456789012".to_owned()),
        ..AwsAccount::default()
    };
    (bench, Ecr { account, region: "us-east-1".to_owned(), repository: "workshop/app".to_owned() })
}

async fn find(recording: &'static str, tag: &str) -> Result<Held, Unobserved> {
    let (bench, ecr) = repository(recording).await;
    ecr.find(&bench.context(), tag).await
}

#[tokio::test]
async fn a_recorded_image_is_found_under_its_own_tag_and_under_no_other() {
    let Ok(Held::Found(found)) = find(recorded!("describe-images-us-east-1"), "v1").await else { panic!("not found") };
    assert!(found.digest.short(8).starts_with("9bce377f"));
    assert_eq!(found.pushed_at.map(jiff::Timestamp::as_second), Some(1_795_334_155));
    let missing = find(recorded!("describe-images-us-east-1"), "v2").await.expect_err("another tag's image");
    assert_eq!(missing.why, Why::Malformed);
}

#[tokio::test]
async fn no_such_image_and_no_such_repository_are_told_apart() {
    let image = find(recorded!("describe-images-image-not-found"), "nope").await;
    assert_eq!(image, Ok(Held::Missing("workshop/app has no such tag".to_owned())));
    let repository = find(recorded!("describe-images-repo-not-found"), "v1").await;
    assert_eq!(repository, Ok(Held::Missing("no repository workshop/app".to_owned())));
}

#[tokio::test]
async fn an_answer_of_another_operation_proves_nothing() {
    let missing = find(recorded!("batch-get-image-mixed"), "v1").await.expect_err("no details in it");
    assert_eq!((missing.why, missing.detail.as_str()), (Why::Malformed, "0 images for one reference"));
}

#[tokio::test]
async fn what_a_200_says_has_failed_is_no_manifest() {
    let (bench, ecr) = repository(recorded!("batch-get-image-mixed")).await;
    let digest: Digest = format!("sha256:{}", "a".repeat(64)).parse().expect("a digest");
    assert_eq!(ecr.manifest(&bench.context(), &digest).await, Ok(None));
}

#[tokio::test]
async fn a_recorded_identity_is_compared_with_the_named_account() {
    let (bench, ecr) = repository(recorded!("get-caller-identity")).await;
    let identity = bench.context().aws_identity(&ecr.account, Some("us-east-1")).await.expect("an identity");
    assert_eq!(identity.account, "123456789012");
    let other = AwsAccount { account: Some("210987654321".to_owned()), ..ecr.account };
    let missing = bench.context().aws_identity(&other, Some("us-east-1")).await.expect_err("another account");
    assert_eq!(missing.why, Why::WrongSystem);
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_this_machines_lack() {
    let bench = Bench::start(workshop::repaired).await;
    let account = AwsAccount {
        profile: Some("nobody".to_owned()),
        credentials_file: Some("credentials".into()),
        config_file: Some("config".into()),
        ..AwsAccount::default()
    };
    let missing = bench.context().aws_identity(&account, Some("us-east-2")).await.expect_err("no credential");
    assert_eq!(missing.why, Why::Unconfigured, "{missing:?}");
}
