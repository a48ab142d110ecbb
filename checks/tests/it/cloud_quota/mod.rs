//! Cloud quota against the world: applied and default, used and unknown, forbidden, and with each system out of order.

mod faults;
mod recorded;

use crate::amazon::{Asker, Stage, codes, repaired};
use gonogo_world::{
    Fault, Rule, State, System,
    aws::{Increase, Metric, Quota, Services},
    kubernetes::Kind,
};
use jiff::SignedDuration;
use serde_json::json;

const QUOTA: Asker = Asker { kind: "cloud-quota", site: Some("us-east-2") };
const BOTH: &str = "{ vcpu: [on_demand, spot] }";
const EIGHTY: &str = "{ need: { by_attendees: { 15: 80 } } }";
const ON_DEMAND: &str = "L-1216C47A";

/// The services of the server's region.
fn services(state: &mut State) -> &mut Services {
    &mut state.aws.regions.get_mut("us-east-2").expect("a region").services
}

fn quota(state: &mut State) -> &mut Quota {
    services(state).quota_mut("ec2", ON_DEMAND).expect("a quota")
}

async fn changed(change: impl FnOnce(&mut State)) -> Stage {
    Stage::of(QUOTA, |times| {
        let mut state = repaired(times);
        change(&mut state);
        state
    })
    .await
}

#[tokio::test]
async fn the_workshops_account_has_room_on_demand_and_on_spot() {
    let stage = Stage::of(QUOTA, repaired).await;
    let (evidence, found) = stage.look(BOTH, EIGHTY).await;
    assert_eq!(codes(&found), [("", ""); 0], "{evidence:#}");
    for (line, (name, limit, used)) in
        [("on-demand standard vCPU", 384.0, 96.0), ("spot standard vCPU", 256.0, 32.0)].into_iter().enumerate()
    {
        let line = &evidence["quotas"][line];
        assert_eq!(line["name"], name);
        assert_eq!(line["quota"]["Ok"]["quota"]["value"], limit);
        assert_eq!(line["usage"]["Ok"]["latest"]["value"], used);
    }
}

#[tokio::test]
async fn a_value_of_the_accounts_own_and_amazons_default_are_told_apart() {
    let stage = changed(|state| quota(state).applied = None).await;
    let (evidence, found) = stage.look(BOTH, EIGHTY).await;
    assert_eq!(codes(&found), [("quota-exceeded", "")]);
    assert!(found[0].seen.contains("5 (Amazon's default value) less 96 in use"), "{}", found[0].seen);
    assert_eq!(evidence["quotas"][0]["quota"]["Ok"]["quota"]["is_default"], true);
    assert_eq!(evidence["quotas"][1]["quota"]["Ok"]["quota"]["is_default"], false);
}

#[tokio::test]
async fn a_use_without_a_value_and_one_of_long_ago_are_unknown() {
    let never = changed(|state| services(state).metrics.clear()).await;
    assert_eq!(codes(&never.look(BOTH, EIGHTY).await.1), [("no-usage-datapoint", ""); 2]);
    let old = changed(|state| {
        let last = state.now - SignedDuration::from_mins(50);
        services(state).metrics[0].last = Some(last);
    })
    .await;
    assert_eq!(codes(&old.look(BOTH, EIGHTY).await.1), [("usage-stale", "")]);
    let older = changed(|state| {
        let last = state.now - SignedDuration::from_hours(4);
        services(state).metrics[0].last = Some(last);
    })
    .await;
    assert_eq!(codes(&older.look(BOTH, EIGHTY).await.1), [("no-usage-datapoint", "")]);
    let other = changed(|state| {
        // The same name, for another class: no other metric's value is taken for this one's.
        services(state).metrics[0] = Metric::of_vcpu("G/OnDemand", 0.0);
    })
    .await;
    assert_eq!(codes(&other.look(BOTH, EIGHTY).await.1), [("no-usage-datapoint", "")]);
}

#[tokio::test]
async fn an_error_within_a_200_is_unknown_and_its_value_does_not_count() {
    let stage = changed(|state| {
        quota(state).error = Some(("DEPENDENCY_SERVICE_ERROR".to_owned(), "EC2 did not answer".to_owned()));
    })
    .await;
    let (_, found) = stage.look(BOTH, EIGHTY).await;
    assert_eq!(codes(&found), [("server-error", "")]);
    assert!(found[0].seen.contains("DEPENDENCY_SERVICE_ERROR: EC2 did not answer"), "{}", found[0].seen);
}

#[tokio::test]
async fn requests_for_more_are_read_to_their_last_page_and_told() {
    let stage = changed(|state| {
        let made = |days: i64| state.now - SignedDuration::from_hours(24 * days);
        let old =
            (0..150).map(|days| Increase { status: "DENIED".to_owned(), desired: 900.0, created: made(days + 9) });
        let mut all: Vec<Increase> = old.collect();
        all.push(Increase { status: "PENDING".to_owned(), desired: 256.0, created: made(1) });
        quota(state).applied = Some(128.0);
        quota(state).increases = all;
    })
    .await;
    let (evidence, found) = stage.look(BOTH, EIGHTY).await;
    assert_eq!(codes(&found), [("quota-exceeded", "")]);
    assert!(found[0].seen.contains("an increase to 256 is PENDING"), "{}", found[0].seen);
    assert_eq!(evidence["quotas"][0]["increases"]["Ok"].as_array().map(Vec::len), Some(151));
    let left_out = "{ vcpu: [on_demand], increases: false }";
    assert!(!stage.look(left_out, EIGHTY).await.1[0].seen.contains("PENDING"));
}

