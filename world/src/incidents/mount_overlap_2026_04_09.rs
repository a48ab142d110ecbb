//! The jobs of 9 April 2026: every job with several storages ended with "storage download failed".
//!
//! Before a job starts, its storages are extracted to where they are mounted, four at once. Some are mounted inside another. A
//! change cleaned each path before its extraction, because machines were kept alive and used again: the parent's cleaning deleted
//! what had been extracted to its children. A job with one storage was well, and so was the test that had one. That night's
//! cure was to take cleaning and keep-alive away; here no storage is mounted inside another either.
//!
//! Source: the post-mortem of "storage download failed" on status.vm0.ai. There a job is a virtual machine, here a Kubernetes Job.

use jiff::civil;
use serde_json::{Value, json};

use super::{Incident, Injection, Times, ago, minutes_ago, no_credentials, second};
use crate::kubernetes::{Cluster, NodeStats};
use crate::state::State;

/// Its row in the catalogue.
pub const INCIDENT: Incident = Incident {
    name: "mount-overlap-2026-04-09",
    date: civil::date(2026, 4, 9),
    title: "Jobs deleted storage that they had fetched",
    repaired,
    causes: || Injection::each(&Cause::ALL, Cause::inject),
    credentials: no_credentials,
    aws_credentials_file: String::new,
};

/// The clusters, and the kubeconfig's contexts for them.
pub const SITES: [&str; 2] = ["production", "ci"];
const UIDS: [&str; 2] = ["9b7e4c22-51d8-4f0a-a3c6-20260409a001", "9b7e4c22-51d8-4f0a-a3c6-20260409a002"];
const SYSTEM: &str = "runner-system";
const JOBS: &str = "runners";

/// Where a job's storages are mounted: the agent's instructions, and a directory for each skill.
const APART: [&str; 5] = [
    "/home/agent/instructions",
    "/home/agent/skills/browser",
    "/home/agent/skills/database",
    "/home/agent/skills/review",
    "/home/agent/artifacts",
];
/// As it was: the skills inside the instructions.
const NESTED: [&str; 5] = [
    "/home/agent/.agent",
    "/home/agent/.agent/skills/browser",
    "/home/agent/.agent/skills/database",
    "/home/agent/.agent/skills/review",
    "/home/agent/artifacts",
];

/// One of the causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The template of the jobs mounts the skills inside the instructions, and so do the jobs that run.
    NestedMounts,
    /// Each extraction first deletes the path that it extracts to.
    PreClean,
    /// Machines are kept alive and used again, in production and in CI, and no clean-up that is safe exists.
    KeepAlive,
}

impl Cause {
    /// All of them, in the post-mortem's order.
    pub const ALL: [Self; 3] = [Self::NestedMounts, Self::PreClean, Self::KeepAlive];

    /// Makes it so, in a state of this incident.
    ///
    /// # Panics
    /// When what it changes is not there.
    pub fn inject(self, state: &mut State, times: &Times) {
        for (name, cluster) in &mut state.clusters {
            match self {
                Self::NestedMounts if name == SITES[0] => put_jobs(cluster, *times, &NESTED),
                Self::NestedMounts => {}
                Self::PreClean => configure(cluster, "pre-clean", "remove-dir-all"),
                Self::KeepAlive => configure(cluster, "keep-alive", "on"),
            }
        }
    }
}

fn configure(cluster: &mut Cluster, key: &str, value: &str) {
    cluster.object_mut("configmaps", SYSTEM, "runner-config")["data"][key] = json!(value);
}

/// The world as it should have been.
#[must_use]
pub fn repaired(times: Times) -> State {
    let mut state = State::empty(times.now);
    let cluster = |(name, uid): (&str, &str)| (name.to_owned(), cluster(name, uid, times));
    state.clusters = SITES.into_iter().zip(UIDS).map(cluster).collect();
    state
}

fn cluster(name: &str, uid: &str, times: Times) -> Cluster {
    let config =
        [("keep-alive", "off"), ("pre-clean", "off"), ("extract-workers", "4"), ("version", "guest-download 0.14.2")];
    let mut cluster = Cluster::new(uid).since(ago(times, 12)).namespace(SYSTEM).namespace(JOBS);
    cluster = cluster.configmap(SYSTEM, "runner-config", &config);
    for node in 1..=2 {
        cluster = cluster.node(&format!("{name}-{node}"), NodeStats::used(0.4));
    }
    cluster = cluster.deployment(SYSTEM, "runner", |runner| runner.scale(if name == SITES[0] { 8 } else { 2 }));
    put_jobs(&mut cluster, times, &APART);
    cluster
}

/// The template that jobs are made from, and two that run: one with all storages, one with a single one.
fn put_jobs(cluster: &mut Cluster, times: Times, paths: &[&str]) {
    cluster.put(json!({
        "kind": "CronJob",
        "apiVersion": "batch/v1",
        "metadata": { "name": "agent-job-template", "namespace": JOBS, "labels": { "app": "agent-job" } },
        "spec": {
            "schedule": "0 0 1 1 *",
            "suspend": true,
            "concurrencyPolicy": "Forbid",
            "jobTemplate": { "spec": job(paths) },
        },
        "status": {},
    }));
    for (name, paths) in [("agent-job-7f3kq", paths), ("agent-job-2c9dx", &paths[..1])] {
        cluster.put(json!({
            "kind": "Job",
            "apiVersion": "batch/v1",
            "metadata": { "name": name, "namespace": JOBS, "labels": { "app": "agent-job" } },
            "spec": job(paths),
            "status": { "active": 1, "ready": 1, "startTime": second(minutes_ago(times, 4)) },
        }));
    }
}

fn job(paths: &[&str]) -> Value {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).replace('.', "");
    let mounts: Vec<Value> = paths.iter().map(|path| json!({ "name": name(path), "mountPath": path })).collect();
    let volumes: Vec<Value> = paths.iter().map(|path| json!({ "name": name(path), "emptyDir": {} })).collect();
    let container = |name: &str| json!({ "name": name, "image": format!("registry.example.com/{name}:0.14.2"), "volumeMounts": mounts });
    json!({
        "backoffLimit": 0,
        "parallelism": 1,
        "completions": 1,
        "template": {
            "metadata": { "labels": { "app": "agent-job" } },
            "spec": {
                "restartPolicy": "Never",
                "initContainers": [container("guest-download")],
                "containers": [container("agent")],
                "volumes": volumes,
            },
        },
    })
}
