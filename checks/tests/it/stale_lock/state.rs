//! Terraform's locks, in S3 and in a cluster.

use super::{S3, ago, cluster, found, lease, look, seen, some, stage};
use gonogo_checks::contract::{Unobserved, Why};
use jiff::Timestamp;
use serde_json::{Value, json};

const IN_CLUSTER: &str = "{ terraform: { kubernetes: { namespace: coder, suffix: platform } } }";
const SUBJECT: &str = "state/tf-state/prod/terraform.tfstate";

fn lock_info(minutes: i64) -> Value {
    json!({
        "ID": "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001", "Operation": "OperationTypeApply", "Info": "",
        "Who": "ci@runner-7", "Version": "1.11.4", "Created": ago(minutes), "Path": "tf-state/prod/terraform.tfstate",
    })
}

fn put(state: &mut gonogo_world::State, key: &str, body: &str) {
    state.s3.get_mut("tf-state").expect("a bucket").put(key, body, Timestamp::now());
}

#[tokio::test]
async fn a_lock_object_beside_a_state_is_a_held_lock() {
    let stage = stage(cluster()).await;
    assert_eq!(found(&stage, S3, "{}").await, []);
    for (body, wanted) in [
        (lock_info(2).to_string(), vec![]),
        (lock_info(45).to_string(), some("held-too-long", SUBJECT)),
        (lock_info(-45).to_string(), some("lock-from-future", SUBJECT)),
        (String::new(), some("lock-unreadable", SUBJECT)),
        ("locked by hand".to_owned(), some("lock-unreadable", SUBJECT)),
    ] {
        stage.world.edit(|state| put(state, "prod/terraform.tfstate.tflock", &body));
        assert_eq!(found(&stage, S3, "{}").await, wanted, "{body}");
    }
}

#[tokio::test]
async fn who_holds_it_is_asked_first_and_no_command_breaks_the_lock() {
    let stage = stage(cluster()).await;
    stage.world.edit(|state| put(state, "prod/terraform.tfstate.tflock", &lock_info(45).to_string()));
    let findings = look(&stage, S3, "{}").await.expect("seen");
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    assert!(remedy.says.starts_with("ask ci@runner-7 whether"), "{}", remedy.says);
    let command = remedy.command.as_ref().expect("a command").as_str();
    assert_eq!(command, "aws --profile checker --region us-east-2 s3 cp s3://tf-state/prod/terraform.tfstate.tflock -");
}

#[tokio::test]
async fn the_state_itself_is_never_read() {
    let stage = stage(cluster()).await;
    let (evidence, _, _) = seen(&stage, S3).await;
    assert!(!evidence.to_string().contains("hunter2"));
    let asked: Vec<String> =
        stage.world.requests().into_iter().filter(|asked| asked.host.contains("s3")).map(|asked| asked.path).collect();
    assert_eq!(asked, ["/?list-type=2&max-keys=1&prefix=prod%2Fterraform.tfstate", "/prod/terraform.tfstate.tflock"]);
}

#[tokio::test]
async fn a_misnamed_state_and_a_misnamed_bucket_are_never_free() {
    let stage = stage(cluster()).await;
    // Only its lock and longer names begin with it.
    stage.world.edit(|state| put(state, "prod/terraform.tfstate2", "{}"));
    for key in ["prod/terraform.tf", "prod/terraform", "nope"] {
        let with = format!("{{ terraform: {{ s3: {{ bucket: tf-state, key: {key} }} }} }}");
        assert_eq!(found(&stage, &with, "{}").await, some("no-such-state", &format!("state/tf-state/{key}")));
    }
    let with = S3.replace("tf-state", "tf.state");
    let missing = look(&stage, &with, "{}").await.expect_err("no such bucket");
    assert_eq!(
        (missing.why, missing.detail.as_str()),
        (Why::NotFound, "NoSuchBucket: The specified bucket does not exist")
    );
}

