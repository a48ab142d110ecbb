//! Any resource: what the cluster serves, a list, one object by name, and what stands behind an empty list.

use super::Part;
use gonogo_world::{State, System::Kubernetes, incidents::Times};
use serde_json::json;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "resource-served",
        (Kubernetes, "resource-served", "/apis/karpenter.sh/v1"),
        "probe: kubernetes, sites: [{site}], with: { api: karpenter.sh/v1, kind: NodePool, name: pool }, expect: { conditions: { Ready: 'True' } }",
    ),
    Part::new(
        "resource-list",
        (Kubernetes, "resource-list", "/nodepools?"),
        "probe: kubernetes, sites: [{site}], with: { api: karpenter.sh/v1, kind: NodePool, fields: metadata.name=pool }, expect: { conditions: { Ready: 'True' } }",
    ),
    Part::new(
        "resource-object",
        (Kubernetes, "resource-object", "/nodepools/pool"),
        "probe: kubernetes, sites: [{site}], with: { api: karpenter.sh/v1, kind: NodePool, name: pool }, expect: { conditions: { Ready: 'True' } }",
    ),
    Part::new(
        "resource-among",
        (Kubernetes, "resource-among", "/pods?limit=1"),
        "probe: kubernetes, sites: [{site}], with: { api: v1, kind: Pod, all_namespaces: true, fields: status.phase=Pending }, expect: { none_expected: true }",
    ),
    Part::new(
        "resource-namespace",
        (Kubernetes, "resource-namespace", "/namespaces/app"),
        "probe: kubernetes, sites: [{site}], with: { api: v1, kind: ResourceQuota, namespace: app }, expect: { at_least: 0, at_most: 9 }",
    ),
];

/// A ready node pool in each of their clusters.
pub fn add(state: &mut State, times: Times) {
    let since = times.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let ready =
        json!({ "type": "Ready", "status": "True", "reason": "Ready", "message": "", "lastTransitionTime": since });
    let pool = json!({
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": { "name": "pool", "generation": 1 },
        "spec": {},
        "status": { "conditions": [ready] },
    });
    for site in PARTS.iter().filter_map(Part::site) {
        if let Some(cluster) = state.clusters.get_mut(site) {
            cluster.put(pool.clone());
        }
    }
}
