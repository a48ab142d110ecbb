//! A sound world for every part, the checklist of all parts, and the layer that leads the one to the other.

use super::parts::{self, Part, parts};
use crate::rig::{Rig, times};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gonogo_world::{
    State, World,
    coder::Region,
    dns::{Dns, Server, Zone},
    ecr::{self, Repository},
    github::{Format, Github, Token},
    incidents::{Times, workshop_2024_09_30 as workshop},
    kubernetes::{Account, Cluster, Image as Running, NodeStats},
    litellm::{Gateway, Key, Role},
    registry::{Auth, Image, Layers, Registry, Tokens},
    web::{Page, Site},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

/// What the sound world holds for each probe that says so beside its parts.
const ADDED: &[fn(&mut State, Times)] = &[
    // By probe, in the order of the alphabet.
    parts::alert_route::add,
    parts::capacity::add,
    parts::cloud_quota::add,
    parts::cloudflare::add,
    parts::coder_deployment::add,
    parts::coder_provisioners::add,
    parts::coder_proxies::add,
    parts::dns::add,
    parts::document::add,
    parts::drift::add,
    parts::endpoint_chain::add,
    parts::key_expiry::add,
    parts::kubernetes::add,
    parts::llm_gateway::add,
    parts::membership::add,
    parts::mount_overlap::add,
    parts::on_call::add,
    parts::prometheus::add,
    parts::registry::add,
    parts::schedule_window::add,
    parts::secret_parity::add,
    parts::stale_lock::add,
];
/// The connections that it needs.
const CONNECTED: &[fn(&mut Value)] = &[
    // By probe, in the order of the alphabet.
    parts::alert_route::connections,
    parts::cloudflare::connections,
    parts::coder_deployment::connections,
    parts::coder_provisioners::connections,
    parts::coder_proxies::connections,
    parts::drift::connections,
    parts::key_expiry::connections,
    parts::llm_gateway::connections,
    parts::membership::connections,
    parts::on_call::connections,
    parts::prometheus::connections,
    parts::schedule_window::connections,
];

const UID: &str = "6f0c0d2e-0b1f-4a53-9f6e-1c7d5a1e0009";
/// The token of the world's GitHub.
pub const GITHUB_TOKEN: &str = "ghp_worldworldworldworldworldworldworld1";
/// The token of every cluster.
pub const CLUSTER_TOKEN: &str = "world-cluster-token-0123456789";
const GATEWAYS: [&str; 4] = ["alias", "own", "held", "sound"];
const ADDRESS: &str = "203.0.113.9";

/// A rig around a sound world of all parts, and the path of their checklist; each item may take so long.
pub fn product(timeout: &str) -> (Rig, PathBuf) {
    let times = times();
    let rig = Rig::led(world(times), |folder, world| layer(folder, world, times));
    let checks: String = parts().map(check).collect();
    let path = rig.write("gonogo.yaml", &format!("defaults: {{ timeout: {timeout} }}\nchecks:\n{checks}"));
    (rig, path)
}

fn check(part: &Part) -> String {
    format!("  {}: {{ {} }}\n", part.name, part.check.replace("{site}", part.name))
}

fn layer(folder: &Path, world: &World, times: Times) -> PathBuf {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    write("ca.pem", world.ca_pem());
    write("kubeconfig", &world.kubeconfig());
    write("aws-credentials", &workshop::aws_credentials_file());
    write("aws-other-credentials", &workshop::aws_credentials_file());
    write("aws-config", "");
    write("gateway-key", workshop::LITELLM_PROBE_KEY);
    write("coder-token", workshop::CODER_SESSION_TOKEN);
    write("owner-token", workshop::CODER_OWNER_TOKEN);
    write("github-token", GITHUB_TOKEN);
    for (name, text) in parts::key_expiry::files() {
        write(name, text);
    }
    let site = |name: &str| {
        (name.to_owned(), json!({ "kubernetes": { "context": name, "kubeconfig": "kubeconfig", "cluster_uid": UID } }))
    };
    let written = gonogo::rehearsal::written;
    let layer = json!({
        "event": { "name": "Launch", "timezone": "Europe/London", "starts": written(times.starts), "ends": written(times.ends), "attendees": 2 },
        "sites": parts().filter_map(Part::site).map(site).collect::<Map<String, Value>>(),
        "connections": connections(),
        "network": gonogo::rehearsal::network(world),
    });
    let path = folder.join("world.yaml");
    fs::write(&path, layer.to_string()).expect("a file");
    path
}

fn connections() -> Value {
    let with_token = |kind: &str, url: &str, file: &str| json!({ "kind": kind, "url": url, "token": { "file": file } });
    let mut all = json!({
        "coder": with_token("coder", "https://coder.test", "coder-token"),
        "other-coder": with_token("coder", "https://other-coder.test", "coder-token"),
        "github": with_token("github", "https://api.github.com", "github-token"),
        "portal": { "kind": "http", "url": "https://portal.test" },
        "lasting": { "kind": "http", "url": "https://lasting.test" },
        "prometheus": { "kind": "prometheus", "url": "https://prometheus.test" },
        "mirror": {
            "kind": "ecr", "profile": "workshop-ro", "account": workshop::AWS_ACCOUNT,
            "credentials_file": "aws-credentials", "config_file": "aws-config",
        },
    });
    // Another credential, so that the account is asked for anew, in its own region.
    all["account"] = all["mirror"].clone();
    all["account"]["region"] = json!("us-west-2");
    all["account"]["credentials_file"] = json!("aws-other-credentials");
    for connect in CONNECTED {
        connect(&mut all);
    }
    for name in GATEWAYS {
        all[name] = with_token("litellm", &format!("https://{name}.test"), "gateway-key");
    }
    all
}

fn world(times: Times) -> State {
    let image = Image::multi_arch("v1");
    let mut state = State::empty(times.now);
    state.registries = registries(&image);
    // Whoever may ask, from the incident's world.
    state.aws.clone_from(&workshop::repaired(times).aws);
    state.aws.regions = ["us-east-2", "us-west-2"].map(|name| (name.to_owned(), region(&image, times))).into();
    state.clusters = parts().filter_map(Part::site).map(|name| (name.to_owned(), cluster(&image, times))).collect();
    state.litellm = GATEWAYS.map(|name| (format!("{name}.test"), gateway(times))).into();
    state.coder = workshop::repaired(times).coder;
    state.coder.regions = vec![
        Region::new("primary", "coder.test", &[]),
        Region::new("primary", "other-coder.test", &[]),
        Region::new("near", "routing.test", &[ip("203.0.113.60")]),
    ];
    let token = Token { login: "launch".to_owned(), expires: Some(after(times)), format: Format::Utc };
    let tokens = [(GITHUB_TOKEN.to_owned(), token)].into();
    state.github.insert("api.github.com".to_owned(), Github { tokens, ..Github::default() });
    state.web = sites(times).map(|(host, site)| (host.to_owned(), site)).into();
    state.dns = dns();
    for add in ADDED {
        add(&mut state, times);
    }
    state
}

fn registries(image: &Image) -> std::collections::BTreeMap<String, Registry> {
    let tokens = |host: &str| Auth::Token(Tokens::at(&format!("https://{host}/token"), host));
    let hosts = ["source.test", "mirror.test", "tokens.test", "behind.test", "repacked.test", "steady.test"];
    let registry = |host: &str| {
        let mut registry = Registry::open();
        if ["tokens.test", "behind.test"].contains(&host) {
            registry.auth = tokens(host);
        }
        match host {
            "repacked.test" => registry.push("app", "v1", &image.flattened("linux/amd64", Layers::Recompressed)),
            _ => registry.push("app", "v1", image),
        }
        registry
    };
    hosts.map(|host| (host.to_owned(), registry(host))).into()
}

fn region(image: &Image, times: Times) -> ecr::Region {
    let mut repository = Repository::created(times.now - SignedDuration::from_hours(48));
    repository.push("v1", image, times.now - SignedDuration::from_hours(24));
    ecr::Region { repositories: [("app".to_owned(), repository)].into(), ..ecr::Region::default() }
}

fn cluster(image: &Image, times: Times) -> Cluster {
    let jwt = jwt(after(times));
    let mut cluster = Cluster::new(UID)
        .since(times.now - SignedDuration::from_hours(24))
        .namespace("app")
        .node("node-1", NodeStats::used(0.3))
        .node("node-2", NodeStats::used(0.3))
        .deployment("app", "web", |web| {
            web.scale(2);
            web.runs(&Running::new("web", "steady.test/app:v1").at(&image.digest()));
        })
        .pull_secret("app", "pull", "registry.example", "puller", &jwt)
        .secret("app", "gateway", "Opaque", &[("token", workshop::LITELLM_PROBE_KEY), ("jwt", &jwt)]);
    cluster.accounts = vec![Account::reader(CLUSTER_TOKEN, "checker").with_secrets()];
    cluster
}

/// A JSON web token that ends then; nobody verifies it.
fn jwt(ends: Timestamp) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({ "alg": "HS256", "typ": "JWT" }));
    format!("{head}.{}.c2lnbmF0dXJl", part(json!({ "sub": "launch", "exp": ends.as_second() })))
}

