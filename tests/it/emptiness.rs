//! Nothing there is never GO: not a system with nothing in it, not an answer with nothing in it, not an empty list in the
//! checklist.

use crate::{
    faults::{
        parts::{Part, parts},
        product::product,
    },
    rig::Report,
};
use gonogo_world::{
    State, System,
    cloudflare::Cloudflare,
    ecr::Repository as EcrRepository,
    kubernetes::{Cluster, NodeStats, Summary},
    registry::Repository,
    web::Page,
};
use serde_json::json;

/// A part that looks at a system in which there is nothing, and what it finds.
const FOUND: [(&str, &str, &str); 34] = [
    ("source", "fail", "image-missing"),
    ("mirror", "fail", "image-missing"),
    ("ecr", "fail", "image-missing"),
    ("ecr-account", "fail", "image-missing"),
    ("pods@pods", "fail", "too-few-pods"),
    ("pod-list@pod-list", "fail", "too-few-pods"),
    ("deployment@deployment", "fail", "too-few-replicas"),
    ("one-deployment@one-deployment", "fail", "no-such-workload"),
    ("deployments@deployments", "fail", "no-such-workload"),
    ("statefulsets@statefulsets", "fail", "no-such-workload"),
    ("storage@storage", "fail", "too-few-nodes"),
    ("nodes@nodes", "fail", "too-few-nodes"),
    ("kubelets@kubelets", "unknown", "storage-unmeasured"),
    ("one-kubelet@one-kubelet", "unknown", "not-found"),
    ("prometheus", "unknown", "no-series"),
    ("key-by-alias", "unknown", "not-found"),
    ("own-key", "fail", "key-refused"),
    ("held-key@held-key", "fail", "key-empty"),
    ("holder-of-key@holder-of-key", "fail", "key-missing"),
    ("own-token", "fail", "key-refused"),
    ("github-token", "fail", "key-refused"),
    ("pull-secret@pull-secret", "fail", "key-missing"),
    ("secret-alone@secret-alone", "fail", "key-missing"),
    ("jwt-in-secret@jwt-in-secret", "fail", "key-empty"),
    ("json-time", "unknown", "malformed"),
    ("lasting-json", "unknown", "malformed"),
    ("page", "fail", "wrong-body"),
    ("status-page", "fail", "wrong-body"),
    ("authority-1", "fail", "wildcard-missing"),
    ("plain-authority", "fail", "name-missing"),
    ("zone-list", "unknown", "forbidden"),
    ("zone-records", "fail", "record-missing"),
    ("cloudflare-token", "fail", "key-refused"),
    ("member-list", "unknown", "forbidden"),
];

/// Takes out of every system what a part looks for there.
fn empty(state: &mut State) {
    state.registries.get_mut("source.test").expect("a registry").repositories.clear();
    let mirror = state.registries.get_mut("mirror.test").expect("a registry");
    mirror.repositories.insert("app".to_owned(), Repository::default());
    let region = |state: &mut State, name: &str| {
        std::mem::take(&mut state.aws.regions.get_mut(name).expect("a region").repositories)
    };
    region(state, "us-east-2");
    region(state, "us-west-2");
    let west = state.aws.regions.get_mut("us-west-2").expect("a region");
    west.repositories.insert("app".to_owned(), EcrRepository::created(state.now));
    clusters(state);
    for (host, gateway) in &mut state.litellm {
        match host.as_str() {
            "alias.test" => gateway.keys.retain(|key| key.alias.as_deref() != Some("workshop")),
            "own.test" => gateway.keys.clear(),
            _ => {}
        }
    }
    state.coder.tokens.clear();
    state.github.get_mut("api.github.com").expect("GitHub").tokens.clear();
    for (host, page) in [
        (
            "prometheus.test",
            Page::json(
                200,
                json!({ "status": "success", "data": { "resultType": "vector", "result": [] } }).to_string(),
            ),
        ),
        ("portal.test", Page::json(200, "{}")),
        ("lasting.test", Page::json(200, "null")),
        ("page.test", Page::text(200, "")),
        ("status.test", Page::json(200, "{}")),
    ] {
        state.web.get_mut(host).expect("a site").otherwise = page;
    }
    state.dns.zone_mut("both.test").remove("*.ai.both.test");
    state.dns.zone_mut("plain.test").remove("www.plain.test");
    let cloudflare = |state: &mut State, name: &str, change: fn(&mut Cloudflare)| {
        change(state.cloudflare.get_mut(name).expect("a Cloudflare"));
    };
    cloudflare(state, "zone-list.test", |cloudflare| cloudflare.zones.clear());
    cloudflare(state, "zone-records.test", |cloudflare| cloudflare.zones[0].records.clear());
    cloudflare(state, "cloudflare-token.test", |cloudflare| cloudflare.tokens.clear());
    state.github.get_mut("member-list.test").expect("GitHub").organisations.clear();
}

