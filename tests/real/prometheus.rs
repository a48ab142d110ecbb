//! `prometheus` against a real one, that measures itself as two regions and a port at which nothing listens.
//!
//! Its first measurements come a second after it starts; `settled` waits for them, by asking until its rules were evaluated.

use crate::{
    network::real,
    run::{Run, run},
};

/// A check over the real server under the name `look`.
fn look(with: &str, expect: &str) -> Run {
    let url = real("PROMETHEUS");
    let connection = format!("connections:\n  prometheus: {{ kind: prometheus, url: \"http://{url}\" }}\n");
    run(&format!(
        "{connection}checks:\n  look:\n    probe: prometheus\n    with: {{ connection: prometheus, {with} }}\n    expect: {{ {expect} }}\n"
    ))
}

/// The same, once everything was measured and evaluated.
fn settled(with: &str, expect: &str) -> Run {
    for _ in 0..20 {
        let ready = look("rules: [OutOfFiles, Down, Joined]", "firing: warn");
        if ready.codes("look").iter().filter(|code| ["rule-unhealthy", "alert-firing"].contains(code)).count() == 2 {
            break;
        }
    }
    look(with, expect)
}

#[test]
fn series_of_two_regions_are_fresh_and_a_third_has_none() {
    let files = "queries: { open files: 'process_open_fds{job=\"self\"}' }, by: region";
    let two = settled(
        &format!("{files}, values: [us-east-2, us-west-2]"),
        "fresh_within: 30s, each: { some: object.value > 0.0 }",
    );
    assert_eq!((two.of("look"), two.code), (("pass", vec![]), 0));
    let three = settled(&format!("{files}, values: [us-east-2, us-west-2, eu-west-2]"), "");
    assert_eq!((three.of("look"), three.code), (("fail", vec!["too-few-series"]), 1));
}

#[test]
fn nothing_and_what_is_made_of_nothing_never_pass() {
    let typo = settled("queries: { depth: queue_dept }", "");
    assert_eq!(typo.of("look"), ("fail", vec!["too-few-series"]));
    let none = settled("queries: { depth: queue_dept }", "none_expected: true");
    assert_eq!(none.of("look"), ("unknown", vec!["empty-proves-nothing"]));
    let made_up = settled(
        "queries: { failed: 'sum(increase(builds_total[5m])) or vector(0)' }",
        "each: { none: object.value == 0.0 }",
    );
    assert_eq!(made_up.of("look"), ("fail", vec!["query-without-input"]));
    let down = settled("queries: { down: up == 0 }", "none_expected: true");
    assert_eq!(down.of("look"), ("fail", vec!["unexpected-series"]));
    let other = settled("queries: { down: 'up{job=\"nobody\"}' }", "none_expected: true");
    assert_eq!(other.of("look"), ("unknown", vec!["empty-proves-nothing"]), "there are other series of the metric");
    let meant = settled("queries: { down: 'up{job=\"nobody\"}' }", "none_expected: true, may_be_empty: [up]");
    assert_eq!(meant.of("look"), ("pass", vec![]));
}

#[test]
fn not_a_number_a_scalar_and_no_query_at_all() {
    let nan = settled("queries: { share: '0 / (0 * up)' }", "");
    assert_eq!(nan.of("look"), ("fail", vec!["too-few-series", "no-value"]));
    let scalar = settled("queries: { one: 1 + 1 }", "");
    assert_eq!(scalar.of("look"), ("unknown", vec!["malformed"]));
}

#[test]
fn a_range_of_a_server_that_has_just_started_has_gaps() {
    let gaps = settled("queries: { up: 'up{job=\"self\"}' }, range: { last: 20m, step: 1s }", "");
    assert_eq!(gaps.of("look"), ("unknown", vec!["series-with-gaps"]));
    let young = settled(
        "queries: { up: 'up{job=\"self\"}' }, range: { last: 20m, step: 1s }",
        "covered: 0%, each: { it is up: 'object.values.all(one, one.value == 1.0)' }",
    );
    assert_eq!(young.of("look"), ("pass", vec![]));
}

#[test]
fn a_rule_as_it_was_agreed_passes_and_another_number_does_not() {
    let fine =
        settled("rules: [OutOfFiles]", "rules: { OutOfFiles: [{ above: 85%, for: 5m, labels: { severity: page } }] }");
    assert_eq!((fine.of("look"), fine.code), (("pass", vec![]), 0));
    let other = settled("rules: [OutOfMemory]", "rules: { OutOfMemory: [{ above: 850000000000 }] }");
    assert_eq!((other.of("look"), other.code), (("fail", vec!["threshold-differs"]), 1));
    let seen = other.findings("look")[0]["seen"].as_str().expect("words");
    assert_eq!(seen, "fires above 950000000000");
}

#[test]
fn a_rule_that_cannot_fire_is_healthy_and_found() {
    let blind = settled("rules: [BuildsFail]", "");
    assert_eq!((blind.of("look"), blind.code), (("fail", vec!["rule-without-input"]), 1));
    let empty = settled("rules: [OtherJobBusy]", "");
    assert_eq!(empty.of("look"), ("unknown", vec!["rule-input-empty"]));
    let allowed = settled("rules: [OtherJobBusy]", "may_be_empty: [process_open_fds]");
    assert_eq!(allowed.of("look"), ("pass", vec![]));
    let missing = settled("rules: [QueueLong]", "");
    assert_eq!(missing.of("look"), ("fail", vec!["rule-missing"]));
}

#[test]
fn a_rule_that_fires_and_one_that_cannot_be_evaluated() {
    let firing = settled("rules: [Down]", "");
    assert_eq!(firing.of("look"), ("fail", vec!["alert-firing"]));
    let joined = settled("rules: [Joined]", "");
    assert_eq!(joined.of("look"), ("fail", vec!["rule-unhealthy"]));
    let seen = joined.findings("look")[0]["seen"].as_str().expect("words");
    assert!(seen.contains("duplicate series"), "{seen}");
}
