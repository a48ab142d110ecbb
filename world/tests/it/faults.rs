//! Faults, as a client meets them: on the connection, in TLS, in the answer's body.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use gonogo_world::web::{Page, Site};
use gonogo_world::{Fault, Rule, State, System, World};
use jiff::Timestamp;
use reqwest::{Client, Method};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Answer, ask, client, get, head};

const URL: &str = "https://web.test/status.json";

async fn start() -> (World, Client) {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    let page = Page::json(200, r#"{"ok":true}"#);
    state.web.insert("web.test".to_owned(), Site::at("web.test", &[]).page("/status.json", page));
    let world = World::start(state).await.expect("a world");
    let client = client(&world, &[]);
    (world, client)
}

async fn tried(client: &Client) -> reqwest::Result<Answer> {
    ask(client, Method::GET, URL, &[], "").await
}

fn inject(world: &World, fault: Fault) {
    world.clear_faults().expect("open ports");
    world.inject(Rule::on(System::Web, fault)).expect("a rule");
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.get_ref().is_none()
        {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

#[tokio::test]
async fn a_refusing_port_refuses_and_opens_again_under_its_number() {
    let (world, client) = start().await;
    let socket = world.connect()["web.test"];
    inject(&world, Fault::Refuse);
    let refused = TcpStream::connect(socket).await.expect_err("refused");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    let error = tried(&client).await.expect_err("refused");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused));
    world.clear_faults().expect("open ports");
    assert_eq!(get(&client, URL, &[]).await.status, 200);
    assert_eq!(world.connect()["web.test"], socket);
}

#[tokio::test]
async fn a_counted_refusal_closes_before_a_byte_and_then_ends() {
    let (world, client) = start().await;
    world.inject(Rule::on(System::Web, Fault::Refuse).times(1)).expect("a rule");
    assert!(tried(&client).await.is_err());
    assert_eq!(get(&client, URL, &[]).await.status, 200);
}

#[tokio::test]
async fn a_reset_is_a_reset_before_and_after_the_request() {
    let (world, _) = start().await;
    inject(&world, Fault::Reset);
    let mut stream = TcpStream::connect(world.connect()["web.test"]).await.expect("accepted");
    let mut byte = [0];
    let error = stream.read(&mut byte).await.expect_err("reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    world.clear_faults().expect("open ports");
    world.inject(Rule::on(System::Web, Fault::Reset).path("/status")).expect("a rule");
    let error = tried(&client(&world, &[])).await.expect_err("reset");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionReset));
    assert_eq!(world.requests().last().and_then(|asked| asked.status), None);
}

#[tokio::test]
async fn a_hanging_server_accepts_and_says_nothing() {
    let (world, client) = start().await;
    for rule in [Rule::on(System::Web, Fault::Hang), Rule::on(System::Web, Fault::Hang).path("/status")] {
        world.clear_faults().expect("open ports");
        world.inject(rule).expect("a rule");
        TcpStream::connect(world.connect()["web.test"]).await.expect("accepted");
        let waited = tokio::time::timeout(Duration::from_millis(200), tried(&client)).await;
        assert!(waited.is_err(), "{waited:?}");
    }
}

#[tokio::test]
async fn a_slow_drip_sends_its_head_and_not_its_body() {
    let (world, client) = start().await;
    inject(&world, Fault::SlowDrip);
    let response = client.get(URL).send().await.expect("a head");
    assert_eq!(response.status(), 200);
    let waited = tokio::time::timeout(Duration::from_millis(200), response.bytes()).await;
    assert!(waited.is_err());
}

#[tokio::test]
async fn a_body_breaks_off_or_never_ends() {
    let (world, client) = start().await;
    inject(&world, Fault::TruncatedBody);
    assert!(tried(&client).await.is_err());
    inject(&world, Fault::EndlessBody);
    let mut response = client.get(URL).send().await.expect("a head");
    let mut length = 0;
    while length < 1024 * 1024 {
        length += response.chunk().await.expect("a chunk").expect("another chunk").len();
    }
}

#[tokio::test]
async fn a_body_is_another_page_or_broken_or_nothing() {
    let (world, client) = start().await;
    inject(&world, Fault::WrongType);
    let portal = get(&client, URL, &[]).await;
    assert_eq!((portal.status, portal.header("content-type")), (200, Some("text/html; charset=utf-8")));
    inject(&world, Fault::MalformedJson);
    let broken = get(&client, URL, &[]).await;
    assert_eq!((broken.status, broken.header("content-type")), (200, Some("application/json")));
    assert!(serde_json::from_str::<serde_json::Value>(&broken.body).is_err());
    inject(&world, Fault::Empty);
    let empty = get(&client, URL, &[]).await;
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));
}

