//! The whole product in small parts: each is one check that hangs on one answer, and the place where that answer is spoilt.
//!
//! A place is a host, a cluster or a name that no other part uses, so that every part can be spoilt in one run and each still
//! shows what its own answer alone does. What a part needs besides comes from servers that are never spoilt.

use gonogo_world::{
    Fault, Rule,
    System::{self, Coder, Dns, Ecr, Github, Kubernetes, Litellm, Registry, Web},
};

/// One check and its weak spot.
pub struct Part {
    /// The check's name; also its site's and cluster's, where it has one.
    pub name: &'static str,
    /// The system that is spoilt.
    pub system: System,
    /// Its host, cluster or address; empty where the path says it all.
    at: &'static str,
    /// Which of its answers; empty for all.
    path: &'static str,
    /// The check, but for its name.
    pub check: &'static str,
}

impl Part {
    const fn new(
        name: &'static str,
        (system, at, path): (System, &'static str, &'static str),
        check: &'static str,
    ) -> Self {
        Self { name, system, at, path, check }
    }

    /// What spoils it.
    pub fn rule(&self, fault: Fault) -> Rule {
        let rule = Rule::on(self.system, fault);
        let rule = if self.at.is_empty() { rule } else { rule.at(self.at) };
        if self.path.is_empty() { rule } else { rule.path(self.path) }
    }

    /// The site that it looks at, if any.
    pub fn site(&self) -> Option<&'static str> {
        self.check.contains("{site}").then_some(self.name)
    }

    /// The id of its item.
    pub fn id(&self) -> String {
        self.site().map_or_else(|| self.name.to_owned(), |site| format!("{}@{site}", self.name))
    }
}

/// Image parity: a source and a mirror in any registry, ECR with its account, and pods.
const PARITY: [Part; 9] = [
    Part::new(
        "source",
        (Registry, "source.test", ""),
        "probe: image-parity, with: { source: { image: source.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "mirror",
        (Registry, "mirror.test", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: mirror.test/app:v1 }] }",
    ),
    Part::new(
        "token-service",
        (Registry, "tokens.test", "/token"),
        "probe: image-parity, with: { source: { image: tokens.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "tag-behind-token",
        (Registry, "behind.test", "/manifests/"),
        "probe: image-parity, with: { source: { image: behind.test/app:v1 }, mirrors: [{ image: steady.test/app:v1 }] }",
    ),
    Part::new(
        "repacked-mirror",
        (Registry, "repacked.test", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ image: repacked.test/app:v1 }] }",
    ),
    Part::new(
        "ecr",
        (Ecr, "api.ecr.us-east-2.amazonaws.com", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ ecr: mirror, regions: [us-east-2], repository: app, tag: v1 }] }",
    ),
    Part::new(
        "ecr-account",
        (Ecr, "sts.us-west-2.amazonaws.com", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, mirrors: [{ ecr: account, regions: [us-west-2], repository: app, tag: v1 }] }",
    ),
    Part::new(
        "pods",
        (Kubernetes, "pods", ""),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, running: { sites: [{site}], namespace: app, selector: app.kubernetes.io/name=web, container: web } }",
    ),
    Part::new(
        "pod-list",
        (Kubernetes, "pod-list", "/pods"),
        "probe: image-parity, with: { source: { image: steady.test/app:v1 }, running: { sites: [{site}], namespace: app, selector: app.kubernetes.io/name=web, container: web } }",
    ),
];

