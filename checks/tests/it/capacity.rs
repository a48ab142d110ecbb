//! `capacity` against the world: the incident, the repaired world, everything that closes a node or caps a namespace.

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::connections::{Connections, SiteSystems},
    contract::{
        Context, Finding, Item, Place, Weight, Window,
        text::{Node, Problem, load},
    },
    kind,
};
use gonogo_world::{
    Fault, Rule, State, System,
    incidents::{
        Times,
        workshop_2024_09_30::{self as workshop, Cause},
    },
    kubernetes::{Account, Cluster, Grant, NodeStats},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

const OHIO: &str = "us-east-2";
const SITES: [&str; 3] = [OHIO, "us-west-2", "eu-west-2"];
const NEW: &str = "new_node: { cpu: 15.89, memory: 60Gi, capacity: { cpu: 16, memory: 64Gi }, disk: { size: 100Gi, used: 20Gi }, launch: 60s }";
const EXPECT: &str = "{ all_ready_within: 2m }";

fn times() -> Times {
    let now = Timestamp::now();
    let after = |hours| now + SignedDuration::from_hours(hours);
    Times { now, starts: after(48), ends: after(50) }
}

fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).expect("YAML")
}

fn window(attendees: Option<u32>) -> Window {
    let times = times();
    let hour = SignedDuration::from_hours(1);
    Window {
        now: times.now,
        starts: times.starts,
        ends: times.ends,
        lead: hour,
        tail: hour,
        zone: TimeZone::UTC,
        attendees,
    }
}

/// The workshop's settings, as the planner hands them over.
fn workshop_with(sites: &[&str]) -> String {
    let ground = |site: &&str| format!("  {site}: {{ namespace: coder-ws, pools: [coder-workspace], {NEW} }}");
    let place = sites.iter().map(ground).collect::<Vec<_>>().join("\n");
    format!(
        "each_attendee: {{ cpu: 4, memory: 8Gi, disk: 8Gi }}\nplace:\n{place}\nprovisioning: {{ slots: 10, build: 30s }}\n"
    )
}

fn made(with: &str, expect: &str) -> Result<Box<dyn Item>, Vec<Problem>> {
    let sites = SITES.map(|site| SiteSystems {
        name: site.to_owned(),
        kubernetes: Some(node(&format!("{{ context: {site}, kubeconfig: kubeconfig }}"))),
        aws: None,
    });
    let mut problems = Vec::new();
    let connections = Connections::read(&[], &sites, &mut problems);
    let place = Place::new(None, SITES.map(str::to_owned).into(), connections);
    let kind = kind("capacity").expect("a probe");
    (kind.item)(&node(with), &node(expect), &place, &mut problems).ok_or(problems)
}

struct Judged {
    evidence: Value,
    findings: Vec<Finding>,
    working: Vec<String>,
}

async fn look(cx: &Context, with: &str, expect: &str, attendees: u32) -> Judged {
    let item = made(with, expect).unwrap_or_else(|problems| panic!("{problems:?}"));
    let evidence = item.observe(cx).await.expect("evidence, whatever was seen");
    let window = window(Some(attendees));
    let findings = item.judge(&evidence, &window).expect("evidence that reads");
    let working = item.working(&evidence, &window).expect("evidence that reads");
    Judged { evidence, findings, working }
}

fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.site.as_deref().unwrap_or("-"))).collect()
}

/// A cluster `us-east-2` of one node with room for three.
fn small() -> Cluster {
    let mut cluster =
        Cluster::new("6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001").namespace("ws").node("node-1", NodeStats::used(0.3));
    cluster.put_node_pool("workers", |pool| pool.limit("cpu", "64"));
    cluster.put_daemonset("kube-system", "proxy", "100m", "64Mi");
    cluster
}

const SMALL: &str = "each_attendee: { cpu: 4, memory: 8Gi }\nplace: { us-east-2: { namespace: ws } }\n";

async fn stage(cluster: Cluster) -> Stage {
    let mut state = State::empty(Timestamp::now());
    state.clusters.insert(OHIO.to_owned(), cluster);
    Stage::of(state).await
}

