//! A Prometheus and Alertmanagers, and one look of a probe at them.

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Moment, Place, SecretRef, Vault, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{State, World};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::{fs, sync::Arc};
use tempfile::TempDir;

pub const TOKEN: &str = "world-prometheus-token";
const CONNECTIONS: &str = "
prometheus: { kind: prometheus, url: https://prometheus.test, token: { env: PROMETHEUS_TOKEN } }
alertmanager: { kind: alertmanager, url: https://alertmanager.test }
other: { kind: alertmanager, url: https://other.test }
";
const SITES: [&str; 2] = ["us-east-2", "eu-west-2"];

/// The world, and what reaches it.
pub struct Stage {
    pub world: World,
    probe: &'static str,
    folder: TempDir,
}

impl Stage {
    pub async fn of(probe: &'static str, change: impl FnOnce(&mut State)) -> Self {
        let mut state = State::empty(Timestamp::now());
        change(&mut state);
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("certificates");
        Self { world, probe, folder }
    }

    /// The evidence as it is stored, and what is found. Without evidence, what follows from that.
    pub async fn look(&self, with: &str, expect: &str) -> (Value, Vec<Finding>) {
        let item = self.item(with, expect);
        match item.observe(&self.context()).await {
            Err(missing) => (Value::Null, vec![Finding::unobserved(&missing)]),
            Ok(evidence) => {
                let found = item.judge(&evidence, &window()).expect("evidence that reads");
                (evidence, found)
            }
        }
    }

    /// The codes and subjects of what is found.
    pub async fn found(&self, with: &str, expect: &str) -> Vec<(&'static str, String)> {
        self.look(with, expect).await.1.into_iter().map(|finding| (finding.code, finding.subject)).collect()
    }

    /// Its moments and its working.
    pub async fn told(&self, with: &str) -> (Vec<Moment>, Vec<String>) {
        let item = self.item(with, "{}");
        let evidence = item.observe(&self.context()).await.expect("seen");
        let moments = item.moments(&evidence, &window()).expect("evidence that reads");
        (moments, item.working(&evidence, &window()).expect("evidence that reads"))
    }

    pub fn item(&self, with: &str, expect: &str) -> Box<dyn Item> {
        made(self.probe, with, expect).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("PROMETHEUS_TOKEN".to_owned()), SecretString::from(TOKEN));
        Context::new(Arc::new(Reach::new(network, vault, 16, self.folder.path().to_owned())), "monitoring", 7)
    }
}

/// What is wrong with some settings.
pub fn wrong(probe: &str, with: &str) -> String {
    let problems = made(probe, with, "{}").err().unwrap_or_default();
    problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
}

fn made(probe: &str, with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
    let mut problems = Vec::new();
    let named: Vec<(String, Node)> = ["prometheus", "alertmanager", "other"]
        .map(|name| (name.to_owned(), node(CONNECTIONS).get(name).expect("named").clone()))
        .into();
    let sites = SITES.map(|name| SiteSystems { name: name.to_owned(), kubernetes: None, aws: None });
    let connections = Connections::read(&named, &sites, &mut problems);
    let place = Place::new(None, SITES.map(str::to_owned).into(), connections);
    let kind = kind(probe).expect("in the catalogue");
    (kind.item)(&node(with), &node(expect), &place, &mut problems).ok_or(problems)
}

fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).unwrap_or_else(|| panic!("{text}"))
}

/// An event two days from now.
pub fn window() -> Window {
    let now = Timestamp::now();
    let starts = now + SignedDuration::from_hours(48);
    let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
    let ends = starts + SignedDuration::from_mins(90);
    Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
}
