//! The workshop of 30 September 2024: every name of the example is served, and each cause shows where it should and nowhere else.

use std::net::IpAddr;

use gonogo_world::incidents::Times;
use gonogo_world::incidents::workshop_2024_09_30::{
    CODER_SESSION_TOKEN, Cause, LITELLM_PROBE_KEY, aws_credentials_file, before, credentials, repaired,
};
use gonogo_world::kubernetes::NodeStats;
use gonogo_world::{State, World};
use hickory_proto::rr::{RData, RecordType};
use jiff::Timestamp;
use serde_json::Value;

use crate::client::{client, get};
use crate::dns::ask::{question, udp};

const HOSTS: [&str; 3] = ["ai.coder.com", "oregon-proxy.ai.coder.com", "emea-proxy.ai.coder.com"];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn times() -> Times {
    Times { now: at("2026-11-30T17:00:00Z"), starts: at("2026-12-02T17:00:00Z"), ends: at("2026-12-02T18:30:00Z") }
}

fn only(cause: Cause) -> State {
    let mut state = repaired(times());
    cause.inject(&mut state, &times());
    state
}

async fn start(state: State) -> World {
    World::start(state).await.expect("a world")
}

async fn addresses(world: &World, name: &str) -> Vec<IpAddr> {
    let reply = udp(world.resolvers()[0], &question(name, RecordType::A)).await.expect("an answer");
    let address = |data: &RData| match data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        _ => None,
    };
    let mut found: Vec<IpAddr> = reply.answers.iter().filter_map(|record| address(&record.data)).collect();
    found.sort();
    found
}

/// GET by the very path that a checker takes: the world's resolver, an address, and where `connect` leads it.
async fn fetch(world: &World, host: &str, path: &str) -> (u16, String) {
    let address = addresses(world, host).await.first().expect("an address").to_string();
    let client = client(world, &[(host, &address)]);
    let answer = get(&client, &format!("https://{host}{path}"), &[]).await;
    (answer.status, answer.body)
}

async fn gateway_key(world: &World) -> Value {
    let client = client(world, &[("litellm.ai.coder.com", "203.0.113.40")]);
    let bearer = format!("Bearer {LITELLM_PROBE_KEY}");
    let url = "https://litellm.ai.coder.com/key/list?key_alias=workshop&return_full_object=true";
    let listed = get(&client, url, &[("authorization", &bearer)]).await.json();
    assert_eq!(listed["total_count"], 1, "{listed}");
    listed["keys"][0].clone()
}

fn ready(state: &State, site: &str, namespace: &str, name: &str) -> Option<u64> {
    let key = gonogo_world::kubernetes::Key::new("deployments.apps", namespace, name);
    state.clusters[site].objects.get(&key)?["status"]["readyReplicas"].as_u64()
}

fn running(state: &State, site: &str, namespace: &str) -> Vec<String> {
    let pods = state.clusters[site].all("pods").filter(|(key, _)| key.namespace == namespace);
    let id = |pod: &Value| pod["status"]["containerStatuses"][0]["imageID"].as_str().map(str::to_owned);
    pods.filter(|(_, pod)| pod["metadata"]["labels"]["app.kubernetes.io/name"] == "coder")
        .filter_map(|(_, pod)| id(pod))
        .filter_map(|id| id.rsplit_once('@').map(|(_, digest)| digest.to_owned()))
        .collect()
}

fn mirrored(state: &State, region: &str) -> String {
    state.aws.regions[region].repositories["coder-preview"].images.tags["latest"].clone()
}

fn is_full(stats: &NodeStats) -> bool {
    let NodeStats::Ok(summary) = stats else {
        return false;
    };
    let disk = summary.nodefs.clone().expect("a root filesystem");
    disk.available < disk.capacity.map(|capacity| capacity / 5)
}

#[tokio::test]
async fn a_wildcard_leads_to_its_regions_balancer_and_from_there_to_coder() {
    let world = start(repaired(times())).await;
    let balancers = ["ohio.elb.us-east-2", "oregon.elb.us-west-2", "london.elb.eu-west-2"];
    for (host, balancer) in HOSTS.iter().zip(balancers) {
        let balancer = addresses(&world, &format!("k8s-coder-{balancer}.amazonaws.com")).await;
        assert_eq!(balancer.len(), 2);
        for name in ["", "team1.", "x7f3."] {
            assert_eq!(addresses(&world, &format!("{name}{host}")).await, balancer, "{name}{host}");
        }
        let (status, body) = fetch(&world, &format!("x7f3.{host}"), "/").await;
        assert_eq!(status, 400);
        assert!(body.contains("Could not parse subdomain application URL"));
        assert_eq!(fetch(&world, host, "/healthz").await, (200, "OK".to_owned()));
    }
}

