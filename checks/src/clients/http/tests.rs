//! The client against servers that say what a test wants.

use super::{
    Ask, Via,
    stub::{Came, Stub, answer},
};
use crate::{
    clients::{Network, Reach, network::NetworkSettings},
    contract::{Context, Vault, Why},
};
use http::Method;
use secrecy::SecretString;
use std::{path::Path, sync::Arc, time::Duration};
use url::Url;

/// A context in which names and addresses lead to stubs.
fn context(leads: &[(&str, &Stub)]) -> Context {
    let connect = leads.iter().map(|(from, stub)| ((*from).to_owned(), stub.socket)).collect();
    let settings = NetworkSettings { connect, ..NetworkSettings::default() };
    let network = Network::new(&settings, Path::new(".")).expect("settings");
    let reach = Reach::new(Arc::new(network), Vault::default(), 16, ".".into());
    Context::new(Arc::new(reach), "item", 1)
}

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}

fn to(text: &str) -> Ask {
    Ask::to(url(text)).via(&Via { proxy: Some("none".to_owned()), ..Via::default() })
}

fn secret() -> SecretString {
    SecretString::from("s3cret")
}

async fn fine() -> Stub {
    Stub::new(|_, _| answer(200, "", "fine")).await
}

#[tokio::test]
async fn names_and_addresses_lead_elsewhere_with_or_without_a_port_and_keep_their_host() {
    let (stub, other) = (fine().await, fine().await);
    let cx = context(&[
        ("a.test", &stub),
        ("b.test:8080", &stub),
        ("c.test:80", &stub),
        ("c.test:443", &other),
        ("203.0.113.7", &stub),
        ("203.0.113.8:8080", &stub),
        ("2001:db8::1", &stub),
    ]);
    for (asked, host) in [
        ("http://a.test/", "a.test"),
        ("http://a.test:8443/", "a.test:8443"),
        ("http://b.test:8080/", "b.test:8080"),
        ("http://c.test/", "c.test"),
        ("http://203.0.113.7/", "203.0.113.7"),
        ("http://203.0.113.8:8080/", "203.0.113.8:8080"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
    ] {
        let seen = cx.ask(to(asked)).await.expect(asked);
        assert_eq!((seen.status, &seen.url), (200, &url(asked)));
        assert_eq!(stub.came().last().and_then(|came| came.header("host")).as_deref(), Some(host), "{asked}");
    }
    assert!(other.came().is_empty());
    assert_eq!(stub.came().len(), 7);
}

#[tokio::test]
async fn who_answered_is_said_by_the_address_that_leads_there() {
    let stub = fine().await;
    let cx = context(&[("203.0.113.7", &stub)]);
    let seen = cx.ask(to("http://203.0.113.7/")).await.expect("an answer");
    assert_eq!(seen.peer.map(|peer| peer.to_string()).as_deref(), Some("203.0.113.7"));
}

#[tokio::test]
async fn equal_requests_are_made_once_and_another_credential_makes_another() {
    let stub = fine().await;
    let cx = context(&[("a.test", &stub)]);
    let ask = || to("http://a.test/");
    let (first, second) = tokio::join!(cx.ask(ask()), cx.ask(ask()));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(stub.came().len(), 1);
    cx.ask(ask().bearer(&secret())).await.expect("an answer");
    cx.ask(ask().bearer(&SecretString::from("other"))).await.expect("an answer");
    cx.ask(Ask::new(Method::HEAD, url("http://a.test/")).via(&ask().via)).await.expect("an answer");
    assert_eq!(stub.came().len(), 4);
}

#[tokio::test]
async fn what_is_asked_alone_has_a_connection_of_its_own_and_all_else_shares_one() {
    let stub = fine().await;
    let cx = context(&[("a.test", &stub)]);
    for path in ["x", "y", "z"] {
        cx.ask(to(&format!("http://a.test/{path}"))).await.expect("an answer");
    }
    assert_eq!(stub.came().iter().map(|came| came.connection).max(), Some(0));
    for _ in 0..3 {
        cx.ask(to("http://a.test/x").single()).await.expect("an answer");
    }
    let connections: Vec<usize> = stub.came().iter().map(|came| came.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1, 2, 3]);
}

