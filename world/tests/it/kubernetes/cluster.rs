//! A cluster under test, and a client that asks it with a token.

use gonogo_world::kubernetes::{Account, Cluster, Grant, Image, NodeStats, Progress};
use gonogo_world::{State, World};
use jiff::Timestamp;
use reqwest::{Client, Method};

use crate::client::{self, Answer};

/// May read everything but secrets.
pub const READER: &str = "reader";
/// May read everything.
pub const ADMIN: &str = "admin";
/// May nothing.
pub const NOBODY: &str = "nobody";

/// The names of the recordings, so that refusals can be compared to the letter.
pub fn example() -> Cluster {
    let mut cluster = Cluster::new("6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001");
    let mut admin = Account::nobody(ADMIN, "admin").allow(Grant::new(&["*"], &["*"]));
    admin.groups = vec!["preflight-checkers".to_owned()];
    cluster.accounts = vec![
        Account::reader(READER, "nobody-user"),
        admin,
        Account::nobody(NOBODY, "system:serviceaccount:coder:no-rbac"),
        Account::nobody("checker", "checker"),
    ];
    cluster
        .namespace("coder")
        .namespace("knative-serving")
        .node_with("node-a", NodeStats::used(0.82), |_| {})
        .node_with("node-b", NodeStats::Refused, |node| {
            node.address = "10.77.0.12".parse().ok();
        })
        .node_with("node-c", NodeStats::Failing, |_| {})
        .deployment("coder", "coder-provisioner-default", |it| {
            it.runs(&Image::new("coder-provisioner-default", "ghcr.io/coder/coder:v2.25.1"));
            it.scale(6);
            it.ready = 4;
            it.progress = Progress::DeadlineExceeded;
        })
        .statefulset("coder", "postgres", |it| it.scale(2))
        .hpa("coder", "coder", |hpa| hpa.is_active = false)
        .configmap("knative-serving", "config-features", &[("kubernetes.podspec-persistent-volume-claim", "Enabled")])
        .secret("coder", "coder-llm-key", "Opaque", &[("api-key", "not-a-real-key-0002")])
        .pull_secret("coder", "pull", "ghcr.io", "robot", "hunter2")
}

/// The example cluster, served.
pub struct Served {
    pub world: World,
    client: Client,
    base: String,
}

pub async fn serve(cluster: Cluster) -> Served {
    let mut state = State::empty("2026-11-22T08:12:53Z".parse().unwrap_or(Timestamp::UNIX_EPOCH));
    state.clusters.insert("us-east-2".to_owned(), cluster);
    let world = World::start(state).await.expect("loopback ports");
    let client = client::client(&world, &[]);
    let base = server(&world.kubeconfig());
    Served { world, client, base }
}

/// The only server that a kubeconfig names.
fn server(kubeconfig: &str) -> String {
    let line = kubeconfig.lines().find_map(|line| line.split_once("server:"));
    let (_, url) = line.expect("a kubeconfig names a server");
    url.trim().trim_matches('"').to_owned()
}

impl Served {
    pub fn edit(&self, change: impl FnOnce(&mut Cluster)) {
        self.world.edit(|state| change(state.clusters.get_mut("us-east-2").expect("the cluster")));
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(Method::GET, token, path, "").await
    }

    /// `token` may be empty: then there is none.
    pub async fn ask(&self, method: Method, token: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers: &[_] = if token.is_empty() { &[] } else { &[("authorization", bearer.as_str())] };
        let url = format!("{}{path}", self.base);
        client::ask(&self.client, method, &url, headers, body).await.expect("an answer")
    }

    pub async fn ask_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        client::get(&self.client, &format!("{}{path}", self.base), headers).await
    }
}
