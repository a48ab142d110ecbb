//! `drift` against stand-ins for programs, and against the world.

mod cluster;
mod kubectl;
mod plans;
mod unchanged;

pub use crate::kubernetes::UID;

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::{
        Network, Reach,
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Place, SecretRef, Unobserved, Vault, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    State,
    github::{Format, Github, Push, Token},
    kubernetes::{Account, Cluster},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;

pub const SITE: &str = "ohio";
/// A site whose cluster is the one that gonogo runs in, and one where it acts as another user.
pub const INNER: &str = "inner";
pub const ACTING: &str = "acting";
pub const TOKEN: &str = "ghp_worldworldworldworldworldworldworld1";

/// The program that stands in for `name`.
pub fn stand_in(name: &str) -> String {
    format!("{}/../tests/real/servers/stand-ins/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// So many minutes before now, as the API writes it.
pub fn ago(minutes: i64) -> String {
    (Timestamp::now() - SignedDuration::from_mins(minutes)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A cluster made two days ago, in which an account may read everything, secrets too.
pub fn cluster() -> Cluster {
    let made = Timestamp::now() - SignedDuration::from_hours(48);
    let mut cluster = Cluster::new(UID).since(made).namespace("coder").namespace("argocd");
    cluster.accounts = vec![Account::reader("token", "checker").with_secrets()];
    cluster.deployment("coder", "web", |web| web.scale(1)).configmap("coder", "settings", &[("a", "b")])
}

/// An Application as Argo CD keeps it, deployed and compared so many minutes ago.
pub fn application(name: &str, deployed: i64, compared: i64) -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": { "name": name, "namespace": "argocd" },
        "status": {
            "sync": { "status": "Synced", "revision": "4f2a91c0d2e1" },
            "health": { "status": "Healthy" },
            "reconciledAt": ago(compared),
            "history": [
                { "id": 0, "revision": "0000aaaa1111", "deployedAt": ago(deployed + 500) },
                { "id": 1, "revision": "4f2a91c0d2e1", "deployedAt": ago(deployed) },
            ],
            "operationState": { "phase": "Succeeded", "startedAt": ago(deployed), "message": "ok" },
        },
    })
}

/// A version of a Helm release, written so many minutes ago.
pub fn release(name: &str, version: u32, status: &str, changed: i64) -> Value {
    let at = Timestamp::now() - SignedDuration::from_mins(changed);
    let [number, seconds] = [version.to_string(), at.as_second().to_string()];
    json!({
        "kind": "Secret", "apiVersion": "v1", "type": "helm.sh/release.v1",
        "metadata": {
            "name": format!("sh.helm.release.v1.{name}.v{version}"), "namespace": "coder", "creationTimestamp": ago(changed),
            "labels": { "owner": "helm", "name": name, "version": number, "status": status, "modifiedAt": seconds },
        },
        "data": { "release": "SDRzSUFBQUFBQUFDLzN1" },
    })
}

/// A world of this cluster, and of a GitHub whose branch was pushed to so many minutes ago.
pub async fn stage(cluster: Cluster, pushed: &[i64]) -> Stage {
    let now = Timestamp::now();
    let mut state = State::empty(now);
    state.clusters.insert(SITE.to_owned(), cluster);
    let token = Token { login: "checker".to_owned(), expires: None, format: Format::Utc };
    let left =
        pushed.iter().map(|minutes| Push::to("main", now - SignedDuration::from_mins(*minutes), "ada")).collect();
    let github = Github {
        tokens: [(TOKEN.to_owned(), token)].into(),
        pushes: [("acme/estate".to_owned(), left)].into(),
        ..Github::default()
    };
    state.github.insert("api.github.com".to_owned(), github);
    Stage::of(state).await
}

fn tree(text: &str) -> Node {
    load(0, text, &mut Vec::new()).unwrap_or_else(|| panic!("{text}"))
}

/// The item, or what is wrong with its settings.
pub fn made(with: &str, expect: &str) -> Result<Box<dyn Item>, String> {
    made_at(SITE, with, expect)
}

/// The same at the site `at`.
pub fn made_at(at: &str, with: &str, expect: &str) -> Result<Box<dyn Item>, String> {
    let site = SiteSystems {
        name: SITE.to_owned(),
        kubernetes: Some(tree(&format!("{{ context: {SITE}, kubeconfig: kubeconfig, cluster_uid: {UID} }}"))),
        aws: None,
    };
    let inner = SiteSystems { name: INNER.to_owned(), kubernetes: Some(tree("{ in_cluster: true }")), aws: None };
    let acting = SiteSystems {
        name: ACTING.to_owned(),
        kubernetes: Some(tree("{ in_cluster: true, as: somebody }")),
        aws: None,
    };
    let github = tree("{ kind: github, token: { env: GITHUB_TOKEN } }");
    let bare = tree("{ kind: github }");
    let mut problems = Vec::new();
    let named = [("github".to_owned(), github), ("bare".to_owned(), bare)];
    let connections = Connections::read(&named, &[site, inner, acting], &mut problems);
    let place = Place::new(Some(at.to_owned()), vec![at.to_owned()], connections).of_check("frozen").of_event("Launch");
    let item = (kind("drift").expect("in the catalogue").item)(&tree(with), &tree(expect), &place, &mut problems);
    item.ok_or_else(|| problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))
}

pub fn context(stage: &Stage) -> Context {
    let connect = stage.world.connect().into_iter().collect();
    let settings = NetworkSettings { connect, ca: Some("ca.pem".into()), ..NetworkSettings::default() };
    let network = Arc::new(Network::new(&settings, stage.path()).expect("a network"));
    let mut vault = Vault::default();
    vault.keep(SecretRef::Env("GITHUB_TOKEN".to_owned()), SecretString::from(TOKEN));
    Context::new(Arc::new(Reach::new(network, vault, 16, stage.path().to_owned())), "drift", 7)
}

pub fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now + SignedDuration::from_hours(hours);
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: after(48), ends: after(50), lead: hour, tail: hour, zone: TimeZone::UTC, attendees: Some(15) }
}

