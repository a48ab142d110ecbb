//! Rows of `paging.yaml`: who notices.

use super::Row;
use gonogo_world::{
    State,
    alertmanager::Silence,
    incidents::workshop_2024_09_30::{DASHBOARD, GRAFANA},
    incidents::{Times, workshop_2024_09_30},
    prometheus::Prometheus,
    web::Page,
};
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "G01",
        item: "dashboard",
        code: "wrong-status",
        breaks: |state, _| {
            if let Some(grafana) = state.web.get_mut(GRAFANA) {
                grafana.pages.insert(DASHBOARD.to_owned(), Page::json(404, r#"{"message":"Dashboard not found"}"#));
            }
        },
    },
    Row {
        id: "G01",
        item: "dashboard-health",
        code: "wrong-body",
        breaks: |state, _| {
            if let Some(grafana) = state.web.get_mut(GRAFANA) {
                grafana.pages.insert("/api/health".to_owned(), Page::json(200, r#"{"database":"failing"}"#));
            }
        },
    },
    Row {
        id: "G02",
        item: "metrics",
        code: "too-few-series",
        breaks: |state, _| prometheus(state).forget("node_filesystem_avail_bytes", Some(("region", "eu-west-2"))),
    },
    Row {
        id: "G02",
        item: "metrics-of-the-server",
        code: "too-few-series",
        breaks: |state, _| prometheus(state).forget("coderd_provisioner_job_queue_wait_seconds_count", None),
    },
    Row {
        id: "G03",
        item: "alert-rules",
        code: "threshold-differs",
        breaks: |state, _| {
            for rule in prometheus(state).rules_mut("NodeStorageFilling") {
                rule.query = rule.query.replace("> 0.85", "> 0.90");
            }
        },
    },
    Row {
        id: "G03",
        item: "alert-rules",
        code: "rule-without-input",
        breaks: |state, _| prometheus(state).forget("gateway_key_expires_timestamp_seconds", None),
    },
    Row {
        id: "G05",
        item: "pager-route",
        code: "receiver-without-integration",
        breaks: |state, _| {
            let config = "{ route: { receiver: default-receiver }, receivers: [{ name: default-receiver }] }";
            config.clone_into(&mut state.alertmanager.get_mut(ALERTMANAGER).expect("an Alertmanager").config);
        },
    },
    Row {
        id: "G05",
        item: "pager-route",
        code: "told-too-late",
        breaks: |state, _| {
            let config = &mut state.alertmanager.get_mut(ALERTMANAGER).expect("an Alertmanager").config;
            *config =
                config.replace("  receiver: default-receiver\n", "  receiver: default-receiver\n  group_wait: 3h\n");
        },
    },
    Row {
        id: "G05",
        item: "alerts-leave",
        code: "expectation-not-met",
        breaks: |state, _| {
            let metric = "prometheus_notifications_alertmanagers_discovered";
            prometheus(state).forget(metric, None);
            *prometheus(state) = prometheus(state).clone().measures(metric, &[], 0.0);
        },
    },
    Row {
        id: "G05",
        item: "silences",
        code: "silence-in-window",
        breaks: |state, times| {
            let silence = Silence::of("severity", "page", times.now, times.ends);
            let silences = &mut state.alertmanager.get_mut(ALERTMANAGER).expect("an Alertmanager").silences;
            silences.insert("9b2f6a51-6c1e-4a3f-8d52-0f6a7c0e0002".to_owned(), silence);
        },
    },
    Row { id: "G06", item: "pager", code: "nobody-on-call", breaks: gap },
    Row { id: "G06", item: "pager", code: "no-such-rota", breaks: other_policy },
    Row {
        id: "G07",
        item: "build-alerts",
        code: "rule-without-input",
        breaks: |state, _| prometheus(state).forget("coderd_workspace_builds_total", None),
    },
];

const ALERTMANAGER: &str = "alertmanager.ai.coder.com";

fn prometheus(state: &mut State) -> &mut Prometheus {
    state.prometheus.get_mut("prometheus.ai.coder.com").expect("a Prometheus")
}

/// The second shift begins an hour after the first has ended, within the event.
fn gap(state: &mut State, times: &Times) {
    let rota = state.pagerduty.get_mut(workshop_2024_09_30::PAGERDUTY).expect("the rota");
    let shifts = &mut rota.schedules.get_mut("SFIRST1").expect("a schedule").shifts;
    let mut second = shifts[0].clone();
    shifts[0].ends = times.starts;
    second.starts = times.starts + SignedDuration::from_hours(1);
    shifts.push(second);
}

fn other_policy(state: &mut State, _: &Times) {
    let rota = state.pagerduty.get_mut(workshop_2024_09_30::PAGERDUTY).expect("the rota");
    let policy = rota.policies.remove(workshop_2024_09_30::POLICY).expect("the policy");
    rota.policies.insert("POTHER1".to_owned(), policy);
}