#[tokio::test]
async fn a_status_carries_its_wait_and_a_redirect_leads_to_itself() {
    let (world, client) = start().await;
    inject(&world, Fault::Status(503, Some(7)));
    let busy = get(&client, URL, &[]).await;
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("7")));
    inject(&world, Fault::RedirectLoop);
    let moved = get(&client, URL, &[]).await;
    assert_eq!((moved.status, moved.header("location")), (302, Some(URL)));
}

#[tokio::test]
async fn certificates_are_expired_of_another_name_or_of_nobody_known() {
    let (world, _) = start().await;
    for fault in [Fault::ExpiredCertificate, Fault::WrongCertificate, Fault::UntrustedCertificate] {
        inject(&world, fault);
        let error = tried(&client(&world, &[])).await.expect_err("no trust");
        assert!(error.is_connect(), "{fault:?}: {error:?}");
    }
    world.clear_faults().expect("open ports");
    assert_eq!(get(&client(&world, &[]), URL, &[]).await.status, 200);
}

#[tokio::test]
async fn a_rule_names_a_system_an_instance_a_path_and_how_often() {
    let (world, client) = start().await;
    let gone = Fault::Status(500, None);
    world.inject(Rule::on(System::Coder, gone)).expect("a rule");
    world.inject(Rule::on(System::Web, gone).at("other.test")).expect("a rule");
    world.inject(Rule::on(System::Web, gone).path("web.test/other")).expect("a rule");
    world.inject(Rule::on(System::Web, gone).at("web.test").path("web.test/status").times(2)).expect("a rule");
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(get(&client, URL, &[]).await.status);
    }
    assert_eq!(seen, [500, 500, 200]);
}

#[tokio::test]
async fn every_request_is_remembered_with_what_became_of_it() {
    let (world, client) = start().await;
    head(&client, &format!("{URL}?a=1"), &[]).await;
    let requests = world.requests();
    let [only] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!((only.system, only.instance.as_str(), only.method.as_str()), (System::Web, "web.test", "HEAD"));
    assert_eq!((only.path.as_str(), only.status), ("/status.json?a=1", Some(200)));
}

#[tokio::test]
async fn a_certificate_fault_does_not_use_up_or_hide_a_fault_of_the_answer() {
    let (world, _) = start().await;
    inject(&world, Fault::WrongCertificate);
    world.inject(Rule::on(System::Web, Fault::Status(500, None))).expect("a rule");
    let careless = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .resolve("web.test", world.connect()["web.test"])
        .no_proxy()
        .build()
        .expect("a client");
    assert_eq!(get(&careless, URL, &[]).await.status, 500);
}

#[tokio::test]
async fn a_request_that_is_never_answered_is_remembered_all_the_same() {
    let (world, client) = start().await;
    let rule = Rule::on(System::Web, Fault::Hang).path("/status");
    world.inject(rule).expect("a rule");
    let waited = tokio::time::timeout(Duration::from_millis(200), tried(&client)).await;
    assert!(waited.is_err());
    let statuses: Vec<_> = world.requests().iter().map(|asked| asked.status).collect();
    assert_eq!(statuses, [None]);
}

#[tokio::test]
async fn a_world_that_is_dropped_serves_nobody() {
    let (world, _) = start().await;
    let socket = world.connect()["web.test"];
    let mut open = TcpStream::connect(socket).await.expect("accepted");
    drop(world);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        let _ = open.write_all(b"x").await;
        open.read_to_end(&mut rest).await
    });
    assert!(ended.await.is_ok(), "the connection outlived its world");
}

#[tokio::test]
async fn a_wrong_clock_shows_in_the_date() {
    let (world, client) = start().await;
    let date = |answer: &Answer| {
        let date = answer.header("date").expect("a date").to_owned();
        jiff::fmt::rfc2822::parse(&date).expect("a date").timestamp()
    };
    let right = date(&get(&client, URL, &[]).await);
    world.edit(|state| state.date_skew = jiff::SignedDuration::from_mins(10));
    let wrong = date(&get(&client, URL, &[]).await);
    assert!(wrong.duration_since(right) >= jiff::SignedDuration::from_mins(9));
}
