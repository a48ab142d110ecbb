//! From this machine: names, ports, TLS and answers of the world's registries and pages.

use super::{Stage, item, refused};
use gonogo_world::{
    Fault, Rule, State, System,
    ca::Leaf,
    dns::{Conduct, Server, Zone},
    registry::{Auth, Registry, Tokens},
    web::{Page, Site},
};
use jiff::Timestamp;
use std::net::IpAddr;

const REGISTRY: &str = "{ url: https://registry.test/v2/, timeout: 2s }";
const EXPECT: &str = "{ status: [200, 401], headers: { docker-distribution-api-version: { contains: registry/2.0 } } }";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A registry that wants a token, a page at two addresses, one at none, and a name without an address.
fn state(change: impl FnOnce(&mut Site)) -> State {
    let mut state = State::empty(Timestamp::now());
    let zone = Zone::new("test")
        .name_server("ns.test")
        .address("ns.test", "192.0.2.1")
        .address("registry.test", "203.0.113.70")
        .address("page.test", "203.0.113.71")
        .address("page.test", "203.0.113.72")
        .address("gone.test", "203.0.113.99")
        .address("self.test", "127.0.0.1")
        .text("mail.test", "no address here");
    state.dns = state.dns.zone(zone).server(Server::new("ns.test", "192.0.2.1"));
    let mut registry = Registry::open();
    registry.addresses = vec![ip("203.0.113.70")];
    registry.is_in_dns = true;
    registry.auth = Auth::Token(Tokens::at("https://registry.test/token", "registry.test"));
    state.registries.insert("registry.test".to_owned(), registry);
    let mut site = Site::at("page.test", &[ip("203.0.113.71"), ip("203.0.113.72")]);
    change(&mut site);
    state.web.insert("page.test".to_owned(), site);
    state.web.insert("led.test".to_owned(), Site::at("led.test", &[]));
    state
}

async fn stage() -> Stage {
    Stage::of(state(|_| {})).await
}

#[tokio::test]
async fn a_registry_that_asks_for_a_token_is_a_chain_that_holds() {
    let stage = stage().await;
    let (evidence, findings) = stage.look(REGISTRY, EXPECT).await;
    assert_eq!(findings, []);
    assert_eq!(evidence["tries"].as_array().map(Vec::len), Some(3));
    assert_eq!(evidence["tries"][2]["doors"][0]["answer"]["Ok"]["status"], 401);
    let count = |system: System, what: &str| {
        let requests = stage.world().requests();
        requests.iter().filter(|asked| asked.system == system && asked.host == what).count()
    };
    // Each try asks anew: for both families, and for the registry.
    assert_eq!((count(System::Registry, "registry.test"), count(System::Dns, "registry.test")), (3, 6));
}

#[tokio::test]
async fn every_address_of_a_name_is_asked_by_itself() {
    let stage = Stage::of(state(|site| {
        let broken = [("/".to_owned(), Page::text(500, "oops"))].into();
        site.pages_at.insert(ip("203.0.113.72"), broken);
    }))
    .await;
    for _ in 0..3 {
        let (_, findings) = stage.look("{ url: https://page.test/, tries: 1 }", "{}").await;
        let [only] = &findings[..] else { panic!("{findings:#?}") };
        assert_eq!(only.code, "wrong-answer");
        assert!(only.seen.starts_with("203.0.113.72:443: status 500"), "{}", only.seen);
    }
}

#[tokio::test]
async fn a_certificate_of_another_name_at_one_address_is_found() {
    let stage = Stage::of(state(|site| {
        site.addresses.insert(ip("203.0.113.72"), Some(Leaf::for_names(["other.test"])));
    }))
    .await;
    let (_, findings) = stage.look("{ url: https://page.test/ }", "{}").await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(only.code, "tls-broken");
    assert!(only.seen.contains("203.0.113.72:443: its certificate is for other.test"), "{}", only.seen);
    assert!(only.seen.contains("broken in 3 of 3 tries"), "{}", only.seen);
}

#[tokio::test]
async fn names_that_lead_nowhere_are_told_from_resolvers_that_fail() {
    let stage = stage().await;
    for (host, words) in [("nobody.test", "NXDOMAIN"), ("mail.test", "has no address")] {
        let (_, findings) = stage.look(&format!("{{ url: https://{host}/v2/ }}"), "{}").await;
        let [only] = &findings[..] else { panic!("{host}: {findings:#?}") };
        assert_eq!(only.code, "name-unresolved");
        assert!(only.seen.contains(words), "{}", only.seen);
    }
    assert_eq!(stage.codes("{ url: https://self.test/ }", "{}").await, ["wrong-address"]);
    for (conduct, code) in [(Conduct::Servfail, "server-error"), (Conduct::Refuses, "server-error")] {
        stage.world().edit(|state| state.dns.resolver_mut("192.0.2.53").conduct = conduct);
        assert_eq!(stage.codes(REGISTRY, EXPECT).await, [code], "{conduct:?}");
    }
}

#[tokio::test]
async fn a_resolver_that_gives_every_name_an_address_proves_nothing() {
    let stage = stage().await;
    stage.world().edit(|state| state.dns.resolver_mut("192.0.2.53").hijacks = Some(ip("203.0.113.71")));
    let (_, findings) = stage.look("{ url: https://nobody.test/ }", "{}").await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((only.code, only.weight), ("resolver-rewrites", gonogo_checks::contract::Weight::Unknown));
    // A name that it does not rewrite is believed.
    assert_eq!(stage.codes(REGISTRY, EXPECT).await, [""; 0]);
}