/// What is found of the small cluster once it is changed.
async fn changed(with: &str, attendees: u32, change: impl FnOnce(&mut Cluster)) -> Judged {
    let mut cluster = small();
    change(&mut cluster);
    look(&stage(cluster).await.context(), with, "{}", attendees).await
}

#[tokio::test]
async fn the_repaired_world_carries_fifteen_everywhere_and_shows_how() {
    let stage = Stage::of(workshop::repaired(times())).await;
    let judged = look(&stage.context(), &workshop_with(&SITES), EXPECT, 15).await;
    assert_eq!(judged.findings, [], "{:#}", judged.evidence);
    let working = judged.working.join("\n");
    for line in [
        "15 attendees × (4 vCPU, 8Gi) = 60 vCPU, 120Gi",
        "us-east-2: room for 9 on 3 nodes: 3 on ip-10-10-1-7 (cpu), 3 on ip-10-10-2-7 (cpu), 3 on ip-10-10-3-7 (cpu)",
        "us-east-2: a new node of 15.89 vCPU and 60Gi less 0.18 and 216Mi for daemons holds 3 (cpu)",
        "us-east-2: pool coder-workspace may make 7 more: cpu 160 − 48 = 112, 7 nodes",
        "us-east-2: 15 − 9 = 6 more ÷ 3 = 2 new nodes",
        "us-east-2: no quota caps the namespace",
        "us-east-2: headroom, (available − needed)/available: cpu (30 − 15)/30 = 50 %",
        "15 ÷ 10 = 2 waves; 2 waves × 30s + 1m for new nodes = 2m; needs 2m or less",
    ] {
        assert!(working.contains(line), "{line}\nis not in\n{working}");
    }
}

#[tokio::test]
async fn pools_that_end_early_and_disks_that_are_full_are_each_found() {
    let mut world = workshop::repaired(times());
    Cause::CapacityShort.inject(&mut world, &times());
    Cause::StorageFull.inject(&mut world, &times());
    let stage = Stage::of(world).await;
    let judged = look(&stage.context(), &workshop_with(&SITES), EXPECT, 15).await;
    let found = codes(&judged.findings);
    assert_eq!(
        found,
        [("no-room", OHIO), ("disk-too-small", OHIO), ("no-room", "us-west-2"), ("no-room", "eu-west-2")]
    );
    let remedy = judged.findings[0].remedy.clone().expect("a remedy").command.expect("a command");
    assert!(remedy.as_str().contains("--context us-east-2 patch nodepool coder-workspace"), "{remedy}");
}

#[tokio::test]
async fn each_missing_right_is_unknown_by_its_name_and_never_too_little() {
    for (verb, resource, right) in [
        ("list", "nodes", "list nodes"),
        ("list", "pods", "list pods"),
        ("get", "nodepools.karpenter.sh", "get nodepools.karpenter.sh"),
        ("list", "resourcequotas", "list resourcequotas in namespace coder-ws"),
        ("list", "limitranges", "list limitranges in namespace coder-ws"),
        ("list", "csinodes.storage.k8s.io", "list csinodes.storage.k8s.io"),
        ("get", "nodes/proxy", "get nodes/proxy"),
        ("get", "namespaces", "get namespaces"),
    ] {
        let mut world = workshop::repaired(times());
        let cluster = world.clusters.get_mut(OHIO).expect("the cluster");
        // What is in the namespace proves that it is there; without it the namespace itself is asked for.
        if resource == "namespaces" {
            cluster.remove("limitranges", "coder-ws", "workspace");
        }
        let token = cluster.token().expect("a token").to_owned();
        cluster.accounts = vec![Account::reader(&token, "checker").deny(Grant::new(&[verb], &[resource]))];
        let stage = Stage::of(world).await;
        let with = workshop_with(&[OHIO]).replace("disk: 8Gi", "disk: 8Gi, volumes: 1");
        let judged = look(&stage.context(), &with, EXPECT, 15).await;
        let all: BTreeSet<(&str, Weight)> =
            judged.findings.iter().map(|finding| (finding.code, finding.weight)).collect();
        assert_eq!(all, BTreeSet::from([("forbidden", Weight::Unknown)]), "{right}: {:#?}", judged.findings);
        assert!(judged.findings.iter().all(|finding| finding.seen.contains(right)), "{right}: {:?}", judged.findings);
        let access = made(&with, EXPECT).map(|item| item.access()).unwrap_or_default();
        assert!(access.iter().any(|access| access.right == right), "{right} is not asked for: {access:?}");
    }
}

