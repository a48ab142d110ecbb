//! The probe `kubernetes` against the world: what is absent, hidden, broken or too much is told apart, and nothing is a pass
//! that was not seen.

use super::{
    Stage, UID,
    look::{codes, item, look, node},
};
use gonogo_checks::contract::Why;
use gonogo_world::{
    Fault,
    kubernetes::{Account, Cluster, Grant, Image, Kind, NodeStats},
};
use serde_json::{Value, json};

const POOLS: &str = "{ api: karpenter.sh/v1, kind: NodePool }";
const READY: &str = "{ conditions: { Ready: 'True' } }";
const PENDING: &str = "{ api: v1, kind: Pod, all_namespaces: true, fields: status.phase=Pending }";

fn pool(name: &str, ready: &str) -> Value {
    json!({
        "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": { "name": name, "generation": 1 },
        "status": { "conditions": [{ "type": "Ready", "status": ready, "observedGeneration": 1, "message": null }] },
    })
}

fn cluster() -> Cluster {
    Cluster::new(UID)
        .namespace("coder")
        .node("node-a", NodeStats::used(0.3))
        .deployment("coder", "coder", |coder| coder.runs(&Image::new("coder", "example.test/coder:v1")))
        .object(pool("gpu", "True"))
        .object(pool("workspaces", "True"))
}

fn edit(stage: &Stage, change: impl FnOnce(&mut Cluster)) {
    stage.world.edit(|state| change(state.clusters.get_mut("ohio").expect("ohio")));
}

#[tokio::test]
async fn what_is_there_and_well_passes_and_what_is_not_is_named() {
    let stage = Stage::one(cluster()).await;
    assert_eq!(look(&stage, POOLS, READY).await.expect("seen"), []);
    edit(&stage, |cluster| cluster.put(pool("gpu", "False")));
    let findings = look(&stage, POOLS, READY).await.expect("seen");
    assert_eq!(codes(&findings), [("condition-not-met", "nodepool/gpu")]);
    let names = "{ api: karpenter.sh/v1, kind: NodePool, names: [workspaces, system] }";
    assert_eq!(codes(&look(&stage, names, READY).await.expect("seen")), [("no-such-object", "nodepool/system")]);
}

#[tokio::test]
async fn an_absent_group_version_and_kind_and_a_missing_right_are_told_apart() {
    let stage = Stage::one(cluster()).await;
    for (with, words) in [
        ("{ api: absent.example/v1, kind: Thing }", "the cluster has no group absent.example"),
        ("{ api: karpenter.sh/v1beta1, kind: NodePool }", "the cluster has karpenter.sh/v1 only"),
        ("{ api: karpenter.sh/v1, kind: Nodepool }", "did you mean NodePool?"),
    ] {
        for expect in ["{}", "{ none_expected: true }"] {
            let findings = look(&stage, with, expect).await.expect("seen");
            assert_eq!(findings[0].code, "no-such-resource", "{with}");
            assert!(findings[0].seen.contains(words), "{}", findings[0].seen);
        }
    }
    edit(&stage, |cluster| {
        let token = cluster.accounts[0].token.clone();
        cluster.accounts[0] = Account::nobody(&token, "nobody");
    });
    let missing = look(&stage, POOLS, READY).await.expect_err("forbidden");
    assert_eq!(missing.why, Why::Forbidden);
    assert!(missing.detail.contains("`list nodepools.karpenter.sh`"), "{missing}");
    let named = "{ api: karpenter.sh/v1, kind: NodePool, name: gpu }";
    let findings = look(&stage, named, READY).await.expect("a part");
    assert_eq!(findings[0].code, "forbidden");
    assert!(findings[0].seen.contains("`get nodepools.karpenter.sh`"), "{findings:?}");
}

