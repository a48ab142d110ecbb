//! What a pull asks for: layers of ECR, its rules and copies, and a registry that counts pulls.
//!
//! The shapes are those of Amazon's API reference; the real server that was recorded answers none of these operations.

use gonogo_world::ecr::{Aws, CacheRule, Identity, Region, ReplicationRule, Repository};
use gonogo_world::registry::{Allowance, Image, Registry};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::client::{Answer, client, get, head, post};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const ACCOUNT: &str = "123456789012";
const ALL: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

fn image() -> Image {
    Image::multi_arch("one")
}

fn state() -> State {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a time");
    let mut repository = Repository::created(now);
    repository.push("v1", &image(), now);
    repository.copy(&image().digest(), "eu-west-2", "FAILED", Some("ImageManifestNotFound"));
    let broken = CacheRule { failure: Some("no".to_owned()), ..CacheRule::for_upstream("registry-1.docker.io") };
    let region = Region {
        repositories: [("app".to_owned(), repository)].into(),
        pull_through: [("ghcr".to_owned(), CacheRule::for_upstream("ghcr.io")), ("hub".to_owned(), broken)].into(),
        replication: vec![ReplicationRule { prefixes: vec!["app".to_owned()], to: vec!["eu-west-2".to_owned()] }],
        ..Region::default()
    };
    let identity = Identity {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/checker"),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    let mut state = State::empty(now);
    state.aws = Aws {
        account: ACCOUNT.to_owned(),
        identities: [(KEY.to_owned(), identity)].into(),
        regions: [("us-east-1".to_owned(), region)].into(),
        ..Aws::default()
    };
    state.registries.insert("registry-1.docker.io".to_owned(), Registry::docker_hub("203.0.113.9"));
    state
}

async fn ecr(client: &Client, operation: &str, body: &Value) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={KEY}/20261122/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=00"
    );
    let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
    let headers = [("authorization", authorization.as_str()), ("x-amz-target", target.as_str())];
    post(client, "https://api.ecr.us-east-1.amazonaws.com/", &headers, &body.to_string()).await
}

#[tokio::test]
async fn layers_are_there_are_not_or_are_no_layers() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let layer = image().platform("linux/amd64").expect("amd64").layers[0].digest();
    let unknown = format!("sha256:{}", "0".repeat(64));
    let asked = json!({ "repositoryName": "app", "layerDigests": [layer, unknown, "nonsense"] });
    let seen = ecr(&client, "BatchCheckLayerAvailability", &asked).await.json();
    let words: Vec<&str> =
        seen["layers"].as_array().expect("layers").iter().filter_map(|one| one["layerAvailability"].as_str()).collect();
    assert_eq!(words, ["AVAILABLE", "UNAVAILABLE"]);
    assert_eq!(seen["failures"][0]["failureCode"], "InvalidLayerDigest");
    assert_eq!(ecr(&client, "BatchCheckLayerAvailability", &json!({ "repositoryName": "app" })).await.status, 400);
}

#[tokio::test]
async fn a_layers_address_is_good_for_whoever_has_it_and_for_nobody_else() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let config = image().platform("linux/amd64").expect("amd64").config.clone();
    let asked = json!({ "repositoryName": "app", "layerDigest": config.digest() });
    let url =
        ecr(&client, "GetDownloadUrlForLayer", &asked).await.json()["downloadUrl"].as_str().expect("a URL").to_owned();
    let given = get(&client, &url, &[]).await;
    assert_eq!((given.status, given.body.as_bytes()), (200, &config.bytes[..]));
    let (bare, _) = url.split_once('?').expect("a signature");
    assert_eq!(get(&client, bare, &[]).await.status, 403);
    assert_eq!(get(&client, &url, &[("authorization", "Bearer x")]).await.status, 400);
    let gone = json!({ "repositoryName": "app", "layerDigest": format!("sha256:{}", "0".repeat(64)) });
    assert_eq!(ecr(&client, "GetDownloadUrlForLayer", &gone).await.json()["__type"], "LayersNotFoundException");
}

#[tokio::test]
async fn rules_say_what_they_stand_for_and_whether_they_get_in() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let all = ecr(&client, "DescribePullThroughCacheRules", &json!({})).await.json();
    assert_eq!(all["pullThroughCacheRules"].as_array().map(Vec::len), Some(2));
    let none = ecr(&client, "DescribePullThroughCacheRules", &json!({ "ecrRepositoryPrefixes": ["quay"] })).await;
    assert_eq!(none.json()["__type"], "PullThroughCacheRuleNotFoundException");
    for (prefix, is_valid) in [("ghcr", true), ("hub", false)] {
        let seen = ecr(&client, "ValidatePullThroughCacheRule", &json!({ "ecrRepositoryPrefix": prefix })).await;
        assert_eq!((seen.status, &seen.json()["isValid"]), (200, &json!(is_valid)), "{prefix}");
    }
}

#[tokio::test]
async fn copies_have_a_status_where_a_rule_made_them() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let rules = ecr(&client, "DescribeRegistry", &json!({})).await.json();
    assert_eq!(rules["replicationConfiguration"]["rules"][0]["destinations"][0]["region"], "eu-west-2");
    let of = |tag: &str| json!({ "repositoryName": "app", "imageId": { "imageTag": tag } });
    let seen = ecr(&client, "DescribeImageReplicationStatus", &of("v1")).await.json();
    assert_eq!(seen["replicationStatuses"][0]["failureCode"], "ImageManifestNotFound");
    let none = ecr(&client, "DescribeImageReplicationStatus", &of("v2")).await;
    assert_eq!(none.json()["__type"], "ImageNotFoundException");
    world.edit(|state| {
        let region = state.aws.regions.get_mut("us-east-1").expect("a region");
        region.repositories.get_mut("app").expect("a repository").copied.clear();
    });
    let seen = ecr(&client, "DescribeImageReplicationStatus", &of("v1")).await.json();
    assert_eq!(seen["replicationStatuses"], json!([]), "no rule was there: an empty list, and no error");
}

#[tokio::test]
async fn docker_hub_gives_tokens_elsewhere_and_tells_its_limit() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let url = "https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest";
    let challenged = head(&client, url, &[("accept", ALL)]).await;
    assert_eq!(challenged.status, 401);
    assert!(challenged.header("www-authenticate").is_some_and(|words| words.contains("https://auth.docker.io/token")));
    let scope = "https://auth.docker.io/token?scope=repository:ratelimitpreview/test:pull";
    let token = get(&client, scope, &[]).await.json()["token"].as_str().expect("a token").to_owned();
    let bearer = format!("Bearer {token}");
    let with = [("accept", ALL), ("authorization", bearer.as_str())];
    let told = head(&client, url, &with).await;
    assert_eq!((told.status, told.header("ratelimit-limit")), (200, Some("100;w=21600")));
    assert_eq!(told.header("docker-ratelimit-source"), Some("203.0.113.9"));
    world.edit(|state| {
        let hub = state.registries.get_mut("registry-1.docker.io").expect("Docker Hub");
        hub.allowance = Some(Allowance { limit: 100, window: None, remaining: 0, source: None });
    });
    let refused = head(&client, url, &with).await;
    assert_eq!((refused.status, refused.header("ratelimit-remaining")), (429, Some("0")));
}
