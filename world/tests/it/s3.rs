//! S3: what a bucket holds, and to whom it says so.

use gonogo_world::s3::Bucket;
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;

use crate::client::{Answer, client, get, head};
use gonogo_world::ecr::Identity;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const OWN: &str = "https://tf-state.s3.us-east-2.amazonaws.com";
const SHARED: &str = "https://s3.us-east-2.amazonaws.com/tf-state";

async fn world(denied: &[&str]) -> (World, Client) {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a time");
    let mut state = State::empty(now);
    let identity = Identity {
        account: "123456789012".to_owned(),
        arn: "arn:aws:iam::123456789012:user/checker".to_owned(),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: denied.iter().map(|action| (*action).to_owned()).collect(),
    };
    state.aws.identities.insert(KEY.to_owned(), identity);
    let mut bucket = Bucket::of("us-east-2");
    bucket.put("prod/terraform.tfstate", "{}", now);
    bucket.put("prod/terraform.tfstate.tflock", r#"{"ID":"a"}"#, now);
    bucket.put("a&b", "", now);
    state.s3.insert("tf-state".to_owned(), bucket);
    let world = World::start(state).await.expect("loopback ports");
    let client = client(&world, &[]);
    (world, client)
}

fn signed(key: &str, region: &str) -> String {
    format!("AWS4-HMAC-SHA256 Credential={key}/20261122/{region}/s3/aws4_request, SignedHeaders=host, Signature=00")
}

async fn ask(client: &Client, url: &str) -> Answer {
    let authorization = signed(KEY, "us-east-2");
    let headers = [("authorization", authorization.as_str()), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
    get(client, url, &headers).await
}

fn code(answer: &Answer) -> (u16, &str) {
    let code = answer.body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (answer.status, code.map_or("", |(code, _)| code))
}

#[tokio::test]
async fn an_object_is_read_at_its_buckets_host_and_below_its_regions() {
    let (_world, client) = world(&[]).await;
    for root in [OWN, SHARED] {
        let answer = ask(&client, &format!("{root}/prod/terraform.tfstate.tflock")).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"ID":"a"}"#));
        assert_eq!(code(&ask(&client, &format!("{root}/nope")).await), (404, "NoSuchKey"));
    }
    assert_eq!(code(&ask(&client, "https://s3.us-east-2.amazonaws.com/nope/x").await), (404, "NoSuchBucket"));
}

#[tokio::test]
async fn a_list_begins_with_the_prefix_itself() {
    let (_world, client) = world(&[]).await;
    let list = ask(&client, &format!("{OWN}/?list-type=2&max-keys=1&prefix=prod%2Fterraform.tfstate")).await;
    assert_eq!(list.status, 200);
    for part in [
        "<Name>tf-state</Name>",
        "<KeyCount>1</KeyCount>",
        "<IsTruncated>true</IsTruncated>",
        "<Key>prod/terraform.tfstate</Key>",
    ] {
        assert!(list.body.contains(part), "{part} in {}", list.body);
    }
    let list = ask(&client, &format!("{OWN}/?list-type=2&prefix=a")).await;
    assert!(list.body.contains("<Key>a&amp;b</Key>"), "{}", list.body);
    let none = ask(&client, &format!("{OWN}/?list-type=2&prefix=zzz")).await;
    assert!(none.body.contains("<KeyCount>0</KeyCount>"), "{}", none.body);
}

#[tokio::test]
async fn what_is_not_there_is_forbidden_to_whoever_may_not_list() {
    let (_world, client) = world(&["s3:ListBucket"]).await;
    assert_eq!(code(&ask(&client, &format!("{OWN}/nope")).await), (403, "AccessDenied"));
    assert_eq!(code(&ask(&client, &format!("{OWN}/?list-type=2")).await), (403, "AccessDenied"));
    assert_eq!(ask(&client, &format!("{OWN}/prod/terraform.tfstate")).await.status, 200);
    let (_world, client) = self::world(&["s3:GetObject"]).await;
    assert_eq!(code(&ask(&client, &format!("{OWN}/prod/terraform.tfstate")).await), (403, "AccessDenied"));
}

#[tokio::test]
async fn who_asks_must_be_known_and_sign_for_the_region() {
    let (_world, client) = world(&[]).await;
    let url = format!("{OWN}/prod/terraform.tfstate");
    for (key, region, wanted) in [
        ("AKIANOBODY", "us-east-2", (403, "InvalidAccessKeyId")),
        (KEY, "eu-west-2", (400, "AuthorizationHeaderMalformed")),
    ] {
        let authorization = signed(key, region);
        let headers = [("authorization", authorization.as_str()), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
        assert_eq!(code(&get(&client, &url, &headers).await), wanted);
    }
    assert_eq!(code(&get(&client, &url, &[]).await), (403, "AccessDenied"));
    let authorization = signed(KEY, "us-east-2");
    let unhashed = get(&client, &url, &[("authorization", authorization.as_str())]).await;
    assert_eq!(code(&unhashed), (400, "InvalidRequest"));
    let headers = [("authorization", authorization.as_str()), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
    let alone = head(&client, &url, &headers).await;
    assert_eq!((alone.status, alone.body.as_str()), (200, ""));
}
