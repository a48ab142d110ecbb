//! What stands around the workshop: Karpenter, the bounds of a workspace, other organisations' provisioners, the dashboard.

use serde_json::json;

use super::{PLACES, SERVER, ip};
use crate::kubernetes::Image;
use crate::state::State;
use crate::web::{Page, Site};

/// The dashboards' host.
pub const GRAFANA: &str = "grafana.ai.coder.com";
/// The token that reads dashboards.
pub const GRAFANA_TOKEN: &str = "glsa_worldworldworldworld_0badc0de";
pub(super) const ADDRESS: &str = "203.0.113.42";
/// The workshop's dashboard, by its uid.
pub const DASHBOARD: &str = "/api/dashboards/uid/workshop";

pub(super) fn add(state: &mut State) {
    for place in PLACES {
        if let Some(cluster) = state.clusters.get_mut(place.region) {
            cluster.put(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "karpenter" } }));
            cluster.put_deployment("karpenter", "karpenter", |karpenter| {
                karpenter.scale(2);
                // It does not run on the nodes that it makes.
                karpenter.nodes = vec!["fargate-karpenter".to_owned()];
                karpenter.runs(&Image::new("controller", "public.ecr.aws/karpenter/controller:1.6.2"));
            });
            let bounds = json!([{
                "type": "Container",
                "defaultRequest": { "cpu": "2", "memory": "4Gi", "ephemeral-storage": "4Gi" },
                "default": { "cpu": "4", "memory": "8Gi", "ephemeral-storage": "8Gi" },
                "max": { "cpu": "4", "memory": "8Gi", "ephemeral-storage": "8Gi" },
            }]);
            cluster.put_limit_range("coder-ws", "workspace", &bounds);
        }
    }
    // The other organisations' provisioners have a node of their own.
    if let Some(cluster) = state.clusters.get_mut(SERVER.region) {
        for namespace in ["coder-ws-experiment", "coder-ws-demo"] {
            cluster.put_deployment(namespace, "coder-provisioner", |provisioner| {
                provisioner.scale(2);
                provisioner.nodes = vec!["provisioners".to_owned()];
            });
        }
    }
    let health = json!({ "database": "ok", "version": "11.6.1" });
    let dashboard = json!({ "meta": { "slug": "workshop" }, "dashboard": { "uid": "workshop", "title": "Workshop" } });
    let grafana = Site::at(GRAFANA, &[ip(ADDRESS)])
        .page("/api/health", Page::json(200, health.to_string()))
        .page(DASHBOARD, Page::json(200, dashboard.to_string()));
    state.web.insert(GRAFANA.to_owned(), grafana);
}