#[tokio::test]
async fn a_redirect_is_the_answer_unless_it_is_to_be_followed_and_never_too_often() {
    let stub = Stub::new(|came, _| match came.line().as_str() {
        "GET /end" => answer(200, "", "end"),
        "GET /loop" => answer(302, "Location: /loop\r\n", ""),
        _ => answer(302, "Location: http://me:pw@a.test/end\r\n", ""),
    })
    .await;
    let cx = context(&[("a.test", &stub)]);
    assert_eq!(cx.ask(to("http://a.test/")).await.expect("an answer").status, 302);
    let seen = cx.ask(to("http://a.test/").redirects(1)).await.expect("an answer");
    assert_eq!(
        (seen.status, &seen.url, &seen.hops[..]),
        (200, &url("http://a.test/end"), &[url("http://a.test/")][..])
    );
    assert!(stub.came().iter().all(|came| came.header("authorization").is_none()), "a server chose our credentials");
    let before = stub.came().len();
    let missing = cx.ask(to("http://a.test/loop").redirects(3)).await.expect_err("a loop");
    assert_eq!((missing.why, stub.came().len() - before), (Why::Redirected, 4));
}

#[tokio::test]
async fn a_credential_never_goes_to_another_host_port_or_scheme() {
    let away = fine().await;
    for (from, target) in [
        ("http://a.test/", "http://b.test/x"),
        ("http://a.test/", "http://a.test:81/x"),
        ("http://a.test/", "//b.test/x"),
        ("http://a.test/", "http://a.test.b.test/x"),
    ] {
        let home = Stub::new(move |_, _| answer(307, &format!("Location: {target}\r\n"), "")).await;
        let cx = context(&[("a.test:80", &home), ("a.test:81", &away), ("b.test", &away), ("*.b.test", &away)]);
        let ask = to(from).redirects(1).bearer(&secret()).header("accept", "text/plain");
        cx.ask(ask).await.expect(target);
        assert_eq!(home.came()[0].header("authorization").as_deref(), Some("Bearer s3cret"));
        let came = away.came().last().cloned().expect("a request");
        assert!(!came.text.contains("s3cret"), "{target}: {}", came.text);
        assert_eq!(came.header("accept").as_deref(), Some("text/plain"));
    }
    assert_eq!(away.came().len(), 4);
}

#[tokio::test]
async fn a_body_never_goes_to_another_host_and_a_303_asks_without_it() {
    let away = fine().await;
    let home = Stub::new(|came, _| match came.line().as_str() {
        "POST /token" => answer(307, "Location: http://b.test/token\r\n", ""),
        "POST /done" => answer(303, "Location: /end\r\n", ""),
        _ => answer(200, "", "end"),
    })
    .await;
    let cx = context(&[("a.test", &home), ("b.test", &away)]);
    let post = |path: &str| {
        let ask = Ask::new(Method::POST, url(&format!("http://a.test/{path}"))).redirects(2).body("password=x");
        ask.via(&to("http://a.test/").via)
    };
    assert_eq!(cx.ask(post("token")).await.expect_err("refused").why, Why::Redirected);
    assert!(away.came().is_empty());
    assert_eq!(cx.ask(post("done")).await.expect("an answer").status, 200);
    let lines: Vec<String> = home.came().iter().map(Came::line).collect();
    assert_eq!(lines, ["POST /token", "POST /done", "GET /end"]);
    assert!(!home.came()[2].text.contains("password"));
}

