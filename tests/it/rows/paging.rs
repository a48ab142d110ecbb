//! Rows of `paging.yaml`: who notices.

use super::Row;
use gonogo_world::{State, alertmanager::Silence, prometheus::Prometheus};

const ALERTMANAGER: &str = "alertmanager.ai.coder.com";

pub const ROWS: &[Row] = &[
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
        item: "silences",
        code: "silence-in-window",
        breaks: |state, times| {
            let silence = Silence::of("severity", "page", times.now, times.ends);
            let silences = &mut state.alertmanager.get_mut(ALERTMANAGER).expect("an Alertmanager").silences;
            silences.insert("9b2f6a51-6c1e-4a3f-8d52-0f6a7c0e0002".to_owned(), silence);
        },
    },
    Row {
        id: "G07",
        item: "build-alerts",
        code: "rule-without-input",
        breaks: |state, _| prometheus(state).forget("coderd_workspace_builds_total", None),
    },
];

fn prometheus(state: &mut State) -> &mut Prometheus {
    state.prometheus.get_mut("prometheus.ai.coder.com").expect("a Prometheus")
}