#[tokio::test]
async fn a_state_with_odd_letters_in_its_key_is_found() {
    let stage = stage(cluster()).await;
    stage.world.edit(|state| {
        put(state, "env:/prod & more/a+b.tfstate", "{}");
        put(state, "env:/prod & more/a+b.tfstate.tflock", &lock_info(45).to_string());
    });
    let with = "{ terraform: { s3: { bucket: tf-state, key: 'env:/prod & more/a+b.tfstate' } } }";
    assert_eq!(found(&stage, with, "{}").await, some("held-too-long", "state/tf-state/env:/prod & more/a+b.tfstate"));
}

async fn refused(change: impl FnOnce(&mut gonogo_world::State)) -> Unobserved {
    let stage = stage(cluster()).await;
    stage.world.edit(change);
    look(&stage, S3, "{}").await.expect_err("no answer")
}

#[tokio::test]
async fn a_missing_right_is_unknown_and_named() {
    for (action, right) in [
        ("s3:ListBucket", "the credential lacks s3:ListBucket on arn:aws:s3:::tf-state"),
        ("s3:GetObject", "the credential lacks s3:GetObject on arn:aws:s3:::tf-state/prod/terraform.tfstate.tflock"),
    ] {
        let missing = refused(|state| {
            let identity = state.aws.identities.values_mut().next().expect("an identity");
            identity.denied = vec![action.to_owned()];
        })
        .await;
        assert_eq!((missing.why, missing.detail.as_str()), (Why::Forbidden, right));
    }
}

#[tokio::test]
async fn another_account_and_a_dead_key_are_told_before_the_bucket_is() {
    let other = refused(|state| {
        for identity in state.aws.identities.values_mut() {
            "210987654321".clone_into(&mut identity.account);
        }
    })
    .await;
    assert_eq!(other.why, Why::WrongSystem);
    assert_eq!(refused(|state| state.aws.identities.clear()).await.why, Why::Unauthorised);
}

#[tokio::test]
async fn a_state_in_a_secret_is_locked_by_its_lease() {
    let base = || cluster().secret("coder", "tfstate-default-platform", "Opaque", &[("tfstate", "hunter2")]);
    let locked = |minutes, holder: Value| {
        let mut lease = lease("coder", "lock-tfstate-default-platform", &json!({ "holderIdentity": holder }));
        lease["metadata"]["annotations"] = json!({ "app.terraform.io/lock-info": lock_info(minutes).to_string() });
        lease
    };
    let subject = "state/lock-tfstate-default-platform";
    let mut unlocked = locked(45, Value::Null);
    unlocked["metadata"]["annotations"] = json!({});
    let mut untold = locked(45, json!("6f0c"));
    untold["metadata"]["annotations"] = json!({});
    for (lease, wanted) in [
        (None, vec![]),
        (Some(unlocked), vec![]),
        (Some(locked(2, json!("6f0c"))), vec![]),
        (Some(locked(45, json!("6f0c"))), some("held-too-long", subject)),
        // Terraform takes any holder for a lock, and what it wrote is still there.
        (Some(locked(45, json!(""))), some("held-too-long", subject)),
        (Some(untold), some("lock-unreadable", subject)),
    ] {
        let cluster = lease.into_iter().fold(base(), gonogo_world::kubernetes::Cluster::object);
        let stage = stage(cluster).await;
        assert_eq!(found(&stage, IN_CLUSTER, "{}").await, wanted);
        let (evidence, _, _) = seen(&stage, IN_CLUSTER).await;
        assert!(!evidence.to_string().contains("hunter2"));
    }
    let stage = stage(base()).await;
    let misnamed = "{ terraform: { kubernetes: { namespace: coder, suffix: platform, workspace: prod } } }";
    assert_eq!(found(&stage, misnamed, "{}").await, some("no-such-state", "secret tfstate-prod-platform"));
    let nowhere = "{ terraform: { kubernetes: { namespace: nowhere, suffix: platform } } }";
    assert_eq!(look(&stage, nowhere, "{}").await.expect_err("no namespace").why, Why::NotFound);
}
