//! The probe of plain names against the world's name servers and its Cloudflare.

use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Place, SecretRef, Vault, Weight, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    State, World,
    cloudflare::{Cloudflare, HOST, Record, Token, Zone as Held},
    dns::{Dns, Server, Zone},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::{fs, net::SocketAddr, sync::Arc};
use tempfile::TempDir;

mod faults;
mod names;
mod provider;

/// The token of the world's Cloudflare.
const TOKEN: &str = "cloudflare-world-token-0123456789";
/// The name as its owner declares it, asked of everybody.
const USUAL: &str =
    "{ names: [{ name: ai.example.com, alias: lb.example.net }], resolvers: [authoritative, 1.1.1.1, 8.8.8.8] }";
/// The zone's records as their owner declares them.
const ZONE: &str = "{ names: [{ name: ai.example.com, alias: lb.example.net }], resolvers: [authoritative], \
    cloudflare: { connection: cf, zone: example.com, records: [\
    { name: ai.example.com, type: CNAME, content: lb.example.net, ttl: auto }, \
    { name: '*.ai.example.com', type: CNAME, content: LB.example.net. }] } }";

/// A world of DNS and Cloudflare, and what reaches it.
struct Stage {
    world: World,
    folder: TempDir,
    token: &'static str,
    window: Window,
}

/// `ai.example.com` at two name servers, an alias of a balancer in somebody else's zone; serials that tell no time.
fn dns() -> Dns {
    let zone = Zone::new("example.com")
        .serial(7)
        .name_server("ns1.example.com")
        .name_server("ns2.example.com")
        .address("ns1.example.com", "192.0.2.1")
        .address("ns2.example.com", "192.0.2.2")
        .alias("ai.example.com", "lb.example.net")
        .alias("*.ai.example.com", "lb.example.net")
        .address("west.example.com", "198.51.100.7");
    let balancer = Zone::new("example.net")
        .serial(7)
        .address("lb.example.net", "203.0.113.10")
        .address("lb.example.net", "203.0.113.11");
    Dns::default()
        .zone(zone)
        .zone(balancer)
        .server(Server::new("ns1.example.com", "192.0.2.1"))
        .server(Server::new("ns2.example.com", "192.0.2.2"))
}

fn cloudflare(now: Timestamp) -> Cloudflare {
    let made = now - SignedDuration::from_hours(24 * 30);
    let alias = |name: &str| Record::new(name, "CNAME", "lb.example.net", made);
    let zone = Held::new("example.com", &["NS1.example.com", "ns2.example.com"])
        .record(alias("ai.example.com"))
        .record(alias("*.ai.example.com"))
        .record(Record::new("ai.example.com", "TXT", "\"v=spf1 -all\"", now));
    Cloudflare {
        tokens: [(TOKEN.to_owned(), Token::of("example.com"))].into(),
        zones: vec![zone, Held::new("example.org", &["ns1.example.com"])],
        ..Cloudflare::default()
    }
}

impl Stage {
    async fn new() -> Self {
        Self::of(dns()).await
    }

    async fn of(dns: Dns) -> Self {
        let now = Timestamp::now();
        let mut state = State::empty(now);
        state.dns = dns;
        state.cloudflare.insert(HOST.to_owned(), cloudflare(now));
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        Self { world, folder, token: TOKEN, window: window(now) }
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(SocketAddr::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("CF".to_owned()), SecretString::from(self.token));
        Context::new(Arc::new(Reach::new(network, vault, 16, ".".into())), "item", 7)
    }

    async fn findings(&self, with: &str) -> Vec<Finding> {
        self.findings_of(with, "{}").await
    }

    async fn findings_of(&self, with: &str, expect: &str) -> Vec<Finding> {
        let mut problems = Vec::new();
        let named = [("cf".to_owned(), node("{ kind: cloudflare, token: { env: CF } }"))];
        let connections = Connections::read(&named, &[], &mut problems);
        let place = Place::new(None, Vec::new(), connections);
        let item =
            (kind("dns").expect("a row of the catalogue").item)(&node(with), &node(expect), &place, &mut problems);
        let item = item.unwrap_or_else(|| panic!("{problems:?}"));
        let evidence = item.observe(&self.context()).await.expect("the probe always sees something");
        assert!(!evidence.to_string().contains(self.token), "{evidence}");
        item.judge(&evidence, &self.window).expect("its own evidence")
    }

    async fn codes(&self, with: &str) -> Vec<String> {
        let weight = |weight| match weight {
            Weight::Fail => "fail",
            Weight::Unknown => "unknown",
            Weight::Warn => "warn",
        };
        let findings = self.findings(with).await;
        findings.iter().map(|found| format!("{} {} {}", weight(found.weight), found.code, found.subject)).collect()
    }

    fn edit_cloudflare(&self, change: impl FnOnce(&mut Cloudflare)) {
        self.world.edit(|state| change(state.cloudflare.get_mut(HOST).expect("a Cloudflare")));
    }

    fn edit_zone(&self, change: impl FnOnce(&mut Zone)) {
        self.world.edit(|state| change(state.dns.zone_mut("example.com")));
    }
}

fn node(text: &str) -> Node {
    let mut problems = Vec::new();
    load(0, text, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

/// An event two days from now.
fn window(now: Timestamp) -> Window {
    let after = |hours| now + SignedDuration::from_hours(hours);
    Window {
        now,
        starts: after(48),
        ends: after(50),
        lead: SignedDuration::from_hours(2),
        tail: SignedDuration::from_hours(1),
        zone: TimeZone::UTC,
        attendees: Some(15),
    }
}