fn gateway(times: Times) -> Gateway {
    let mut gateway = Gateway::new("sk-world-master");
    let made = times.now - SignedDuration::from_hours(24);
    let probe = Key::new("gonogo", workshop::LITELLM_PROBE_KEY, made).of("gonogo", Role::Viewer);
    gateway.keys = vec![probe.until(after(times)), Key::new("workshop", "sk-world-workshop", made).until(after(times))];
    gateway
}

fn sites(times: Times) -> [(&'static str, Site); 7] {
    let series = json!({ "status": "success", "data": { "resultType": "vector", "result": [
        { "metric": { "node": "node-1" }, "value": [times.now.as_second(), "0.4"] },
        { "metric": { "node": "node-2" }, "value": [times.now.as_second(), "0.3"] },
    ] } });
    let time = json!({ "expires_at": after(times).to_string() });
    let home = |host, addresses: &[IpAddr], page| (host, Site { otherwise: page, ..Site::at(host, addresses) });
    [
        home("prometheus.test", &[], Page::json(200, series.to_string())),
        home("portal.test", &[], Page::json(200, time.to_string())),
        home("lasting.test", &[], Page::json(200, r#"{ "expires_at": null }"#)),
        home("page.test", &[], Page::text(200, "all is well with this page\n")),
        home("status.test", &[], Page::json(200, r#"{ "db": "connected" }"#)),
        home("sampled.test", &[], Page::text(200, "all is well with this page\n")),
        home("web.named.test", &[ip("203.0.113.61")], Page::text(200, "all is well with this page\n")),
    ]
}

fn dns() -> Dns {
    let zones = [
        ("both.test", &["192.0.2.11", "192.0.2.12"][..], &["ai", "ui"][..]),
        ("one.test", &["192.0.2.13", "192.0.2.14"], &["ai"]),
        ("steady.test", &["192.0.2.15"], &["ai"]),
        ("system.test", &["192.0.2.16"], &["ai"]),
        ("cut.test", &["192.0.2.17"], &["ai"]),
        ("aimed.test", &["192.0.2.18"], &["ai"]),
    ];
    let dns = zones.into_iter().fold(Dns::default(), |dns, (origin, servers, domains)| {
        let zone = domains
            .iter()
            .fold(Zone::new(origin), |zone, domain| zone.address(&format!("*.{domain}.{origin}"), ADDRESS));
        let named = servers.iter().enumerate().map(|(i, address)| (format!("ns{i}.{origin}"), *address));
        let zone = named.clone().fold(zone, |zone, (name, address)| zone.name_server(&name).address(&name, address));
        named.fold(dns.zone(zone), |dns, (name, address)| dns.server(Server::new(&name, address)))
    });
    dns.zone(Zone::new("target.test").address("lb.target.test", ADDRESS))
        .zone(Zone::new("named.test").address("web.named.test", "203.0.113.61"))
        .zone(Zone::new("routing.test").address("*.routing.test", "203.0.113.60"))
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A month after the event.
pub fn after(times: Times) -> Timestamp {
    times.ends + SignedDuration::from_hours(24 * 30)
}
