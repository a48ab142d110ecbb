//! `replicas` and `storage-headroom` against the world: the incident, the repaired world, every fault.

use crate::kubernetes::Stage;
use gonogo_checks::{
    clients::{
        connections::{Connections, SiteSystems},
        network::NetworkSettings,
    },
    contract::{
        Context, Finding, Item, Place, Unobserved, Why, Window,
        text::{Node, load},
    },
    kind,
};
use gonogo_world::{
    Fault, State,
    incidents::{Times, workshop_2024_09_30 as workshop},
    kubernetes::{Account, Grant, NodeStats},
    web::{Page, Site},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

const OHIO: &str = "us-east-2";
const PROVISIONERS: &str = "{ namespace: coder-ws, deployment: coder-provisioner }";
const TABLE: &str = "{ ready: { by_attendees: { 9: 6, 15: 10 } } }";

fn times() -> Times {
    let now = Timestamp::now();
    let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).expect("a time");
    Times { now, starts: after(48), ends: after(50) }
}

fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).expect("YAML")
}

fn window() -> Window {
    let now = Timestamp::now();
    let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).expect("a time");
    let hour = SignedDuration::from_hours(1);
    Window { now, starts: after(48), ends: after(50), lead: hour, tail: hour, zone: TimeZone::UTC, attendees: Some(15) }
}

fn item(probe: &str, with: &str, expect: &str) -> Box<dyn Item> {
    let kubernetes = node(&format!("{{ context: {OHIO}, kubeconfig: kubeconfig }}"));
    let site = SiteSystems { name: OHIO.to_owned(), kubernetes: Some(kubernetes), aws: None };
    let prometheus = ("prometheus".to_owned(), node("{ kind: prometheus, url: https://prometheus.test }"));
    let mut problems = Vec::new();
    let connections = Connections::read(&[prometheus], &[site], &mut problems);
    let place = Place::new(Some(OHIO.to_owned()), vec![OHIO.to_owned()], connections);
    let kind = kind(probe).expect("a probe");
    let item = (kind.item)(&node(with), &node(expect), &place, &mut problems);
    item.unwrap_or_else(|| panic!("{problems:?}"))
}

async fn look(cx: &Context, probe: &str, with: &str, expect: &str) -> Result<Vec<Finding>, Unobserved> {
    let item = item(probe, with, expect);
    let evidence = item.observe(cx).await?;
    Ok(item.judge(&evidence, &window()).expect("evidence that reads"))
}

fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}

