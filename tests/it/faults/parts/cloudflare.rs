//! Cloudflare: a zone, its records, and the token that reads them.

use super::Part;
use gonogo_world::{
    State,
    System::Cloudflare,
    cloudflare::{self, Record, Token, Zone},
    dns,
    incidents::{Times, workshop_2024_09_30::LITELLM_PROBE_KEY},
};
use serde_json::{Value, json};

/// What hangs on it.
pub const PARTS: &[Part] = &[
    Part::new(
        "zone-list",
        (Cloudflare, "zone-list.test", "/zones?"),
        "probe: dns, with: { cloudflare: { connection: zone-list, zone: provided.test, records: [{ name: www.provided.test, type: A, content: 203.0.113.9 }] } }",
    ),
    Part::new(
        "zone-records",
        (Cloudflare, "zone-records.test", "/dns_records"),
        "probe: dns, with: { cloudflare: { connection: zone-records, zone: provided.test, records: [{ name: www.provided.test, type: A, content: 203.0.113.9 }] } }",
    ),
    Part::new(
        "cloudflare-token",
        (Cloudflare, "cloudflare-token.test", "/tokens/verify"),
        "probe: key-expiry, with: { cloudflare: { connection: cloudflare-token, zone: provided.test } }",
    ),
    Part::new(
        "cloudflare-zone",
        (Cloudflare, "cloudflare-zone.test", "/dns_records"),
        "probe: key-expiry, with: { cloudflare: { connection: cloudflare-zone, zone: provided.test } }",
    ),
];

/// What the sound world holds for them: an API for each, and one zone that the world asks for.
pub fn add(state: &mut State, times: Times) {
    let provided = dns::Zone::new("provided.test").serial(7).name_server("ns.provided.test");
    let provided = provided.address("ns.provided.test", "192.0.2.32").address("www.provided.test", "203.0.113.9");
    let dns = std::mem::take(&mut state.dns);
    state.dns = dns.zone(provided).server(dns::Server::new("ns.provided.test", "192.0.2.32"));
    let made = times.now - jiff::SignedDuration::from_hours(24);
    let zone = Zone::new("provided.test", &["ns.provided.test"]);
    // At the zone's top too, so that no list of records is two bytes that come whole however slowly.
    let zone = zone.record(Record::new("www.provided.test", "A", "203.0.113.9", made));
    let api = cloudflare::Cloudflare {
        tokens: [(LITELLM_PROBE_KEY.to_owned(), Token::of("provided.test"))].into(),
        zones: vec![zone.record(Record::new("provided.test", "TXT", "\"nothing\"", made))],
        ..cloudflare::Cloudflare::default()
    };
    for part in PARTS {
        state.cloudflare.insert(format!("{}.test", part.name), api.clone());
    }
}

/// The connections that lead there.
pub fn connections(all: &mut Value) {
    for part in PARTS {
        let url = format!("https://{}.test/client/v4", part.name);
        all[part.name] = json!({ "kind": "cloudflare", "url": url, "token": { "file": "gateway-key" } });
    }
}