/// Replicas: by name, by selector, their autoscalers, and the cluster's own name.
const REPLICAS: [Part; 6] = [
    Part::new(
        "deployment",
        (Kubernetes, "deployment", ""),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "one-deployment",
        (Kubernetes, "one-deployment", "/deployments/"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "deployments",
        (Kubernetes, "deployments", "/deployments?"),
        "probe: replicas, sites: [{site}], with: { namespace: app, selector: app.kubernetes.io/name=web }, expect: { ready: 2 }",
    ),
    Part::new(
        "statefulsets",
        (Kubernetes, "statefulsets", "/statefulsets?"),
        "probe: replicas, sites: [{site}], with: { namespace: app, selector: app.kubernetes.io/name=web }, expect: { ready: 2 }",
    ),
    Part::new(
        "autoscalers",
        (Kubernetes, "autoscalers", "/horizontalpodautoscalers"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
    Part::new(
        "cluster-uid",
        (Kubernetes, "cluster-uid", "/namespaces/kube-system"),
        "probe: replicas, sites: [{site}], with: { namespace: app, deployment: web }, expect: { ready: 2 }",
    ),
];

/// Storage: the list of nodes, all kubelets, one kubelet, and Prometheus.
const STORAGE: [Part; 5] = [
    Part::new("storage", (Kubernetes, "storage", ""), "probe: storage-headroom, sites: [{site}]"),
    Part::new("nodes", (Kubernetes, "nodes", "/api/v1/nodes?"), "probe: storage-headroom, sites: [{site}]"),
    Part::new("kubelets", (Kubernetes, "kubelets", "/proxy/"), "probe: storage-headroom, sites: [{site}]"),
    Part::new(
        "one-kubelet",
        (Kubernetes, "one-kubelet", "/nodes/node-2/proxy/"),
        "probe: storage-headroom, sites: [{site}]",
    ),
    Part::new(
        "prometheus",
        (Web, "prometheus.test", ""),
        "probe: storage-headroom, with: { prometheus: { connection: prometheus, used: node_used } }, expect: { inodes: false }",
    ),
];

/// Keys: every system that tells when one ends.
const KEYS: [Part; 12] = [
    Part::new(
        "key-by-alias",
        (Litellm, "alias.test", ""),
        "probe: key-expiry, with: { litellm: { connection: alias, key_alias: workshop } }",
    ),
    Part::new("own-key", (Litellm, "own.test", ""), "probe: key-expiry, with: { litellm: { connection: own } }"),
    Part::new(
        "held-key",
        (Litellm, "held.test", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: held, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new(
        "holder-of-key",
        (Kubernetes, "holder-of-key", ""),
        "probe: key-expiry, sites: [{site}], with: { litellm: { connection: sound, held_in: { namespace: app, name: gateway, key: token } } }",
    ),
    Part::new("own-token", (Coder, "coder.test", ""), "probe: key-expiry, with: { coder: { connection: coder } }"),
    Part::new(
        "named-token",
        (Coder, "other-coder.test", ""),
        "probe: key-expiry, with: { coder: { connection: other-coder, token_name: workshop } }",
    ),
    Part::new(
        "github-token",
        (Github, "api.github.com", ""),
        "probe: key-expiry, with: { github: { connection: github } }",
    ),
    Part::new(
        "pull-secret",
        (Kubernetes, "pull-secret", ""),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "secret-alone",
        (Kubernetes, "secret-alone", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { docker_config: { namespace: app, name: pull } }",
    ),
    Part::new(
        "jwt-in-secret",
        (Kubernetes, "jwt-in-secret", "/secrets/"),
        "probe: key-expiry, sites: [{site}], with: { jwt: { secret: { namespace: app, name: gateway, key: jwt } } }",
    ),
    Part::new(
        "json-time",
        (Web, "portal.test", ""),
        "probe: key-expiry, with: { json: { connection: portal, path: token, pointer: /expires_at } }",
    ),
    Part::new(
        "lasting-json",
        (Web, "lasting.test", ""),
        "probe: key-expiry, with: { json: { connection: lasting, path: token, pointer: /expires_at, null_is_never: true, absent_is_never: true } }",
    ),
];

/// Pages: by their words, by their JSON, several times, and Coder's answer to a name that no workspace has.
const PAGES: [Part; 4] = [
    Part::new(
        "page",
        (Web, "page.test", ""),
        "probe: http, with: { url: \"https://page.test/\" }, expect: { body: { equals: all is well with this page } }",
    ),
    Part::new(
        "status-page",
        (Web, "status.test", ""),
        "probe: http, with: { url: \"https://status.test/\" }, expect: { body: { json: [{ pointer: /db, equals: connected }] } }",
    ),
    Part::new(
        "sampled-page",
        (Web, "sampled.test", ""),
        "probe: http, with: { url: \"https://sampled.test/\", samples: 3 }, expect: { body: { contains: well } }",
    ),
    Part::new(
        "routing",
        (Coder, "routing.test", ""),
        "probe: http, with: { url: \"https://${random.label}.routing.test/\" }, expect: { status: 400, body: { contains: Could not parse subdomain application URL } }",
    ),
];

/// Names: at their own servers, at resolvers, on the way to a zone, and of what other checks ask.
const NAMES: [Part; 9] = [
    Part::new(
        "authority-1",
        (Dns, "192.0.2.11", ""),
        "probe: dns-wildcard, with: { domain: ai.both.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "authority-2",
        (Dns, "192.0.2.12", ""),
        "probe: dns-wildcard, with: { domain: ui.both.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "one-authority",
        (Dns, "192.0.2.13", ""),
        "probe: dns-wildcard, with: { domain: ai.one.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "resolver",
        (Dns, "1.1.1.1", ""),
        "probe: dns-wildcard, with: { domain: ai.steady.test, target: [203.0.113.9], resolvers: [1.1.1.1] }",
    ),
    Part::new(
        "second-resolver",
        (Dns, "9.9.9.9", ""),
        "probe: dns-wildcard, with: { domain: ai.steady.test, target: [203.0.113.9], resolvers: [authoritative, 9.9.9.9] }",
    ),
    Part::new(
        "system-resolver",
        (Dns, "", "ai.system.test"),
        "probe: dns-wildcard, with: { domain: ai.system.test, target: [203.0.113.9], resolvers: [system] }",
    ),
    Part::new(
        "zone-cut",
        (Dns, "192.0.2.53", "cut.test"),
        "probe: dns-wildcard, with: { domain: ai.cut.test, target: [203.0.113.9], resolvers: [authoritative] }",
    ),
    Part::new(
        "target",
        (Dns, "", "lb.target.test"),
        "probe: dns-wildcard, with: { domain: ai.aimed.test, target: lb.target.test, resolvers: [authoritative, 8.8.8.8] }",
    ),
    Part::new(
        "page-by-name",
        (Dns, "", "web.named.test"),
        "probe: http, with: { url: \"https://web.named.test/\" }, expect: { body: { equals: all is well with this page } }",
    ),
];

/// All of them.
pub fn parts() -> impl Iterator<Item = &'static Part> + Clone {
    PARITY.iter().chain(&REPLICAS).chain(&STORAGE).chain(&KEYS).chain(&PAGES).chain(&NAMES)
}
