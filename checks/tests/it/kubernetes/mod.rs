//! The Kubernetes client against the world's clusters.

mod api;
mod look;
mod probe;
mod recipes;
mod way;

use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::Cluster,
        kubernetes::{Api, Meta},
        network::NetworkSettings,
    },
    contract::{Context, Remedy, Unobserved, Vault},
};
use gonogo_world::{
    Fault, Rule, State, System, World,
    kubernetes::{self, NodeStats},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{fs, path::Path, sync::Arc};
use tempfile::TempDir;

pub const UID: &str = "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001";

/// A world with its kubeconfig written beside it.
pub struct Stage {
    pub world: World,
    folder: TempDir,
}

impl Stage {
    pub async fn of(state: State) -> Self {
        let world = World::start(state).await.expect("a world");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kubeconfig"), world.kubeconfig()).expect("a kubeconfig");
        fs::write(folder.path().join("ca.pem"), world.ca_pem()).expect("a certificate");
        Self { world, folder }
    }

    pub async fn one(cluster: kubernetes::Cluster) -> Self {
        let mut state = State::empty(Timestamp::now());
        state.clusters.insert("ohio".to_owned(), cluster);
        Self::of(state).await
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn context(&self) -> Context {
        self.context_of(&NetworkSettings::default())
    }

    pub fn context_of(&self, settings: &NetworkSettings) -> Context {
        let network = Arc::new(Network::new(settings, self.path()).expect("a network"));
        Context::new(Arc::new(Reach::new(network, Vault::default(), 16, self.path().to_owned())), "item", 7)
    }

    pub fn inject(&self, fault: Fault) {
        self.world.inject(Rule::on(System::Kubernetes, fault)).expect("a rule");
    }

    pub async fn api(&self) -> Result<Api, Unobserved> {
        self.context().cluster(&cluster("ohio")).await
    }
}

/// A site's cluster by the context of the same name.
pub fn cluster(context: &str) -> Cluster {
    Cluster {
        site: context.to_owned(),
        context: Some(context.to_owned()),
        kubeconfig: Some("kubeconfig".into()),
        is_in_cluster: false,
        uid: None,
        as_user: None,
        proxy: None,
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Object {
    pub metadata: Meta,
}

pub fn nodes(count: usize) -> kubernetes::Cluster {
    (0..count)
        .fold(kubernetes::Cluster::new(UID), |cluster, i| cluster.node(&format!("node-{i:04}"), NodeStats::used(0.3)))
}

pub fn command(remedy: Option<&Remedy>) -> &str {
    remedy.and_then(|remedy| remedy.command.as_ref()).expect("a command").as_str()
}
