//! What the account holds beside its registry: vCPU to grow into, and the gateway's key with its copies.
//!
//! The key is made in the server's region, kept in Secrets Manager, and copied into the namespaces that make workspaces.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::names::Amazon;
use super::{Place, SERVER, Times, ip};
use crate::aws::{Secret, Services};
use crate::kubernetes::Key;
use crate::state::State;

/// The gateway's key as workspaces hold it.
pub const WORKSPACE_KEY: &str = "sk-world-workshop";
/// Its name in Secrets Manager.
pub const KEY_ID: &str = "litellm/workshop-key";
/// The namespaces that hold a copy.
pub const COPIES: [&str; 3] = ["coder-ws", "coder-ws-experiment", "coder-ws-demo"];

/// vCPU of the standard families, on demand and on spot: the limit, and what is in use.
const VCPU: ((f64, f64), (f64, f64)) = ((384.0, 96.0), (256.0, 32.0));

pub(super) fn services(place: &Place, names: Amazon, times: Times) -> Services {
    let services = Services {
        quota_addresses: vec![ip(names.quotas)],
        metric_addresses: vec![ip(names.metrics)],
        secret_addresses: vec![ip(names.secrets)],
        ..Services::default()
    };
    let services = services.vcpu(VCPU.0, VCPU.1);
    if place.region == SERVER.region {
        services.secret(KEY_ID, Secret::text(WORKSPACE_KEY, hours_ago(times, 3)))
    } else {
        services
    }
}

/// Copies the key into the server's cluster, an hour after it was made.
pub(super) fn copy_key(state: &mut State, times: Times) {
    let Some(cluster) = state.clusters.get_mut(SERVER.region) else {
        return;
    };
    let mut copied = cluster.clone();
    for account in &mut copied.accounts {
        *account = account.clone().with_secrets();
    }
    for namespace in COPIES {
        if !copied.objects.contains_key(&Key::new("namespaces", "", namespace)) {
            copied = copied.namespace(namespace);
        }
    }
    let since = copied.since;
    copied.since = hours_ago(times, 2);
    for namespace in COPIES {
        copied = copied.secret(namespace, "litellm", "Opaque", &[("token", WORKSPACE_KEY)]);
        let written = copied.object_mut("secrets", namespace, "litellm");
        written["metadata"]["managedFields"][0]["manager"] = json!("rotate-key");
    }
    copied.since = since;
    *cluster = copied;
}

fn hours_ago(times: Times, hours: i64) -> Timestamp {
    times.now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN)
}