#[tokio::test]
async fn a_kubelet_that_hangs_is_one_nodes_unknown() {
    let mut world = workshop::repaired(times());
    let cluster = world.clusters.get_mut(OHIO).expect("the cluster");
    let name = cluster.stats.keys().next().expect("a node").clone();
    cluster.stats.insert(name.clone(), NodeStats::Failing);
    let stage = Stage::of(world).await;
    let judged = look(&stage.context(), &workshop_with(&[OHIO]), EXPECT, 15).await;
    assert_eq!(codes(&judged.findings), [("server-error", OHIO)]);
    assert_eq!(judged.findings[0].subject, name);
}

#[tokio::test]
async fn what_closes_a_node_takes_its_room() {
    type Change = fn(&mut Cluster);
    let changes: [(&str, Change); 4] = [
        ("is cordoned", |cluster| cluster.put_node("node-1", NodeStats::used(0.3), |node| node.is_schedulable = false)),
        ("is not ready", |cluster| cluster.put_node("node-1", NodeStats::used(0.3), |node| node.is_ready = false)),
        ("is under disk pressure", |cluster| {
            cluster.put_node("node-1", NodeStats::used(0.3), |node| node.is_disk_pressed = true);
        }),
        ("has the taint dedicated=gpu:NoSchedule", |cluster| {
            let taint = json!([{ "key": "dedicated", "value": "gpu", "effect": "NoSchedule" }]);
            cluster.object_mut("nodes", "", "node-1")["spec"]["taints"] = taint;
        }),
    ];
    for (why, change) in changes {
        let judged = changed(SMALL, 1, change).await;
        assert_eq!(codes(&judged.findings), [("no-nodes", OHIO)], "{why}");
        assert!(judged.findings[0].seen.contains(why), "{}", judged.findings[0].seen);
    }
    let tolerant = SMALL.replace("namespace: ws", "namespace: ws, tolerates: [dedicated=gpu]");
    assert_eq!(codes(&changed(&tolerant, 1, changes[3].1).await.findings), [], "what is tolerated closes nothing");
    let labelled = SMALL.replace("namespace: ws", "namespace: ws, node_selector: { role: workspace }");
    let judged = changed(&labelled, 1, |_| {}).await;
    assert!(judged.findings[0].seen.contains("1 node with other labels"), "{}", judged.findings[0].seen);
}

#[tokio::test]
async fn pods_take_room_until_they_have_ended_and_those_that_wait_want_some() {
    let places =
        |judged: &Judged| judged.working.iter().find(|line| line.contains(": room for ")).cloned().expect("a line");
    let pod = |name: &str, node: &str, phase: &str| {
        json!({ "kind": "Pod", "apiVersion": "v1", "metadata": { "name": name, "namespace": "ws" },
            "spec": { "nodeName": node, "containers": [{ "name": "main", "resources": { "requests": { "cpu": "5" } } }] },
            "status": { "phase": phase } })
    };
    let judged = changed(SMALL, 1, |_| {}).await;
    assert!(places(&judged).contains("room for 3"), "{}", places(&judged));
    let judged = changed(SMALL, 1, |cluster| cluster.put(pod("busy", "node-1", "Running"))).await;
    assert!(places(&judged).contains("room for 2"), "{}", places(&judged));
    for ended in ["Succeeded", "Failed"] {
        let judged = changed(SMALL, 1, |cluster| cluster.put(pod("ended", "node-1", ended))).await;
        assert!(places(&judged).contains("room for 3"), "{ended}: {}", places(&judged));
    }
    let judged = changed(SMALL, 1, |cluster| cluster.put(pod("waits", "", "Pending"))).await;
    assert!(places(&judged).contains("room for 2"), "{}", places(&judged));
    assert!(judged.working.iter().any(|line| line.contains("1 pods wait for a node already")), "{:?}", judged.working);
}