#[tokio::test]
async fn an_empty_answer_is_believed_only_with_what_stands_behind_it() {
    let stage = Stage::one(cluster()).await;
    assert_eq!(look(&stage, PENDING, "{ none_expected: true }").await.expect("seen"), []);
    for (with, expect, code) in [
        (
            "{ api: v1, kind: Pod, namespace: nowhere, fields: status.phase=Pending }",
            "{ none_expected: true }",
            "no-such-namespace",
        ),
        ("{ api: v1, kind: ResourceQuota, namespace: nowhere }", "{ at_least: 0, at_most: 9 }", "no-such-namespace"),
        ("{ api: apps/v1, kind: StatefulSet, namespace: coder, name: coder }", "{}", "no-such-object"),
        ("{ api: apps/v1, kind: Deployment, namespace: coder, selector: app=nothing }", "{}", "too-few-objects"),
        (
            "{ api: v1, kind: Pod, namespace: default, fields: status.phase=Pending }",
            "{ none_expected: true }",
            "nothing-to-choose-from",
        ),
        ("{ api: karpenter.sh/v1, kind: NodeClaim }", "{ each: { it is: 'object.a' } }", "too-few-objects"),
    ] {
        let findings = look(&stage, with, expect).await.expect("seen");
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [code], "{with}");
    }
    let findings =
        look(&stage, "{ api: apps/v1, kind: Deployment, namespace: coder, selector: app=nothing }", "{}").await;
    assert!(findings.expect("seen")[0].seen.contains("of at least 1 deployments.apps"));
    edit(&stage, |cluster| {
        let account = cluster.accounts[0].clone();
        cluster.accounts[0] = account.deny(Grant::new(&["*"], &["namespaces"]));
    });
    let hidden = look(&stage, "{ api: v1, kind: ResourceQuota, namespace: coder }", "{ at_least: 0, at_most: 9 }")
        .await
        .expect("seen");
    assert_eq!(hidden.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["forbidden"]);
}

#[tokio::test]
async fn a_custom_kind_is_asked_where_it_lives() {
    let kind = Kind::namespaced("example.test", "v1", "things", "Thing");
    let thing =
        json!({ "apiVersion": "example.test/v1", "kind": "Thing", "metadata": { "name": "a", "namespace": "coder" } });
    let stage = Stage::one(cluster().serves(kind).object(thing)).await;
    let missing = look(&stage, "{ api: example.test/v1, kind: Thing }", "{}").await.expect_err("no namespace");
    assert_eq!(missing.why, Why::Unconfigured);
    assert!(missing.detail.contains("all_namespaces: true"), "{missing}");
    let missing = look(&stage, "{ api: karpenter.sh/v1, kind: NodePool, namespace: coder }", "{}")
        .await
        .expect_err("clusterwide");
    assert_eq!(missing.why, Why::Unconfigured);
    for place in ["namespace: coder", "all_namespaces: true"] {
        let with = format!("{{ api: example.test/v1, kind: Thing, {place} }}");
        assert_eq!(look(&stage, &with, "{ at_most: 1 }").await.expect("seen"), []);
        let findings = look(&stage, &with, "{ none_expected: true }").await.expect("seen");
        assert_eq!(findings[0].code, "unexpected-object");
    }
}

#[tokio::test]
async fn pages_that_expire_lose_no_object_and_too_many_are_no_evidence() {
    let thing = |i: usize| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": format!("c-{i:04}"), "namespace": "coder" } });
    let stage = Stage::one((0..300).fold(cluster(), |cluster, i| cluster.object(thing(i)))).await;
    edit(&stage, |cluster| cluster.expire_continues = 1);
    let with = "{ api: v1, kind: ConfigMap, namespace: coder }";
    assert_eq!(look(&stage, with, "{ at_least: 300, at_most: 300 }").await.expect("seen"), []);
    edit(&stage, |cluster| (300..2_001).for_each(|i| cluster.put(thing(i))));
    let missing = look(&stage, with, "{}").await.expect_err("too many");
    assert_eq!(missing.why, Why::TooLarge);
    assert!(missing.detail.contains("narrow them"), "{missing}");
}

