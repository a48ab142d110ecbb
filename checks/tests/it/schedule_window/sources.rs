//! Every source: the incident and the repaired world, what is forbidden, absent, empty or spoilt.

use super::{Stage, made, times};
use gonogo_checks::contract::{Does, Why};
use gonogo_world::{
    Fault, Rule, System,
    alertmanager::Silence,
    incidents::workshop_2024_09_30::{self as workshop, Cause},
    kubernetes::{Account, Grant},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const ROTATION: &str =
    "{ cronjobs: { images: [\"*rotate-key*\", \"*generate-key*\"], does: replaces the gateway key } }";
/// What is looked at, each by its own source.
const ALL: [&str; 6] = [
    ROTATION,
    "{ litellm: { connection: litellm } }",
    "{ certificates: {} }",
    "{ external_secrets: { namespaces: [coder-ws] } }",
    "{ nodes: {} }",
    "{ silences: { connection: alertmanager } }",
];

/// The repaired world, with a copied secret besides.
async fn stage() -> Stage {
    let stage = Stage::of(workshop::repaired(times())).await;
    stage.edit(|cluster| {
        cluster.put(json!({
            "apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret",
            "metadata": { "name": "litellm", "namespace": "coder-ws" },
            "spec": { "refreshInterval": "1h0m0s", "refreshPolicy": "OnChange" },
            "status": {
                "refreshTime": Timestamp::now().to_string(),
                "conditions": [{ "type": "Ready", "status": "True", "reason": "SecretSynced" }],
            },
        }));
    });
    stage
}

#[tokio::test]
async fn in_the_repaired_world_nothing_fires() {
    let stage = stage().await;
    for with in ALL {
        assert_eq!(stage.found(with, "{}").await, [], "{with}");
    }
}

#[tokio::test]
async fn before_the_incident_four_jobs_of_one_name_fire_in_four_namespaces() {
    let stage = stage().await;
    stage.world.edit(|state| Cause::RotationInWindow.inject(state, &times()));
    for with in [
        ROTATION,
        "{ cronjobs: { names: [rotate-key] } }",
        "{ cronjobs: { secrets: [litellm] } }",
        "{ cronjobs: { service_accounts: [rotate-*] } }",
        "{ cronjobs: { namespaces: [coder-ws, coder-ws-demo, coder-ws-experiment, litellm], names: [rotate-key] } }",
    ] {
        let found = stage.found(with, "{}").await;
        let namespaces = ["coder-ws", "coder-ws-demo", "coder-ws-experiment", "litellm"];
        let wanted = namespaces.map(|namespace| ("fires-in-window", format!("{namespace}/rotate-key")));
        assert_eq!(found, wanted, "{with}");
    }
    let (moments, working) = stage.told(ROTATION).await;
    assert_eq!(moments.len(), 200, "the nearest two hundred");
    assert!(moments.is_sorted_by_key(|moment| moment.at));
    assert!(moments.iter().all(|moment| moment.does == Does::Fires && moment.says == "replaces the gateway key"));
    let outside = |at: Timestamp| at < times().starts - SignedDuration::from_hours(12);
    assert!(!moments.iter().any(|moment| outside(moment.at)));
    assert!(working[0].starts_with("coder-ws/rotate-key, meant by its image 123456789012.dkr.ecr."), "{working:?}");
    assert!(working[0].contains("next after it: "), "{working:?}");
}

#[tokio::test]
async fn what_is_suspended_says_what_switching_it_on_again_does() {
    let stage = stage().await;
    let (moments, working) = stage.told(ROTATION).await;
    assert_eq!(moments, []);
    assert!(
        working[0].ends_with("suspended: switched on again, it makes the last start that it missed at once"),
        "{working:?}"
    );
    stage.edit(|cluster| {
        cluster.object_mut("cronjobs.batch", "coder-ws", "rotate-key")["spec"]["startingDeadlineSeconds"] = json!(600);
    });
    let (_, working) = stage.told(ROTATION).await;
    assert!(working[0].ends_with("at once if that was due within the last 10 min"), "{working:?}");
}

#[tokio::test]
async fn a_deployment_in_place_of_a_cronjob_is_never_a_pass() {
    let stage = stage().await;
    for (with, subject, words) in [
        ("{ cronjobs: { names: [litellm-key-rotator] } }", "cronjobs", "none that fits, of 5 in the whole cluster"),
        (
            "{ cronjobs: { namespaces: [coder-ws], images: [nothing] } }",
            "coder-ws/cronjobs",
            "none that fits in the namespace",
        ),
        ("{ cronjobs: { namespaces: [coder-wz] } }", "coder-wz/cronjobs", "the namespace coder-wz does not exist"),
        ("{ certificates: { names: [other] } }", "certificates", "none that fits, of 1"),
        ("{ external_secrets: { selector: app=x } }", "externalsecrets", "none that fits, of 0"),
        ("{ nodes: { pools: [coder-workspaces] } }", "nodepool/coder-workspaces", "none"),
    ] {
        let found = stage.findings(with, "{}").await.expect("seen");
        assert_eq!((found[0].code, found[0].subject.as_str()), ("nothing-that-fires", subject), "{with}");
        assert!(found[0].seen.contains(words), "{}", found[0].seen);
    }
    assert_eq!(stage.found("{ cronjobs: { names: [x], none_expected: true } }", "{}").await, []);
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let stage = stage().await;
    stage.edit(|cluster| {
        let token = cluster.accounts[0].token.clone();
        let account = Account::nobody(&token, "nobody");
        cluster.accounts[0] = account.allow(Grant::new(&["list"], &["cronjobs.batch"]).within("litellm"));
    });
    for (with, right) in [
        (ROTATION, "list cronjobs.batch"),
        ("{ certificates: {} }", "list certificates.cert-manager.io"),
        ("{ external_secrets: {} }", "list externalsecrets.external-secrets.io"),
        ("{ nodes: {} }", "list node"),
    ] {
        let missing = stage.findings(with, "{}").await.expect_err("forbidden");
        assert_eq!(missing.why, Why::Forbidden, "{with}");
        assert!(missing.detail.contains(right), "{missing}");
    }
    let with = "{ cronjobs: { namespaces: [coder-ws, litellm], names: [rotate-key] } }";
    let found = stage.findings(with, "{}").await.expect("one of two");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden"]);
    assert!(found[0].seen.contains("list cronjobs.batch in namespace coder-ws"), "{}", found[0].seen);
}

#[tokio::test]
async fn a_cluster_without_the_kind_is_unknown() {
    let stage = stage().await;
    stage.edit(|cluster| cluster.kinds.retain(|kind| !["karpenter.sh", "cert-manager.io"].contains(&kind.group)));
    for with in ["{ nodes: {} }", "{ certificates: { none_expected: true } }"] {
        let missing = stage.findings(with, "{}").await.expect_err("not served");
        assert_eq!(missing.why, Why::NotFound, "{with}: {missing}");
    }
}

#[tokio::test]
async fn no_fault_is_a_pass() {
    let stage = stage().await;
    for fault in [
        Fault::Refuse,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::UntrustedCertificate,
    ] {
        stage.world.clear_faults().expect("open ports");
        for system in [System::Kubernetes, System::Litellm, System::Alertmanager] {
            stage.world.inject(Rule::on(system, fault)).expect("a rule");
        }
        for with in ALL {
            assert!(stage.findings(with, "{}").await.is_err(), "{fault:?} {with}");
        }
    }
}

#[tokio::test]
async fn any_key_of_the_gateway_that_turns_within_the_window_is_found() {
    let stage = stage().await;
    let half = stage.times.starts + SignedDuration::from_mins(45);
    stage.world.edit(|state| {
        let key = state.litellm.get_mut("litellm.ai.coder.com").and_then(|gateway| gateway.key_mut("workshop"));
        let key = key.expect("the key");
        (key.auto_rotate, key.key_rotation_at) = (true, Some(half));
    });
    let with = "{ litellm: { connection: litellm, rotation_scan: 5m } }";
    assert_eq!(stage.found(with, "{}").await, [("rotation-in-window", "workshop".to_owned())]);
    assert_eq!(stage.found(with, "{ allow: [workshop] }").await, []);
    let (moments, working) = stage.told(with).await;
    assert_eq!((moments.len(), moments[0].does), (1, Does::Rotates));
    assert_eq!(working[0], "1 of 3 keys are replaced by the gateway itself");
}

#[tokio::test]
async fn a_key_that_sees_its_own_alone_proves_nothing_of_the_others() {
    let stage = stage().await;
    stage.world.edit(|state| {
        let gateway = state.litellm.get_mut("litellm.ai.coder.com").expect("the gateway");
        gateway.key_mut("gonogo").expect("the key").role = gonogo_world::litellm::Role::User;
    });
    let missing = stage.findings("{ litellm: { connection: litellm } }", "{}").await.expect_err("hidden");
    assert_eq!(missing.why, Why::Forbidden, "{missing}");
}

#[tokio::test]
async fn a_silence_counts_unless_its_labels_rule_it_out() {
    let stage = stage().await;
    let (starts, ends) = (stage.times.starts, stage.times.ends);
    stage.world.edit(|state| {
        let alertmanager = state.alertmanager.get_mut("alertmanager.ai.coder.com").expect("it");
        alertmanager.silences.insert("pages".to_owned(), Silence::of("severity", "page", starts, ends));
        alertmanager.silences.insert("infos".to_owned(), Silence::of("severity", "info", starts, ends));
        alertmanager.silences.insert("disks".to_owned(), Silence::of("alertname", "Disk", starts, ends));
    });
    let subjects =
        async |with: &str| stage.found(with, "{}").await.into_iter().map(|(_, subject)| subject).collect::<Vec<_>>();
    assert_eq!(subjects("{ silences: { connection: alertmanager } }").await, ["disks", "infos", "pages"]);
    let labelled = "{ silences: { connection: alertmanager, labels: { severity: page } } }";
    assert_eq!(subjects(labelled).await, ["disks", "pages"]);
    let (moments, _) = stage.told(labelled).await;
    assert_eq!(moments.iter().filter(|moment| moment.does == Does::Ends).count(), 2);
}

#[tokio::test]
async fn an_empty_list_of_another_server_is_not_an_alertmanagers() {
    let stage = stage().await;
    let path = Rule::on(System::Alertmanager, Fault::Status(404, None)).path("/api/v2/status");
    stage.world.inject(path).expect("a rule");
    let missing = stage.findings("{ silences: { connection: alertmanager } }", "{}").await.expect_err("who is it");
    assert_eq!(missing.why, Why::NotFound, "{missing}");
}

#[tokio::test]
async fn a_node_that_is_marked_by_hand_is_left_alone() {
    let stage = stage().await;
    stage.edit(|cluster| {
        let pool = cluster.object_mut("nodepools.karpenter.sh", "", "coder-workspace");
        pool["spec"]["disruption"] = json!({ "budgets": [{ "nodes": "10%" }] });
        pool["spec"]["template"]["metadata"] = json!({ "annotations": { "karpenter.sh/do-not-disrupt": "true" } });
    });
    let with = "{ nodes: { pools: [coder-workspace] } }";
    assert_eq!(stage.found(with, "{}").await, [("pool-unprotected", "nodepool/coder-workspace".to_owned())]);
    stage.edit(|cluster| {
        let nodes: Vec<String> = cluster.all("nodes").map(|(key, _)| key.name.clone()).collect();
        for node in nodes {
            let metadata = &mut cluster.object_mut("nodes", "", &node)["metadata"];
            metadata["annotations"]["karpenter.sh/do-not-disrupt"] = json!("true");
        }
    });
    assert_eq!(stage.found(with, "{}").await, []);
}

#[test]
fn settings_that_mean_nothing_are_refused_with_their_place() {
    for (with, words) in [
        ("{ cronjobs: { controller_zone: Vancouver } }", "`Vancouver` is no zone"),
        ("{ cronjobs: { namespaces: [Coder] } }", "`Coder` is no name"),
        ("{ cronjobs: { namespaces: [a, a] } }", "`a` stands here twice"),
        ("{ cronjobs: { names: [\"\"] } }", "an empty pattern fits nothing"),
        ("{ cronjobs: { names: [\"[a\"] } }", "is no pattern"),
        ("{ cronjobs: { secrets: [\" \"] } }", "an empty name names no secret"),
        ("{ nodes: { pools: [\"a b\"] } }", "`a b` is no name"),
        ("{ silences: { connection: litellm } }", "kind `alertmanager` is needed"),
        ("{ litellm: { connection: nowhere } }", "no connection is called `nowhere`"),
    ] {
        let problems = made(with, "{}").err().expect(with);
        assert!(problems[0].message.contains(words), "{with}: {problems:?}");
    }
}
