//! The world's Kubernetes clusters: objects as the API gives them, who may read what, and what each kubelet says.
//!
//! An object is its JSON, because that is what is served and compared. Generated API types were rejected: they cannot say a
//! field that is absent, or one that only an old server sends. `build` makes the JSON of ordinary objects.

mod access;
mod api;
mod build;
mod discovery;
mod field;
mod kind;
mod kubelet;
mod list;
mod partial;
mod path;
mod review;
mod selector;
mod service;
mod status;
mod version;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use access::{Account, Grant};
pub use build::{Hpa, Image, Node, NodePool, Progress, Unready, Workload};
pub use kind::Kind;
pub use kubelet::{Disk, NodeStats, Summary};
pub use service::Backend;
pub use version::Version;

pub(crate) use api::stands;

/// One cluster behind one API server.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The server's release.
    pub version: Version,
    /// Whether `/readyz` says so.
    pub is_ready: bool,
    /// When the objects that are added from now on were made; absolute.
    pub since: Timestamp,
    /// The version of the whole store; grows with every object that is put.
    pub resource_version: u64,
    /// Who may ask. The first is the one that the kubeconfig uses.
    pub accounts: Vec<Account>,
    /// The kinds that are served; a kind that is not here has no API.
    pub kinds: Vec<Kind>,
    /// Every object, by place, with `kind` and `apiVersion`.
    pub objects: BTreeMap<Key, Value>,
    /// What the kubelet of each node says; a node that is not here says nothing of itself (404).
    pub stats: BTreeMap<String, NodeStats>,
    /// What stands behind each Service, by namespace and name; behind one that is not here nothing listens.
    pub backends: BTreeMap<(String, String), Backend>,
    /// How many of the next continuations are answered with 410 and a fresh token.
    pub expire_continues: u32,
}

/// Where an object lives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Plural and group: `pods`, `deployments.apps`.
    pub resource: String,
    /// Empty for what belongs to the whole cluster.
    pub namespace: String,
    /// The object's name.
    pub name: String,
}

impl Key {
    /// The key of an object; the namespace is empty for what belongs to the whole cluster.
    #[must_use]
    pub fn new(resource: &str, namespace: &str, name: &str) -> Self {
        let [resource, namespace, name] = [resource, namespace, name].map(str::to_owned);
        Self { resource, namespace, name }
    }
}

impl Cluster {
    /// A cluster with nothing in it but its own namespaces; `uid` is that of `kube-system`, by which a cluster is known.
    /// One account may read everything but secrets, with the token `token-UID`.
    #[must_use]
    pub fn new(uid: &str) -> Self {
        let cluster = Self {
            version: Version::default(),
            is_ready: true,
            since: "2026-11-01T00:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH),
            resource_version: 500,
            accounts: vec![Account::reader(&format!("token-{uid}"), "checker")],
            kinds: kind::BUILT_IN.to_vec(),
            objects: BTreeMap::new(),
            stats: BTreeMap::new(),
            backends: BTreeMap::new(),
            expire_continues: 0,
        };
        let mut cluster = cluster.namespace("default").namespace("kube-system");
        cluster.set_uid(uid);
        cluster
    }

    /// The UID of `kube-system`; `None` when a test took that namespace away.
    #[must_use]
    pub fn uid(&self) -> Option<&str> {
        self.objects.get(&Key::new("namespaces", "", "kube-system"))?["metadata"]["uid"].as_str()
    }

    /// Makes another cluster of it: the same objects behind another UID.
    pub fn set_uid(&mut self, uid: &str) {
        self.object_mut("namespaces", "", "kube-system")["metadata"]["uid"] = json!(uid);
    }

    /// The token that the kubeconfig carries; `None` when there are no accounts.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.accounts.first().map(|account| account.token.as_str())
    }

    /// Objects that are added after this were made at that time.
    #[must_use]
    pub fn since(mut self, made: Timestamp) -> Self {
        self.since = made;
        self
    }

    /// The server's release, as the minor of Kubernetes 1.
    #[must_use]
    pub fn minor(mut self, minor: u16) -> Self {
        self.version = Version::of(minor);
        self
    }

    /// Adds an account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// Serves one more kind, as a custom resource definition does.
    #[must_use]
    pub fn serves(mut self, kind: Kind) -> Self {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
        self
    }

    /// Adds any object.
    ///
    /// # Panics
    /// As [`Cluster::put`].
    #[must_use]
    pub fn object(mut self, object: Value) -> Self {
        self.put(object);
        self
    }

    /// Adds or replaces an object, and fills in what the server itself writes: UID, version, time, managed fields.
    ///
    /// # Panics
    /// When its `apiVersion` and `kind` are not served, or it has no name: nobody could ever read it.
    pub fn put(&mut self, mut object: Value) {
        let kind = self.kind_of(&object).expect("a kind that the cluster serves");
        let name = object["metadata"]["name"].as_str().expect("an object has a name").to_owned();
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
        assert_eq!(kind.is_namespaced, !namespace.is_empty(), "{} {name} is in the wrong place", kind.name);
        let key = Key { resource: kind.qualified(), namespace, name };
        self.resource_version += 1;
        build::complete(&mut object, &key, self.resource_version, self.since);
        self.objects.insert(key, object);
    }

    /// An object, to change it as it is served.
    ///
    /// # Panics
    /// When there is none: a test that edits nothing proves nothing.
    pub fn object_mut(&mut self, resource: &str, namespace: &str, name: &str) -> &mut Value {
        let found = self.objects.get_mut(&Key::new(resource, namespace, name));
        found.expect("the cluster has no such object")
    }

    /// Takes an object away.
    ///
    /// # Panics
    /// When there is none.
    pub fn remove(&mut self, resource: &str, namespace: &str, name: &str) {
        self.resource_version += 1;
        let removed = self.objects.remove(&Key::new(resource, namespace, name));
        removed.expect("the cluster has no such object");
    }

    /// The objects of a resource, by namespace and name.
    pub fn all<'a>(&'a self, resource: &'a str) -> impl Iterator<Item = (&'a Key, &'a Value)> {
        let first = Key::new(resource, "", "");
        self.objects.range(first..).take_while(move |(key, _)| key.resource == resource)
    }

    fn kind_of(&self, object: &Value) -> Option<Kind> {
        let (group, version) = kind::split(object["apiVersion"].as_str()?);
        let name = object["kind"].as_str()?;
        let is_it = |kind: &&Kind| kind.group == group && kind.version == version && kind.name == name;
        self.kinds.iter().find(is_it).copied()
    }
}