#[tokio::test]
async fn a_pool_is_missing_or_closed_or_not_served() {
    let pools = format!(
        "each_attendee: {{ cpu: 4, memory: 8Gi }}\nplace: {{ us-east-2: {{ namespace: ws, pools: [workers], {NEW} }} }}\n"
    );
    let judged = changed(&pools.replace("[workers]", "[nobodys]"), 1, |_| {}).await;
    assert_eq!(codes(&judged.findings), [("no-such-pool", OHIO)], "three places are enough for one");
    let judged = changed(&pools, 5, |cluster| cluster.put_node_pool("workers", |pool| pool.is_joined = false)).await;
    assert_eq!(codes(&judged.findings), [("pool-makes-no-nodes", OHIO), ("no-room", OHIO)]);
    let judged = changed(&pools, 5, |cluster| cluster.put_node_pool("workers", |pool| pool.resources = None)).await;
    assert_eq!(codes(&judged.findings), [], "a pool without limits need not count");
    let judged = changed(&pools, 5, |cluster| {
        cluster.put_node_pool("workers", |pool| {
            pool.limit("cpu", "64");
            pool.resources = None;
        });
    })
    .await;
    assert_eq!(codes(&judged.findings), [("pool-uncounted", OHIO)]);
    let judged = changed(&pools, 1, |cluster| {
        cluster.remove("nodepools.karpenter.sh", "", "workers");
        cluster.kinds.retain(|kind| kind.group != "karpenter.sh");
    })
    .await;
    assert_eq!(codes(&judged.findings), [("not-found", OHIO)]);
    assert!(judged.findings[0].seen.contains("does not serve this path"), "{}", judged.findings[0].seen);
}

#[tokio::test]
async fn caps_of_the_namespace_are_read() {
    let hard = json!({ "requests.cpu": "6" });
    let judged =
        changed(SMALL, 2, |cluster| cluster.put_quota("ws", "team", &hard, Some(&json!({ "requests.cpu": "0" }))))
            .await;
    assert_eq!(codes(&judged.findings), [("quota-too-small", OHIO)]);
    let judged = changed(SMALL, 1, |cluster| cluster.put_quota("ws", "team", &hard, None)).await;
    assert_eq!(codes(&judged.findings), [("quota-uncounted", OHIO)]);
    let rules = json!([{ "type": "Container", "max": { "cpu": "2" }, "defaultRequest": { "cpu": "100m" } }]);
    let judged = changed(SMALL, 1, |cluster| cluster.put_limit_range("ws", "sizes", &rules)).await;
    assert_eq!(codes(&judged.findings), [("limit-range-refuses", OHIO)]);
    assert!(
        judged.working.iter().any(|line| line.contains("asks 100m of cpu for who asks for nothing")),
        "{:?}",
        judged.working
    );
    let judged = changed(&SMALL.replace("namespace: ws", "namespace: w5"), 1, |_| {}).await;
    assert_eq!(codes(&judged.findings), [("no-such-namespace", OHIO)]);
}

#[tokio::test]
async fn volumes_are_counted_where_attendees_have_some() {
    let volumes = SMALL.replace("memory: 8Gi", "memory: 8Gi, volumes: 1");
    let judged = changed(&volumes, 1, |_| {}).await;
    assert_eq!(codes(&judged.findings), [("no-nodes", OHIO)], "a node without a driver attaches nothing");
    let judged = changed(&volumes, 3, |cluster| cluster.put_csi_node("node-1", "ebs.csi.aws.com", Some(2))).await;
    assert_eq!((judged.findings[0].code, judged.findings[0].subject.as_str()), ("no-room", "volumes"));
    let judged = changed(&volumes, 2, |cluster| cluster.put_csi_node("node-1", "ebs.csi.aws.com", None)).await;
    assert!(judged.findings.iter().all(|finding| finding.code == "headroom-low"), "{:?}", judged.findings);
}

