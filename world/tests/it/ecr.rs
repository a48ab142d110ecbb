//! ECR and STS: what a region holds, and who is asking.

use gonogo_world::ecr::{Aws, Identity, Region, Repository};
use gonogo_world::registry::{Image, Layers};
use gonogo_world::{Fault, Rule, State, System, World};
use jiff::Timestamp;
use reqwest::Client;
use serde_json::{Value, json};

use crate::client::{Answer, client, post};
use crate::recording::{assert_like, recorded};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const ACCOUNT: &str = "123456789012";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn state() -> State {
    let pushed = at("2026-11-22T07:55:55Z");
    let region = |seed: &str| {
        let mut repository = Repository::created(at("2026-11-22T07:55:55.458Z"));
        repository.push("v1", &Image::multi_arch(seed).flattened("linux/amd64", Layers::Recompressed), pushed);
        Region { repositories: [("workshop/app".to_owned(), repository)].into(), ..Region::default() }
    };
    let identity = Identity {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/checker"),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    let mut state = State::empty(at("2026-11-22T08:00:00Z"));
    state.aws = Aws {
        account: ACCOUNT.to_owned(),
        identities: [(KEY.to_owned(), identity)].into(),
        regions: [
            ("us-east-1".to_owned(), region("one")),
            ("us-west-2".to_owned(), region("two")),
            ("eu-west-2".to_owned(), Region::default()),
        ]
        .into(),
        ..Aws::default()
    };
    state
}

async fn ecr(client: &Client, region: &str, operation: &str, body: &Value) -> Answer {
    signed(client, region, region, KEY, operation, body).await
}

async fn signed(client: &Client, region: &str, scope: &str, key: &str, operation: &str, body: &Value) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261122/{scope}/ecr/aws4_request, SignedHeaders=host, Signature=00"
    );
    let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("x-amz-target", target.as_str()),
        ("content-type", "application/x-amz-json-1.1"),
    ];
    post(client, &format!("https://api.ecr.{region}.amazonaws.com/"), &headers, &body.to_string()).await
}

async fn sts(client: &Client, key: &str) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"
    );
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    post(client, "https://sts.us-east-1.amazonaws.com/", &headers, body).await
}

#[tokio::test]
async fn each_region_tells_of_its_own_images() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let by_tag = json!({ "repositoryName": "workshop/app", "imageIds": [{ "imageTag": "v1" }] });
    let east = ecr(&client, "us-east-1", "DescribeImages", &by_tag).await;
    let west = ecr(&client, "us-west-2", "DescribeImages", &by_tag).await;
    assert_like(&west, "ecr/describe-images-us-west-2.http");
    let digest = |answer: &Answer| answer.json()["imageDetails"][0]["imageDigest"].clone();
    assert_ne!(digest(&east), digest(&west));
    assert_eq!(east.json()["imageDetails"][0]["imagePushedAt"], 1_795_334_155);
    let none = ecr(&client, "eu-west-2", "DescribeRepositories", &json!({})).await;
    assert_like(&none, "ecr/describe-repositories-empty-region.http");
    let some = ecr(&client, "us-east-1", "DescribeRepositories", &json!({})).await;
    assert_like(&some, "ecr/describe-repositories.http");
}

#[tokio::test]
async fn what_is_missing_is_a_400_or_a_failure_inside_a_200() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let ids = json!([{ "imageTag": "nope" }]);
    let image = json!({ "repositoryName": "workshop/app", "imageIds": ids });
    let missing = ecr(&client, "us-east-1", "DescribeImages", &image).await;
    assert_like(&missing, "ecr/describe-images-image-not-found.http");
    assert_eq!(missing.json(), recorded("ecr/describe-images-image-not-found.http").json());
    let repository = ecr(&client, "us-east-1", "DescribeImages", &json!({ "repositoryName": "none" })).await;
    assert_eq!(repository.json(), recorded("ecr/describe-images-repo-not-found.http").json());
    let mixed = json!({ "repositoryName": "workshop/app", "imageIds": [{ "imageTag": "v1" }, { "imageTag": "nope" }] });
    let batch = ecr(&client, "us-east-1", "BatchGetImage", &mixed).await;
    assert_like(&batch, "ecr/batch-get-image-mixed.http");
    let image = Image::multi_arch("one").flattened("linux/amd64", Layers::Recompressed);
    assert_eq!(batch.json()["images"][0]["imageId"]["imageDigest"], image.digest());
    assert_eq!(
        batch.json()["images"][0]["imageManifest"].as_str().map(str::as_bytes),
        Some(&image.platforms[0].manifest.bytes[..])
    );
}