#[tokio::test]
async fn a_body_beyond_its_bound_is_too_large_and_one_that_breaks_off_is_no_answer() {
    let stub = Stub::new(|came, _| match came.line().as_str() {
        "GET /long" => answer(200, "", &"x".repeat(101)),
        "GET /just" => answer(200, "", &"x".repeat(100)),
        // More than comes before the connection would be closed: the client stops first.
        "GET /endless" => format!("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n{}\r\n", "x".repeat(128)),
        _ => "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n".to_owned(),
    })
    .await;
    let cx = context(&[("a.test", &stub)]);
    let ask = |path: &str| cx.ask(to(&format!("http://a.test/{path}")).at_most(100).single());
    assert_eq!(ask("just").await.expect("an answer").body.len(), 100);
    assert_eq!(ask("long").await.expect_err("too long").why, Why::TooLarge);
    assert_eq!(ask("endless").await.expect_err("too long").why, Why::TooLarge);
    assert_eq!(ask("broken").await.expect_err("no body").why, Why::Unreachable);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_a_client_of_an_api_hears_a_refusal() {
    let stub = Stub::new(|_, number| match number {
        0 => answer(503, "Retry-After: 0\r\n", "wait"),
        1 => answer(200, "", "fine"),
        _ => answer(429, "Retry-After: 3600\r\n", "enough"),
    })
    .await;
    let cx = context(&[("a.test", &stub)]);
    assert_eq!(cx.ask(to("http://a.test/")).await.expect("an answer").status, 200);
    assert_eq!(cx.trace().attempts(), 2);
    // An hour is more than anybody waits: no further attempt.
    let missing = cx.ask(to("http://a.test/b")).await.expect_err("refused");
    assert_eq!((missing.why, missing.retry_after), (Why::Throttled, Some(Duration::from_hours(1))));
    assert_eq!(cx.ask(to("http://a.test/c").last_status()).await.expect("an answer").status, 429);
    assert_eq!(cx.ask(to("http://a.test/d").any_status()).await.expect("an answer").status, 429);
    assert_eq!(cx.ask(to("http://a.test/e").single()).await.expect("an answer").status, 429);
    assert_eq!(stub.came().len(), 6);
}

#[tokio::test]
async fn retry_after_may_be_a_date_by_the_servers_own_clock() {
    let stub = Stub::new(|came, _| match came.line().as_str() {
        "GET /date" => {
            answer(503, "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nRetry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n", "")
        }
        "GET /past" => answer(503, "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n", ""),
        _ => answer(503, "Retry-After: soon\r\n", ""),
    })
    .await;
    let cx = context(&[("a.test", &stub)]);
    for (path, wait) in [("date", Some(60)), ("past", Some(0)), ("words", None)] {
        let seen = cx.ask(to(&format!("http://a.test/{path}")).any_status()).await.expect("an answer");
        assert_eq!(seen.retry_after(), wait.map(Duration::from_secs), "{path}");
    }
}

#[tokio::test]
async fn a_credential_that_no_header_may_hold_is_never_left_out() {
    let stub = fine().await;
    let cx = context(&[("a.test", &stub)]);
    for ask in
        [to("http://a.test/").bearer(&SecretString::from("s3cret\n")), to("http://a.test/").header("x-probe", "a\r\nb")]
    {
        let missing = cx.ask(ask).await.expect_err("unfit");
        assert_eq!(missing.why, Why::Unconfigured);
        assert!(!missing.to_string().contains("s3cret"), "{missing}");
    }
    assert!(stub.came().is_empty());
}

#[tokio::test]
async fn a_cached_answer_tells_no_time() {
    let old = "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n";
    let stub = Stub::new(move |came, _| match came.line().as_str() {
        "GET /cached" => answer(200, &format!("{old}Age: 86400\r\n"), ""),
        _ => answer(200, old, ""),
    })
    .await;
    let cx = context(&[("a.test", &stub)]);
    cx.ask(to("http://a.test/cached")).await.expect("an answer");
    assert_eq!(cx.reach().clocks.skew(), None);
    cx.ask(to("http://a.test/fresh")).await.expect("an answer");
    assert!(cx.reach().clocks.skew().is_some());
}

#[tokio::test]
async fn a_proxy_that_is_named_is_asked_with_the_whole_url_and_names_that_lead_elsewhere_do_not_count() {
    let (proxy, home) = (fine().await, fine().await);
    let cx = context(&[("a.test", &home)]);
    let via = Via { proxy: Some(format!("http://{}", proxy.socket)), ..Via::default() };
    cx.ask(Ask::to(url("http://a.test:8080/x")).via(&via)).await.expect("an answer");
    assert!(home.came().is_empty());
    assert_eq!(proxy.came()[0].line(), "GET http://a.test:8080/x");
}

#[tokio::test]
async fn nothing_that_listens_is_unreachable_and_a_secret_is_not_in_the_remedy() {
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    };
    let cx = context(&[]);
    let ask = to(&format!("http://{gone}/")).bearer(&secret());
    let missing = cx.ask(ask.single()).await.expect_err("nothing there");
    assert_eq!(missing.why, Why::Unreachable);
    assert!(missing.detail.contains("refused"), "{}", missing.detail);
    assert!(!format!("{missing:?}").contains("s3cret"));
}