#[tokio::test]
async fn values_of_variables_are_not_kept_and_equal_requests_are_shared_by_probes() {
    let stage = Stage::one(cluster()).await;
    edit(&stage, |cluster| {
        let deployment = cluster.object_mut("deployments.apps", "coder", "coder");
        deployment["spec"]["template"]["spec"]["containers"][0]["env"] =
            json!([{ "name": "KEY", "value": "sk-12345" }]);
    });
    let cx = stage.context();
    let with = "{ api: apps/v1, kind: Deployment, namespace: coder, selector: app.kubernetes.io/name=coder }";
    let own = item("kubernetes", &node(with), &node("{}")).expect("an item");
    let evidence = own.observe(&cx).await.expect("seen").to_string();
    assert!(evidence.contains("\"KEY\"") && !evidence.contains("sk-12345") && !evidence.contains("managedFields"));
    let with = "{ namespace: coder, selector: app.kubernetes.io/name=coder, autoscalers: false }";
    let other = item("replicas", &node(with), &node("{}")).expect("an item");
    other.observe(&cx).await.expect("seen");
    let requests = stage.world.requests();
    let lists = requests.iter().filter(|asked| asked.path.contains("/deployments?")).count();
    assert_eq!(lists, 1, "{requests:#?}");
}

#[tokio::test]
async fn no_fault_of_the_api_server_is_a_pass() {
    let stage = Stage::one(cluster()).await;
    for fault in [
        Fault::Refuse,
        Fault::EndlessBody,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::Status(500, None),
        Fault::RedirectLoop,
        Fault::ExpiredCertificate,
    ] {
        stage.world.clear_faults().expect("open ports");
        stage.inject(fault);
        for (with, expect) in [(POOLS, READY), (PENDING, "{ none_expected: true }")] {
            match look(&stage, with, expect).await {
                Ok(findings) => assert!(!findings.is_empty(), "{fault:?} {with}"),
                Err(missing) => assert!(missing.remedy.is_some(), "{fault:?} {with}: {missing}"),
            }
        }
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused_with_their_place() {
    for (with, words) in [
        ("{ api: v1, kind: Secret, namespace: coder }", "secrets are not for this probe"),
        ("{ api: v1, kind: secrets, namespace: coder }", "secrets are not for this probe"),
        ("{ api: karpenter.sh, kind: NodePool }", "`karpenter.sh` is no group and version"),
        ("{ api: karpenter.sh/v1, kind: nodepools }", "`nodepools` is no kind"),
        ("{ api: v1, kind: Pod }", "a Pod lives in a namespace, and none is said"),
        ("{ api: v1, kind: Node, namespace: coder }", "a Node belongs to the whole cluster"),
        ("{ api: v1, kind: Pod, namespace: a, all_namespaces: true }", "contradict each other"),
        ("{ api: v1, kind: Pod, namespace: A }", "`A` is no name"),
        ("{ api: v1, kind: Pod, namespace: a, name: '../b' }", "is no name"),
        ("{ api: v1, kind: Pod, namespace: a, name: b, names: [c] }", "say the same"),
        ("{ api: v1, kind: Pod, namespace: a, name: b, selector: c=d }", "not by both"),
        ("{ api: v1, kind: Pod, all_namespaces: true, name: b }", "an object of one namespace"),
        ("{ api: v1, kind: Pod, namespace: a, selector: ' ' }", "means every object"),
        ("{ api: v1, kind: Pod, namespace: a, names: [] }", "no name is listed"),
        ("{ api: v1, kind: Pod, namespace: a, fields: '' }", "means every object"),
    ] {
        let problems = item("kubernetes", &node(with), &node("{}")).err().unwrap_or_else(|| panic!("{with} is taken"));
        assert!(problems.len() == 1 && problems[0].message.contains(words), "{with}: {problems:?}");
    }
}

#[test]
fn the_rights_that_it_takes_are_told_before_it_looks() {
    for (with, rights) in [
        (POOLS, vec!["list nodepools.karpenter.sh"]),
        (
            "{ api: v1, kind: ConfigMap, namespace: a, name: b }",
            vec!["get configmaps in namespace a", "get namespaces"],
        ),
        (PENDING, vec!["list pods"]),
    ] {
        let item = item("kubernetes", &node(with), &node("{}")).expect("an item");
        assert_eq!(item.access().into_iter().map(|access| access.right).collect::<Vec<_>>(), rights);
    }
}
