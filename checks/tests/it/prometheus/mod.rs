//! `prometheus` against the world: series by site, ranges, rules and what they read, and what cannot be seen.

mod amazon;
mod faults;

use crate::monitoring::{Stage, TOKEN, wrong};
use gonogo_world::prometheus::{Prometheus, Rule, Series};
use jiff::SignedDuration;

const DEPTH: &str = "{ connection: prometheus, queries: { queue depth: depth } }";
const BY: &str = "{ connection: prometheus, by: region, queries: { queue depth: depth } }";
const RULES: &str = "{ connection: prometheus, rules: [QueueLong, BuildsFail] }";

fn measured() -> Prometheus {
    Prometheus { token: Some(TOKEN.to_owned()), ..Prometheus::default() }
        .measures("depth", &[("region", "us-east-2")], 3.0)
        .measures("depth", &[("region", "eu-west-2")], 0.0)
        .measures("builds_total", &[("result", "failure")], 2.0)
        .rule(Rule::new("QueueLong", "max(depth) > 10", 120, &[("severity", "page")]))
        .rule(Rule::new("BuildsFail", "increase(builds_total{result=\"failure\"}[5m]) > 0", 0, &[("severity", "page")]))
}

async fn stage(change: impl FnOnce(&mut Prometheus)) -> Stage {
    let mut prometheus = measured();
    change(&mut prometheus);
    Stage::of("prometheus", |state| {
        state.prometheus.insert("prometheus.test".to_owned(), prometheus);
    })
    .await
}

fn one(code: &'static str, subject: &str) -> Vec<(&'static str, String)> {
    vec![(code, subject.to_owned())]
}

#[tokio::test]
async fn series_at_every_site_that_are_fresh_pass() {
    let stage = stage(|_| {}).await;
    let (evidence, found) = stage.look(BY, "{ each: { it is short: object.value < 5.0 } }").await;
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(evidence["by"]["values"], serde_json::json!(["us-east-2", "eu-west-2"]));
    assert_eq!(evidence["queries"][0]["gave"]["Ok"][0]["labels"]["__name__"], "depth");
    let (_, working) = stage.told(BY).await;
    assert!(
        working[0].starts_with("queue depth: 2 series (region us-east-2 1, eu-west-2 1) of at least 1"),
        "{working:?}"
    );
}

#[tokio::test]
async fn nothing_measured_is_never_a_pass() {
    let stage = Stage::of("prometheus", |state| {
        let empty = Prometheus { token: Some(TOKEN.to_owned()), ..Prometheus::default() };
        state.prometheus.insert("prometheus.test".to_owned(), empty);
    })
    .await;
    assert_eq!(stage.found(DEPTH, "{}").await, one("too-few-series", "queue depth"));
    assert_eq!(stage.found(DEPTH, "{ none_expected: true }").await, one("empty-proves-nothing", "queue depth"));
    assert_eq!(stage.found(DEPTH, "{ at_least: 0 }").await, one("empty-proves-nothing", "queue depth"));
    let rules = stage.found(RULES, "{}").await;
    assert_eq!(rules, [("rule-missing", "QueueLong".to_owned()), ("rule-missing", "BuildsFail".to_owned())]);
    let made_up = "{ connection: prometheus, queries: { failures: sum(failures) or vector(0) } }";
    assert_eq!(
        stage.found(made_up, "{ each: { none: object.value == 0.0 } }").await,
        one("query-without-input", "failures")
    );
}

#[tokio::test]
async fn a_site_without_a_series_and_one_whose_series_is_old_are_found() {
    let gone = stage(|prometheus| prometheus.forget("depth", Some(("region", "eu-west-2")))).await;
    assert_eq!(gone.found(BY, "{}").await, one("too-few-series", "queue depth"));
    let old = stage(|prometheus| prometheus.series[1].age = SignedDuration::from_mins(4)).await;
    assert_eq!(old.found(BY, "{ fresh_within: 2m }").await, one("series-stale", "queue depth"));
    assert_eq!(old.found(BY, "{}").await, []);
    assert_eq!(old.found(DEPTH, "{ fresh_within: 2m }").await, [], "the newest of all is fresh");
}

