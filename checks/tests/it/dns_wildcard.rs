//! The DNS client and the wildcard probe against the world's name servers.

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::Connections,
        dns::{Question, Rcode},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Place, Vault, Weight, Why, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    Fault, Rule, State, System, World,
    dns::{Conduct, Dns, Lame, Server, Zone},
};
use hickory_proto::rr::{Name, RecordType};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{net::SocketAddr, path::Path, sync::Arc};

const USUAL: &str =
    "{ domain: ai.example.com, target: lb.example.net, names: [team1], resolvers: [authoritative, 1.1.1.1, 8.8.8.8] }";

/// A world of DNS alone.
struct Stage(World);

/// `*.ai.example.com` at two name servers, an alias of a balancer in somebody else's zone.
fn dns() -> Dns {
    let zone = Zone::new("example.com")
        .name_server("ns1.example.com")
        .name_server("ns2.example.com")
        .address("ns1.example.com", "192.0.2.1")
        .address("ns2.example.com", "192.0.2.2")
        .alias("*.ai.example.com", "lb.example.net")
        .address("west.example.com", "198.51.100.7");
    let balancer =
        Zone::new("example.net").address("lb.example.net", "203.0.113.10").address("lb.example.net", "203.0.113.11");
    Dns::default()
        .zone(zone)
        .zone(balancer)
        .server(Server::new("ns1.example.com", "192.0.2.1"))
        .server(Server::new("ns2.example.com", "192.0.2.2"))
}

impl Stage {
    async fn of(dns: Dns) -> Self {
        let mut state = State::empty(Timestamp::now());
        state.dns = dns;
        Self(World::start(state).await.expect("a world"))
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.0.resolvers().iter().map(SocketAddr::to_string).collect(),
            connect: self.0.connect().into_iter().collect(),
            ca: None,
        };
        let network = Arc::new(Network::new(&settings, Path::new(".")).expect("a network"));
        Context::new(Arc::new(Reach::new(network, Vault::default(), 16, ".".into())), "item", 7)
    }

    async fn findings(&self, with: &str) -> Vec<Finding> {
        self.findings_of(with, "{}").await
    }

    async fn findings_of(&self, with: &str, expect: &str) -> Vec<Finding> {
        let kind = kind("dns-wildcard").expect("a row of the catalogue");
        let place = Place::new(None, Vec::new(), Arc::new(Connections::default()));
        let mut problems = Vec::new();
        let item = (kind.item)(&node(with), &node(expect), &place, &mut problems);
        let item = item.unwrap_or_else(|| panic!("{problems:?}"));
        let evidence = item.observe(&self.context()).await.expect("the probe always sees something");
        item.judge(&evidence, &window()).expect("its own evidence")
    }

    async fn codes(&self, with: &str) -> Vec<String> {
        let findings = self.findings(with).await;
        let weight = |weight| match weight {
            Weight::Fail => "fail",
            Weight::Unknown => "unknown",
            Weight::Warn => "warn",
        };
        findings.iter().map(|found| format!("{} {} {}", weight(found.weight), found.code, found.subject)).collect()
    }

    fn inject(&self, rule: Rule) {
        self.0.inject(rule).expect("a rule");
    }
}

fn node(text: &str) -> Node {
    let mut problems = Vec::new();
    load(0, text, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).expect("a time");
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

fn question(name: &str, server: &str) -> Question {
    let name = Name::from_ascii(name).expect("a name");
    Question::recursive(SocketAddr::new(server.parse().expect("an address"), 53), name, RecordType::A)
}

mod client;
mod probe;
