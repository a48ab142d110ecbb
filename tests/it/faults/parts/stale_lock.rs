//! Locks: every list that they are seen in, what proves that the place is the right one, and S3.

use super::Part;
use gonogo_world::{
    State,
    System::{Kubernetes, S3},
    incidents::Times,
    kubernetes::{Cluster, Kind},
    s3::Bucket,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "leases",
        (Kubernetes, "leases", "/leases?"),
        "probe: stale-lock, sites: [{site}], with: { leases: { namespace: app } }, expect: { none_expected: true }",
    ),
    Part::new(
        "lease-holders",
        (Kubernetes, "lease-holders", "/pods?"),
        "probe: stale-lock, sites: [{site}], with: { leases: { namespace: app } }",
    ),
    Part::new(
        "releases",
        (Kubernetes, "releases", "/secrets?"),
        "probe: stale-lock, sites: [{site}], with: { helm: { all_namespaces: true } }, expect: { none_expected: true }",
    ),
    Part::new(
        "unfinished-jobs",
        (Kubernetes, "unfinished-jobs", "/jobs?"),
        "probe: stale-lock, sites: [{site}], with: { jobs: { namespace: app } }, expect: { none_expected: true }",
    ),
    Part::new(
        "idle-namespace",
        (Kubernetes, "idle-namespace", "/api/v1/namespaces/idle"),
        "probe: stale-lock, sites: [{site}], with: { jobs: { namespace: idle } }, expect: { none_expected: true }",
    ),
    Part::new(
        "operations",
        (Kubernetes, "operations", "/applications?"),
        "probe: stale-lock, sites: [{site}], with: { argo: { namespace: app } }, expect: { none_expected: true }",
    ),
    Part::new(
        "deployment-lock",
        (Kubernetes, "deployment-lock", "/configmaps/"),
        "probe: stale-lock, sites: [{site}], with: { configmap: { namespace: app, name: deployment-lock } }",
    ),
    Part::new(
        "state-secret",
        (Kubernetes, "state-secret", "/secrets/"),
        "probe: stale-lock, sites: [{site}], with: { terraform: { kubernetes: { namespace: app, suffix: estate } } }",
    ),
    Part::new(
        "state-lease",
        (Kubernetes, "state-lease", "/leases/"),
        "probe: stale-lock, sites: [{site}], with: { terraform: { kubernetes: { namespace: app, suffix: estate } } }",
    ),
    Part::new(
        "state-list",
        (S3, "listed-state.s3.us-east-2.amazonaws.com", "list-type="),
        "probe: stale-lock, with: { terraform: { s3: { connection: mirror, region: us-east-2, bucket: listed-state, key: prod/terraform.tfstate } } }",
    ),
    Part::new(
        "state-lock",
        (S3, "locked-state.s3.us-east-2.amazonaws.com", ".tflock"),
        "probe: stale-lock, with: { terraform: { s3: { connection: mirror, region: us-east-2, bucket: locked-state, key: prod/terraform.tfstate } } }",
    ),
];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    let young = (times.now - SignedDuration::from_mins(5)).to_string();
    let own: Vec<&str> = PARTS.iter().filter_map(Part::site).collect();
    for (_, cluster) in state.clusters.iter_mut().filter(|(name, _)| own.contains(&name.as_str())) {
        fill(cluster, &young);
    }
    for name in ["listed-state", "locked-state"] {
        let mut bucket = Bucket::of("us-east-2");
        bucket.put("prod/terraform.tfstate", "{}", times.now);
        state.s3.insert(name.to_owned(), bucket);
    }
}

fn fill(cluster: &mut Cluster, young: &str) {
    cluster.kinds.push(Kind::namespaced("argoproj.io", "v1alpha1", "applications", "Application"));
    let holder = cluster.all("pods").next().expect("a pod").0.name.clone();
    let metadata = |name: &str, labels: Value| json!({ "name": name, "namespace": "app", "labels": labels });
    let none = || json!({});
    cluster.put(json!({
        "kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "metadata": metadata("deployer", none()),
        "spec": { "holderIdentity": holder, "acquireTime": young },
    }));
    cluster.put(json!({
        "kind": "Secret", "apiVersion": "v1", "type": "helm.sh/release.v1", "data": {},
        "metadata": metadata("sh.helm.release.v1.web.v1", json!({ "owner": "helm", "name": "web", "version": "1", "status": "deployed" })),
    }));
    cluster.put(json!({
        "kind": "Job", "apiVersion": "batch/v1", "metadata": metadata("build", none()),
        "spec": {}, "status": { "startTime": young, "active": 1 },
    }));
    cluster.put(json!({
        "kind": "Application", "apiVersion": "argoproj.io/v1alpha1", "metadata": metadata("web", none()),
        "status": { "operationState": { "phase": "Succeeded", "startedAt": young } },
    }));
    let sound = cluster.clone().namespace("idle");
    *cluster = sound.configmap("app", "deployment-lock", &[("holder", ""), ("acquired_at", "")]).secret(
        "app",
        "tfstate-default-estate",
        "Opaque",
        &[("tfstate", "H4sIAAAAAAAA")],
    );
}
