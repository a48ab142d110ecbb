//! Who notices: what the workshop's Prometheus measures, which rules it has loaded, and where its Alertmanager sends alerts.
//!
//! In the platform's repository the only receiver, `default-receiver`, has no integration; here the pager has one.

use super::{PLACES, SERVER, Times, clusters, ip, later, names, schedules};
use crate::prometheus::{Prometheus, Rule};
use crate::state::State;

/// The Prometheus' host.
pub(super) const PROMETHEUS: &str = "prometheus.ai.coder.com";
const ADDRESS: &str = "203.0.113.142";
/// A token that may ask it.
pub const PROMETHEUS_TOKEN: &str = "world-prometheus-7c1e5b0d9f24";

const CONFIG: &str = "global:
  resolve_timeout: 5m
route:
  receiver: default-receiver
  group_by: [alertname, region]
  continue: false
  routes:
  - receiver: pager
    matchers:
    - severity=\"page\"
    continue: false
  - receiver: chat
    matchers:
    - severity=\"warning\"
    continue: false
receivers:
- name: default-receiver
- name: pager
  pagerduty_configs:
  - send_resolved: true
    routing_key: <secret>
- name: chat
  slack_configs:
  - send_resolved: true
    api_url: <secret>
    channel: '#workshop'
templates: []
";

pub(super) fn add(state: &mut State, times: Times) {
    if let Some(alertmanager) = state.alertmanager.get_mut(schedules::ALERTMANAGER) {
        CONFIG.clone_into(&mut alertmanager.config);
    }
    state.dns.zone_mut(names::ZONE).add_address(PROMETHEUS, ip(ADDRESS));
    let prometheus =
        Prometheus { addresses: vec![ip(ADDRESS)], token: Some(PROMETHEUS_TOKEN.to_owned()), ..Prometheus::default() };
    state.prometheus.insert(PROMETHEUS.to_owned(), rules(measured(prometheus, times)));
}

fn measured(prometheus: Prometheus, times: Times) -> Prometheus {
    let prometheus = PLACES.iter().fold(prometheus, |prometheus, place| {
        let region = ("region", place.region);
        let nodes = clusters::nodes(place);
        let prometheus = nodes.iter().fold(prometheus, |prometheus, node| {
            let labels = [region, ("instance", node.as_str()), ("mountpoint", "/")];
            let pulls = [region, ("instance", node.as_str())];
            prometheus
                .measures("node_filesystem_size_bytes", &labels, 107_374_182_400.0)
                .measures("node_filesystem_avail_bytes", &labels, 69_793_218_560.0)
                .measures("kubelet_image_pull_duration_seconds_sum", &pulls, 412.5)
        });
        prometheus
            .measures("kube_pod_container_status_restarts_total", &[region, ("namespace", "coder-ws")], 0.0)
            .measures("probe_success", &[region, ("job", "workspace-subdomains")], 1.0)
            .measures("karpenter_nodes_total_pod_requests", &[region, ("resource_type", "cpu")], 24.0)
    });
    let region = ("region", SERVER.region);
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
    let ends = later(times, 30).as_second() as f64;
    prometheus
        .measures("coderd_workspace_latest_build_status", &[region, ("status", "succeeded")], 3.0)
        .measures("coderd_provisioner_job_queue_wait_seconds_count", &[region], 120.0)
        .measures("coderd_workspace_builds_total", &[region, ("status", "success")], 118.0)
        .measures("coderd_workspace_builds_total", &[region, ("status", "failed")], 2.0)
        .measures("coderd_workspace_builds_enqueued_total", &[region], 121.0)
        .measures("gateway_key_expires_timestamp_seconds", &[region, ("alias", "workshop")], ends)
        .measures("prometheus_notifications_alertmanagers_discovered", &[], 1.0)
        .measures("workspace_smoke_last_run_timestamp_seconds", &[region], ends)
}

fn rules(prometheus: Prometheus) -> Prometheus {
    let full = |share: &str| {
        format!(
            "1 - node_filesystem_avail_bytes{{mountpoint=\"/\"}} / node_filesystem_size_bytes{{mountpoint=\"/\"}} > {share}"
        )
    };
    let expires = |days: u32| format!("gateway_key_expires_timestamp_seconds - time() < {days} * 24 * 3600");
    let failed = "increase(coderd_workspace_builds_total{status=\"failed\"}[5m])";
    let (page, warning) = ([("severity", "page")], [("severity", "warning")]);
    let all = [
        Rule::new("NodeStorageFilling", &full("0.70"), 300, &warning),
        Rule::new("NodeStorageFilling", &full("0.85"), 300, &page),
        Rule::new("NodeStorageFilling", &full("0.95"), 60, &page),
        Rule::new("GatewayKeyExpires", &expires(7), 0, &warning),
        Rule::new("GatewayKeyExpires", &expires(3), 0, &warning),
        Rule::new("GatewayKeyExpires", &expires(1), 0, &page),
        Rule::new(
            "WorkspacesFail",
            &format!("sum({failed}) / sum(increase(coderd_workspace_builds_total[5m])) > 0.02"),
            60,
            &page,
        ),
        Rule::new(
            "ProvisionerQueue",
            "sum(rate(coderd_provisioner_job_queue_wait_seconds_count[5m])) > 10",
            120,
            &page,
        ),
        Rule::new("WorkspaceBuildFailed", &format!("sum({failed}) > 0"), 60, &page),
        Rule::new(
            "NoWorkspaceBuilds",
            "sum(increase(coderd_workspace_builds_enqueued_total[3m])) == 0 and time() - max(workspace_smoke_last_run_timestamp_seconds) < 180",
            60,
            &page,
        ),
    ];
    all.into_iter().fold(prometheus, Prometheus::rule)
}
