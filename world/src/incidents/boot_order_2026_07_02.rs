//! The restart of 2 July 2026: builds resumed before the registry that they push to had a name.
//!
//! A control plane that restarts takes up the sagas that it had left. It did so in the middle of its own start, before the
//! registry's name was mapped: the resumed build pushed into `no such host`, spent its tries within a second and rolled everything
//! back; a fresh deploy minutes later was well. A saga that stood in the list of the pending and of the running ones was
//! resumed twice, and the lock of the deploy that had died with the old process kept everyone else out.
//!
//! Source: pull request 880 of mirendev/runtime. There a saga is an entry of a store, here a label of a Kubernetes Job.

use jiff::civil;
use serde_json::{Value, json};

use super::{Incident, Injection, Times, ago, ip, minutes_ago, no_credentials, second};
use crate::dns::{Dns, Zone};
use crate::kubernetes::{Backend, Cluster, NodeStats};
use crate::state::State;
use crate::web::{Page, Site};

/// Its row in the catalogue.
pub const INCIDENT: Incident = Incident {
    name: "boot-order-2026-07-02",
    date: civil::date(2026, 7, 2),
    title: "Work resumed before its registry resolved",
    repaired,
    causes: || Injection::each(&Cause::ALL, Cause::inject),
    credentials: no_credentials,
    aws_credentials_file: String::new,
};

/// The cluster, and the kubeconfig's context for it.
pub const SITE: &str = "platform";
/// The registry that builds push to.
pub const REGISTRY: &str = "registry.cluster.local";
const UID: &str = "c41f7d90-6a3b-4e15-b2d8-20260702a001";
const ZONE: &str = "cluster.local";
const ADDRESS: &str = "203.0.113.80";
const SYSTEM: &str = "platform-system";
const BUILDS: &str = "builds";
const SAGA: &str = "platform.example.com/saga";

/// One of the causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The registry's name does not resolve yet.
    RegistryUnnamed,
    /// Nothing listens behind it yet, and what stands before it says so.
    ListenerDown,
    /// One saga is listed twice: its old job waits, its resumed one runs.
    SagaTwice,
    /// The deployment lock names a deployer that died with the restart.
    StaleDeployLock,
}

impl Cause {
    /// All of them, in the post-mortem's order.
    pub const ALL: [Self; 4] = [Self::RegistryUnnamed, Self::ListenerDown, Self::SagaTwice, Self::StaleDeployLock];

    /// Makes it so, in a state of this incident.
    ///
    /// # Panics
    /// When what it changes is not there.
    pub fn inject(self, state: &mut State, times: &Times) {
        let Some(cluster) = state.clusters.get_mut(SITE) else {
            return;
        };
        match self {
            Self::RegistryUnnamed => state.dns.zone_mut(ZONE).remove(REGISTRY),
            Self::ListenerDown => {
                cluster.unready_service(SYSTEM, "registry");
                let front = state.web.entry(REGISTRY.to_owned()).or_insert_with(|| front(root()));
                *front = front.clone().page("/v2/", Page::text(503, "no upstream\n"));
            }
            Self::SagaTwice => {
                let [old, resumed] = [6, 3].map(|minutes| second(minutes_ago(*times, minutes)));
                cluster.put(build(&saga(41), &saga(41), 0, &old));
                cluster.put(build(&format!("{}-resumed", saga(41)), &saga(41), 1, &resumed));
            }
            Self::StaleDeployLock => cluster.put(lock("deployer-6d5f7c9b8-x2x4q", minutes_ago(*times, 12))),
        }
    }
}

/// The world as it should have been.
#[must_use]
pub fn repaired(times: Times) -> State {
    let mut state = State::empty(times.now);
    state.dns = Dns::default().zone(Zone::new(ZONE).address(REGISTRY, ADDRESS));
    state.web.insert(REGISTRY.to_owned(), front(root()));
    state.clusters = [(SITE.to_owned(), cluster(times))].into();
    state
}

/// What a registry answers where its API begins.
fn root() -> Page {
    Page::json(200, "{}").header("docker-distribution-api-version", "registry/2.0")
}

/// What answers at the registry's name. It is found by its name alone, as nothing else leads to it.
fn front(root: Page) -> Site {
    let absent = Page::text(404, "404 page not found\n");
    Site { otherwise: absent, ..Site::at(REGISTRY, &[ip(ADDRESS)]) }.page("/v2/", root)
}

fn cluster(times: Times) -> Cluster {
    let mut cluster = Cluster::new(UID).since(ago(times, 9)).namespace(SYSTEM).namespace(BUILDS);
    for node in 1..=3 {
        cluster = cluster.node(&format!("node-{node}"), NodeStats::used(0.3));
    }
    for (name, replicas) in [("coordinator", 2), ("deployer", 2)] {
        cluster = cluster.deployment(SYSTEM, name, |part| part.scale(replicas));
    }
    cluster.put_service(SYSTEM, "registry", 5000, &["10.8.0.11", "10.8.0.12"], Backend::page("/v2/", root()));
    cluster = cluster.deployment(BUILDS, "buildkit", |builder| builder.scale(4));
    let started = second(minutes_ago(times, 6));
    for number in [41, 42] {
        cluster.put(build(&saga(number), &saga(number), 1, &started));
    }
    cluster.put(lock("", minutes_ago(times, 50)));
    cluster
}

fn saga(number: u32) -> String {
    format!("build-from-tar-{number:04}")
}

/// A build's job, labelled with the saga that it is a step of.
fn build(name: &str, saga: &str, ready: u32, started: &str) -> Value {
    json!({
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": { "name": name, "namespace": BUILDS, "labels": { SAGA: saga, "app": "build" } },
        "spec": {
            "backoffLimit": 0,
            "parallelism": 1,
            "completions": 1,
            "template": {
                "metadata": { "labels": { SAGA: saga } },
                "spec": {
                    "restartPolicy": "Never",
                    "containers": [{ "name": "build", "image": format!("{REGISTRY}/platform/build:1.9") }],
                },
            },
        },
        "status": { "active": 1, "ready": ready, "startTime": started },
    })
}

/// The lock that one deploy at a time holds, for half an hour at most; without a holder it is free.
fn lock(holder: &str, taken: jiff::Timestamp) -> Value {
    let at = taken.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let mut spec = json!({ "leaseDurationSeconds": 1800, "leaseTransitions": 12 });
    if !holder.is_empty() {
        spec["holderIdentity"] = json!(holder);
        spec["acquireTime"] = json!(at);
        spec["renewTime"] = json!(at);
    }
    json!({
        "kind": "Lease",
        "apiVersion": "coordination.k8s.io/v1",
        "metadata": { "name": "deploy-shop", "namespace": SYSTEM },
        "spec": spec,
    })
}
