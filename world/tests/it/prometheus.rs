//! Prometheus: queries over its series, its rules, and Amazon's managed one.

use gonogo_world::prometheus::{Prometheus, Rule, Series};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::client::{client, get};
use crate::recording::assert_like;

fn measured() -> Prometheus {
    let mut old = Series::new("old", &[("job", "a")], 1.0);
    old.age = SignedDuration::from_mins(6);
    let mut prometheus = Prometheus::default()
        .measures("up", &[("job", "self"), ("instance", "a:1")], 1.0)
        .measures("up", &[("job", "dead"), ("instance", "b:2")], 0.0)
        .measures("share", &[("job", "a")], f64::NAN)
        .rule(Rule::new("Down", "up == 0", 60, &[("severity", "page")]));
    prometheus.series.push(old);
    prometheus
}

async fn world(prometheus: Prometheus) -> World {
    let mut state = State::empty(Timestamp::now());
    state.prometheus.insert("prometheus.test".to_owned(), prometheus);
    World::start(state).await.expect("a world")
}

async fn ask(world: &World, query: &str) -> Value {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    get(&client(world, &[]), &format!("https://prometheus.test/api/v1/query?query={query}"), &[]).await.json()
}

fn values(answer: &Value) -> Vec<&str> {
    let result = answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{answer}"));
    result.iter().map(|one| one["value"][1].as_str().expect("a text")).collect()
}

#[tokio::test]
async fn it_answers_like_the_recorded_one() {
    let world = world(measured()).await;
    let client = client(&world, &[]);
    let up = get(&client, "https://prometheus.test/api/v1/query?query=up", &[]).await;
    assert_like(&up, "prometheus/query-up.http");
    let bad = get(&client, "https://prometheus.test/api/v1/query?query=up%7B", &[]).await;
    assert_like(&bad, "prometheus/query-bad.http");
    assert_like(&get(&client, "https://prometheus.test/api/v1/rules?type=alert", &[]).await, "prometheus/rules.http");
    assert_eq!(get(&client, "https://prometheus.test/api/v2/query", &[]).await.status, 404);
}

#[tokio::test]
async fn selectors_sums_and_comparisons_give_what_prometheus_gives() {
    let world = world(measured()).await;
    for (query, expected) in [
        ("up{job=\"dead\"}", vec!["0"]),
        ("up{job=~\"d.*|x\"} == 0", vec!["0"]),
        ("up > 0", vec!["1"]),
        ("count(up)", vec!["2"]),
        ("sum by (job) (up) + 1", vec!["1", "2"]),
        ("up == bool 1", vec!["1", "0"]),
        ("nothing", vec![]),
        ("absent(nothing)", vec!["1"]),
        ("sum(nothing) or vector(0)", vec!["0"]),
        ("old", vec![]),
        ("share", vec!["NaN"]),
        ("1 - up / up{job=\"self\"}", vec!["0"]),
    ] {
        assert_eq!(values(&ask(&world, query).await), expected, "{query}");
    }
    let scalar = ask(&world, "1 + 2").await;
    assert_eq!(
        (scalar["data"]["resultType"].as_str(), scalar["data"]["result"][1].as_str()),
        (Some("scalar"), Some("3"))
    );
    assert_eq!(ask(&world, "rate(up[5m])").await["errorType"], "execution");
}

#[tokio::test]
async fn the_age_of_a_sample_is_told_by_timestamp_alone() {
    let world = world(measured()).await;
    let answer = ask(&world, "time() - timestamp(up{job=\"self\"})").await;
    let age: f64 = values(&answer)[0].parse().expect("a number");
    assert!((9.0..60.0).contains(&age), "{age}");
}

#[tokio::test]
async fn a_range_has_a_point_for_each_step_since_it_is_measured() {
    let mut young = Series::new("young", &[], 2.0);
    young.since = SignedDuration::from_secs(90);
    let world = world(Prometheus { series: vec![young], ..Prometheus::default() }).await;
    let now = Timestamp::now().as_second();
    let url = format!("https://prometheus.test/api/v1/query_range?query=young&start={}&end={now}&step=60", now - 300);
    let answer = get(&client(&world, &[]), &url, &[]).await.json();
    assert_eq!(answer["data"]["resultType"], "matrix");
    let points = answer["data"]["result"][0]["values"].as_array().expect("points").len();
    assert!((1..=2).contains(&points), "{answer}");
}

#[tokio::test]
async fn amazons_wants_a_signature_and_has_no_targets() {
    let prometheus = Prometheus { workspace: Some(("us-east-2".to_owned(), "ws-1".to_owned())), ..measured() };
    let world = world(prometheus).await;
    let unsigned =
        get(&client(&world, &[]), "https://prometheus.test/workspaces/ws-1/api/v1/query?query=up", &[]).await;
    assert_eq!(
        (unsigned.status, unsigned.header("x-amzn-errortype")),
        (403, Some("MissingAuthenticationTokenException"))
    );
}
