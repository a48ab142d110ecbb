//! Service Quotas, `CloudWatch` and Secrets Manager: what a region holds, and who may ask.

use gonogo_world::aws::{Increase, Secret, Services};
use gonogo_world::ecr::{Aws, Identity, Region};
use gonogo_world::{Fault, Rule, State, System, World};
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::{Value, json};

use crate::client::{Answer, client, post};
use crate::recording::recorded;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const ACCOUNT: &str = "123456789012";
const ON_DEMAND: &str = "L-1216C47A";

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a time")
}

fn state() -> State {
    let identity = Identity {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/checker"),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    let changed = now() - SignedDuration::from_hours(3);
    let services = Services::default().vcpu((256.0, 96.0), (128.0, 0.0));
    let services = services.secret("gateway/key", Secret::text("sk-12345", changed));
    let mut state = State::empty(now());
    state.aws = Aws {
        account: ACCOUNT.to_owned(),
        identities: [(KEY.to_owned(), identity)].into(),
        regions: [("eu-west-1".to_owned(), Region { services, ..Region::default() })].into(),
        ..Aws::default()
    };
    state
}

async fn ask(client: &Client, service: &str, target: &str, version: &str, body: &Value) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={KEY}/20261122/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=00"
    );
    let kind = format!("application/x-amz-json-{version}");
    let headers =
        [("authorization", authorization.as_str()), ("x-amz-target", target), ("content-type", kind.as_str())];
    post(client, &format!("https://{service}.eu-west-1.amazonaws.com/"), &headers, &body.to_string()).await
}

async fn quotas(client: &Client, operation: &str, body: &Value) -> Answer {
    ask(client, "servicequotas", &format!("ServiceQuotasV20190624.{operation}"), "1.1", body).await
}

fn code(answer: &Answer) -> Option<String> {
    answer.json()["__type"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_quota_is_told_as_the_recorded_service_tells_it() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let asked = json!({ "ServiceCode": "ec2", "QuotaCode": ON_DEMAND });
    let ours = quotas(&client, "GetServiceQuota", &asked).await;
    let theirs = recorded("moto-servicequotas/get-vpc-L-F678F1CE.http");
    assert_eq!(ours.status, theirs.status);
    let ours = ours.json()["Quota"].clone();
    for (key, value) in theirs.json()["Quota"].as_object().expect("a quota") {
        assert_eq!(
            std::mem::discriminant(&ours[key]),
            std::mem::discriminant(value),
            "{key}: {} and {value}",
            ours[key]
        );
    }
    assert_eq!((&ours["Value"], &ours["UsageMetric"]["MetricNamespace"]), (&json!(256.0), &json!("AWS/Usage")));
}

#[tokio::test]
async fn a_service_without_quotas_is_refused_as_recorded_and_a_quota_without_a_value_has_a_default() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let theirs = recorded("moto-servicequotas/get-ec2-L-1216C47A-unavailable.http");
    let none = quotas(&client, "GetServiceQuota", &json!({ "ServiceCode": "gamelift", "QuotaCode": "L-1" })).await;
    assert_eq!((none.status, none.json()), (theirs.status, theirs.json()));
    assert_eq!(none.header("x-amzn-errortype"), theirs.header("x-amzn-errortype"));
    world.edit(|state| {
        let region = state.aws.regions.get_mut("eu-west-1").expect("a region");
        region.services.quota_mut("ec2", ON_DEMAND).expect("a quota").applied = None;
    });
    let asked = json!({ "ServiceCode": "ec2", "QuotaCode": ON_DEMAND });
    let applied = quotas(&client, "GetServiceQuota", &asked).await;
    assert_eq!((applied.status, code(&applied).as_deref()), (400, Some("NoSuchResourceException")));
    let default = quotas(&client, "GetAWSDefaultServiceQuota", &asked).await;
    assert_eq!(default.json()["Quota"]["Value"], 5.0);
}

#[tokio::test]
async fn requests_for_more_come_in_pages() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let increase = Increase { status: "PENDING".to_owned(), desired: 512.0, created: now() };
    world.edit(|state| {
        let region = state.aws.regions.get_mut("eu-west-1").expect("a region");
        region.services.quota_mut("ec2", ON_DEMAND).expect("a quota").increases = vec![increase; 120];
    });
    let (mut seen, mut token) = (0, Value::Null);
    loop {
        let mut asked = json!({ "ServiceCode": "ec2", "QuotaCode": ON_DEMAND });
        if !token.is_null() {
            asked["NextToken"] = token;
        }
        let page = quotas(&client, "ListRequestedServiceQuotaChangeHistoryByQuota", &asked).await.json();
        seen += page["RequestedQuotas"].as_array().expect("a list").len();
        assert_eq!(page["RequestedQuotas"][0]["Created"], now().as_second());
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, 120);
}