#[tokio::test]
async fn provisioners_are_counted_where_they_are() {
    let counted = |selector: &str| {
        format!("{SMALL}provisioning: {{ counted: {{ us-east-2: {{ namespace: ws, {selector} }} }}, build: 30s }}\n")
    };
    let with = |cluster: &mut Cluster| {
        cluster.put_deployment("ws", "provisioner", |it| it.scale(2));
    };
    let mut cluster = small();
    with(&mut cluster);
    let stage = stage(cluster).await;
    let judged =
        look(&stage.context(), &counted("deployment: provisioner"), "{ all_ready_within: 30s, headroom: 0% }", 3).await;
    let found: Vec<&str> = judged.findings.iter().map(|finding| finding.code).collect();
    assert!(found.contains(&"ready-too-late"), "{found:?}");
    let judged = look(&stage.context(), &counted("selector: app=nobody"), "{ headroom: 0% }", 1).await;
    assert_eq!(judged.findings[0].code, "no-provisioners");
}

#[tokio::test]
async fn every_request_is_made_once_and_a_silent_server_ends_by_itself() {
    let stage = Stage::of(workshop::repaired(times())).await;
    let cx = stage.context();
    look(&cx, &workshop_with(&SITES), EXPECT, 15).await;
    look(&cx, &workshop_with(&SITES), EXPECT, 30).await;
    let mut asked: Vec<String> =
        stage.world.requests().iter().map(|asked| format!("{} {}", asked.instance, asked.path)).collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "a second look asks nothing again");
    stage.world.inject(Rule::on(System::Kubernetes, Fault::Status(503, None)).at(OHIO)).expect("a rule");
    let judged =
        tokio::time::timeout(Duration::from_mins(1), look(&stage.context(), &workshop_with(&SITES), EXPECT, 15)).await;
    assert_eq!(codes(&judged.expect("an end").findings), [("server-error", OHIO)]);
}

#[test]
fn settings_that_contradict_themselves_are_refused_where_they_stand() {
    let whole =
        |each: &str, place: &str, rest: &str| format!("each_attendee: {{ {each} }}\nplace: {{ {place} }}\n{rest}\n");
    let each = "cpu: 4, memory: 8Gi";
    let ws = "us-east-2: { namespace: ws }";
    for (with, says) in [
        (whole("cpu: 0, memory: 8Gi", ws, ""), "fits anywhere"),
        (whole("cpu: 4, memory: 8GB", ws, ""), "is not an amount"),
        (whole(each, "", ""), "no site"),
        (whole(each, "us-east-2: { namespace: Ws }", ""), "no name of Kubernetes"),
        (whole(each, "us-east-2: { namespace: ws, pools: [a] }", ""), "does not say what such a node is"),
        (whole(each, &format!("us-east-2: {{ namespace: ws, {NEW} }}"), ""), "no pool is named"),
        (whole(each, "us-east-2: { namespace: ws, share: 50% }", ""), "add up to 50 %"),
        (whole(each, "us-east-2: { namespace: ws, tolerates: ['a:Never'] }", ""), "no toleration"),
        (
            whole(
                "cpu: 4, memory: 8Gi, disk: 8Gi",
                "us-east-2: { namespace: ws, pools: [a], new_node: { cpu: 4, memory: 8Gi, capacity: { cpu: 4, memory: 8Gi } } }",
                "",
            ),
            "how large that is is not said",
        ),
        (whole(each, ws, "provisioning: { build: 30s }"), "how many workspaces are made at once"),
        (
            whole(
                each,
                ws,
                "provisioning: { build: 30s, slots: 3, counted: { us-east-2: { namespace: ws, deployment: x } } }",
            ),
            "choose one",
        ),
        (whole(each, ws, "provisioning: { build: 30s, counted: { us-east-2: { namespace: ws } } }"), "exactly one of"),
    ] {
        let problems = made(&with, "{}").err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.iter().any(|problem| problem.message.contains(says)), "{says}: {problems:?}");
    }
}

#[tokio::test]
async fn without_a_number_of_attendees_nothing_is_reckoned() {
    let stage = stage(small()).await;
    let item = made(SMALL, "{}").unwrap_or_else(|problems| panic!("{problems:?}"));
    let evidence = item.observe(&stage.context()).await.expect("evidence");
    let findings = item.judge(&evidence, &window(None)).expect("evidence that reads");
    assert_eq!(codes(&findings), [("attendees-unsaid", "-")]);
}
