//! Capacity: nodes, pods, the pool that may grow, what caps the namespace, disks, volumes and provisioners.

use super::Part;
use gonogo_world::{State, System::Kubernetes, incidents::Times};
use serde_json::json;

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new("capacity", (Kubernetes, "capacity", ""), CHECK),
    Part::new("capacity-nodes", (Kubernetes, "capacity-nodes", "/api/v1/nodes?"), CHECK),
    Part::new("capacity-pods", (Kubernetes, "capacity-pods", "/api/v1/pods?"), CHECK),
    Part::new("capacity-pool", (Kubernetes, "capacity-pool", "/nodepools/"), CHECK),
    Part::new("capacity-quotas", (Kubernetes, "capacity-quotas", "/resourcequotas?"), CHECK),
    Part::new("capacity-ranges", (Kubernetes, "capacity-ranges", "/limitranges?"), CHECK),
    Part::new("capacity-volumes", (Kubernetes, "capacity-volumes", "/csinodes?"), CHECK),
    Part::new("capacity-disks", (Kubernetes, "capacity-disks", "/proxy/"), CHECK),
    Part::new("capacity-provisioners", (Kubernetes, "capacity-provisioners", "/deployments/"), CHECK),
    Part::new("capacity-namespace", (Kubernetes, "capacity-namespace", "/namespaces/bare"), BARE),
];

const CHECK: &str = "probe: capacity, with: { each_attendee: { cpu: 1, memory: 1Gi, disk: 1Gi, volumes: 1 }, \
place: { sites: [{site}], namespace: app, pools: [workers], new_node: { cpu: 3.9, memory: 14Gi, \
capacity: { cpu: 4, memory: 16Gi }, disk: { size: 100Gi, used: 10Gi } } }, \
provisioning: { counted: { sites: [{site}], namespace: app, deployment: web }, build: 30s } }";
const BARE: &str =
    "probe: capacity, with: { each_attendee: { cpu: 1, memory: 1Gi }, place: { sites: [{site}], namespace: bare } }";

/// A pool, caps and drivers in each of their clusters; in others, a pool without a budget would be in the way.
pub fn add(state: &mut State, _: Times) {
    let pods = json!({ "pods": "100" });
    let own = |name: &str| PARTS.iter().filter_map(Part::site).any(|site| site == name);
    for (_, cluster) in state.clusters.iter_mut().filter(|(name, _)| own(name)) {
        *cluster = cluster.clone().namespace("bare");
        cluster.put_node_pool("workers", |pool| {
            pool.limit("cpu", "64");
            pool.holds(2, 16);
        });
        cluster.put_quota("app", "team", &pods, Some(&json!({ "pods": "2" })));
        cluster.put_limit_range("app", "sizes", &json!([{ "type": "Container", "max": { "cpu": "8" } }]));
        for node in ["node-1", "node-2"] {
            cluster.put_csi_node(node, "ebs.csi.aws.com", Some(27));
        }
    }
}