async fn metric(client: &Client, class: &str) -> Value {
    let end = now().as_second() + 60;
    let dimensions = [("Class", class), ("Resource", "vCPU"), ("Service", "EC2"), ("Type", "Resource")];
    let dimensions: Vec<Value> =
        dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let metric = json!({ "Namespace": "AWS/Usage", "MetricName": "ResourceCount", "Dimensions": dimensions });
    let query = json!({ "Id": "use", "MetricStat": { "Metric": metric, "Period": 300, "Stat": "Maximum" } });
    let body = json!({
        "StartTime": end - 3600, "EndTime": end, "ScanBy": "TimestampDescending", "MetricDataQueries": [query],
    });
    let answer = ask(client, "monitoring", "GraniteServiceVersion20100801.GetMetricData", "1.0", &body).await;
    assert_eq!(answer.header("content-type"), Some("application/x-amz-json-1.0"));
    answer.json()["MetricDataResults"][0].clone()
}

#[tokio::test]
async fn a_metric_has_a_value_every_five_minutes_until_it_ends_and_none_of_another_class() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let series = metric(&client, "Standard/OnDemand").await;
    assert_eq!((&series["StatusCode"], &series["Values"][0]), (&json!("Complete"), &json!(96.0)));
    let times: Vec<i64> = series["Timestamps"].as_array().expect("times").iter().filter_map(Value::as_i64).collect();
    assert_eq!((times.len(), times[0] - times[1]), (11, 300));
    assert_eq!(now().as_second() - times[0], 300);
    assert_eq!(metric(&client, "G/OnDemand").await["Values"], json!([]));
    world.edit(|state| {
        let region = state.aws.regions.get_mut("eu-west-1").expect("a region");
        region.services.metrics[0].last = Some(now() - SignedDuration::from_mins(40));
    });
    let ended = metric(&client, "Standard/OnDemand").await;
    assert_eq!(now().as_second() - ended["Timestamps"][0].as_i64().expect("a time"), 2400);
}

#[tokio::test]
async fn a_secret_is_told_by_its_name_or_its_arn_and_its_end_is_said() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let get = async |id: &str| {
        ask(&client, "secretsmanager", "secretsmanager.GetSecretValue", "1.1", &json!({ "SecretId": id })).await
    };
    let found = get("gateway/key").await.json();
    assert_eq!((&found["SecretString"], &found["VersionStages"]), (&json!("sk-12345"), &json!(["AWSCURRENT"])));
    assert_eq!(found["CreatedDate"], now().as_second() - 3 * 3600);
    let arn = found["ARN"].as_str().expect("an ARN");
    assert_eq!(get(arn).await.json()["Name"], "gateway/key");
    assert_eq!(code(&get("gateway/other").await).as_deref(), Some("ResourceNotFoundException"));
    world.edit(|state| {
        let region = state.aws.regions.get_mut("eu-west-1").expect("a region");
        region.services.secrets.get_mut("gateway/key").expect("it").is_leaving = true;
    });
    assert_eq!(code(&get("gateway/key").await).as_deref(), Some("InvalidRequestException"));
}

#[tokio::test]
async fn who_may_not_is_refused_and_an_operation_can_be_the_aim_of_a_fault() {
    let world = World::start(state()).await.expect("a world");
    let client = client(&world, &[]);
    let asked = json!({ "ServiceCode": "ec2", "QuotaCode": ON_DEMAND });
    world.inject(Rule::on(System::Aws, Fault::Status(429, None)).path("#GetServiceQuota").times(1)).expect("a rule");
    let throttled = quotas(&client, "GetServiceQuota", &asked).await;
    assert_eq!((throttled.status, code(&throttled).as_deref()), (400, Some("TooManyRequestsException")));
    world.edit(|state| {
        let identity = state.aws.identities.get_mut(KEY).expect("it");
        identity.denied = vec!["servicequotas:GetServiceQuota".to_owned(), "cloudwatch:GetMetricData".to_owned()];
    });
    let denied = quotas(&client, "GetServiceQuota", &asked).await;
    assert_eq!(code(&denied).as_deref(), Some("AccessDeniedException"));
    let wrong = ask(&client, "servicequotas", "SomethingElse.GetServiceQuota", "1.1", &asked).await;
    assert_eq!(code(&wrong).as_deref(), Some("UnknownOperationException"));
    let metrics = ask(&client, "monitoring", "GraniteServiceVersion20100801.GetMetricData", "1.0", &json!({})).await;
    assert_eq!(code(&metrics).as_deref(), Some("AccessDeniedException"));
}