fn clusters(state: &mut State) {
    let mut change = |name: &str, change: fn(&mut Cluster)| change(state.clusters.get_mut(name).expect("a cluster"));
    let no_workload =
        |cluster: &mut Cluster| cluster.objects.retain(|key, _| key.namespace != "app" || key.resource == "secrets");
    for name in ["pods", "one-deployment", "deployments"] {
        change(name, no_workload);
    }
    for name in ["pod-list", "statefulsets"] {
        change(name, |cluster| cluster.objects.retain(|key, _| key.namespace != "app" && key.name != "app"));
    }
    change("deployment", |cluster| cluster.put_deployment("app", "web", |web| web.scale(0)));
    change("storage", |cluster| cluster.objects.retain(|key, _| key.resource != "nodes"));
    change("nodes", |cluster| {
        for name in ["node-1", "node-2"] {
            cluster.put_node(name, NodeStats::used(0.3), |node| node.is_ready = false);
        }
    });
    change("kubelets", |cluster| {
        cluster.stats.values_mut().for_each(|stats| *stats = NodeStats::Ok(Summary::default()));
    });
    change("one-kubelet", |cluster| cluster.stats.clear());
    change("held-key", |cluster| cluster.object_mut("secrets", "app", "gateway")["data"]["token"] = json!(""));
    change("holder-of-key", |cluster| cluster.remove("secrets", "app", "gateway"));
    // {"auths":{}}
    change("pull-secret", |cluster| {
        cluster.object_mut("secrets", "app", "pull")["data"][".dockerconfigjson"] = json!("eyJhdXRocyI6e319");
    });
    change("secret-alone", |cluster| cluster.object_mut("secrets", "app", "pull")["data"] = json!({}));
    // null
    change("jwt-in-secret", |cluster| {
        cluster.object_mut("secrets", "app", "gateway")["data"]["jwt"] = json!("bnVsbA==");
    });
}

