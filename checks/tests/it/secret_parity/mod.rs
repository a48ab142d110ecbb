//! Secret parity against the world: equal, outdated, empty, absent, forbidden, and with each system out of order.

mod faults;
mod kept;

use crate::amazon::{Asker, Stage, codes, repaired};
use gonogo_world::{
    State,
    aws::Secret,
    incidents::workshop_2024_09_30::{COPIES, KEY_ID, WORKSPACE_KEY},
    kubernetes::Cluster,
};
use jiff::SignedDuration;

const PARITY: Asker = Asker { kind: "secret-parity", site: None };
/// The workshop's source.
const AWS: &str = "{ aws_secret: { connection: mirror, region: us-east-2, id: litellm/workshop-key } }";
/// The workshop's copies, as the planner hands them over.
const HERE: &str = "copies: [{ us-east-2: { namespaces: [coder-ws, coder-ws-experiment, coder-ws-demo], name: litellm, key: token, cronjob: rotate-key } }]";

fn with(source: &str) -> String {
    format!("{{ source: {source}, {HERE} }}")
}

/// The server's cluster, in which a copy is written anew now.
fn copied(state: &mut State, namespace: &str, value: &str) {
    let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
    let now = state.now;
    let anew = cluster.clone().since(now - SignedDuration::from_mins(30));
    *cluster = anew.secret(namespace, "litellm", "Opaque", &[("token", value)]);
}

fn rotated(state: &mut State, value: &str, ago: SignedDuration) {
    let changed = state.now - ago;
    let region = state.aws.regions.get_mut("us-east-2").expect("a region");
    region.services.secrets.insert(KEY_ID.to_owned(), Secret::text(value, changed));
}

#[tokio::test]
async fn three_copies_of_the_sources_value_pass_and_the_evidence_says_so() {
    let stage = Stage::of(PARITY, repaired).await;
    let (evidence, found) = stage.look(&with(AWS), "{ at_least: 3 }").await;
    assert_eq!(codes(&found), [("", ""); 0], "{evidence:#}");
    assert_eq!(evidence["source"]["seen"]["Ok"]["value"]["number"], 1);
    for (i, namespace) in COPIES.iter().enumerate() {
        let copy = &evidence["copies"][i];
        assert_eq!(copy["at"]["kubernetes"]["namespace"], *namespace);
        assert_eq!(copy["seen"]["Ok"]["value"]["likeness"], "same");
        assert_eq!(copy["writer"], "rotate-key");
    }
}

#[tokio::test]
async fn a_rotation_that_nobody_copied_makes_every_copy_outdated() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        rotated(&mut state, "sk-world-rotated-since", SignedDuration::from_mins(5));
        state
    })
    .await;
    let (_, found) = stage.look(&with(AWS), "{}").await;
    assert_eq!(codes(&found), [("copy-outdated", "us-east-2"); 3]);
    let command = found[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command");
    assert!(command.as_str().ends_with("-n coder-ws create job copy-by-hand --from=cronjob/rotate-key"), "{command}");
    assert!(found[0].seen.contains("value 2, another value") && found[2].seen.contains("value 2"), "{found:#?}");
}

#[tokio::test]
async fn what_is_no_copy_is_told_apart() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        copied(&mut state, "coder-ws", "null");
        copied(&mut state, "coder-ws-experiment", &format!("{WORKSPACE_KEY}\n"));
        copied(&mut state, "coder-ws-demo", "sk-world-of-another-place");
        state
    })
    .await;
    let (_, found) = stage.look(&with(AWS), "{}").await;
    let wanted = [("copy-empty", "us-east-2"), ("copy-differs", "us-east-2"), ("copy-differs", "us-east-2")];
    assert_eq!(codes(&found), wanted);
    assert!(found[1].seen.contains("line break at the end"), "{}", found[1].seen);
    assert!(found[2].seen.contains("copied from something else"), "{}", found[2].seen);
}

#[tokio::test]
async fn an_absent_namespace_secret_and_key_are_named() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
        cluster.remove("secrets", "coder-ws", "litellm");
        cluster.remove("namespaces", "", "coder-ws-experiment");
        cluster.remove("secrets", "coder-ws-experiment", "litellm");
        *cluster = cluster.clone().secret("coder-ws-demo", "litellm", "Opaque", &[("api-key", "x")]);
        state
    })
    .await;
    let (_, found) = stage.look(&with(AWS), "{}").await;
    assert_eq!(codes(&found), [("copy-missing", "us-east-2"); 3]);
    for (finding, words) in found.iter().zip([
        "no secret litellm in namespace coder-ws",
        "no namespace coder-ws-experiment",
        "no `token`, it has api-key",
    ]) {
        assert!(finding.seen.contains(words), "{}", finding.seen);
    }
}

