//! Several samples, redirects and settings.

use super::stage::{Stage, ip, refused};
use gonogo_world::{Fault, Rule, System, web::Page};

const ONE: &str = "203.0.113.50";
const TWO: &str = "203.0.113.51";

#[tokio::test]
async fn a_sick_replica_is_met_by_samples_over_fresh_connections() {
    let stage = Stage::web(&[ONE, TWO], |mut site| {
        site.pages_at.insert(ip(TWO), [("/".to_owned(), Page::text(502, "sick"))].into());
        site
    })
    .await;
    let findings = stage.check("{ url: https://web.test/, samples: 6 }", "{}").await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(only.code, "too-few-good");
    assert!(only.seen.starts_with("3 of 6 good; the first that was not"), "{}", only.seen);
    assert!(only.seen.contains("502: `sick` from 203.0.113.51"), "{}", only.seen);
    assert_eq!(stage.check("{ url: https://web.test/, samples: 6 }", "{ ok: 3 }").await, []);
}

#[tokio::test]
async fn one_bad_answer_is_asked_again_and_the_last_counts() {
    let stage = Stage::web(&[ONE], |site| site).await;
    stage.world.inject(Rule::on(System::Web, Fault::Status(503, None)).times(1)).expect("a rule");
    assert_eq!(stage.check("{ url: https://web.test/ }", "{}").await, []);
    assert_eq!(stage.cx.trace().attempts(), 2);
    stage.world.inject(Rule::on(System::Web, Fault::Status(503, None))).expect("a rule");
    assert_eq!(stage.codes("{ url: https://web.test/b }", "{}").await, ["wrong-status"]);
    assert_eq!(stage.check("{ url: https://web.test/c }", "{ status: 503 }").await, []);
}

#[tokio::test]
async fn a_server_that_asks_to_be_left_alone_for_long_is_not_waited_for() {
    let stage = Stage::web(&[ONE], |site| site).await;
    stage.world.inject(Rule::on(System::Web, Fault::Status(503, Some(3600)))).expect("a rule");
    assert_eq!(stage.codes("{ url: https://web.test/ }", "{}").await, ["wrong-status"]);
    assert_eq!(stage.cx.trace().attempts(), 1);
}

#[tokio::test]
async fn redirects_are_answers_until_they_are_followed() {
    let stage = Stage::web(&[ONE], |site| {
        site.page("/old", Page::redirect(301, "/new?code=secret"))
            .page("/away", Page::redirect(302, "https://login.test/"))
            .page("/plain", Page::redirect(302, "http://web.test/new"))
    })
    .await;
    assert_eq!(stage.codes("{ url: https://web.test/old }", "{}").await, ["wrong-status"]);
    let expect = "{ status: 301, redirects_to: https://web.test/new }";
    assert_eq!(stage.check("{ url: https://web.test/old }", expect).await, []);
    assert_eq!(stage.check("{ url: https://web.test/old, redirects: 1 }", "{}").await, []);
    assert_eq!(stage.codes("{ url: https://web.test/away, redirects: 1 }", "{}").await, ["unresolved"]);
    let findings = stage.check("{ url: https://web.test/away }", "{}").await;
    assert_eq!(findings[0].seen, "302, which leads to https://login.test/ (another host)");
}

#[test]
fn settings_that_would_change_the_world_or_show_a_secret_are_refused() {
    for (with, words) in [
        ("{ url: https://web.test/, method: POST }", "may change the world"),
        ("{ url: https://me:pw@web.test/ }", "no user or password"),
        ("{ url: ftp://web.test/ }", "no http or https URL"),
        ("{ url: /healthz }", "no URL"),
        ("{}", "nothing to ask"),
        ("{ url: https://web.test/, headers: { Authorization: Bearer x } }", "holds no secrets"),
        ("{ url: https://web.test/, headers: { Host: other.test } }", "how a request is sent"),
        ("{ url: https://web.test/, headers: { x y: z } }", "not the name of a header"),
        ("{ url: https://web.test/, samples: 0 }", "not from 1 to 100"),
        ("{ url: https://web.test/, redirects: 11 }", "not from 0 to 10"),
        ("{ url: https://web.test/, timeout: 0s }", "not from 1ms to 60s"),
        ("{ url: https://web.test/, connection: portal }", "no connection is called `portal`"),
    ] {
        let said = refused(with);
        assert!(said.contains(words), "{with}: {said}");
    }
}
