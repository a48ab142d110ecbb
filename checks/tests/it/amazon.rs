//! The workshop with its AWS account, and one look of a probe at it.

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Place, SecretRef, Vault, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{
    State, World,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::Value;
use std::{fs, sync::Arc};
use tempfile::TempDir;

const SITES: [&str; 3] = ["us-east-2", "us-west-2", "eu-west-2"];
/// Which probe looks, and at which site; a relation at none.
#[derive(Clone, Copy)]
pub struct Asker {
    pub kind: &'static str,
    pub site: Option<&'static str>,
}

/// The world, and what reaches it.
pub struct Stage {
    pub world: World,
    times: Times,
    asker: Asker,
    folder: TempDir,
}

/// The workshop as it should have been.
pub fn repaired(times: Times) -> State {
    workshop::repaired(times)
}

/// Code and site of each finding.
pub fn codes(found: &[Finding]) -> Vec<(&str, &str)> {
    found.iter().map(|finding| (finding.code, finding.site.as_deref().unwrap_or_default())).collect()
}

fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).unwrap_or_else(|| panic!("{text}"))
}

fn place(site: Option<&str>) -> Place {
    let mut problems = Vec::new();
    let account = "{ kind: ecr, profile: workshop-ro, account: '123456789012', credentials_file: credentials, config_file: config }";
    let sites = SITES.map(|site| SiteSystems {
        name: site.to_owned(),
        kubernetes: Some(node(&format!("{{ context: {site}, kubeconfig: kubeconfig }}"))),
        aws: Some(node(&format!(
            "{{ profile: workshop-ro, region: {site}, account: '123456789012', credentials_file: credentials, config_file: config }}"
        ))),
    });
    let connections = Connections::read(&[("mirror".to_owned(), node(account))], &sites, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    Place::new(site.map(str::to_owned), SITES.map(str::to_owned).into(), connections)
}

impl Asker {
    fn made(self, with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
        let mut problems = Vec::new();
        let kind = kind(self.kind).expect("in the catalogue");
        (kind.item)(&node(with), &node(expect), &place(self.site), &mut problems).ok_or(problems)
    }

    pub fn item(self, with: &str, expect: &str) -> Box<dyn Item> {
        self.made(with, expect).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// What is wrong with some settings.
    pub fn problems(self, with: &str) -> Vec<Problem> {
        self.made(with, "{}").err().unwrap_or_default()
    }
}

impl Stage {
    pub async fn of(asker: Asker, state: impl FnOnce(Times) -> State) -> Self {
        let now = Timestamp::now();
        let starts = now + SignedDuration::from_hours(48);
        let times = Times { now, starts, ends: starts + SignedDuration::from_mins(90) };
        let world = World::start(state(times)).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("ca.pem", world.ca_pem());
        write("kubeconfig", &world.kubeconfig());
        write("credentials", &workshop::aws_credentials_file());
        write("config", "");
        Self { world, times, asker, folder }
    }

    /// The evidence as it is stored, and what is found.
    pub async fn look(&self, with: &str, expect: &str) -> (Value, Vec<Finding>) {
        self.look_in(&self.context(), with, expect).await
    }

    /// The same, by one run's view. Without evidence, what follows from that.
    pub async fn look_in(&self, cx: &Context, with: &str, expect: &str) -> (Value, Vec<Finding>) {
        let item = self.asker.item(with, expect);
        match item.observe(cx).await {
            Err(missing) => (Value::Null, vec![Finding::unobserved(&missing)]),
            Ok(evidence) => {
                let found = item.judge(&evidence, &self.window()).expect("evidence that reads");
                (evidence, found)
            }
        }
    }

    /// A run's view of the world, before its first look.
    pub fn context(&self) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Arc::new(Network::new(&settings, self.folder.path()).expect("a network"));
        let mut vault = Vault::default();
        vault.keep(SecretRef::Env("WORKSPACE_KEY".to_owned()), SecretString::from(workshop::WORKSPACE_KEY));
        Context::new(Arc::new(Reach::new(network, vault, 16, self.folder.path().to_owned())), "copies", 7)
    }

    fn window(&self) -> Window {
        let Times { now, starts, ends } = self.times;
        let (lead, tail) = (SignedDuration::from_hours(2), SignedDuration::from_hours(1));
        Window { now, starts, ends, lead, tail, zone: TimeZone::UTC, attendees: Some(15) }
    }
}