#[tokio::test]
async fn what_ended_within_the_last_hour_is_told_with_its_age() {
    let stage =
        stage(|prometheus| prometheus.series.iter_mut().for_each(|one| one.age = SignedDuration::from_mins(20))).await;
    let found = stage.found(DEPTH, "{}").await;
    assert_eq!(found, [("series-stale", "queue depth".to_owned()), ("too-few-series", "queue depth".to_owned())]);
    let last = "{ connection: prometheus, queries: { queue depth: 'last_over_time(depth[1h])' } }";
    assert_eq!(stage.found(last, "{ fresh_within: 30m }").await, []);
    let (_, found) = stage.look(last, "{}").await;
    assert_eq!((found.len(), found[0].code), (1, "series-stale"));
    assert!(found[0].seen.contains("20 min old"), "{}", found[0].seen);
    assert_eq!(
        stage.found("{ connection: prometheus, rules: [QueueLong] }", "{}").await,
        one("series-stale", "QueueLong")
    );
}

#[tokio::test]
async fn one_site_that_ended_is_told_with_its_age() {
    let stage = stage(|prometheus| prometheus.series[1].age = SignedDuration::from_mins(20)).await;
    let none = BY.replace("queue depth: depth", "queue depth: depth > 100");
    assert_eq!(stage.found(&none, "{ none_expected: true }").await, one("series-stale", "queue depth"));
    assert_eq!(stage.found(&none, "{ none_expected: true, fresh_within: 30m }").await, []);
}

#[tokio::test]
async fn a_wrong_label_and_a_site_that_sends_nothing_prove_nothing() {
    let stage = stage(|prometheus| prometheus.forget("depth", Some(("region", "eu-west-2")))).await;
    let none = BY.replace("queue depth: depth", "queue depth: depth > 100");
    let (_, found) = stage.look(&none, "{ none_expected: true }").await;
    assert_eq!((found.len(), found[0].code), (1, "empty-proves-nothing"));
    assert!(found[0].seen.contains("eu-west-2"), "{}", found[0].seen);
    let typo = "{ connection: prometheus, queries: { queue depth: 'depth{region=\"typo\"} > 100' } }";
    assert_eq!(stage.found(typo, "{ none_expected: true }").await, one("empty-proves-nothing", "queue depth"));
    assert_eq!(stage.found(typo, "{ none_expected: true, may_be_empty: [depth] }").await, []);
    let made_up = "{ connection: prometheus, queries: { queue depth: 'sum(depth{region=\"typo\"}) or vector(0)' } }";
    assert_eq!(stage.found(made_up, "{}").await, one("query-without-input", "queue depth"));
}

#[tokio::test]
async fn no_number_and_warnings_are_kept() {
    let stage = stage(|prometheus| {
        prometheus.series[1].value = f64::NAN;
        prometheus.warnings.push("store 2 did not answer".to_owned());
    })
    .await;
    let found = stage.found(DEPTH, "{ each: { it is short: object.value < 5.0 } }").await;
    assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["query-warning", "no-value"]);
}

#[tokio::test]
async fn a_range_is_judged_over_all_its_points_and_gaps_prove_nothing() {
    let with = "{ connection: prometheus, queries: { depth: depth }, range: { last: 20m } }";
    let held = "{ each: { it was short: 'object.values.all(one, one.value < 2.0)' } }";
    let whole = stage(|_| {}).await;
    assert_eq!(
        whole.found(with, held).await.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
        ["expectation-not-met"]
    );
    let young = stage(|prometheus| {
        let mut series = Series::new("depth", &[], 1.0);
        series.since = SignedDuration::from_mins(5);
        prometheus.series = vec![series];
    })
    .await;
    assert_eq!(young.found(with, held).await, one("series-with-gaps", "depth"));
    assert_eq!(young.found(with, "{ covered: 10% }").await, []);
}

