//! `http` against nginx with a private authority.

use crate::run::run;

/// A check that asks `url` under the name `look`, with more lines for its `with` and `expect`.
fn look(url: &str, with: &str, expect: &str) -> String {
    format!("checks:\n  look:\n    probe: http\n    with: {{ url: \"{url}\", {with} }}\n    expect: {{ {expect} }}\n")
}

const REACHES_CODER: &str = "status: 400, body: { contains: Could not parse subdomain application URL }";

#[test]
fn a_400_with_coders_words_proves_that_the_wildcard_reached_it() {
    let names = "certificate: { valid_past_event: 7d, names: [\"*.ai.workshop.test\", ai.workshop.test] }";
    let run = run(&look("https://${random.label}.ai.workshop.test/", "", &format!("{REACHES_CODER}, {names}")));
    assert_eq!((run.of("look"), run.code), (("pass", vec![]), 0));
}

#[test]
fn a_page_that_answers_for_everything_proves_nothing() {
    let parked = run(&look("https://${random.label}.workshop.test/", "", REACHES_CODER));
    assert_eq!((parked.of("look"), parked.code), (("fail", vec!["wrong-status"]), 1));
    let gateway = run(&look("https://parked.workshop.test/bad", "", REACHES_CODER));
    assert_eq!((gateway.of("look"), gateway.code), (("fail", vec!["wrong-body"]), 1));
}

#[test]
fn a_health_page_answers_with_its_word() {
    let ok = run(&look("https://ai.workshop.test/healthz", "", "body: { equals: OK }"));
    assert_eq!((ok.of("look"), ok.code), (("pass", vec![]), 0));
    let other = run(&look("https://parked.workshop.test/healthz", "", "body: { equals: OK }"));
    assert_eq!((other.of("look"), other.code), (("fail", vec!["wrong-body"]), 1));
}

#[test]
fn a_certificate_that_outlives_the_event_but_not_its_margin_ends_early() {
    let enough = run(&look("https://soon.workshop.test/", "", ""));
    assert_eq!((enough.of("look"), enough.code), (("pass", vec![]), 0));
    let margin = run(&look("https://soon.workshop.test/", "", "certificate: { valid_past_event: 7d }"));
    assert_eq!((margin.of("look"), margin.code), (("fail", vec!["certificate-ends-early"]), 1));
}

#[test]
fn a_certificate_for_another_name_or_of_a_stranger_is_told_apart() {
    let misnamed = run(&look("https://misnamed.workshop.test/", "", ""));
    assert_eq!((misnamed.of("look"), misnamed.code), (("fail", vec!["certificate-wrong-name"]), 1));
    let untrusted = run(&look("https://untrusted.workshop.test/", "", ""));
    assert_eq!((untrusted.of("look"), untrusted.code), (("fail", vec!["certificate-untrusted"]), 1));
}

#[test]
fn a_wildcard_certificate_covers_one_label_only() {
    let run = run(&look("https://a.b.ai.workshop.test/", "", REACHES_CODER));
    assert_eq!((run.of("look"), run.code), (("fail", vec!["certificate-wrong-name"]), 1));
}

#[test]
fn a_redirect_is_the_answer_unless_it_may_be_followed() {
    let answer = run(&look("https://moved.workshop.test/", "", ""));
    assert_eq!((answer.of("look"), answer.code), (("fail", vec!["wrong-status"]), 1));
    let followed = run(&look(
        "https://moved.workshop.test/",
        "redirects: 1",
        "body: { equals: OK }, redirects_to: https://ai.workshop.test/healthz",
    ));
    assert_eq!((followed.of("look"), followed.code), (("pass", vec![]), 0));
}

#[test]
fn a_redirect_in_a_circle_ends_and_is_no_pass() {
    let run = run(&look("https://moved.workshop.test/round", "redirects: 5", ""));
    assert_ne!(run.outcome("look"), "pass");
    assert!(matches!(run.code, 1 | 3), "{}", run.code);
}

#[test]
fn a_server_that_stays_closed_is_asked_again_and_then_fails() {
    let run = run(&look("https://closed.workshop.test/", "", ""));
    assert_eq!((run.of("look"), run.code), (("fail", vec!["wrong-status"]), 1));
    assert!(run.item("look")["attempts"].as_u64() > Some(1), "{:#}", run.item("look"));
}

#[test]
fn one_bad_replica_of_two_shows_over_fresh_connections() {
    let run = run(&look("https://flaky.workshop.test/", "samples: 10", "ok: 10"));
    assert_eq!((run.of("look"), run.code), (("fail", vec!["too-few-good"]), 1));
}

#[test]
fn plain_http_has_no_certificate_to_show() {
    let plain = run(&look("http://slow.test/", "", "body: { equals: OK }"));
    assert_eq!((plain.of("look"), plain.code), (("pass", vec![]), 0));
    let wanted = run(&look("http://slow.test/", "", "certificate: { valid_past_event: 7d }"));
    assert_eq!((wanted.of("look"), wanted.code), (("fail", vec!["no-certificate"]), 1));
}

#[test]
fn a_slow_answer_is_slow() {
    let run = run(&look("http://slow.test/", "", "latency_below: 50ms"));
    assert_eq!((run.of("look"), run.code), (("fail", vec!["too-slow"]), 1));
}

#[test]
fn a_name_that_does_not_resolve_is_unknown() {
    let run = run(&look("https://nowhere.cloud.test/", "", ""));
    assert_eq!((run.of("look"), run.code), (("unknown", vec!["unresolved"]), 3));
}
