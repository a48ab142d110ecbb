//! `stale-lock` against the world: a cluster with every kind of lock, and a bucket with a state.

mod faults;
mod in_cluster;
mod leases;
mod recorded;
mod state;

pub use crate::kubernetes::UID;

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::{
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Moment, Place, Unobserved, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    State,
    ecr::{Identity, Region},
    kubernetes::{Account, Cluster, Kind},
    s3::Bucket,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use std::fs;

pub const SITE: &str = "ohio";
pub const STATE: &str = "prod/terraform.tfstate";
pub const S3: &str = "{ terraform: { s3: { bucket: tf-state, key: prod/terraform.tfstate } } }";
const AWS: &str = "AKIAIOSFODNN7EXAMPLE";

/// So many minutes before now, as the API writes it.
pub fn ago(minutes: i64) -> String {
    (Timestamp::now() - SignedDuration::from_mins(minutes)).strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string()
}

/// A cluster in which an account may read everything, secrets too.
pub fn cluster() -> Cluster {
    let mut cluster = Cluster::new(UID).namespace("coder").namespace("kube-node-lease");
    cluster.accounts = vec![Account::reader("token", "checker").with_secrets()];
    cluster.serves(Kind::namespaced("argoproj.io", "v1alpha1", "applications", "Application")).deployment(
        "coder",
        "coder",
        |coder| coder.scale(1),
    )
}

/// The name of the one pod that runs.
pub fn pod(cluster: &Cluster) -> String {
    cluster.all("pods").next().expect("a pod").0.name.clone()
}

pub fn lease(namespace: &str, name: &str, spec: &Value) -> Value {
    let metadata = json!({ "name": name, "namespace": namespace });
    json!({ "kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "metadata": metadata, "spec": spec })
}

/// A version of a Helm release.
pub fn release(name: &str, version: u32, status: &str, changed: Timestamp) -> Value {
    let [number, seconds] = [version.to_string(), changed.as_second().to_string()];
    json!({
        "kind": "Secret", "apiVersion": "v1", "type": "helm.sh/release.v1",
        "metadata": {
            "name": format!("sh.helm.release.v1.{name}.v{version}"), "namespace": "coder",
            "labels": { "owner": "helm", "name": name, "version": number, "status": status, "modifiedAt": seconds },
        },
        "data": { "release": "SDRzSUFBQUFBQUFDLzN1" },
    })
}

pub fn job(name: &str, labels: &Value, spec: &Value, status: &Value) -> Value {
    json!({
        "kind": "Job", "apiVersion": "batch/v1",
        "metadata": { "name": name, "namespace": "coder", "labels": labels }, "spec": spec, "status": status,
    })
}

pub fn application(name: &str, status: &Value) -> Value {
    let metadata = json!({ "name": name, "namespace": "coder" });
    json!({ "kind": "Application", "apiVersion": "argoproj.io/v1alpha1", "metadata": metadata, "status": status })
}

/// A world of this cluster, and of a bucket with a state.
pub fn world(cluster: Cluster) -> State {
    let now = Timestamp::now();
    let mut state = State::empty(now);
    state.clusters.insert(SITE.to_owned(), cluster);
    let identity = Identity {
        account: "123456789012".to_owned(),
        arn: "arn:aws:iam::123456789012:user/checker".to_owned(),
        user_id: "AIDAEXAMPLE".to_owned(),
        expires: None,
        denied: Vec::new(),
    };
    state.aws.account.clone_from(&identity.account);
    state.aws.identities.insert(AWS.to_owned(), identity);
    state.aws.regions.insert("us-east-2".to_owned(), Region::default());
    let mut bucket = Bucket::of("us-east-2");
    bucket.put(STATE, "{\"version\": 4, \"outputs\": { \"password\": \"hunter2\" }}", now);
    state.s3.insert("tf-state".to_owned(), bucket);
    state
}

pub async fn stage(cluster: Cluster) -> Stage {
    let stage = Stage::of(world(cluster)).await;
    let credentials = format!("[checker]\naws_access_key_id = {AWS}\naws_secret_access_key = secret\n");
    fs::write(stage.path().join("credentials"), credentials).expect("credentials");
    fs::write(stage.path().join("config"), "").expect("a configuration");
    stage
}

fn tree(text: &str) -> Node {
    load(0, text, &mut Vec::new()).unwrap_or_else(|| panic!("{text}"))
}

/// The item, or what is wrong with its settings.
pub fn made(with: &str, expect: &str) -> Result<Box<dyn Item>, String> {
    let site = SiteSystems {
        name: SITE.to_owned(),
        kubernetes: Some(tree(&format!("{{ context: {SITE}, kubeconfig: kubeconfig }}"))),
        aws: Some(tree(
            "{ profile: checker, region: us-east-2, account: \"123456789012\", credentials_file: credentials, config_file: config }",
        )),
    };
    let mut problems = Vec::new();
    let connections = Connections::read(&[], &[site], &mut problems);
    let place = Place::new(Some(SITE.to_owned()), vec![SITE.to_owned()], connections);
    let kind = kind("stale-lock").expect("in the catalogue");
    let item = (kind.item)(&tree(with), &tree(expect), &place, &mut problems);
    item.ok_or_else(|| problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))
}

pub fn context(stage: &Stage) -> Context {
    let connect = stage.world.connect().into_iter().collect();
    stage.context_of(&NetworkSettings { connect, ca: Some("ca.pem".into()), ..NetworkSettings::default() })
}

pub fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now + SignedDuration::from_hours(hours);
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: after(48), ends: after(50), lead: hour, tail: hour, zone: TimeZone::UTC, attendees: Some(15) }
}