#[tokio::test]
async fn any_quota_is_asked_for_by_its_code_and_one_that_is_not_there_is_a_failure() {
    let stage = changed(|state| {
        let volumes = Quota::applied("Storage for General Purpose SSD (gp3) volumes, in TiB", 50.0);
        services(state).quotas.insert(("ebs".to_owned(), "L-7A658B76".to_owned()), volumes);
    })
    .await;
    let volumes = "{ quota: { service: ebs, code: L-7A658B76, unit: TiB } }";
    assert_eq!(codes(&stage.look(volumes, "{ need: 10, used: 30 }").await.1), [("", ""); 0]);
    assert_eq!(codes(&stage.look(volumes, "{ need: 10 }").await.1), [("usage-untold", "")]);
    let absent = "{ quota: { service: ebs, code: L-00000000 } }";
    assert_eq!(codes(&stage.look(absent, "{ need: 10 }").await.1), [("no-such-quota", "")]);
}

#[tokio::test]
async fn two_checks_of_one_run_ask_once() {
    let stage = Stage::of(QUOTA, repaired).await;
    let cx = stage.context();
    stage.look_in(&cx, BOTH, EIGHTY).await;
    let asked = stage.world.requests().len();
    stage.look_in(&cx, "{ vcpu: [spot] }", "{ need: 1 }").await;
    assert_eq!(stage.world.requests().len(), asked);
}

#[test]
fn settings_that_ask_for_nothing_are_refused() {
    for (with, words) in [
        ("{}", "exactly one of `vcpu` and `quota`"),
        ("{ vcpu: [spot], quota: { service: ebs, code: L-1 } }", "exactly one of"),
        ("{ vcpu: [spot, spot] }", "named twice"),
        ("{ quota: { service: 'e b', code: L-1 } }", "no service of"),
        ("{ quota: { service: ebs, code: '' } }", "no code of"),
        ("{ vcpu: [spot], connection: nowhere }", "no connection"),
    ] {
        let problems = QUOTA.problems(with);
        assert!(problems.iter().any(|problem| problem.message.contains(words)), "{words}: {problems:?}");
    }
    let nowhere = Asker { site: None, ..QUOTA }.problems(BOTH);
    assert!(nowhere[0].message.contains("no site"), "{nowhere:?}");
}

/// A pool of machines of 16 vCPU for workspaces, of which none runs yet.
fn pooled(state: &mut State) {
    let pool = json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": { "name": "coder-workspace" },
        "spec": { "template": { "metadata": { "labels": { "for": "workspaces" } }, "spec": {} } },
        "status": { "conditions": [{ "type": "Ready", "status": "True" }], "resources": {} },
    });
    let cluster = state.clusters.get_mut("us-east-2").expect("a cluster");
    let kinds = [
        Kind::clusterwide("karpenter.sh", "v1", "nodepools", "NodePool"),
        Kind::namespaced("", "v1", "limitranges", "LimitRange"),
    ];
    for kind in kinds {
        if !cluster.kinds.contains(&kind) {
            cluster.kinds.push(kind);
        }
    }
    cluster.put(pool);
}

const AS_PACKED: &str = "{ vcpu: [on_demand, spot], new_nodes: {
    each_attendee: { cpu: 4, memory: 8Gi },
    place: { namespace: coder-ws, pools: [coder-workspace], node_selector: { for: workspaces },
             new_node: { cpu: 15.9, memory: 29Gi, capacity: { cpu: 16, memory: 32Gi } } } } }";

#[tokio::test]
async fn the_need_is_reckoned_from_the_cluster_as_whole_machines() {
    let stage = changed(|state| {
        pooled(state);
        quota(state).applied = Some(196.0);
    })
    .await;
    let (evidence, found) = stage.look(AS_PACKED, "{}").await;
    assert_eq!(codes(&found), [("quota-headroom", "")], "{evidence:#}");
    let words = "needs 80 vCPU for 15 attendees: 5 new nodes of 16 vCPU with 3 on each";
    assert!(found[0].seen.starts_with(words), "{}", found[0].seen);
}

#[tokio::test]
async fn a_cluster_that_is_out_of_order_leaves_the_need_unknown() {
    let stage = changed(pooled).await;
    stage.world.inject(Rule::on(System::Kubernetes, Fault::Status(403, None)).path("/api/v1/pods")).expect("a rule");
    assert_eq!(codes(&stage.look(AS_PACKED, "{}").await.1), [("forbidden", "")]);
}

#[test]
fn new_nodes_that_say_nothing_of_machines_are_refused() {
    for (with, words) in [
        (AS_PACKED.replace("pools: [coder-workspace],", ""), "no pool is named"),
        (AS_PACKED.replace("cpu: 4, memory: 8Gi", "cpu: 0, memory: 8Gi"), "no cpu needs no machine"),
        (AS_PACKED.replace("vcpu: [on_demand, spot]", "quota: { service: ebs, code: L-1 }"), "counted in vCPU"),
        (AS_PACKED.replace("namespace: coder-ws", "namespace: Coder"), "no name of Kubernetes"),
    ] {
        let problems = QUOTA.problems(&with);
        assert!(problems.iter().any(|problem| problem.message.contains(words)), "{words}: {problems:?}");
    }
}