#[tokio::test]
async fn a_source_may_be_a_cluster_or_this_machine_and_a_value_may_be_an_entry_of_json() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        let json = format!(r#"{{"litellm":{{}},"key":"{WORKSPACE_KEY}"}}"#);
        let cluster = state.clusters.get_mut("us-west-2").expect("a cluster");
        let account = cluster.accounts[0].clone().with_secrets();
        let mut holds: Cluster = cluster.clone().secret("coder-proxy", "keys", "Opaque", &[("json", &json)]);
        holds.accounts[0] = account;
        *cluster = holds;
        state
    })
    .await;
    let kubernetes =
        "{ kubernetes: { site: us-west-2, namespace: coder-proxy, name: keys, key: json, json_key: key } }";
    for source in [kubernetes, "{ value: { env: WORKSPACE_KEY } }"] {
        let (evidence, found) = stage.look(&with(source), "{}").await;
        assert_eq!(codes(&found), [("", ""); 0], "{source}: {evidence:#}");
    }
    let absent = kubernetes.replace("json_key: key", "json_key: other");
    assert_eq!(codes(&stage.look(&with(&absent), "{}").await.1), [("source-missing", "")]);
    let nested = kubernetes.replace("json_key: key", "json_key: litellm");
    assert_eq!(codes(&stage.look(&with(&nested), "{}").await.1), [("source-missing", "")]);
}

#[tokio::test]
async fn a_source_that_is_null_or_on_its_way_out_is_a_failure() {
    let stage = Stage::of(PARITY, |times| {
        let mut state = repaired(times);
        rotated(&mut state, "null", SignedDuration::from_mins(5));
        state
    })
    .await;
    assert_eq!(codes(&stage.look(&with(AWS), "{}").await.1), [("source-empty", "")]);
    stage.world.edit(|state| {
        let region = state.aws.regions.get_mut("us-east-2").expect("a region");
        region.services.secrets.get_mut(KEY_ID).expect("a secret").is_leaving = true;
    });
    let (_, found) = stage.look(&with(AWS), "{}").await;
    assert_eq!(codes(&found), [("source-missing", "")]);
    assert!(found[0].seen.contains("marked for deletion"), "{}", found[0].seen);
}

#[test]
fn settings_that_compare_nothing_are_refused() {
    for (with, words) in [
        (format!("{{ source: {AWS}, copies: [] }}"), "nothing to compare"),
        (with("{ aws_secret: { id: x } }"), "exactly one of `connection` and `site`"),
        (with("{ aws_secret: { connection: mirror, id: x } }"), "no region"),
        (with("{ aws_secret: { connection: mirror, region: us-east-2, id: ' ' } }"), "names no secret"),
        (
            with("{ kubernetes: { site: us-east-2, namespace: coder-ws, name: litellm, key: token } }"),
            "the source itself",
        ),
        (with("{ kubernetes: { site: nowhere, namespace: coder-ws, name: litellm, key: token } }"), "no `kubernetes:`"),
        (with(AWS).replace("coder-ws-demo", "coder-ws"), "named twice"),
        (with(AWS).replace("coder-ws-demo", "../default"), "no name of Kubernetes"),
        (with(AWS).replace("key: token", "key: ''"), "empty key"),
        (with(AWS).replace("namespaces: [coder-ws, coder-ws-experiment, coder-ws-demo],", ""), "exactly one of"),
    ] {
        let problems = PARITY.problems(&with);
        assert!(problems.iter().any(|problem| problem.message.contains(words)), "{words}: {problems:?}");
    }
}

#[test]
fn access_names_each_secret_and_nothing_wider() {
    let rights: Vec<String> = PARITY.item(&with(AWS), "{}").access().iter().map(ToString::to_string).collect();
    assert_eq!(
        rights,
        [
            "aws: secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-2:123456789012:secret:litellm/workshop-key-*",
            "aws: sts:GetCallerIdentity",
            "kubernetes: get namespaces",
            "kubernetes: get secrets in namespace coder-ws, only litellm",
            "kubernetes: get secrets in namespace coder-ws-demo, only litellm",
            "kubernetes: get secrets in namespace coder-ws-experiment, only litellm",
        ]
    );
}