#[tokio::test]
async fn before_the_incident_provisioners_are_too_few_and_disks_too_full() {
    let stage = Stage::of(workshop::before(times())).await;
    let cx = stage.context();
    let replicas = look(&cx, "replicas", PROVISIONERS, TABLE).await.expect("seen");
    assert_eq!(codes(&replicas), [("too-few-replicas", "deployment/coder-provisioner")]);
    let command = replicas[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command");
    assert!(
        command.as_str().ends_with("--context us-east-2 -n coder-ws scale deployment/coder-provisioner --replicas=10"),
        "{command}"
    );
    let storage = look(&cx, "storage-headroom", "{}", "{}").await.expect("seen");
    assert_eq!(storage.len(), 3, "{storage:?}");
    assert!(storage.iter().all(|finding| finding.code == "storage-above-limit"), "{storage:?}");
    assert!(storage[0].seen.starts_with("88 % used on nodefs"), "{}", storage[0].seen);
}

#[tokio::test]
async fn in_the_repaired_world_nothing_is_in_the_way() {
    let stage = Stage::of(workshop::repaired(times())).await;
    let cx = stage.context();
    for (probe, with, expect) in [
        ("replicas", PROVISIONERS, TABLE),
        ("replicas", "{ namespace: coder-ws, selector: app.kubernetes.io/name=coder-provisioner }", TABLE),
        ("replicas", "{ namespace: coder, deployment: coder }", "{ ready: 2 }"),
        ("storage-headroom", "{}", "{ nodes: 3, growth_per_attendee: 4Gi }"),
    ] {
        assert_eq!(look(&cx, probe, with, expect).await.expect("seen"), [], "{probe} {with}");
    }
}

#[tokio::test]
async fn a_name_a_label_and_a_namespace_that_are_not_there_are_never_a_pass() {
    let stage = Stage::of(workshop::repaired(times())).await;
    let cx = stage.context();
    for (with, words) in [
        ("{ namespace: coder-ws, deployment: provisioner }", "none in the namespace coder-ws"),
        ("{ namespace: coder-ws, selector: app=coder-provisioner }", "none in the namespace coder-ws"),
        ("{ namespace: nowhere, selector: app=coder-provisioner }", "the namespace nowhere does not exist"),
    ] {
        let findings = look(&cx, "replicas", with, "{}").await.expect("seen");
        assert_eq!(findings[0].code, "no-such-workload");
        assert!(findings[0].seen.contains(words), "{}", findings[0].seen);
    }
}

#[tokio::test]
async fn an_autoscaler_of_the_workload_is_found() {
    let stage = Stage::of(workshop::repaired(times())).await;
    stage.world.edit(|state| {
        let ohio = state.clusters.get_mut(OHIO).expect("ohio");
        ohio.put_hpa("coder-ws", "provisioner", |hpa| {
            hpa.target = "coder-provisioner".to_owned();
            (hpa.min, hpa.max) = (2, 12);
        });
    });
    let findings = look(&stage.context(), "replicas", PROVISIONERS, TABLE).await.expect("seen");
    assert_eq!(codes(&findings), [("hpa-undoes-scale", "hpa/provisioner")]);
}

#[tokio::test]
async fn a_stateful_set_is_counted_like_a_deployment() {
    let stage = Stage::of(workshop::repaired(times())).await;
    let with = "{ namespace: coder-ws, statefulset: external-provisioner }";
    for (ready, wanted) in [(10, vec![]), (7, vec![("replicas-not-ready", "statefulset/external-provisioner")])] {
        stage.world.edit(|state| {
            let ohio = state.clusters.get_mut(OHIO).expect("ohio");
            ohio.put_statefulset("coder-ws", "external-provisioner", |set| {
                set.scale(10);
                set.ready = ready;
            });
        });
        let findings = look(&stage.context(), "replicas", with, TABLE).await.expect("seen");
        assert_eq!(codes(&findings), wanted);
    }
}

#[tokio::test]
async fn every_way_of_a_kubelet_to_be_silent_is_that_nodes_unknown() {
    let stage = Stage::of(workshop::repaired(times())).await;
    for (stats, code) in [
        (NodeStats::Hang, "timed-out"),
        (NodeStats::Refused, "server-error"),
        (NodeStats::Missing, "not-found"),
        (NodeStats::NoAddress, "server-error"),
        (NodeStats::Failing, "server-error"),
        (NodeStats::Ok(gonogo_world::kubernetes::Summary::default()), "storage-unmeasured"),
    ] {
        let name = stage.world.edit(|state| {
            let stats_of = &mut state.clusters.get_mut(OHIO).expect("ohio").stats;
            let (name, own) = stats_of.iter_mut().next().expect("a node");
            *own = stats.clone();
            name.clone()
        });
        let findings = look(&stage.context(), "storage-headroom", "{}", "{}").await.expect("seen");
        assert_eq!(codes(&findings), [(code, name.as_str())], "{stats:?}");
        let command = findings[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command");
        assert!(
            command.as_str().ends_with(&format!("get --raw /api/v1/nodes/{name}/proxy/stats/summary")),
            "{command}"
        );
    }
}

#[tokio::test]
async fn a_missing_right_is_unknown_and_named() {
    let mut scene = workshop::repaired(times());
    let ohio = scene.clusters.get_mut(OHIO).expect("ohio");
    let account = ohio.accounts[0].clone();
    ohio.accounts[0] = account.deny(Grant::new(&["*"], &["nodes/proxy", "horizontalpodautoscalers.autoscaling"]));
    let stage = Stage::of(scene).await;
    let cx = stage.context();
    let storage = look(&cx, "storage-headroom", "{}", "{}").await.expect("a list");
    assert_eq!(codes(&storage), [("forbidden", "nodes/proxy")]);
    let replicas = look(&cx, "replicas", PROVISIONERS, TABLE).await.expect("counts");
    assert_eq!(replicas[0].code, "forbidden");
    assert!(replicas[0].seen.contains("list horizontalpodautoscalers.autoscaling in namespace coder-ws"));
    stage.world.edit(|state| {
        let ohio = state.clusters.get_mut(OHIO).expect("ohio");
        let token = ohio.accounts[0].token.clone();
        ohio.accounts[0] = Account::nobody(&token, "nobody");
    });
    let cx = stage.context();
    for (probe, with, right) in [
        ("replicas", PROVISIONERS, "get deployments.apps in namespace coder-ws"),
        ("storage-headroom", "{}", "list nodes"),
    ] {
        let missing = look(&cx, probe, with, "{}").await.expect_err("forbidden");
        assert_eq!(missing.why, Why::Forbidden);
        assert!(missing.detail.contains(right), "{missing}");
    }
}

#[tokio::test]
async fn no_fault_of_the_api_server_is_a_pass() {
    let stage = Stage::of(workshop::repaired(times())).await;
    for fault in [
        Fault::Refuse,
        Fault::EndlessBody,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::RedirectLoop,
        Fault::ExpiredCertificate,
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        let cx = stage.context();
        let looks = [("replicas", PROVISIONERS, TABLE), ("storage-headroom", "{}", "{}")];
        for (probe, with, expect) in looks {
            match look(&cx, probe, with, expect).await {
                Err(_) => {}
                Ok(findings) => assert!(!findings.is_empty(), "{fault:?} {probe}"),
            }
        }
    }
}

#[tokio::test]
async fn prometheus_may_be_asked_instead() {
    let series = |value: &str, warnings: &str| {
        let time = Timestamp::now().as_second();
        format!(
            r#"{{"status":"success"{warnings},"data":{{"resultType":"vector","result":[
                {{"metric":{{"instance":"a:9100","mountpoint":"/"}},"value":[{time}.5,"0.41"]}},
                {{"metric":{{"instance":"b:9100","mountpoint":"/"}},"value":[{time}.5,"{value}"]}}]}}}}"#
        )
    };
    let empty = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#.to_owned();
    let with = "{ prometheus: { connection: prometheus, used: node_used } }";
    for (body, wanted) in [
        (series("0.59", ""), vec![]),
        (series("0.88", ""), vec![("storage-above-limit", "b:9100")]),
        (series("NaN", ""), vec![("storage-unmeasured", "b:9100")]),
        (series("0.5", r#","warnings":["a store is down"]"#), vec![("query-warning", "prometheus")]),
        (empty, vec![("no-series", "node_used")]),
    ] {
        let mut scene = State::empty(Timestamp::now());
        let page = Page::json(200, body.as_str());
        scene.web.insert("prometheus.test".to_owned(), Site::at("prometheus.test", &[]).page("/api/v1/query", page));
        let stage = Stage::of(scene).await;
        let connect = stage.world.connect().into_iter().collect();
        let cx =
            stage.context_of(&NetworkSettings { connect, ca: Some("ca.pem".into()), ..NetworkSettings::default() });
        let findings = look(&cx, "storage-headroom", with, "{}").await.expect("an answer");
        assert_eq!(codes(&findings), wanted, "{body}");
    }
}
