//! Drift: what Argo CD and Helm say, what changed, and GitHub's pushes. A plan hangs on no system of the world.

use super::Part;
use gonogo_world::{
    State,
    System::{Github as GithubApi, Kubernetes},
    github::{Format, Github, Push, Token},
    incidents::Times,
    kubernetes::Cluster,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The host of the GitHub whose pushes are asked for.
const HOST: &str = "pushes.test";

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "synced",
        (Kubernetes, "synced", "/applications?"),
        "probe: drift, sites: [{site}], with: { argocd: { namespace: app, expected: [web] } }",
    ),
    Part::new(
        "deployed-releases",
        (Kubernetes, "deployed-releases", "/secrets?"),
        "probe: drift, sites: [{site}], with: { helm: { namespace: app, expected: [web] } }",
    ),
    Part::new(
        "left-alone",
        (Kubernetes, "left-alone", "/deployments?"),
        "probe: drift, sites: [{site}], with: { unchanged: { since: { quiet_for: 12h }, workloads: { namespaces: [app] } } }",
    ),
    Part::new(
        "no-pushes",
        (GithubApi, HOST, "/activity"),
        "probe: drift, with: { unchanged: { since: { quiet_for: 12h }, pushes: { connection: pushes, repository: acme/estate } } }",
    ),
];

/// What the sound world holds for them.
pub fn add(state: &mut State, times: Times) {
    let own: Vec<&str> = PARTS.iter().filter_map(Part::site).collect();
    for (_, cluster) in state.clusters.iter_mut().filter(|(name, _)| own.contains(&name.as_str())) {
        fill(cluster, times.now);
    }
    let token = Token { login: "launch".to_owned(), expires: None, format: Format::Utc };
    let push = Push::to("main", times.now - SignedDuration::from_hours(24), "ada");
    let github = Github {
        tokens: [(crate::faults::product::GITHUB_TOKEN.to_owned(), token)].into(),
        pushes: [("acme/estate".to_owned(), vec![push])].into(),
        ..Github::default()
    };
    state.github.insert(HOST.to_owned(), github);
}

/// The connection to that GitHub.
pub fn connections(all: &mut Value) {
    all["pushes"] = json!({ "kind": "github", "url": format!("https://{HOST}"), "token": { "file": "github-token" } });
}

fn fill(cluster: &mut Cluster, now: Timestamp) {
    let compared = (now - SignedDuration::from_mins(1)).to_string();
    let changed = (now - SignedDuration::from_hours(24)).as_second().to_string();
    cluster.put(json!({
        "kind": "Application", "apiVersion": "argoproj.io/v1alpha1", "metadata": { "name": "web", "namespace": "app" },
        "status": { "sync": { "status": "Synced" }, "health": { "status": "Healthy" }, "reconciledAt": compared },
    }));
    cluster.put(json!({
        "kind": "Secret", "apiVersion": "v1", "type": "helm.sh/release.v1", "data": {},
        "metadata": {
            "name": "sh.helm.release.v1.web.v1", "namespace": "app",
            "labels": { "owner": "helm", "name": "web", "version": "1", "status": "deployed", "modifiedAt": changed },
        },
    }));
}