#[test]
fn a_system_with_nothing_in_it_never_passes() {
    let (rig, path) = product("60s");
    rig.world.edit(empty);
    let report: Report = rig.report(&path, &[]);
    assert_eq!((report.verdict(), report.code), ("no-go", 1));
    let mut wrong = Vec::new();
    for (id, outcome, code) in FOUND {
        if report.outcome(id) != outcome || !report.codes(id).contains(&code) {
            wrong.push(format!("{id}: {} {:?}, not {outcome} {code}", report.outcome(id), report.codes(id)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_cluster_with_nothing_in_it_never_passes_whatever_is_asked_of_it() {
    let (rig, path) = product("60s");
    rig.world.edit(|state| {
        for cluster in state.clusters.values_mut() {
            cluster.objects.retain(|key, _| key.resource == "namespaces" && key.name == "kube-system");
            cluster.stats.clear();
        }
    });
    let report = rig.report(&path, &[]);
    // Who writes that none is expected has asked for it; a site may also stand for a proxy, which is no cluster.
    let at_clusters = parts().filter(|part| {
        part.site().is_some() && part.system != System::Coder && !part.check.contains("none_expected: true")
    });
    let passing: Vec<String> = at_clusters.map(Part::id).filter(|id| report.outcome(id) == "pass").collect();
    assert_eq!(passing, [""; 0]);
}

/// Needs of nothing, and all that there is of it.
const NEEDING_NOTHING: [(&str, &str); 2] = [
    (
        "probe: replicas, sites: [deployment], with: { namespace: app, deployment: web }, expect: { ready: 0 }",
        "too-few-replicas",
    ),
    ("probe: storage-headroom, sites: [storage], expect: { nodes: 0 }", "too-few-nodes"),
];

#[test]
fn a_need_of_nothing_is_a_need_of_one() {
    let (rig, _) = product("60s");
    rig.world.edit(empty);
    for (check, code) in NEEDING_NOTHING {
        let path = rig.write("gonogo.yaml", &format!("checks:\n  nothing: {{ {check} }}\n"));
        let report = rig.report(&path, &[]);
        let found = report.in_the_way();
        assert!(report.code == 1 && found.len() == 1 && found[0].contains(code), "{check}: {found:?}");
    }
}

/// Checks that would look at nothing, or ask for nothing of it.
const ASKING_NOTHING: [&str; 47] = [
    "probe: image-parity, with: { source: { image: steady.test/app:v1 } }",
    "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [] }",
    "probe: image-parity, with: { source: { image: steady.test/app:v1 }, running: { sites: [], namespace: app, selector: a=b } }",
    "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ ecr: mirror, regions: [], repository: app }] }",
    "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: mirror.test/app:v1 }] }, expect: { platform: [] }",
    "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: mirror.test/app:v1 }] }, expect: { pods: 0 }",
    "probe: image-parity, with: { source: { image: \"\" }, mirrors: [{ image: mirror.test/app:v1 }] }",
    "probe: dns-wildcard, with: { domain: \"\", target: [203.0.113.9] }",
    "probe: dns-wildcard, with: { domain: ai.steady.test, target: [] }",
    "probe: dns-wildcard, with: { domain: ai.steady.test, target: \"\" }",
    "probe: dns-wildcard, with: { domain: ai.steady.test, target: [203.0.113.9], resolvers: [] }",
    "probe: dns, with: {}",
    "probe: dns, with: { names: [] }",
    "probe: dns, with: { names: [{ name: www.plain.test }] }",
    "probe: dns, with: { names: [{ name: www.plain.test, target: [] }] }",
    "probe: dns, with: { names: [{ name: www.plain.test, target: [203.0.113.9] }], resolvers: [] }",
    "probe: dns, with: { names: [{ name: www.plain.test, proxied: true }] }",
    "probe: dns, with: { cloudflare: { connection: zone-list, zone: provided.test, records: [] } }",
    "probe: key-expiry, with: { cloudflare: { connection: cloudflare-token, zone: \"\" } }",
    "probe: membership, with: { connection: member-list, organisation: acme, people: [] }",
    "probe: membership, with: { connection: member-list, organisation: acme, file: \"\" }",
    "probe: replicas, sites: [pods], with: { namespace: app }",
    "probe: replicas, sites: [pods], with: { namespace: app, deployment: \"\" }",
    "probe: replicas, sites: [pods], with: { namespace: \"\", deployment: web }",
    "probe: replicas, sites: [pods], with: { namespace: app, selector: \"\" }",
    "probe: replicas, sites: [pods], with: { namespace: app, deployment: web }, expect: { ready: { by_attendees: {} } }",
    "probe: replicas, sites: [], with: { namespace: app, deployment: web }",
    "probe: storage-headroom, with: { prometheus: { connection: prometheus, used: \"\" } }",
    "probe: key-expiry, with: {}",
    "probe: key-expiry, with: { litellm: { connection: sound, key_alias: \"\" } }",
    "probe: key-expiry, with: { coder: { connection: coder, token_name: \"\" } }",
    "probe: key-expiry, sites: [pods], with: { docker_config: { namespace: app, name: \"\" } }",
    "probe: key-expiry, sites: [pods], with: { docker_config: { namespace: app, name: pull, registry: \"\" } }",
    "probe: key-expiry, sites: [pods], with: { jwt: { secret: { namespace: app, name: gateway, key: \"\" } } }",
    "probe: key-expiry, sites: [pods], with: { litellm: { connection: sound, held_in: { namespace: \"\", name: gateway, key: token } } }",
    "probe: kubernetes, sites: [pods], with: { api: v1, kind: Pod, namespace: \"\" }",
    "probe: kubernetes, sites: [pods], with: { api: v1, kind: Pod, namespace: app, names: [] }",
    "probe: kubernetes, sites: [pods], with: { api: v1, kind: Pod, namespace: app, fields: \"\" }",
    "probe: kubernetes, sites: [pods], with: { api: v1, kind: Pod, namespace: app }, expect: { at_least: 0 }",
    "probe: kubernetes, sites: [pods], with: { api: v1, kind: Pod, namespace: app }, expect: { each: { it runs: \"\" } }",
    "probe: http, with: { url: \"\" }",
    "probe: http, with: { url: \"https://page.test/\", samples: 0 }",
    "probe: http, with: { url: \"https://page.test/\", samples: 3 }, expect: { ok: 0 }",
    "probe: http, with: { url: \"https://page.test/\" }, expect: { status: [] }",
    "probe: http, with: { url: \"https://page.test/\" }, expect: { body: { contains: \"\" } }",
    "probe: http, with: { url: \"https://page.test/\" }, expect: { body: {} }",
    "probe: http, with: { url: \"https://page.test/\" }, expect: { body: { json: [] } }",
];

#[test]
fn a_check_that_would_look_at_nothing_is_refused_before_anything_is_looked_at() {
    let (rig, _) = product("60s");
    let mut wrong = Vec::new();
    for check in ASKING_NOTHING {
        let path = rig.write("gonogo.yaml", &format!("checks:\n  nothing: {{ {check} }}\n"));
        let before = rig.world.requests().len();
        let seen = rig.run(&path, &[]);
        if seen.code != 2 || rig.world.requests().len() > before {
            wrong.push(format!("{} of {check}:\n{}{}", seen.code, seen.stdout, seen.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