#[tokio::test]
async fn images_come_page_by_page() {
    let mut state = state();
    let east = state.aws.regions.get_mut("us-east-1").expect("a region");
    let repository = east.repositories.get_mut("workshop/app").expect("a repository");
    repository.push("v2", &Image::multi_arch("more"), at("2026-11-22T07:56:00Z"));
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    let (mut token, mut seen, mut tagged) = (Value::Null, 0, 0);
    loop {
        let mut body = json!({ "repositoryName": "workshop/app", "maxResults": 2 });
        if !token.is_null() {
            body["nextToken"] = token;
        }
        let page = ecr(&client, "us-east-1", "DescribeImages", &body).await.json();
        let details = page["imageDetails"].as_array().expect("details").clone();
        seen += details.len();
        tagged += details.iter().filter(|detail| detail.get("imageTags").is_some()).count();
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!((seen, tagged), (6, 2), "an index, its four children, and the flat copy; only two have tags");
}

#[tokio::test]
async fn only_who_may_ask_is_answered() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let body = json!({ "repositoryName": "workshop/app" });
    let kind = |answer: &Answer| (answer.status, answer.json()["__type"].as_str().map(str::to_owned));
    let refused = |code: &str| (400, Some(code.to_owned()));
    let stranger = signed(&client, "us-east-1", "us-east-1", "AKIANOBODY", "DescribeImages", &body).await;
    assert_eq!(kind(&stranger), refused("UnrecognizedClientException"));
    let elsewhere = signed(&client, "us-east-1", "us-west-2", KEY, "DescribeImages", &body).await;
    assert_eq!(kind(&elsewhere), refused("InvalidSignatureException"));
    world.edit(|state| {
        let identity = state.aws.identities.get_mut(KEY).expect("it");
        identity.denied = vec!["ecr:DescribeImages".to_owned()];
    });
    let denied = ecr(&client, "us-east-1", "DescribeImages", &body).await;
    assert_eq!(kind(&denied), refused("AccessDeniedException"));
    assert_eq!(sts(&client, KEY).await.status, 200, "STS needs no permission");
    world.edit(|state| {
        state.aws.identities.get_mut(KEY).expect("it").expires = Some(Timestamp::UNIX_EPOCH);
    });
    let expired = ecr(&client, "us-east-1", "DescribeImages", &body).await;
    assert_eq!(kind(&expired), refused("ExpiredTokenException"));
    assert_eq!(sts(&client, KEY).await.status, 403);
}

#[tokio::test]
async fn sts_says_whose_the_key_is() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let caller = sts(&client, KEY).await;
    let theirs = recorded("sts/get-caller-identity.http");
    assert_eq!((caller.status, caller.header("content-type")), (theirs.status, theirs.header("content-type")));
    let tags = |text: &str| {
        text.split('<').filter_map(|part| part.split(['>', ' ']).next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(tags(&caller.body), tags(&theirs.body));
    assert!(caller.body.contains("<Account>123456789012</Account>"));
    let unknown = sts(&client, "AKIANOBODY").await;
    assert_eq!(unknown.status, 403);
    assert!(unknown.body.contains("<Code>InvalidClientTokenId</Code>"));
}

#[tokio::test]
async fn a_password_for_the_registry_lasts_twelve_hours() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let token = ecr(&client, "us-east-1", "GetAuthorizationToken", &json!({})).await;
    let expires = token.json()["authorizationData"][0]["expiresAt"].as_f64().expect("a time");
    let wanted = at("2026-11-22T20:00:00Z").as_second();
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
    let late = expires - wanted as f64;
    assert!((0.0..3600.0).contains(&late), "{expires}");
    assert_eq!(
        token.json()["authorizationData"][0]["proxyEndpoint"],
        "https://123456789012.dkr.ecr.us-east-1.amazonaws.com"
    );
}

#[tokio::test]
async fn an_operation_is_remembered_and_can_be_the_aim_of_a_fault() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let throttled = Rule::on(System::Ecr, Fault::Status(429, None)).path("#DescribeImages");
    world.inject(throttled.times(1)).expect("a rule");
    let body = json!({ "repositoryName": "workshop/app" });
    sts(&client, KEY).await;
    let first = ecr(&client, "us-east-1", "DescribeImages", &body).await;
    assert_eq!((first.status, first.json()["__type"].as_str()), (400, Some("ThrottlingException")));
    assert_eq!(ecr(&client, "us-east-1", "DescribeImages", &body).await.status, 200);
    let seen = world.requests();
    let seen: Vec<_> = seen.iter().map(|asked| (asked.path.as_str(), asked.status)).collect();
    let wanted = [("/#GetCallerIdentity", Some(200)), ("/#DescribeImages", Some(400)), ("/#DescribeImages", Some(200))];
    assert_eq!(seen, wanted);
}