#[tokio::test]
async fn one_image_is_everywhere_once_it_is_repaired() {
    let state = repaired(times());
    let source = state.registries["ghcr.io"].repositories["coder/coder-preview"].tags["latest"].clone();
    for (site, namespace) in [("us-east-2", "coder"), ("us-west-2", "coder-proxy"), ("eu-west-2", "coder-proxy")] {
        assert_eq!(mirrored(&state, site), source);
        assert_eq!(running(&state, site, namespace), [source.clone(), source.clone()]);
        assert_eq!(ready(&state, site, namespace, "coder"), Some(2));
    }
    assert_eq!(ready(&state, "us-east-2", "coder-ws", "coder-provisioner"), Some(10));
    assert_eq!(ready(&state, "us-east-2", "litellm", "litellm"), Some(4));
    assert!(state.clusters.values().all(|cluster| cluster.stats.len() == 3 && !cluster.stats.values().any(is_full)));
}

#[tokio::test]
async fn a_stale_mirror_shows_in_the_mirror_the_pods_and_the_routing() {
    let state = only(Cause::StaleMirror);
    let source = state.registries["ghcr.io"].repositories["coder/coder-preview"].tags["latest"].clone();
    assert_eq!(mirrored(&state, "us-east-2"), source);
    for site in ["us-west-2", "eu-west-2"] {
        let old = mirrored(&state, site);
        assert_ne!(old, source);
        assert_eq!(running(&state, site, "coder-proxy"), [old.clone(), old]);
    }
    let world = start(state).await;
    assert_eq!(fetch(&world, "x7f3.ai.coder.com", "/").await.0, 400);
    for host in &HOSTS[1..] {
        let (status, body) = fetch(&world, &format!("x7f3.{host}"), "/").await;
        assert_eq!(status, 200);
        assert!(!body.contains("Could not parse"));
        assert_eq!(fetch(&world, host, "/healthz").await.0, 200, "health sees nothing of it");
    }
}

#[tokio::test]
async fn a_challenge_record_takes_one_teams_name_away() {
    let world = start(only(Cause::WildcardBroken)).await;
    assert!(addresses(&world, "team1.emea-proxy.ai.coder.com").await.is_empty());
    assert_eq!(addresses(&world, "team2.emea-proxy.ai.coder.com").await.len(), 2);
    assert_eq!(addresses(&world, "team1.oregon-proxy.ai.coder.com").await.len(), 2);
}

#[tokio::test]
async fn a_key_ends_before_the_workshop_and_turns_in_its_middle() {
    let good = gateway_key(&start(repaired(times())).await).await;
    assert_eq!((&good["expires"], &good["auto_rotate"]), (&"2027-01-01T18:30:00.000000Z".into(), &false.into()));
    assert!(good["key_rotation_at"].is_null());
    let bad = gateway_key(&start(only(Cause::KeyRotates)).await).await;
    assert_eq!((&bad["expires"], &bad["auto_rotate"]), (&"2026-12-02T18:10:00.000000Z".into(), &true.into()));
    assert_eq!(bad["key_rotation_at"], "2026-12-02T17:45:00.000000Z");
}

#[tokio::test]
async fn four_jobs_of_one_name_are_armed_in_four_namespaces_or_suspended_in_all() {
    for (state, is_suspended) in [(repaired(times()), true), (only(Cause::RotationInWindow), false)] {
        let jobs = state.clusters["us-east-2"].all("cronjobs.batch").filter(|(key, _)| key.name == "rotate-key");
        let jobs: Vec<_> = jobs.map(|(key, job)| (key.namespace.as_str(), &job["spec"])).collect();
        assert_eq!(jobs.len(), 4);
        for (namespace, spec) in jobs {
            assert_eq!(spec["suspend"], is_suspended, "{namespace}");
            assert_eq!(spec["timeZone"], "America/Vancouver");
            assert_eq!(spec["schedule"], if namespace == "litellm" { "*/5 * * * *" } else { "0 */4 * * *" });
        }
    }
}

