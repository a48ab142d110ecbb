//! Image parity against the world: as the incident left it, repaired, and with each fault.

mod ecr;
mod faults;
mod parity;
mod registries;

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Kind, Place, Unobserved, Vault, Window,
        text::{Node, load},
    },
};
use gonogo_world::{
    World,
    incidents::{Times, workshop_2024_09_30 as workshop},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;
use std::{fs, sync::Arc};

const SITES: [(&str, &str); 3] = [("us-east-2", "coder"), ("us-west-2", "coder-proxy"), ("eu-west-2", "coder-proxy")];

/// A world and the files that a checklist for it names.
pub struct Bench {
    pub world: World,
    pub base: tempfile::TempDir,
    pub times: Times,
}

impl Bench {
    pub async fn start(state: impl FnOnce(Times) -> gonogo_world::State) -> Self {
        let now = Timestamp::now();
        let times =
            Times { now, starts: now + SignedDuration::from_hours(48), ends: now + SignedDuration::from_hours(50) };
        let world = World::start(state(times)).await.expect("a world");
        let base = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(base.path().join(name), text).expect("written");
        write("ca.pem", world.ca_pem());
        write("kubeconfig", &world.kubeconfig());
        write("credentials", &workshop::aws_credentials_file());
        write("config", "");
        Self { world, base, times }
    }

    /// A run's view of it, without any look made yet.
    pub fn context(&self) -> Context {
        self.context_with(Vault::default())
    }

    pub fn context_with(&self, vault: Vault) -> Context {
        let settings = NetworkSettings {
            resolvers: self.world.resolvers().iter().map(ToString::to_string).collect(),
            connect: self.world.connect().into_iter().collect(),
            ca: Some("ca.pem".into()),
        };
        let network = Network::new(&settings, self.base.path()).expect("a network");
        let reach = Reach::new(Arc::new(network), vault, 16, self.base.path().to_owned());
        Context::new(Arc::new(reach), "server-image", 7)
    }

    pub fn window(&self) -> Window {
        Window {
            now: self.times.now,
            starts: self.times.starts,
            ends: self.times.ends,
            lead: SignedDuration::from_hours(2),
            tail: SignedDuration::from_hours(1),
            zone: TimeZone::UTC,
            attendees: Some(15),
        }
    }

    /// Looks and judges.
    pub async fn judge(&self, with: &str, expect: &str) -> (Result<Value, Unobserved>, Vec<Finding>) {
        self.judge_in(&self.context(), with, expect).await
    }

    pub async fn judge_in(&self, cx: &Context, with: &str, expect: &str) -> (Result<Value, Unobserved>, Vec<Finding>) {
        let item = item(with, expect);
        let seen = item.observe(cx).await;
        let found = match &seen {
            Ok(seen) => item.judge(seen, &self.window()).expect("its own evidence"),
            Err(missing) => vec![Finding::unobserved(missing)],
        };
        (seen, found)
    }
}

pub fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).expect("YAML")
}

pub fn connections() -> Arc<Connections> {
    let ecr = "{ kind: ecr, profile: workshop-ro, account: '123456789012', credentials_file: credentials, config_file: config }";
    let named = [("mirror".to_owned(), node(ecr))];
    let sites = SITES.map(|(site, _)| SiteSystems {
        name: site.to_owned(),
        kubernetes: Some(node(&format!("{{ context: {site}, kubeconfig: kubeconfig }}"))),
        aws: Some(node(&format!("{{ region: {site} }}"))),
    });
    let mut problems = Vec::new();
    let connections = Connections::read(&named, &sites, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    connections
}

pub fn place() -> Place {
    Place::new(None, SITES.map(|(site, _)| site.to_owned()).into(), connections())
}

pub fn kind() -> &'static Kind {
    gonogo_checks::kind("image-parity").expect("in the catalogue")
}

pub fn item(with: &str, expect: &str) -> Box<dyn Item> {
    let mut problems = Vec::new();
    let item = (kind().item)(&node(with), &node(expect), &place(), &mut problems);
    item.unwrap_or_else(|| panic!("{problems:?}"))
}

/// The example checklist's settings, as the planner hands them over.
pub fn with() -> String {
    let running = SITES.map(|(site, namespace)| {
        format!("  {site}: {{ namespace: {namespace}, selector: app.kubernetes.io/name=coder, container: coder }}\n")
    });
    format!(
        "source: {{ image: ghcr.io/coder/coder-preview:latest }}\n\
         mirrors:\n\
         - {{ ecr: mirror, regions: [us-east-2, us-west-2, eu-west-2], repository: coder-preview, tag: latest }}\n\
         running:\n{}",
        running.concat()
    )
}

pub const EXPECT: &str = "{ pods: 2 }";

/// Code and site of each finding.
pub fn codes(found: &[Finding]) -> Vec<(&str, &str)> {
    found.iter().map(|finding| (finding.code, finding.site.as_deref().unwrap_or("-"))).collect()
}
