//! A world with web servers, a checklist's way into it, and one check of them.

use gonogo_checks::{
    clients::{Network, Reach, connections::Connections, network::NetworkSettings},
    contract::{
        Context, Finding, Item, Place, Vault, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    State, World,
    dns::{Server, Zone},
    web::Site,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{net::IpAddr, sync::Arc};

/// A world and the way into it.
pub struct Stage {
    pub world: World,
    pub cx: Context,
    _folder: tempfile::TempDir,
}

impl Stage {
    /// A world in this state.
    pub async fn of(state: State) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("a file");
        let settings = NetworkSettings {
            resolvers: world.resolvers().iter().map(ToString::to_string).collect(),
            connect: world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Network::new(&settings, folder.path()).expect("a network");
        let reach = Reach::new(Arc::new(network), Vault::default(), 16, folder.path().to_owned());
        Self { world, cx: Context::new(Arc::new(reach), "item", 1), _folder: folder }
    }

    /// `web.test`, at these addresses.
    pub async fn web(addresses: &[&str], change: impl FnOnce(Site) -> Site) -> Self {
        let addresses: Vec<IpAddr> = addresses.iter().map(|text| ip(text)).collect();
        let mut state = State::empty(Timestamp::now());
        let zone = Zone::new("test").name_server("ns.test").address("ns.test", "192.0.2.1");
        let zone = addresses.iter().fold(zone, |zone, address| zone.address("web.test", &address.to_string()));
        state.dns = state.dns.zone(zone).server(Server::new("ns.test", "192.0.2.1"));
        state.web.insert("web.test".to_owned(), change(Site::at("web.test", &addresses)));
        Self::of(state).await
    }

    /// The findings of one check, both sides written as in a checklist.
    pub async fn check(&self, with: &str, expect: &str) -> Vec<Finding> {
        self.find(&*item(with, expect)).await
    }

    /// The findings of an item.
    pub async fn find(&self, item: &dyn Item) -> Vec<Finding> {
        match item.observe(&self.cx).await {
            Ok(evidence) => item.judge(&evidence, &window()).expect("its own evidence"),
            Err(missing) => vec![Finding::unobserved(&missing)],
        }
    }

    /// The codes of [`check`](Self::check).
    pub async fn codes(&self, with: &str, expect: &str) -> Vec<&'static str> {
        self.check(with, expect).await.iter().map(|finding| finding.code).collect()
    }
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// One check at no site, with no connections.
pub fn item(with: &str, expect: &str) -> Box<dyn Item> {
    item_via("{}", with, expect)
}

/// One check at no site, with these connections.
pub fn item_via(connections: &str, with: &str, expect: &str) -> Box<dyn Item> {
    let [with, expect] = [with, expect].map(|text| load(0, text, &mut Vec::new()).expect("YAML"));
    built(connections, &with, &expect)
}

/// One check that was read, with these connections.
pub fn built(connections: &str, with: &Node, expect: &Node) -> Box<dyn Item> {
    let mut problems = Vec::new();
    let connections = load(0, connections, &mut problems).expect("YAML");
    let named: Vec<_> = connections.entries().iter().map(|(key, node)| (key.text.clone(), node.clone())).collect();
    let place = Place::new(None, Vec::new(), Connections::read(&named, &[], &mut problems));
    let item = (kind("http").expect("a probe").item)(with, expect, &place, &mut problems);
    item.unwrap_or_else(|| panic!("{problems:?}"))
}

/// The problems of settings that are to be refused.
pub fn refused(with: &str) -> String {
    let mut problems = Vec::new();
    let [with, expect] = [with, "{}"].map(|text| load(0, text, &mut problems).expect("YAML"));
    let place = Place::new(None, Vec::new(), Arc::<Connections>::default());
    assert!((kind("http").expect("a probe").item)(&with, &expect, &place, &mut problems).is_none());
    problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n")
}

/// An event of an hour and a half, two days from now.
pub fn window() -> Window {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    Window {
        now,
        starts,
        ends: starts + SignedDuration::from_mins(90),
        lead: SignedDuration::from_hours(2),
        tail: SignedDuration::from_hours(1),
        zone: TimeZone::UTC,
        attendees: Some(15),
    }
}
