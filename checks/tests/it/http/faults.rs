//! Every fault of the world: never a pass.

use super::stage::Stage;
use gonogo_world::{Fault, Rule, System, web::Page};

const WITH: &str = "{ url: https://web.test/status, timeout: 10s }";
const EXPECT: &str = "{ body: { json: [{ pointer: /status, equals: ok }] } }";

#[tokio::test]
async fn no_fault_of_a_server_is_a_pass() {
    let stage = Stage::web(&["203.0.113.50"], |site| {
        site.page("/status", Page::json(200, r#"{"status":"ok"}"#)).page("/loop", Page::redirect(302, "/loop"))
    })
    .await;
    assert_eq!(stage.check(WITH, EXPECT).await, []);
    for (i, (fault, code)) in [
        (Fault::Refuse, "unreachable"),
        (Fault::Reset, "unreachable"),
        (Fault::Hang, "timed-out"),
        (Fault::SlowDrip, "timed-out"),
        (Fault::TruncatedBody, "unreachable"),
        (Fault::EndlessBody, "too-large"),
        (Fault::WrongType, "wrong-body"),
        (Fault::MalformedJson, "wrong-body"),
        (Fault::Empty, "wrong-body"),
        (Fault::Status(401, None), "wrong-status"),
        (Fault::Status(403, None), "wrong-status"),
        (Fault::Status(404, None), "wrong-status"),
        (Fault::Status(429, Some(60)), "throttled"),
        (Fault::Status(500, None), "wrong-status"),
        (Fault::Status(503, Some(60)), "wrong-status"),
        (Fault::RedirectLoop, "wrong-status"),
    ]
    .into_iter()
    .enumerate()
    {
        stage.world.clear_faults().expect("open ports");
        stage.world.inject(Rule::on(System::Web, fault)).expect("a rule");
        // Another query for each, since one look serves all; short only where nothing will ever come.
        let limit = if code == "timed-out" { "1s" } else { "10s" };
        let with = WITH.replace("/status", &format!("/status?{i}")).replace("10s", limit);
        assert_eq!(stage.codes(&with, EXPECT).await, [code], "{fault:?}");
    }
}

#[tokio::test]
async fn redirects_without_an_end_are_cut_short() {
    let stage = Stage::web(&["203.0.113.50"], |site| site.page("/loop", Page::redirect(302, "/loop"))).await;
    assert_eq!(stage.codes("{ url: https://web.test/loop, redirects: 5 }", "{}").await, ["redirected"]);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unknown() {
    let stage = Stage::web(&["203.0.113.50"], |site| site).await;
    assert_eq!(stage.codes("{ url: https://nobody.test/ }", "{}").await, ["unresolved"]);
    assert_eq!(stage.codes("{ url: http://nobody.test/ }", "{}").await, ["unresolved"]);
}