#[tokio::test]
async fn each_fault_breaks_its_own_link() {
    let stage = stage().await;
    let with = |limit: &str| format!("{{ url: https://registry.test/v2/, timeout: {limit} }}");
    for (fault, code) in [
        (Fault::Refuse, "port-refused"),
        (Fault::Reset, "tls-broken"),
        (Fault::Hang, "tls-broken"),
        (Fault::WrongCertificate, "tls-broken"),
        (Fault::ExpiredCertificate, "tls-broken"),
        (Fault::UntrustedCertificate, "tls-broken"),
        (Fault::TruncatedBody, "no-answer"),
        (Fault::WrongType, "wrong-answer"),
        (Fault::Empty, "wrong-answer"),
        (Fault::Status(500, None), "wrong-answer"),
        (Fault::Status(503, Some(60)), "wrong-answer"),
        (Fault::Status(429, Some(60)), "throttled"),
        (Fault::RedirectLoop, "wrong-answer"),
    ] {
        stage.world().clear_faults().expect("open ports");
        stage.world().inject(Rule::on(System::Registry, fault)).expect("a rule");
        let limit = if fault == Fault::Hang { "200ms" } else { "10s" };
        let body = "{ status: [200, 401], body: { contains: errors } }";
        assert_eq!(stage.codes(&with(limit), body).await, [code], "{fault:?}");
    }
}

#[tokio::test]
async fn one_try_of_three_that_fails_is_flapping() {
    let stage = stage().await;
    let rule = Rule::on(System::Registry, Fault::Status(500, None)).path("/v2/").times(1);
    stage.world().inject(rule).expect("a rule");
    let (_, findings) = stage.look(REGISTRY, EXPECT).await;
    let [only] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(only.code, "flapping");
    assert!(only.seen.starts_with("1 of 3 tries broke"), "{}", only.seen);
    assert_eq!(stage.codes(REGISTRY, EXPECT).await, [""; 0]);
}

#[tokio::test]
async fn a_page_that_is_not_the_registry_is_not_taken_for_it() {
    let stage = stage().await;
    let codes = stage.codes("{ url: https://page.test/v2/, tries: 1 }", EXPECT).await;
    assert_eq!(codes, ["wrong-answer"]);
}

#[tokio::test]
async fn what_does_not_speak_http_ends_at_its_port_or_at_tls() {
    let stage = stage().await;
    assert_eq!(stage.codes("{ host: registry.test, port: 443 }", "{}").await, [""; 0]);
    assert_eq!(stage.codes("{ host: registry.test, port: 443, tls: true }", "{}").await, [""; 0]);
    let (evidence, _) = stage.look("{ host: registry.test, port: 443, tries: 1 }", "{}").await;
    assert!(evidence["tries"][0]["doors"][0].get("tls").is_none(), "{evidence:#}");
    stage.world().inject(Rule::on(System::Registry, Fault::Refuse)).expect("a rule");
    assert_eq!(stage.codes("{ host: registry.test, port: 443 }", "{}").await, ["port-refused"]);
}

#[tokio::test]
async fn a_name_that_the_checklist_leads_elsewhere_holds_too() {
    let stage = stage().await;
    let (evidence, findings) = stage.look("{ url: https://led.test/, tries: 1 }", "{}").await;
    assert_eq!(findings, []);
    assert_eq!(evidence["tries"][0]["name"]["Ok"]["by"], "the checklist's network");
}

#[tokio::test]
async fn certificates_that_end_are_moments_and_each_try_is_a_line() {
    let stage = stage().await;
    let item = item(REGISTRY, EXPECT);
    let evidence = item.observe(&stage.context()).await.expect("seen");
    let moments = item.moments(&evidence, &super::window()).expect("its own evidence");
    assert_eq!(moments.len(), 1);
    assert_eq!(moments[0].subject, "certificate for registry.test");
    let lines = item.working(&evidence, &super::window()).expect("its own evidence");
    assert!(lines[0].starts_with("try 1: registry.test by 127.0.0.1:"), "{lines:?}");
    assert!(lines[0].contains("203.0.113.70:443 accepts, TLS until"), "{lines:?}");
}

#[test]
fn settings_that_say_two_things_or_none_are_refused() {
    for (with, words) in [
        ("{}", "exactly one of `url`, `host` and `via`"),
        ("{ url: https://a.test/, host: a.test }", "exactly one of"),
        ("{ url: ftp://a.test/ }", "no http or https URL"),
        ("{ url: https://me:pw@a.test/ }", "no user or password"),
        ("{ url: https://a.test/, port: 5 }", "belong to `host`"),
        ("{ host: a.test }", "needs a `port`"),
        ("{ host: \"a b\", port: 5 }", "no host"),
        ("{ url: https://a.test/, tries: 0 }", "not from 1 to 10"),
        ("{ url: https://a.test/, timeout: 31s }", "not from 1ms to 30s"),
        ("{ via: { namespace: a, service: b.c, port: 1 } }", "no name of Kubernetes"),
        ("{ via: { namespace: a, service: b, port: 0 } }", "no port"),
        ("{ via: { namespace: a, service: b, port: 1, path: /../../secrets } }", "no path below"),
        ("{ via: { namespace: a, service: b, port: 1, path: /%2E%2e/x } }", "no path below"),
    ] {
        let said = refused(with);
        assert!(said.contains(words), "{with}: {said}");
    }
}
