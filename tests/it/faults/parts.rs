//! The whole product in small parts: each is one check that hangs on one answer, and the place where that answer is spoilt.
//!
//! A place is a host, a cluster or a name that no other part uses, so that every part can be spoilt in one run and each still
//! shows what its own answer alone does. What a part needs besides comes from servers that are never spoilt.

pub mod alert_route;
pub mod capacity;
pub mod cloud_quota;
pub mod cloudflare;
pub mod coder_deployment;
pub mod coder_provisioners;
pub mod coder_proxies;
pub mod dns;
pub mod dns_wildcard;
pub mod document;
pub mod drift;
pub mod endpoint_chain;
pub mod exec;
pub mod http;
pub mod image_parity;
pub mod key_expiry;
pub mod kubernetes;
pub mod llm_gateway;
pub mod membership;
pub mod mount_overlap;
pub mod on_call;
pub mod prometheus;
pub mod registry;
pub mod replicas;
pub mod schedule_window;
pub mod secret_parity;
pub mod stale_lock;
pub mod storage_headroom;

use gonogo_world::{Fault, Rule, System};

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

/// The parts of every probe.
const ALL: &[&[Part]] = &[
    alert_route::PARTS,
    capacity::PARTS,
    cloud_quota::PARTS,
    cloudflare::PARTS,
    coder_deployment::PARTS,
    coder_provisioners::PARTS,
    coder_proxies::PARTS,
    dns::PARTS,
    dns_wildcard::PARTS,
    document::PARTS,
    drift::PARTS,
    endpoint_chain::PARTS,
    exec::PARTS,
    http::PARTS,
    image_parity::PARTS,
    key_expiry::PARTS,
    kubernetes::PARTS,
    llm_gateway::PARTS,
    membership::PARTS,
    mount_overlap::PARTS,
    on_call::PARTS,
    prometheus::PARTS,
    registry::PARTS,
    replicas::PARTS,
    schedule_window::PARTS,
    secret_parity::PARTS,
    stale_lock::PARTS,
    storage_headroom::PARTS,
];

/// All of them.
pub fn parts() -> impl Iterator<Item = &'static Part> + Clone {
    ALL.iter().copied().flatten()
}
