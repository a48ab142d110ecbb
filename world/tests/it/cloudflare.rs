//! Cloudflare: whom a token may see, in the envelope of every answer.

use gonogo_world::cloudflare::{Cloudflare, HOST, Record, Token, Zone};
use gonogo_world::{State, World};
use jiff::Timestamp;

use crate::client::{Answer, client, get};

const NOW: &str = "2026-11-22T08:00:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

/// Two zones, one with 250 records, and tokens of every kind.
async fn world() -> World {
    let many = (0..250).fold(Zone::new("example.com", &["a.ns.example"]), |zone, number| {
        zone.record(Record::new(&format!("host-{number}.example.com"), "A", "192.0.2.1", now()))
    });
    let many = many.record(Record::new("host-7.example.com", "AAAA", "2001:db8::1", now()));
    let ended = Token { expires: Some(now()), ..Token::of("example.com") };
    let tokens = [
        ("sees-one", Token::of("example.com")),
        ("sees-none", Token::default()),
        ("without-records", Token { is_without_records: true, ..Token::of("example.com") }),
        ("ended", ended),
        ("off", Token { is_disabled: true, ..Token::of("example.com") }),
        ("of-account", Token { account: Some("023e".to_owned()), ..Token::of("example.com") }),
    ];
    let cloudflare = Cloudflare {
        tokens: tokens.map(|(secret, token)| (secret.to_owned(), token)).into(),
        zones: vec![many, Zone::new("example.net", &["a.ns.example"])],
        ..Cloudflare::default()
    };
    let mut state = State::empty(now());
    state.cloudflare.insert(HOST.to_owned(), cloudflare);
    World::start(state).await.expect("a world")
}

async fn ask(world: &World, secret: &str, path: &str) -> Answer {
    let client = client(world, &[]);
    let bearer = format!("Bearer {secret}");
    get(&client, &format!("https://{HOST}/client/v4/{path}"), &[("authorization", &bearer)]).await
}

fn code(answer: &Answer) -> (u16, Option<u64>) {
    assert_eq!(answer.json()["success"], false, "{answer:?}");
    (answer.status, answer.json()["errors"][0]["code"].as_u64())
}

#[tokio::test]
async fn a_token_is_verified_where_it_belongs() {
    let world = world().await;
    let status = async |secret: &str, path: &str| {
        ask(&world, secret, path).await.json()["result"]["status"].as_str().map(str::to_owned)
    };
    let (user, account) = ("user/tokens/verify", "accounts/023e/tokens/verify");
    assert_eq!(status("sees-none", user).await.as_deref(), Some("active"));
    assert_eq!(status("ended", user).await.as_deref(), Some("expired"));
    assert_eq!(status("off", user).await.as_deref(), Some("disabled"));
    assert_eq!(status("of-account", account).await.as_deref(), Some("active"));
    assert_eq!(code(&ask(&world, "of-account", user).await), (401, Some(1000)));
    assert_eq!(code(&ask(&world, "sees-one", account).await), (401, Some(1000)));
    let never = ask(&world, "sees-one", user).await;
    assert!(never.json()["result"].get("expires_on").is_none(), "{never:?}");
}

#[tokio::test]
async fn a_zone_that_a_token_may_not_see_is_left_out_and_its_records_refused() {
    let world = world().await;
    let count =
        async |secret: &str, path: &str| ask(&world, secret, path).await.json()["result_info"]["total_count"].clone();
    assert_eq!(count("sees-one", "zones?name=example.com").await, 1);
    assert_eq!(count("sees-one", "zones?name=example.net").await, 0);
    assert_eq!(count("sees-none", "zones").await, 0);
    let id = Zone::new("example.com", &[]).id();
    let records = format!("zones/{id}/dns_records");
    for secret in ["sees-none", "without-records"] {
        assert_eq!(code(&ask(&world, secret, &records).await), (403, Some(10_000)), "{secret}");
    }
    assert_eq!(code(&ask(&world, "nobody", &records).await), (403, Some(9109)));
    assert_eq!(code(&ask(&world, "sees-one", "zones/x/y").await), (400, Some(7003)));
}

#[tokio::test]
async fn records_come_in_pages_and_by_name_where_the_filter_is_known() {
    let world = world().await;
    let records = format!("zones/{}/dns_records", Zone::new("example.com", &[]).id());
    let third = ask(&world, "sees-one", &format!("{records}?per_page=100&page=3")).await.json();
    let expected = serde_json::json!({ "page": 3, "per_page": 100, "count": 51, "total_count": 251, "total_pages": 3 });
    assert_eq!(third["result_info"], expected);
    let by_name = format!("{records}?name=host-7.example.com");
    assert_eq!(ask(&world, "sees-one", &by_name).await.json()["result_info"]["total_count"], 2);
    world.edit(|state| state.cloudflare.get_mut(HOST).expect("an API").ignores_filter = true);
    assert_eq!(ask(&world, "sees-one", &by_name).await.json()["result_info"]["total_count"], 251);
}
