//! The probe contract and every probe.
//!
//! [`contract`] says what a probe is; [`clients`] are the systems that probes talk to; each further module is one
//! probe. [`CATALOGUE`] is the one place that names them all: to add a probe, add its folder, a `mod` line and a row.

pub mod alert_route;
pub mod attestation;
pub mod capacity;
pub mod clients;
pub mod cloud_quota;
pub mod coder_deployment;
pub mod coder_provisioners;
pub mod coder_proxies;
pub mod contract;
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

use contract::Kind;

/// Every probe, in the order of the alphabet.
pub const CATALOGUE: &[Kind] = &[
    Kind::of::<alert_route::AlertRoute>(include_str!("alert_route/README.md")),
    Kind::of::<attestation::Attestation>(include_str!("attestation/README.md")),
    Kind::of::<capacity::Capacity>(include_str!("capacity/README.md")),
    Kind::of::<cloud_quota::CloudQuota>(include_str!("cloud_quota/README.md")),
    Kind::of::<coder_deployment::CoderDeployment>(include_str!("coder_deployment/README.md")),
    Kind::of::<coder_provisioners::CoderProvisioners>(include_str!("coder_provisioners/README.md")),
    Kind::of::<coder_proxies::CoderProxies>(include_str!("coder_proxies/README.md")),
    Kind::of::<dns::Dns>(include_str!("dns/README.md")),
    Kind::of::<dns_wildcard::DnsWildcard>(include_str!("dns_wildcard/README.md")),
    Kind::of::<document::Document>(include_str!("document/README.md")),
    Kind::of::<drift::Drift>(include_str!("drift/README.md")),
    Kind::of::<endpoint_chain::EndpointChain>(include_str!("endpoint_chain/README.md")),
    Kind::of::<exec::Exec>(include_str!("exec/README.md")),
    Kind::of::<http::Http>(include_str!("http/README.md")),
    Kind::of::<image_parity::ImageParity>(include_str!("image_parity/README.md")),
    Kind::of::<key_expiry::KeyExpiry>(include_str!("key_expiry/README.md")),
    Kind::of::<kubernetes::Kubernetes>(include_str!("kubernetes/README.md")),
    Kind::of::<llm_gateway::LlmGateway>(include_str!("llm_gateway/README.md")),
    Kind::of::<membership::Membership>(include_str!("membership/README.md")),
    Kind::of::<mount_overlap::MountOverlap>(include_str!("mount_overlap/README.md")),
    Kind::of::<on_call::OnCall>(include_str!("on_call/README.md")),
    Kind::of::<prometheus::Prometheus>(include_str!("prometheus/README.md")),
    Kind::of::<registry::Registry>(include_str!("registry/README.md")),
    Kind::of::<replicas::Replicas>(include_str!("replicas/README.md")),
    Kind::of::<schedule_window::ScheduleWindow>(include_str!("schedule_window/README.md")),
    Kind::of::<secret_parity::SecretParity>(include_str!("secret_parity/README.md")),
    Kind::of::<stale_lock::StaleLock>(include_str!("stale_lock/README.md")),
    Kind::of::<storage_headroom::StorageHeadroom>(include_str!("storage_headroom/README.md")),
];

/// The row of the probe that a checklist calls `name`.
#[must_use]
pub fn kind(name: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.name == name)
}