#[tokio::test]
async fn storage_and_provisioners_are_short_in_the_servers_region_alone() {
    let full = only(Cause::StorageFull);
    for (site, cluster) in &full.clusters {
        assert_eq!(cluster.stats.values().all(is_full), site == "us-east-2", "{site}");
    }
    let few = only(Cause::TooFewProvisioners);
    assert_eq!(ready(&few, "us-east-2", "coder-ws", "coder-provisioner"), Some(6));
    let pods = few.clusters["us-east-2"].all("pods").filter(|(key, _)| key.namespace == "coder-ws");
    assert_eq!(pods.count(), 6, "the pods of the four that are gone are gone");
}

#[tokio::test]
async fn the_world_before_is_the_repaired_one_with_every_cause() {
    let mut built = repaired(times());
    for cause in Cause::ALL {
        cause.inject(&mut built, &times());
    }
    let as_it_was = before(times());
    assert_eq!(format!("{as_it_was:?}"), format!("{built:?}"));
    assert_ne!(format!("{as_it_was:?}"), format!("{:?}", repaired(times())));
    let causes = Cause::ALL.map(|cause| format!("{:?}", only(cause)));
    for (at, cause) in causes.iter().enumerate() {
        assert!(!causes[..at].contains(cause), "two causes are the same");
    }
}

#[tokio::test]
async fn a_kubeconfig_leads_to_the_cluster_of_its_context() {
    let world = start(repaired(times())).await;
    let config = world.kubeconfig();
    let server = |context: &str| {
        let entry = config.split("- name: ").find(|entry| entry.starts_with(&format!("\"{context}\"\n  cluster")));
        let entry = entry.expect("a cluster");
        entry.lines().find_map(|line| line.trim().strip_prefix("server: ")).expect("a server").to_owned()
    };
    let uids = [
        "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0001",
        "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0002",
        "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0003",
    ];
    let client = client(&world, &[]);
    for (context, uid) in ["us-east-2", "us-west-2", "eu-west-2"].iter().zip(uids) {
        let bearer = format!("Bearer token-{uid}");
        assert!(config.contains(&format!("token: \"token-{uid}\"")));
        let url = format!("{}/api/v1/namespaces/kube-system", server(context));
        let namespace = get(&client, &url, &[("authorization", &bearer)]).await;
        assert_eq!(namespace.json()["metadata"]["uid"], uid);
        let url = format!("{}/api/v1/nodes", server(context));
        let nodes = get(&client, &url, &[("authorization", &bearer)]).await.json();
        let name = nodes["items"][0]["metadata"]["name"].as_str().expect("a node").to_owned();
        let url = format!("{}/api/v1/nodes/{name}/proxy/stats/summary", server(context));
        let summary = get(&client, &url, &[("authorization", &bearer)]).await;
        assert!(summary.json()["node"]["fs"]["availableBytes"].is_u64(), "{summary:?}");
    }
}

#[tokio::test]
async fn the_credentials_are_let_in() {
    let world = start(repaired(times())).await;
    let client = client(&world, &[("ai.coder.com", "203.0.113.10")]);
    let (id, _) = CODER_SESSION_TOKEN.split_once('-').expect("two halves");
    let url = format!("https://ai.coder.com/api/v2/users/me/keys/{id}");
    let own = get(&client, &url, &[("coder-session-token", credentials()["CODER_SESSION_TOKEN"])]).await;
    assert_eq!((own.status, own.json()["expires_at"].as_str()), (200, Some("2027-01-31T18:30:00Z")));
    assert!(aws_credentials_file().contains(credentials()["AWS_ACCESS_KEY_ID"]));
}

#[test]
fn every_name_of_the_example_is_in_the_state() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/coder-workshop/gonogo.yaml");
    let text = std::fs::read_to_string(path).expect("the example");
    let state = repaired(times());
    for (context, cluster) in &state.clusters {
        assert!(text.contains(&format!("context: {context}, cluster_uid: {}", cluster.uid().expect("a UID"))));
    }
    for region in &state.coder.regions {
        assert!(text.contains(&format!("domain: {}\n", region.host)));
    }
    assert!(text.contains(&format!("account: \"{}\"", state.aws.account)));
    assert!(text.contains("https://litellm.ai.coder.com,") && state.litellm.contains_key("litellm.ai.coder.com"));
}
