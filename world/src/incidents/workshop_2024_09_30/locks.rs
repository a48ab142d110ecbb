//! What may be held while the workshop is near: the releases that Helm deployed, and the lock of the estate's state.

use jiff::Timestamp;
use serde_json::json;

use super::{PLACES, SERVER, Times, ago, ip};
use crate::kubernetes::Cluster;
use crate::s3::Bucket;
use crate::state::State;

const BUCKET: &str = "coder-workshop-tfstate";
const ADDRESS: &str = "198.51.100.50";
const STATE: &str = "workshop/terraform.tfstate";

/// Every release deployed, nobody at the state, and a checker that may see both.
pub(super) fn add(state: &mut State, times: Times) {
    for place in PLACES {
        let Some(cluster) = state.clusters.get_mut(place.region) else {
            continue;
        };
        for account in &mut cluster.accounts {
            *account = account.clone().with_secrets();
        }
        put_release(cluster, place.namespace, "coder", ago(times, 20));
        if place.region == SERVER.region {
            put_release(cluster, "coder-ws", "coder-provisioner", ago(times, 20));
            put_release(cluster, "litellm", "litellm", ago(times, 12));
        }
    }
    let mut bucket = Bucket { addresses: vec![ip(ADDRESS)], ..Bucket::of(SERVER.region) };
    bucket.put(STATE, "{}", ago(times, 3));
    state.s3.insert(BUCKET.to_owned(), bucket);
    let zone = state.dns.zone_mut("amazonaws.com");
    *zone = zone.clone().address(&format!("{BUCKET}.s3.{}.amazonaws.com", SERVER.region), ADDRESS);
}

fn put_release(cluster: &mut Cluster, namespace: &str, name: &str, changed: Timestamp) {
    let seconds = changed.as_second().to_string();
    cluster.put(json!({
        "kind": "Secret", "apiVersion": "v1", "type": "helm.sh/release.v1",
        "metadata": {
            "name": format!("sh.helm.release.v1.{name}.v1"),
            "namespace": namespace,
            "labels": { "owner": "helm", "name": name, "version": "1", "status": "deployed", "modifiedAt": seconds },
        },
        "data": { "release": "SDRzSUFBQUFBQUFDLzN1" },
    }));
}
