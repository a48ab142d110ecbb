//! Web servers: pages, and addresses that differ.

use std::net::IpAddr;
use std::time::Duration;

use gonogo_world::ca::Leaf;
use gonogo_world::web::{Page, Site};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::Method;

use crate::client::{ask, client, get};

const ONE: &str = "203.0.113.50";
const TWO: &str = "203.0.113.51";
const SIX: &str = "2001:db8::50";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn site() -> Site {
    Site::at("web.test", &[ip(ONE), ip(TWO), ip(SIX)])
        .page("/moved", Page::redirect(301, "https://web.test/"))
        .page("/slow", Page::text(200, "at last").after(Duration::from_hours(1)))
}

async fn start(site: Site) -> World {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    state.web.insert("web.test".to_owned(), site);
    World::start(state).await.expect("a world")
}

#[tokio::test]
async fn each_address_has_a_listener_and_a_certificate_of_its_own() {
    let mut site = site();
    site.addresses.insert(ip(TWO), Some(Leaf::for_names(["web.test"]).expired()));
    let world = start(site).await;
    let url = "https://web.test/";
    assert_eq!(get(&client(&world, &[("web.test", ONE)]), url, &[]).await.body, "ok\n");
    assert_eq!(get(&client(&world, &[("web.test", SIX)]), url, &[]).await.status, 200);
    let old = ask(&client(&world, &[("web.test", TWO)]), Method::GET, url, &[], "").await;
    assert!(old.is_err_and(|error| error.is_connect()));
    assert!(!world.connect().contains_key("web.test"), "it is found by its addresses");
}

#[tokio::test]
async fn one_address_may_answer_differently_and_state_may_change() {
    let mut site = site();
    let sick = [("/".to_owned(), Page::text(502, "sick"))].into();
    site.pages_at.insert(ip(TWO), sick);
    let world = start(site).await;
    assert_eq!(get(&client(&world, &[("web.test", ONE)]), "https://web.test/", &[]).await.status, 200);
    let two = client(&world, &[("web.test", TWO)]);
    assert_eq!(get(&two, "https://web.test/", &[]).await.status, 502);
    world.edit(|state| state.web.get_mut("web.test").expect("it").pages_at.clear());
    assert_eq!(get(&two, "https://web.test/", &[]).await.status, 200);
}

#[tokio::test]
async fn pages_redirect_and_take_their_time() {
    let world = start(site()).await;
    let client = client(&world, &[("web.test", ONE)]);
    let moved = get(&client, "https://web.test/moved", &[]).await;
    assert_eq!((moved.status, moved.header("location")), (301, Some("https://web.test/")));
    let slow = tokio::time::timeout(Duration::from_millis(200), get(&client, "https://web.test/slow", &[]));
    assert!(slow.await.is_err());
}

#[tokio::test]
async fn plain_http_is_on_another_port_of_the_same_address() {
    let mut site = site();
    site.is_plain_too = true;
    let world = start(site).await;
    let client = client(&world, &[("web.test", "203.0.113.50:80")]);
    assert_eq!(get(&client, "http://web.test/", &[]).await.status, 200);
    assert!(world.connect().contains_key("[2001:db8::50]:80"));
}

#[tokio::test]
async fn two_hosts_cannot_stand_at_one_address() {
    let mut state = State::empty(Timestamp::UNIX_EPOCH);
    state.web.insert("web.test".to_owned(), site());
    state.web.insert("other.test".to_owned(), Site::at("other.test", &[ip(ONE)]));
    let error = World::start(state).await.expect_err("ambiguous");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