#[tokio::test]
async fn rules_with_live_inputs_and_the_agreed_numbers_pass() {
    let stage = stage(|_| {}).await;
    let agreed = "{ rules: { QueueLong: [{ above: 10, for: 2m, fires_within: 3m, labels: { severity: page } }], BuildsFail: [{ above: 0 }] } }";
    let (evidence, found) = stage.look(RULES, agreed).await;
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(evidence["rules"]["among"], 2);
    let inputs = evidence["rules"]["inputs"].as_array().expect("inputs");
    let selectors: Vec<_> = inputs.iter().map(|input| input["selector"].as_str().expect("text")).collect();
    assert_eq!(selectors, ["depth", "builds_total{result=\"failure\"}"]);
    let slow = stage.found(RULES, "{ rules: { QueueLong: [{ above: [10], fires_within: 2m }] } }").await;
    assert_eq!(slow, one("rule-for-differs", "QueueLong"));
    let other = "{ rules: { QueueLong: [{ above: 5 }] } }";
    assert_eq!(stage.found(RULES, other).await, one("threshold-differs", "QueueLong"));
}

#[tokio::test]
async fn a_rule_over_nothing_and_one_over_another_label_are_told_apart() {
    let nothing = stage(|prometheus| prometheus.forget("builds_total", None)).await;
    assert_eq!(nothing.found(RULES, "{}").await, one("rule-without-input", "BuildsFail"));
    let other = stage(|prometheus| {
        prometheus.series[2].labels.insert("result".to_owned(), "success".to_owned());
    })
    .await;
    assert_eq!(other.found(RULES, "{}").await, one("rule-input-empty", "BuildsFail"));
    assert_eq!(other.found(RULES, "{ may_be_empty: [builds_total] }").await, []);
    let by = "{ connection: prometheus, rules: [BuildsFail], by: region }";
    assert_eq!(nothing.found(by, "{}").await, one("rule-without-input", "BuildsFail"));
}

#[tokio::test]
async fn what_a_rule_is_and_whether_it_is_evaluated_is_seen() {
    let change = |change: fn(&mut Rule)| stage(move |prometheus| prometheus.rules_mut("QueueLong").for_each(change));
    for (changed, code) in [
        (change(|rule| rule.health = "err".to_owned()).await, "rule-unhealthy"),
        (change(|rule| rule.evaluated = None).await, "rule-not-evaluated"),
        (change(|rule| rule.evaluated = Some(SignedDuration::from_hours(1))).await, "rule-stopped"),
        (change(|rule| rule.state = "firing".to_owned()).await, "alert-firing"),
        (change(|rule| rule.state = "pending".to_owned()).await, "alert-pending"),
        (change(|rule| rule.query = "max(".to_owned()).await, "rule-unreadable"),
    ] {
        assert_eq!(changed.found(RULES, "{}").await, one(code, "QueueLong"));
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (with, words) in [
        ("{ queries: { a: up } }", "no Prometheus is named"),
        ("{ connection: prometheus }", "nothing is asked"),
        ("{ connection: prometheus, queries: { a: up }, rules: [A] }", "a check of their own each"),
        ("{ connection: prometheus, queries: { a: 'up{' } }", "is no PromQL"),
        ("{ connection: prometheus, queries: { a: up }, values: [b] }", "those of a label"),
        ("{ connection: prometheus, queries: { a: up }, by: 'a-b' }", "is no label"),
        ("{ connection: prometheus, rules: [A, A] }", "said twice"),
        ("{ connection: prometheus, rules: [A], range: { last: 5m } }", "`rules` has none"),
        ("{ connection: prometheus, queries: { a: up }, range: { last: 30d } }", "in steps of"),
        ("{ connection: prometheus, amp: { account: a, workspace: ws-1 }, rules: [A] }", "choose one"),
        ("{ connection: alertmanager, rules: [A] }", "is of kind `alertmanager`"),
    ] {
        let problems = wrong("prometheus", with);
        assert!(problems.contains(words), "{with}: {problems}");
    }
}