/// The evidence as it is stored, and what is found.
pub async fn look(stage: &Stage, with: &str, expect: &str) -> Result<(Value, Vec<Finding>), Unobserved> {
    let item = made(with, expect).unwrap_or_else(|problems| panic!("{with}: {problems}"));
    let evidence = item.observe(&context(stage)).await?;
    let findings = item.judge(&evidence, &window()).expect("evidence that reads");
    Ok((evidence, findings))
}

/// Code and subject of what is found.
pub async fn found(stage: &Stage, with: &str, expect: &str) -> Vec<(&'static str, String)> {
    let (_, findings) = look(stage, with, expect).await.unwrap_or_else(|missing| panic!("{with}: {missing}"));
    findings.into_iter().map(|finding| (finding.code, finding.subject)).collect()
}

pub fn some(code: &'static str, subject: &str) -> Vec<(&'static str, String)> {
    vec![(code, subject.to_owned())]
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    for (with, words) in [
        ("{ terraform: { folder: a, env: { TF_CLI_ARGS_plan: -target=x } } }", "changes what is planned"),
        ("{ terraform: { folder: a, inherit: [TF_CLI_ARGS] } }", "changes what is planned"),
        ("{ terraform: { folder: a, var_files: [''] } }", "is no file"),
        ("{ kubectl: {} }", "exactly one of `manifests`"),
        ("{ kubectl: { manifests: [a], kustomize: b } }", "exactly one of `manifests`"),
        ("{ kubectl: { manifests: ['https://evil.test/x.yaml'] } }", "only files and folders"),
        ("{ argocd: { namespace: 'A' } }", "is no name"),
        ("{ argocd: { namespace: a, selector: ' ' } }", "an empty selector"),
        ("{ helm: {} }", "exactly one of `namespace`"),
        ("{ helm: { namespace: a, all_namespaces: true } }", "exactly one of `namespace`"),
        ("{ unchanged: { since: { quiet_for: 1d } } }", "nothing is named"),
        ("{ unchanged: { since: { quiet_for: 0s }, helm: { namespace: a } } }", "within no time"),
        ("{ unchanged: { since: { quiet_for: 1d }, workloads: { namespaces: [] } } }", "an empty list"),
        (
            "{ unchanged: { since: { quiet_for: 1d }, pushes: { connection: github, repository: estate } } }",
            "is no repository",
        ),
        (
            "{ unchanged: { since: { quiet_for: 1d }, pushes: { connection: bare, repository: a/b } } }",
            "has no `token`",
        ),
    ] {
        let problems = made(with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.contains(words), "{with}: {problems}");
    }
}

#[test]
fn the_least_rights_are_named_for_each_source() {
    let rights = |with: &str| -> Vec<String> {
        made(with, "{}").expect("an item").access().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        rights("{ argocd: { namespace: argocd } }"),
        ["kubernetes: list applications.argoproj.io in namespace argocd"]
    );
    assert_eq!(rights("{ helm: { all_namespaces: true } }"), ["kubernetes: list secrets"]);
    assert_eq!(
        rights(
            "{ unchanged: { since: { report: go.json }, workloads: { namespaces: [coder] }, pushes: { connection: github, repository: acme/estate } } }"
        ),
        [
            "kubernetes: list deployments.apps in namespace coder",
            "kubernetes: list statefulsets.apps in namespace coder",
            "kubernetes: list daemonsets.apps in namespace coder",
            "kubernetes: list replicasets.apps in namespace coder",
            "kubernetes: list configmaps in namespace coder",
            "github: contents: read of acme/estate",
            "this machine: read go.json",
        ]
    );
}