pub async fn look(stage: &Stage, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
    let item = made(with, expect).unwrap_or_else(|problems| panic!("{with}: {problems}"));
    let evidence = item.observe(&context(stage)).await?;
    Ok(item.judge(&evidence, &window()).expect("evidence that reads"))
}

/// Code and subject of what is found.
pub async fn found(stage: &Stage, with: &str, expect: &str) -> Vec<(&'static str, String)> {
    let findings = look(stage, with, expect).await.unwrap_or_else(|missing| panic!("{with}: {missing}"));
    findings.into_iter().map(|finding| (finding.code, finding.subject)).collect()
}

/// The evidence as it is stored, and the moments that it tells of.
pub async fn seen(stage: &Stage, with: &str) -> (Value, Vec<Moment>, Vec<String>) {
    let item = made(with, "{}").expect("an item");
    let evidence = item.observe(&context(stage)).await.expect("evidence");
    let moments = item.moments(&evidence, &window()).expect("moments");
    let working = item.working(&evidence, &window()).expect("lines");
    (evidence, moments, working)
}

pub fn some(code: &'static str, subject: &str) -> Vec<(&'static str, String)> {
    vec![(code, subject.to_owned())]
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    for (with, words) in [
        ("{ leases: {} }", "exactly one of `namespace`"),
        ("{ leases: { namespace: a, all_namespaces: true } }", "exactly one of `namespace`"),
        ("{ leases: { namespace: A } }", "`A` is no name"),
        ("{ leases: { namespace: a, names: [] } }", "an empty list names nothing"),
        ("{ leases: { namespace: a, names: ['['] } }", "error parsing glob"),
        ("{ leases: { namespace: a, selector: ' ' } }", "an empty selector"),
        ("{ leases: { namespace: a, holder_is: node, pods_in: [b] } }", "said to be no pod"),
        ("{ leases: { all_namespaces: true, pods_in: [b] } }", "in all namespaces already"),
        ("{ jobs: { namespace: a, duplicate_by: '' } }", "an empty label"),
        ("{ terraform: { s3: { bucket: 'evil.test#', key: a } } }", "no bucket's name"),
        ("{ terraform: { s3: { bucket: tf-state, key: a/../b } } }", "no state's key"),
        ("{ terraform: { s3: { bucket: tf-state, key: a.tflock } } }", "no state's key"),
        ("{ terraform: { s3: { bucket: tf-state, key: a, region: 'x/y' } } }", "in which region"),
        ("{ terraform: { s3: { bucket: tf-state, key: a, connection: nope } } }", "no connection is called"),
        ("{ terraform: { kubernetes: { namespace: a, suffix: '../b' } } }", "is no name"),
        ("{ configmap: { namespace: a, name: b/c } }", "is no name"),
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
        rights("{ leases: { namespace: coder, pods_in: [other] } }"),
        [
            "kubernetes: list leases.coordination.k8s.io in namespace coder",
            "kubernetes: list pods in namespace coder",
            "kubernetes: list pods in namespace other",
            "kubernetes: get namespaces, only coder",
        ]
    );
    assert_eq!(rights("{ helm: { all_namespaces: true } }"), ["kubernetes: list secrets"]);
    assert_eq!(
        rights(S3),
        [
            "aws: s3:ListBucket on arn:aws:s3:::tf-state with s3:prefix prod/terraform.tfstate",
            "aws: s3:GetObject on arn:aws:s3:::tf-state/prod/terraform.tfstate.tflock",
            "aws: sts:GetCallerIdentity",
        ]
    );
    assert_eq!(
        rights("{ terraform: { kubernetes: { namespace: coder, suffix: platform } } }"),
        [
            "kubernetes: get leases.coordination.k8s.io in namespace coder, only lock-tfstate-default-platform",
            "kubernetes: get secrets in namespace coder, only tfstate-default-platform",
            "kubernetes: get namespaces, only coder",
        ]
    );
}
